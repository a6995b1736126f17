"""A table as data: headers and cells, before it is text in any format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from cnncalc.render.numbers import Units, number_text

Cell = str | int | None
"""A word, an exact number, or nothing if a figure does not apply."""


class AtLeast(int):
    """A lower bound: a sum of which some parts are unknown."""


class Header(NamedTuple):
    """The head of a column.

    Attributes:
        name: the word for it in `--columns`, CSV and JSON.
        title: what the table prints.
        align: `right` for numbers.
        priority: columns of higher numbers are left out first if the terminal is narrow.
        folds: whether words that do not fit go on below even if the column is never left out.
        styles: the style of a cell on a terminal, in rich's words, by its first word.
    """

    name: str
    title: str
    align: Literal["left", "right"] = "left"
    priority: int = 0
    folds: bool = False
    styles: Mapping[str, str] | None = None

    @property
    def may_fold(self) -> bool:
        """Words that do not fit, and each line of a cell, are on lines below; numbers and names never are."""
        return self.align == "left" and (self.priority > 0 or self.folds)


def headers(*names: str) -> tuple[Header, ...]:
    """The heads of records, which print their own names."""
    return tuple(Header(name, name) for name in names)


class Grid(NamedTuple):
    """A whole table.

    Attributes:
        title: the line above it.
        headers: one for each column.
        rows: cells in the order of the headers.
        totals: the sums of the columns that add up; empty for none.
        notes: the lines below it.
        choice: how a reader gets the columns for which a terminal is too narrow.
        folded: the line that is in its place if a reader can open it.
    """

    title: str
    headers: tuple[Header, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    choice: str = ""
    folded: str = ""

    @property
    def least_important(self) -> int | None:
        """The column to leave out next; None if only essential ones remain."""
        priority, index = max((header.priority, index) for index, header in enumerate(self.headers))
        return index if priority else None

    def without(self, index: int) -> Grid:
        """The grid without one column."""

        def less(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
            return cells[:index] + cells[index + 1 :]

        headers = self.headers[:index] + self.headers[index + 1 :]
        return self._replace(headers=headers, rows=tuple(map(less, self.rows)), totals=less(self.totals))


def cell_text(cell: Cell, units: Units) -> str:
    """A cell as it is printed for people."""
    if cell is None:
        return ""
    if isinstance(cell, AtLeast):
        return f"≥ {number_text(cell, units)}"
    return number_text(cell, units) if type(cell) is int else str(cell)
