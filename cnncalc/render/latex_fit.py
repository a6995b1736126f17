"""Tables of LaTeX within a width: how wide texts are in Computer Modern, and what is done so that a table fits."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.render.grid import Grid, cell_text
from cnncalc.render.numbers import Units

TEXT_WIDTH = 345.0
"""Of the class article with letters of 10 points, in points."""

WIDTHS = {
    278: "!',.:;[]il·", 306: "fj", 333: "-", 361: "I", 389: "()t", 392: "r", 394: "s", 420: "_", 444: "cez⌊⌋⌈⌉",
    472: "?", 500: "$*/0123456789ago–^~\"{}\\½", 514: "J", 528: "kqvxy", 556: "Sbdhnpu", 611: "Z", 625: "L", 653: "F",
    681: "EP", 708: "B", 722: "CTw", 736: "R", 750: "AHNUVXY", 764: "D", 778: "&+=@KOQ<>|×−≥", 785: "G", 833: "#%m",
    917: "M", 1000: "→", 1028: "W", 1172: "…", 333.4: " ",
}  # fmt: skip
"""How wide signs are, in thousandths of the size: those of cmr10 and cmsy10, as their metric files have it."""

_WIDTH = {sign: width / 100 for width, signs in WIDTHS.items() for sign in signs}

SIZES = (("", 1.0, 6.0), (r"\small", 0.9258, 5.0), (r"\footnotesize", 0.8501, 4.0))
"""Sizes of letters, how wide cmr9 and cmr8 are of cmr10, and half of what is between two columns."""

LEAST_WORDS = 85.0
"""A column of words folds to no less, in points."""


class FittedTable(NamedTuple):
    """A table as it fits.

    Attributes:
        grid: the table, without the columns that had no room.
        size: the command for the size of its letters; empty for that of the text.
        gap: half of what is between two columns, in points.
        folds: the width in points of each column that folds, by its number.
        left_out: the titles of the columns that had no room.
        is_scaled: whether it is too wide even so, and is to be shrunk as a picture.
    """

    grid: Grid
    size: str
    gap: float
    folds: dict[int, float]
    left_out: tuple[str, ...]
    is_scaled: bool

    @property
    def said(self) -> str:
        """The words for its change; empty for nothing but smaller letters."""
        folds = [self.grid.headers[index].title for index in self.folds]
        words = [f"without {', '.join(self.left_out)}"] if self.left_out else []
        words += [f"{', '.join(folds)} folds"] if folds else []
        return "; ".join((*words, *(["scaled down"] if self.is_scaled else [])))


def text_points(text: str) -> float:
    """The width of a line of text in letters of 10 points."""
    return sum(_WIDTH.get(sign, 10.0) for sign in " ".join(text.split()))


def fitted_table(grid: Grid, units: Units, width: float) -> FittedTable:
    """A table within a width: with smaller letters, then words fold, then columns go by their priority.

    Args:
        grid: the table.
        units: how numbers are written.
        width: in points.
    """
    left_out: list[str] = []
    while True:
        natural = _natural(grid, units)
        size, factor, gap = next((size for size in SIZES if _needed(natural, *size[1:]) <= width), SIZES[-1])
        excess = _needed(natural, factor, gap) - width
        folds = _folds(grid, [points * factor for points in natural], excess)
        if excess <= 0 or folds:
            return FittedTable(grid, size, gap, folds, tuple(left_out), False)
        index = grid.least_important
        if index is None:
            return FittedTable(grid, size, gap, {}, tuple(left_out), True)
        left_out.insert(0, grid.headers[index].title)
        grid = grid.without(index)


def _natural(grid: Grid, units: Units) -> list[float]:
    """The width of each column in letters of 10 points if nothing folds."""
    rows = [*grid.rows, grid.totals] if grid.totals else list(grid.rows)
    return [
        max(map(text_points, (header.title, *(cell_text(row[index], units) for row in rows))))
        for index, header in enumerate(grid.headers)
    ]


def _needed(natural: list[float], factor: float, gap: float) -> float:
    return sum(natural) * factor + 2 * gap * (len(natural) - 1)


def _folds(grid: Grid, widths: list[float], excess: float) -> dict[int, float]:
    """The columns of words that fold, with their widths; empty if that is not enough, or not needed."""
    folds: dict[int, float] = {}
    for index in sorted(range(len(widths)), key=lambda index: -widths[index]):
        if excess > 0 and grid.headers[index].may_fold and widths[index] > LEAST_WORDS:
            folds[index] = max(LEAST_WORDS, widths[index] - excess)
            excess -= widths[index] - folds[index]
    return folds if excess <= 0 else {}
