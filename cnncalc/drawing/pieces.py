"""Pieces of a layout, and the breaking of lines that are too long."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from math import sqrt
from typing import NamedTuple

from cnncalc.drawing.picture import DrawnThing, Stroke, moved

GAP = 24.0
"""Between two boxes that follow each other."""
TALLEST = 800.0
"""The height from which a line is broken into columns."""
BETWEEN = 36.0
"""Between two columns."""


class Piece(NamedTuple):
    """Something laid out, with its upper left corner at 0, 0.

    Attributes:
        left: its left edge.
        width, height: its size.
        axis: the distance from the left at which the line enters and leaves it.
        things: its drawn things.
        boxes: left, top, right and bottom of each innermost box by its path.
    """

    left: float
    width: float
    height: float
    axis: float
    things: list[DrawnThing]
    boxes: dict[str, tuple[float, float, float, float]]

    def at(self, x: float, y: float) -> Piece:
        """The same piece at another place."""
        boxes = {
            path: (left + x, top + y, right + x, bottom + y)
            for path, (left, top, right, bottom) in self.boxes.items()
        }  # fmt: skip
        return self._replace(left=self.left + x, axis=self.axis + x, things=moved(self.things, x, y), boxes=boxes)


def column_starts(pieces: Sequence[Piece], crossed: Collection[int]) -> list[int]:
    """The numbers of the pieces that begin a column, so that all columns together are nearly a square.

    Args:
        pieces: those to be below one another.
        crossed: the pieces before which no column can end, because a lane leads past.
    """
    heights = [piece.height + GAP for piece in pieces]
    if sum(heights) <= TALLEST:
        return [0]
    return broken(heights, round(sqrt(sum(heights) / (max(piece.width for piece in pieces) + BETWEEN))), crossed)


def broken(lengths: Sequence[float], lines: int, crossed: Collection[int]) -> list[int]:
    """The places at which lines begin, for things of these lengths in so many lines of about one length, or fewer."""
    room = max(sum(lengths) / max(lines, 1), *lengths)
    while len(starts := list(_filled(lengths, room, crossed))) > max(lines, 1):
        room *= 1.05
    return starts


def _filled(lengths: Sequence[float], room: float, crossed: Collection[int]) -> Iterator[int]:
    """The places at which lines begin if each is filled up."""
    taken = room
    for number, length in enumerate(lengths):
        if taken + length > room and number not in crossed:
            yield number
            taken = 0.0
        taken += length


def side_by_side(columns: Sequence[Piece], arrows: Sequence[bool | None], *, goes_on: bool) -> Piece:
    """Columns side by side; each goes on at the top of the next.

    Args:
        columns: the columns.
        arrows: for each column but the first, whether its line ends with an arrow; None if it has no line.
        goes_on: whether the line leaves below the first column.
    """
    lefts = accumulate((column.width + BETWEEN for column in columns), initial=0.0)
    tops = [0.0] + [GAP] * (len(columns) - 1)
    placed = [column.at(left, top) for column, left, top in zip(columns, lefts, tops, strict=False)]
    ends = [column.height + top for column, top in zip(columns, tops, strict=True)]
    things = [thing for column in placed for thing in column.things]
    for one, other, end, arrow in zip(placed, placed[1:], ends, arrows, strict=False):
        gutter, turn = other.left - BETWEEN / 2, end + GAP / 2
        way = (
            (one.axis, end),
            (one.axis, turn),
            (gutter, turn),
            (gutter, GAP / 4),
            (other.axis, GAP / 4),
            (other.axis, GAP),
        )
        things += [Stroke(way, arrow=arrow)] if arrow is not None else []
    last, height = placed[-1], max(ends) + GAP
    boxes = {path: box for column in placed for path, box in column.boxes.items()}
    if goes_on:
        things.append(Stroke(((last.axis, ends[-1]), (last.axis, height), (placed[0].axis, height))))
    return Piece(0, last.left + last.width, height, placed[0].axis, things, boxes)
