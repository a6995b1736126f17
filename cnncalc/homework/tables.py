"""Tables of documents → rows: HTML, LaTeX, printed summaries, and pasted text with blanks between its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from cnncalc.homework.sheet import MAX_COLUMNS, TableRow, column_meaning
from cnncalc.importing.bounds import feed_page

MOST_TABLES = 100
"""The most tables of a document that are looked at."""

_RULER = re.compile(r"[-=_─━—+|│┃╇┡┩├┼┤└┴┘┏┳┓┌┬┐\s]+")
_BARS = re.compile("[│┃]")
_TREE = re.compile(r"^[\s│├└─]*")
_LATEX_SIGNS = (
    (r"\\(?:times|cdot)(?![a-z])\s*", "x"), (r"\{,\}", ","), (r"\\[,;! ]", ""),
    (r"\\(?:text(?:bf|it|tt|rm)?|math(?:bf|rm|it)|emph|num|textsc)\s*\{([^{}]*)\}", r"\1"),
    (r"\\(?:[htm][a-z]{0,9}rule|hline|cline\{[^{}]*\})(?:\([^()]*\))?(?:\{[^{}]*\})?", ""),
    (r"\\([#%&_$])", r"\1"), (r"\$|~", " "),
)  # fmt: skip


def has_html(text: str) -> bool:
    """Whether a text has a table of HTML."""
    return re.search(r"<t[rh][\s>]", text, re.IGNORECASE) is not None


def has_latex(text: str) -> bool:
    """Whether a text has a table of LaTeX."""
    return re.search(r"\\begin\{(?:tabular|longtable|array|tabularx)", text) is not None


class _Rows(HTMLParser):
    """The rows of all tables of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[TableRow] = []
        self._cells: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.end_row()
        elif tag in ("td", "th") and len(self._cells) < MAX_COLUMNS:
            self._cells.append("")
            self._open = True
        elif tag == "sup" and self._open:
            self._cells[-1] += "^"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("tr", "table"):
            self.end_row()
        self._open = self._open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._open:
            self._cells[-1] += data
        elif data.strip() and not self._cells:
            self.rows.append(TableRow(self.getpos()[0], (data.strip(),)))

    def end_row(self) -> None:
        """Keep the row that is open."""
        if self._cells:
            line = self.getpos()[0]
            self.rows.append(TableRow(line, tuple(" ".join(cell.split()) for cell in self._cells)))
        self._cells, self._open = [], False


def html_tables(text: str) -> Iterator[list[TableRow]]:
    """The rows of each table of a page; the words above it are rows of one cell."""
    for part in _parts(text, r"</table\s*>"):
        page = _Rows()
        feed_page(page, part)
        page.end_row()
        yield page.rows


def latex_tables(text: str) -> Iterator[Iterator[TableRow]]:
    """The rows of each table of a LaTeX document; lines with a colon above it are rows of one cell."""
    return map(_latex_rows, _parts(text, r"\\end\{(?:tabular|longtable|array|tabularx)\*?\}"))


def _parts(text: str, end: str) -> Iterator[str]:
    """The parts of a text up to each end of a table, with empty lines in place of what is before."""
    start = 0
    for match in [*re.finditer(end, text, re.IGNORECASE)][:MOST_TABLES]:
        yield "\n" * text.count("\n", 0, start) + text[start : match.start()]
        start = match.end()


def _latex_rows(text: str) -> Iterator[TableRow]:
    line = 1
    for part in re.split(r"(\\\\(?:\[[^][]*\])?|\\begin\{[^{}]*\}(?:\{[^\n]*\})?)", text):
        if "&" not in part and ":" not in part:
            line += part.count("\n")
            continue
        first = line + part[: len(part) - len(part.lstrip())].count("\n")
        bare = re.sub(r"(?<!\\)%[^\n]*", "", part)
        for pattern, sign in _LATEX_SIGNS:
            bare = re.sub(pattern, sign, bare)
        cells = re.split(r"(?<!\\)&", bare)[:MAX_COLUMNS]
        if len(cells) > 1:
            yield TableRow(first, tuple(" ".join(cell.split()) for cell in cells))
        else:
            yield from (TableRow(first, (one.strip(),)) for one in bare.splitlines() if ":" in one)
        line += part.count("\n")


def column_rows(text: str) -> Iterator[TableRow]:
    """As `_column_rows`; a name that Keras has broken in its brackets, `conv2d_1 (Conv` and `2D)`, is joined again."""
    open_row: TableRow | None = None
    for row in _column_rows(text):
        first, *others = row.cells or ("",)
        if open_row is not None and not any(others):
            open_row = open_row._replace(cells=(open_row.cells[0] + first, *open_row.cells[1:]))
            continue
        if open_row is not None:
            yield open_row
        open_row = row if first.count("(") > first.count(")") else None
        if open_row is None:
            yield row
    if open_row is not None:
        yield open_row


def _column_rows(text: str) -> Iterator[TableRow]:
    """The rows of a text with two blanks, or bars of a frame, between columns; in a row with gaps the places count."""
    head: list[tuple[int, int]] = []
    for number, line in enumerate(text.expandtabs().splitlines(), start=1):
        if _RULER.fullmatch(line):
            continue
        cells = _cells(line)
        if head and line.strip().startswith("Total params"):
            yield TableRow(number, _of_total(line))
            return
        if head and _BARS.search(line) is None and len(cells) != len(head):
            yield TableRow(number, _placed(cells, head))
            continue
        words = tuple(word for word, _, _ in cells)
        if not head and any(column_meaning(word) == "layer" for word in words) and len(words) > 1:
            head = [(start, end) for _, start, end in cells]
        yield TableRow(number, words)


def _of_total(line: str) -> tuple[str, ...]:
    """The cells of `Total params: 62,378,344 (237.95 MB)`, whose sum belongs below the params of a summary."""
    return ("total", "", re.sub(r"[^\d,]*([\d,]*).*", r"\1", line))


def _cells(line: str) -> list[tuple[str, int, int]]:
    """The cells of a line with their places."""
    if _BARS.search(line) and not re.match(r"[\s│]*[├└]", line):
        found, start = [], 0
        for part in _BARS.split(line.strip()[1:-1]):
            found.append((part.strip(), start, start + len(part)))
            start += len(part) + 1
        return found[:MAX_COLUMNS]
    bare = _TREE.sub(lambda match: " " * len(match[0]), line)
    found = [(match[0], match.start(), match.end()) for match in re.finditer(r"\S+(?: \S+)*", bare)]
    return found[:MAX_COLUMNS]


def _placed(cells: Sequence[tuple[str, int, int]], head: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The cells of a row, each below the title that is nearest."""
    found = [""] * len(head)
    for word, start, end in cells:
        distances = [max(start - right, left - end, 0) + abs(start - left) / 1000 for left, right in head]
        place = distances.index(min(distances))
        found[place] = f"{found[place]} {word}".strip()
    return tuple(found)
