"""Documents as lines: Markdown, text, LaTeX, notebooks, HTML, CSV, PDF (extra `pdf`), workbooks (extra `xlsx`)."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from itertools import count
from typing import NamedTuple

from cnncalc.errors import MissingExtra, Problem, SpecError
from cnncalc.files import read_regular
from cnncalc.homework.reading import WORKBOOKS, csv_table, decoded
from cnncalc.homework.workbook import workbook_tables
from cnncalc.importing.bounds import feed_page, parsed_json

MAX_BYTES = 20_000_000
MAX_TEXT = 1_000_000
MAX_PAGES = 500
MAX_OPERATIONS = 1_500_000
"""The most operations of all pages of a PDF; a page of text has some thousands."""


class WriteUp(NamedTuple):
    """The text of a write-up.

    Attributes:
        file: its name.
        text: its lines.
        places: for each line the words for its place, `cell 3, line 2`; empty if the numbers are the file's.
    """

    file: str
    text: str
    places: tuple[str, ...] = ()


def read_document(path: str) -> WriteUp:
    """The text of a file, or of standard input for `-`.

    Raises:
        SpecError: it cannot be read, or is not text of a kind that is known.
        MissingExtra: a PDF, without the extra.
    """
    try:
        content = sys.stdin.buffer.read(MAX_BYTES) if path == "-" else read_regular(path, MAX_BYTES)
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}") from None
    document = _reader(path, content)(path, content)
    if len(document.text) > MAX_TEXT:
        raise _unreadable(path, f"has more than {MAX_TEXT:,} characters of text; give the chapters one by one")
    return document


def _reader(path: str, content: bytes) -> Callable[[str, bytes], WriteUp]:
    """The reader of a file: chosen by its first signs, then by its name."""
    start = content[:1000].lstrip()
    if start.startswith(b"%PDF"):
        return _pdf
    if path.lower().endswith(".ipynb") or (start.startswith(b"{") and b'"cells"' in content):
        return _notebook
    if path.lower().endswith((".html", ".htm")) or start[:15].lower().startswith((b"<!doctype html", b"<html")):
        return _html
    if path.lower().endswith(WORKBOOKS):
        return _workbook
    return _csv if path.lower().endswith((".csv", ".tsv")) else _text


def _text(path: str, content: bytes) -> WriteUp:
    try:
        return WriteUp(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, "is not UTF-8 text; save it as UTF-8, or give a .pdf, .html or .ipynb", line) from None


def _csv(path: str, content: bytes) -> WriteUp:
    """The rows of a table as those of Markdown, in their lines."""
    rows = {row.line: _row(row.cells) for row in csv_table(path, decoded(path, content))}
    return WriteUp(path, "\n".join(rows.get(line, "") for line in range(1, max(rows, default=0) + 1)))


def _workbook(path: str, content: bytes) -> WriteUp:
    """The sheets one after another, their rows as those of Markdown."""
    lines: list[str] = []
    places: list[str] = []
    for number, rows in enumerate(workbook_tables(path, content), 1):
        lines += [*(_row(row.cells) for row in rows), ""]
        places += [*(f"sheet {number}, row {row.line}" for row in rows), f"the end of sheet {number}"]
    return WriteUp(path, "\n".join(lines), tuple(places))


def _row(cells: Iterable[str]) -> str:
    """A row of Markdown; a bar as short as a comma, so that columns of a CSV stay."""
    return "|".join(" ".join(cell.replace("|", "/").split("\n")) for cell in cells)


def _notebook(path: str, content: bytes) -> WriteUp:
    """The cells one after another; those of code are put between fences, so that they are read as code."""
    data = parsed_json(content)
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise _unreadable(path, "is not a notebook: it has no cells")
    lines: list[str] = []
    places: list[str] = []
    for number, cell in enumerate(cells, 1):
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        text = "".join(map(str, source)) if isinstance(source, list) else str(source)
        own = text.split("\n")
        named = [f"cell {number}, line {index}" for index in range(1, len(own) + 1)]
        is_code = isinstance(cell, dict) and cell.get("cell_type") == "code"
        lines += ["```python", *own, "```"] if is_code else [*own, ""]
        places += [named[0], *named, named[-1]] if is_code else [*named, named[-1]]
    return WriteUp(path, "\n".join(lines), tuple(places))


class _Words(HTMLParser):
    """The words of a page, with the line that each came from; a row of a table is one of Markdown in its first line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = defaultdict[int, list[str]](list)
        self._row = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._row = self.getpos()[0]
        elif tag in ("td", "th") and self._row:
            self.lines[self._row].append(" | ")

    def handle_endtag(self, tag: str) -> None:
        self._row = 0 if tag in ("tr", "table") else self._row

    def handle_data(self, data: str) -> None:
        if self._row:
            self.lines[self._row].append(" ".join(data.split("\n")))
            return
        for line, words in enumerate(data.split("\n"), self.getpos()[0]):
            self.lines[line].append(words)


def _html(path: str, content: bytes) -> WriteUp:
    page = _Words()
    feed_page(page, _text(path, content).text)
    last = max(page.lines, default=0)
    return WriteUp(path, "\n".join("".join(page.lines[line]) for line in range(1, last + 1)))


def _pdf(path: str, content: bytes) -> WriteUp:
    try:
        import pypdf
    except ImportError:
        raise MissingExtra("pypdf", "pdf") from None
    from io import BytesIO

    lines: list[str] = []
    places: list[str] = []
    operations = count()

    def counted(*given: object) -> None:
        """Count an operation: a few bytes may draw the same part again and again."""
        if next(operations) >= MAX_OPERATIONS:
            raise _unreadable(path, f"draws more than {MAX_OPERATIONS:,} pieces; give the chapters one by one")

    try:
        pages = pypdf.PdfReader(BytesIO(content)).pages
        if len(pages) > MAX_PAGES:
            raise _unreadable(path, f"has {len(pages):,} pages; at most {MAX_PAGES} are read")
        for number, page in enumerate(pages, 1):
            own = page.extract_text(visitor_operand_before=counted).split("\n")
            lines += own
            places += [f"page {number}, line {index}" for index in range(1, len(own) + 1)]
    except SpecError:
        raise
    except Exception as error:  # for a damaged file the library raises errors of any class
        raise _unreadable(path, f"is not a PDF that can be read: {error}") from None
    return WriteUp(path, "\n".join(lines), tuple(places))


def _unreadable(path: str, message: str, line: int = 1) -> SpecError:
    return SpecError(path, [Problem(line, 1, message, "unreadable")])
