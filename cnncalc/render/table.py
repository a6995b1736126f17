"""A grid as a table for people, fitted to the width at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import zip_longest
from operator import attrgetter

from cnncalc.render.grid import Cell, Grid, Header, cell_text
from cnncalc.render.numbers import Units
from cnncalc.render.screen import UNLIMITED, Screen, cell_width, cut

SHORTEST_TEXT = 24
"""A left-aligned column is cut to no less than this before numbers are left out."""

SHORTEST_NAME = 6
"""If even what is essential does not fit, the names of rows lose their beginning, down to this."""

GAP = 2
"""Spaces between two columns."""

GLUE = "\N{NO-BREAK SPACE}"


def print_table(grid: Grid, screen: Screen, units: Units = "exact") -> None:
    """Print a grid with its title and notes.

    Columns that do not fit are left out by their priority, and said to be; sentences and notes fold.

    Args:
        grid: the table.
        screen: where to; its width is the limit.
        units: how numbers are written.
    """
    grid = _in_words(grid, units)
    left_out, widths = list[str](), natural_widths(grid)
    while _least_width(grid, widths) > screen.width and (index := grid.least_important) is not None:
        left_out.insert(0, grid.headers[index].title)
        grid = grid.without(index)
        del widths[index]
    print_title(grid.title, screen)
    for line, style in _lines(grid, _fitted_widths(grid, widths, screen.width)):
        screen.line((line, style))
    notes = grid.notes
    if left_out:
        notes = (f"not shown at this width: {', '.join(left_out)}{grid.choice}", *notes)
    for note in notes:
        text = folded(f" {note}", screen.width) if screen.is_terminal else f" {note}"
        screen.line((text, "dim"))


def table_text(grid: Grid) -> str:
    """A grid as text, as wide as the terminal at hand; of any width if there is none."""
    from shutil import get_terminal_size  # show has no need of it

    file = StringIO()
    print_table(grid, Screen(file, get_terminal_size((UNLIMITED, 0)).columns, terminal=False))
    return file.getvalue().rstrip("\n")


def folded(text: str, width: int) -> str:
    """A text whose lines are no longer than a width: what goes on below is indented as far as the words above it."""
    if max(map(len, text.splitlines()), default=0) <= width:
        return text
    from textwrap import wrap

    lines: list[str] = []
    for line in text.split("\n"):
        words = re.match(r" *(\S+(?: \S+)*  +)?", line)
        indent = words.end() if words and words[1] else len(line) - len(line.lstrip()) + 2
        hanging = " " * (indent if indent <= width // 2 else 4)
        glued = line[:indent] + _glued(line[indent:], width - len(hanging))
        lines += wrap(glued, max(width, 20), subsequent_indent=hanging, break_on_hyphens=False) or [""]
    return "\n".join(lines).replace(GLUE, " ")


def _glued(words: str, room: int) -> str:
    """Words in which a chain of equations folds before its signs only, as far as each side of one has room."""
    chain, gap, note = words.partition("   ")
    first, *sides = chain.split(" = ")
    if len(sides) < 2:
        return words
    parts = (first, *(f"= {side}" for side in sides))
    return " ".join(part.replace(" ", GLUE) if len(part) <= room else part for part in parts) + gap + note


def print_title(title: str, screen: Screen) -> None:
    """Print the line above a table or above several."""
    screen.line((title, "bold"))


def natural_width(grid: Grid) -> int:
    """The width of a table that has room for everything."""
    widths = natural_widths(grid)
    return sum(widths) + GAP * (len(widths) - 1)


def natural_widths(grid: Grid) -> list[int]:
    """The width of each column if nothing is cut."""
    rows = [*grid.rows, grid.totals] if grid.totals else list(grid.rows)
    columns = zip(*rows, strict=True) if rows else [()] * len(grid.headers)
    return [
        max(map(cell_width, (header.title, *_column_lines(column, header))))
        for column, header in zip(columns, grid.headers, strict=True)
    ]


def _in_words(grid: Grid, units: Units) -> Grid:
    """The grid with every cell as the text that people read."""
    rows = tuple([tuple([cell_text(cell, units) for cell in row]) for row in grid.rows])
    return grid._replace(rows=rows, totals=tuple(cell_text(cell, units) for cell in grid.totals))


def _column_lines(cells: Iterable[Cell], header: Header) -> Iterator[str]:
    """The lines of the cells of a column."""
    texts = (cell_text(cell, "exact") for cell in cells)
    return (line for text in texts for line in _folded_lines(text)) if header.folds else texts


def _folded_lines(text: str, width: int | None = None) -> list[str]:
    """The text of a cell that folds, on as many lines as it has and as a width needs."""
    from textwrap import wrap

    return [
        line for part in text.split("\n") for line in wrap(part, width or len(part) + 1, break_on_hyphens=False) or [""]
    ]


def _is_name(header: Header, grid: Grid) -> bool:
    return header is grid.headers[0] and header.align == "left" and not header.may_be_cut


def _least_width(grid: Grid, widths: Sequence[int]) -> int:
    """The width of the table when its words are cut as far as they may be."""
    columns = zip(grid.headers, widths, strict=True)
    least = [min(width, SHORTEST_TEXT) if header.may_be_cut else width for header, width in columns]
    return sum(least) + GAP * (len(least) - 1)


def _fitted_widths(grid: Grid, natural: Sequence[int], available: int) -> list[int]:
    """The width of each column: natural, or cut if the words do not fit."""
    widths = [*natural]
    excess = sum(widths) + GAP * (len(widths) - 1) - available
    for least, cuttable in (
        (SHORTEST_TEXT, attrgetter("may_be_cut")),
        (SHORTEST_NAME, lambda header: _is_name(header, grid)),
    ):
        for index, header in enumerate(grid.headers):
            if excess > 0 and cuttable(header):
                cut = min(excess, max(0, widths[index] - least))
                widths[index] -= cut
                excess -= cut
    return widths


# rich.table lays out every cell by itself, which takes a millisecond a row; the widths are known here.


def _lines(grid: Grid, widths: list[int]) -> Iterator[tuple[str, str]]:
    """The table line by line with its style, without blanks at the ends of lines."""
    yield _line([header.title for header in grid.headers], grid, widths), "bold"
    yield "─" * (sum(widths) + GAP * (len(widths) - 1)), "dim"
    folds = any(header.folds for header in grid.headers)
    for row in grid.rows:
        words = [cell_text(cell, "exact") for cell in row]
        for texts in _folded_row(words, grid, widths) if folds else (words,):
            yield _line(texts, grid, widths), ""
    if grid.totals:
        yield "", ""
        yield _line([cell_text(cell, "exact") for cell in grid.totals], grid, widths), "bold"


def _folded_row(texts: Sequence[str], grid: Grid, widths: list[int]) -> Iterator[tuple[str, ...]]:
    """The lines of a row of which some cells fold."""
    cells = zip(texts, grid.headers, widths, strict=True)
    return zip_longest(
        *(_folded_lines(text, width) if header.folds else [text] for text, header, width in cells), fillvalue=""
    )


def _line(texts: Sequence[str], grid: Grid, widths: list[int]) -> str:
    cells = zip(texts, grid.headers, widths, strict=True)
    return (" " * GAP).join(_fitted(text, header, width, grid) for text, header, width in cells).rstrip()


def _fitted(text: str, header: Header, width: int, grid: Grid) -> str:
    """A cell at its width: words lose their end, the names of rows their beginning."""
    length = cell_width(text)
    if length > width:
        return f"…{text[len(text) - width + 1 :]}" if _is_name(header, grid) else f"{cut(text, width - 1)}…"
    blanks = " " * (width - length)
    return blanks + text if header.align == "right" else text + blanks
