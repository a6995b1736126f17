"""Rows of a sheet paired with the layers that they are about, by order, kind, name and values together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis.misconceptions.values import Value
from cnncalc.explaining.exercise import Exercise, Item
from cnncalc.explaining.figures import TOTALLED
from cnncalc.homework.answer_parts import MAX_LENGTH, answer_parts
from cnncalc.homework.counts import NotAnAnswer, read_count
from cnncalc.homework.row_kinds import may_be
from cnncalc.homework.sheet import SheetRow
from cnncalc.shapes import Shape

NAME_COSTS = {"same": 0, "same kind": 1, "no kind": 3, "other kind": 9}
VALUE_COSTS = {"all agree": 0, "some agree": 1, "none given": 1, "none agree": 2}
ROW_LEFT_OUT = 2
LAYER_LEFT_OUT = 2
LAYER_IMPLIED = 0.5
"""The costs of a pair of a row and a layer, by its name and by its values, and of leaving out one of them.

A row without a known kind is paired only if all its values are right. A flatten or dropout is often left out.
"""

MOST_PAIRS = 400_000
"""The most pairs of a row and a layer that are compared; rows of larger sheets are found by their names alone."""


class ReadRow(NamedTuple):
    """A row with its kind and its numbers.

    Attributes:
        row: the row.
        kind: as that of a `SheetRow`.
        values: the ways to read each figure: sizes in rising order, or the least and the most of a count.
    """

    row: SheetRow
    kind: str
    values: Mapping[str, tuple[tuple[int, ...], ...]]


class Alignment:
    """Pairs of rows and layers.

    Args:
        exercise: whose layers they are.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._rights: dict[str, dict[str, tuple[int, ...]]] = {}

    @staticmethod
    def read(row: SheetRow) -> ReadRow:
        """A row as it is compared."""
        values = {figure: _numbers(cell.text, figure) for figure, cell in row.cells.items()}
        return ReadRow(row, row.kind, values)

    def is_implied(self, item: Item) -> bool:
        """Whether a layer only changes the shape, and no number: nobody misses its row."""
        shapes, row = self._exercise.report.shapes, self._exercise.report.row_report(item.row)
        if len(item.reads) != 1 or row.params or row.buffers or row.macs:
            return False
        return shapes[item.reads[0]].elements == row.output.elements

    def agreeing(self, one: ReadRow, item: Item) -> str:
        """A word of `VALUE_COSTS` for how many answers of a row are right for a layer."""
        found = self.compared(one, item)
        if not found:
            return "none given"
        return "all agree" if all(found) else "some agree" if any(found) else "none agree"

    def compared(self, one: ReadRow, item: Item) -> list[bool]:
        """For each answer of a row that is a number, whether it is right for a layer."""
        rights = self.rights(item)
        given = [(figure, values) for figure, values in one.values.items() if values and figure in rights]
        return [any(_is_read_as(value, figure, rights[figure]) for value in values) for figure, values in given]

    def rights(self, item: Item) -> dict[str, tuple[int, ...]]:
        """The right numbers of a layer by figure: sizes in rising order, or a count."""
        if item.name not in self._rights:
            values = {figure: self._exercise.value(item, figure) for figure in ("out", *TOTALLED)}
            self._rights[item.name] = {figure: _sorted(value) for figure, value in values.items() if value is not None}
        return self._rights[item.name]

    def pairs(self, rows: Sequence[ReadRow], items: Sequence[Item], named: Mapping[int, int]) -> dict[int, int]:
        """The place of the layer for each row that has one, with the least cost (Needleman and Wunsch).

        Args:
            rows: in their order.
            items: in their order.
            named: the rows that can only be about one layer, with its place.
        """
        taken = set(named.values())
        gaps = [LAYER_IMPLIED if self.is_implied(item) else LAYER_LEFT_OUT for item in items]
        costs = [[float(sum(gaps[:place])) for place in range(len(items) + 1)]]
        for number, row in enumerate(rows):
            above, line = costs[-1], [costs[-1][0] + ROW_LEFT_OUT]
            for place, item in enumerate(items):
                own = named.get(number, -1) == place
                free = number not in named and place not in taken
                pair = above[place] + self._cost(row, item, same=own) if own or free else float("inf")
                line.append(min(pair, above[place + 1] + ROW_LEFT_OUT, line[place] + gaps[place]))
            costs.append(line)
        return _traced(costs, gaps)

    def _cost(self, row: ReadRow, item: Item, *, same: bool) -> float:
        if same:
            return -4 * LAYER_LEFT_OUT  # a known name is worth more than the order of other rows
        name = "no kind" if not row.kind else "same kind" if may_be(row.kind, _kind(item)) else "other kind"
        return NAME_COSTS[name] + VALUE_COSTS[self.agreeing(row, item)]


def _traced(costs: Sequence[Sequence[float]], gaps: Sequence[float]) -> dict[int, int]:
    """The pairs of the cheapest way through a table of costs; of equally cheap ones the one with most pairs."""
    row, place, found = len(costs) - 1, len(costs[0]) - 1, {}
    while row and place:
        if costs[row][place] == costs[row - 1][place] + ROW_LEFT_OUT:
            row -= 1
        elif costs[row][place] == costs[row][place - 1] + gaps[place - 1]:
            place -= 1
        else:
            row, place = row - 1, place - 1
            found[row] = place
    return found


def _kind(item: Item) -> str:
    return item.nodes[0].layer.kind


def _is_read_as(value: tuple[int, ...], figure: str, right: tuple[int, ...]) -> bool:
    return value == right if figure == "out" else value[0] <= right[0] <= value[1]


def _sorted(value: Value) -> tuple[int, ...]:
    if not isinstance(value, Shape | tuple):
        return (int(value),)
    sizes = value.sizes() if isinstance(value, Shape) else value
    return tuple(sorted(size for size in sizes if size != 1)) or (1,)


def _numbers(text: str, figure: str) -> tuple[tuple[int, ...], ...]:
    """The ways to read an answer as numbers; the order of the sizes of a shape is not compared."""
    if figure != "out":
        try:
            found = [(reading.value, int(reading.tolerance)) for reading in read_count(text)]
        except NotAnAnswer:
            return ()
        return tuple((value - margin, value + margin) for value, margin in found if isinstance(value, int))
    parts = dict.fromkeys((text[:MAX_LENGTH], *answer_parts(text[:MAX_LENGTH])))
    given = [sizes for part in parts if (sizes := _sizes_in(part))]
    joined = re.sub(r"\D", "", text) if re.fullmatch(r"\s*\d{1,3}([., ]\d{3})+\s*", text) else ""
    return (*given, *(((int(joined),),) if joined else ()))


def _sizes_in(text: str) -> tuple[int, ...]:
    """The sizes in a text in rising order, without those of 1; 55² is two of them."""
    bare = re.sub(r"(?<=\d)\s*(?:²|\^\s*2\b)", "x#", text)
    bare = re.sub(r"(\d+)x#", r"\1x\1", bare)
    return tuple(sorted(int(part) for part in re.findall(r"\d{1,12}", bare) if part != "1"))
