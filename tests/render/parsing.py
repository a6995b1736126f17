"""Reads the rendered texts back, knowing nothing of how they were made."""

import re
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

Cells = list[list[str]]


class Table(NamedTuple):
    """A printed table: what is above it, heads, rows, the row of totals, and what is below it."""

    title: str
    heads: list[str]
    rows: Cells
    totals: list[str]
    notes: list[str]

    def column(self, head: str) -> list[str]:
        """The cells of one column, without its total."""
        index = self.heads.index(head)
        return [row[index] for row in self.rows]

    def total(self, head: str) -> str:
        """The total of one column."""
        return self.totals[self.heads.index(head)]


def number(text: str) -> int:
    """A count as it is printed; a blank one is 0.

    >>> number("1,234"), number("")
    (1234, 0)
    """
    assert re.fullmatch(r"(\d{1,3}(,\d{3})*)?", text), f"{text!r} is no count"
    return int(text.replace(",", "") or "0")


def parse_table(text: str) -> Table:
    """A table of `cnncalc show`; columns are where no line has anything on two neighbouring places.

    >>> parse_table("t\\na    b\\n──────\\nx  1 2\\n      \\nt    3\\n n").rows
    [['x', '1 2']]
    """
    title, head, rule, *others = text.splitlines()
    assert set(rule) == {"─"}, rule
    blank = next(index for index, line in enumerate(others) if not line.strip())
    rows, totals, notes = others[:blank], others[blank + 1], others[blank + 2 :]
    spans = column_spans([head, *rows, totals])
    cut = [[line[start:stop].strip() for start, stop in spans] for line in (head, *rows, totals)]
    return Table(title, cut[0], unfolded(cut[1:-1]), cut[-1], notes)


def unfolded(lines: Cells) -> Cells:
    """The rows of lines of which those without a first cell go on with the words of the line above.

    >>> unfolded([["a", "b,", "1"], ["", "c", ""], ["d", "", "2"]])
    [['a', 'b, c', '1'], ['d', '', '2']]
    """
    rows: Cells = []
    for line in lines:
        if line[0]:
            rows.append(line)
        else:
            rows[-1] = [f"{above} {below}".strip() for above, below in zip(rows[-1], line, strict=True)]
    return rows


def column_spans(lines: list[str]) -> list[tuple[int, int]]:
    """Where each column starts and stops.

    >>> column_spans(["ab c     e", "a     ddd"])
    [(0, 4), (6, 10)]
    """
    width = max(map(len, lines))
    free = [all(line[place : place + 1].strip() == "" for line in lines) for place in range(width)] + [True, True]
    spans: list[tuple[int, int]] = []
    start = None
    for place in range(width + 1):
        if start is None and not free[place]:
            start = place
        elif start is not None and free[place] and free[place + 1]:
            spans.append((start, place))
            start = None
    return spans


def parse_markdown(text: str) -> Table:
    """A Markdown table with a bold title above and notes below."""
    title, _, head, rule, *others = text.splitlines()
    assert re.fullmatch(r"\|( -+:? \|)+", rule), rule
    last = max(index for index, line in enumerate(others) if line.startswith("|"))
    cut = [_markdown_cells(line) for line in (head, *others[: last + 1])]
    totals = [cell.removeprefix("**").removesuffix("**") for cell in cut[-1]]
    return Table(title, cut[0], cut[1:-1], totals, others[last + 1 :])


def _markdown_cells(line: str) -> list[str]:
    assert line.startswith("| ")
    assert line.endswith(" |")
    cells = re.split(r"(?<!\\)(?:\\\\)*\|", line)[1:-1]
    return [re.sub(r"\\([\\|*_`<\[\]])", r"\1", cell).strip() for cell in cells]


def parse_latex(text: str) -> Table:
    """A LaTeX table with booktabs rules."""
    caption = re.search(r"^\\caption\{(.*)\}$", text, re.M)
    body = re.search(r"\\toprule\n(.*)\\bottomrule", text, re.S)
    assert caption is not None
    assert body is not None
    head, rows, *totals = body[1].replace("\\endhead\n", "").split("\\midrule\n")
    notes = re.findall(r"^\\par\\footnotesize (.*)$", text, re.M)
    cut_rows = [_latex_cells(line) for line in rows.splitlines()]
    return Table(latex_plain(caption[1]), _latex_cells(head.strip()), cut_rows, _latex_cells(totals[0].strip()), notes)


def _latex_cells(line: str) -> list[str]:
    assert line.endswith(r" \\"), line
    return [latex_plain(cell).strip() for cell in re.split(r"(?<!\\)&", line.removesuffix(r" \\"))]


LATEX_SIGNS = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"$\times$": "×",
    r"$\cdot$": "·",
    r"$-$": "−",
    "$<$": "<",
    "$>$": ">",
    "$|$": "|",
    "--": "–",
    **{f"\\{sign}": sign for sign in "&%$#_{}"},
}


def latex_plain(text: str) -> str:
    r"""The text that LaTeX prints for an escaped text.

    >>> latex_plain(r"3$\times$3, 50\%")
    '3×3, 50%'
    """
    pattern = "|".join(re.escape(sign) for sign in sorted(LATEX_SIGNS, key=len, reverse=True))
    return re.sub(pattern, lambda match: LATEX_SIGNS[match[0]], text)


def check_latex(latex: str) -> None:
    """Braces, environments and mathematics are closed; a row has as many cells as the table has columns."""
    bare = re.sub(r"\\[\\{}$&%#_]", "", re.sub(r"^% .*$", "", latex, flags=re.M))
    depth = 0
    for sign in re.findall(r"[{}]", bare):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert bare.count("$") % 2 == 0
    assert "%" not in bare
    assert "#" not in bare
    open_ones: list[str] = []
    for which, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", latex):
        if which == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert not open_ones
    columns = re.search(r"\\begin\{(?:tabular|longtable)\}\{@\{\}(.+)@\{\}\}$", latex, re.M)
    if columns:
        kinds = re.sub(r">\{\\raggedright\\arraybackslash\}p\{[\d.]+pt\}", "p", columns[1])
        assert set(kinds) <= set("lrp")
        rows = [line for line in latex.splitlines() if line.endswith(r" \\")]
        assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {len(kinds)}


def value_of(text: str) -> int | Fraction:
    """The value of an arithmetic expression as `cnncalc explain` prints it, exactly.

    >>> value_of("⌊(227 + 2·0 − 11)/4⌋ + 1") == 55, value_of("290,400·11·11·3") == 105415200
    (True, True)
    """
    for printed, meant in PLAIN_SIGNS.items():
        text = text.replace(printed, meant)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    assert re.fullmatch(r"(?:[\d\s()+*/,-]|floor|ceil|max)+", text), text
    exact = re.sub(r"\d+", r"F(\g<0>)", text)
    value: int | Fraction = eval(exact, {"__builtins__": {}}, {"F": Fraction, "floor": floor, "ceil": ceil, "max": max})
    return value


PLAIN_SIGNS = {"−": "-", "×": "*", "·": "*", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"}


def plain_from_latex(text: str) -> str:
    r"""The arithmetic of LaTeX mathematics in the signs of the text format.

    >>> plain_from_latex(r"\left\lfloor \frac{227 + 2 \cdot 0 - 11}{4}\right\rfloor + 1")
    '⌊(227 + 2·0 − 11)/(4)⌋ + 1'
    """
    for command, sign in LATEX_ARITHMETIC.items():
        text = text.replace(command, sign)
    return re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", text)


LATEX_ARITHMETIC = {
    "{,}": ",",
    r" \cdot ": "·",
    r" \times ": "×",
    "-": "−",
    r"\left\lfloor ": "⌊",
    r"\right\rfloor": "⌋",
    r"\left\lceil ": "⌈",
    r"\right\rceil": "⌉",
    r"\max": "max",
    r"\left(": "(",
    r"\right)": ")",
}


def results(arithmetic: str) -> tuple[str, int] | None:
    """The numbers put in and the result of `formula = numbers = result`; None if nothing is computed."""
    *formulas, result = arithmetic.split(" = ")
    if not formulas:
        return None
    size = number(result.removeprefix("−"))
    return formulas[-1], -size if result.startswith("−") else size
