"""A grid as a table for people, fitted to the width at hand."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnncalc.render.grid import Grid, Header, cell_text
from cnncalc.render.numbers import Units

SHORTEST_TEXT = 24
"""A left-aligned column is cut to no less than this before numbers are left out."""

SHORTEST_NAME = 6
"""Where even what is essential does not fit, the names of rows lose their beginning, down to this."""

GAP = 2
"""Between two columns: one space of padding and one of the box."""


def print_table(grid: Grid, console: Console, units: Units = "exact", *, choice: str = "") -> None:
    """Print a grid with its title and notes.

    Columns that do not fit are left out by their priority, and said to be; nothing wraps.

    Args:
        grid: the table.
        console: where to; its width is the limit.
        units: how numbers are written.
        choice: how a reader gets the columns that do not fit.
    """
    left_out: list[str] = []
    while _least_width(grid, units) > console.width and (index := _least_important(grid)) is not None:
        left_out.insert(0, grid.headers[index].title)
        grid = grid.without(index)
    console.print(Text(grid.title, style="bold"), soft_wrap=True)
    console.print(_table(grid, units, console.width))
    notes = grid.notes
    if left_out:
        notes = (f"not shown at this width: {', '.join(left_out)}{choice}", *notes)
    for note in notes:
        console.print(Text(f" {note}", style="dim"), soft_wrap=not console.is_terminal)


def _natural_widths(grid: Grid, units: Units) -> list[int]:
    rows = [*grid.rows, grid.totals] if grid.totals else list(grid.rows)
    return [
        max(len(header.title), *(len(cell_text(row[index], units)) for row in rows), 0)
        for index, header in enumerate(grid.headers)
    ]


def _may_be_cut(header: Header) -> bool:
    """Words may be cut, with an ellipsis; numbers, shapes and the name of the row never are."""
    return header.align == "left" and header.priority > 0


def _is_name(header: Header) -> bool:
    return header.align == "left" and not header.priority


def _least_width(grid: Grid, units: Units) -> int:
    """The width of the table when its words are cut as far as they may be."""
    widths = zip(grid.headers, _natural_widths(grid, units), strict=True)
    least = [min(width, SHORTEST_TEXT) if _may_be_cut(header) else width for header, width in widths]
    return sum(least) + GAP * (len(least) - 1)


def _least_important(grid: Grid) -> int | None:
    """The column to leave out next; None where only essential ones remain."""
    priority, index = max((header.priority, index) for index, header in enumerate(grid.headers))
    return index if priority else None


def _fitted_widths(grid: Grid, units: Units, available: int) -> list[int]:
    """The width of each column: natural, or cut where the words do not fit."""
    widths = _natural_widths(grid, units)
    excess = sum(widths) + GAP * (len(widths) - 1) - available
    for least, cuttable in ((SHORTEST_TEXT, _may_be_cut), (SHORTEST_NAME, _is_name)):
        for index, header in enumerate(grid.headers):
            if excess > 0 and cuttable(header):
                cut = min(excess, max(0, widths[index] - least))
                widths[index] -= cut
                excess -= cut
    return widths


def _table(grid: Grid, units: Units, available: int) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, show_footer=bool(grid.totals), show_edge=False, pad_edge=False, padding=(0, 1, 0, 0)
    )
    totals = grid.totals or (None,) * len(grid.headers)
    widths = _fitted_widths(grid, units, available)
    for header, total, width in zip(grid.headers, totals, widths, strict=True):
        footer = Text(cell_text(total, units))
        table.add_column(header.title, footer, justify=header.align, no_wrap=True, overflow="ellipsis", width=width)
    for row in grid.rows:
        texts = [cell_text(cell, units) for cell in row]
        if _is_name(grid.headers[0]) and len(texts[0]) > widths[0]:
            texts[0] = f"…{texts[0][len(texts[0]) - widths[0] + 1 :]}"
        table.add_row(*map(Text, texts))
    return table
