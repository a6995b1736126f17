"""An exercise: the rows of a sheet, the figures that are asked for, and their right values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import count, takewhile
from typing import NamedTuple

from cnncalc import figures
from cnncalc.analysis.misconceptions.explain import Explainer
from cnncalc.analysis.misconceptions.row_figures import RowFigures
from cnncalc.analysis.misconceptions.surroundings import Place, Seen, places, seen_in
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.analysis.report import Report
from cnncalc.explaining.figures import ASKED, is_asked, right_value
from cnncalc.network.model import Network, Node, Row
from cnncalc.shapes import Layout, Shape

MOST_KEPT = 5000
"""Rows that are kept with what can go wrong in them: a class makes the same mistakes."""

MOST_BELOW = 3
"""How many rows below a row are looked at: their output may have been written into it."""

TOTAL = "total"
"""The name of the row with the sums."""


class Item(NamedTuple):
    """One row of an exercise.

    Attributes:
        name: its path.
        row: the row of the network that it asks about.
        nodes: the layers that it stands for.
        reads: the paths of the values that they read from outside: the outputs of earlier rows, and
            inputs of the network. These rows are "the previous ones" for an error carried forward.
    """

    name: str
    row: Row
    nodes: tuple[Node, ...]
    reads: tuple[str, ...]


class Exercise:
    """The questions about a network, and their right answers.

    Args:
        report: the network with its figures.
        depth: how far rows are unfolded: None for every layer as it is written, with its norm and
            activation; 1 for the lines of the spec.
        also: paths of blocks and repeated lines that are rows of their own, below what they hold.
    """

    def __init__(self, report: Report, depth: int | None = None, also: frozenset[str] = frozenset()) -> None:
        self.report = report
        rows = _rows(report.network.rows, depth, also)
        self.items: tuple[Item, ...] = tuple(_item(report.network, row) for row in rows if row.start < row.stop)
        self._explainers: dict[tuple[object, ...], Explainer] = {}
        self._values: dict[tuple[str, str], tuple[Value | None, bool]] = {}

    @cached_property
    def folded(self) -> tuple[Exercise, ...]:
        """The exercises about the same network with fewer rows: the lines of the spec, then a level of blocks more."""
        deeper = (Exercise(self.report, depth) for depth in count(1))
        return tuple(takewhile(lambda one: len(one.items) != len(self.items), deeper))

    @cached_property
    def _named(self) -> dict[str, Item]:
        return {item.name: item for item in self.items}

    def __contains__(self, path: str) -> bool:
        return path in self._named

    def item(self, path: str) -> Item | None:
        """The row of this path, which may be none of `items`; None if there is none, or one without layers."""
        if path in self._named:
            return self._named[path]
        try:
            row = self.report[path].row
        except KeyError:
            return None
        return self._named.get(row.path) or (_item(self.report.network, row) if row.start < row.stop else None)

    @cached_property
    def makers(self) -> dict[str, Item]:
        """The row that each value comes out of, by the value's path."""
        return {item.row.output: item for item in self.items}

    def outputs_below(self, path: str) -> list[tuple[str, Shape]]:
        """The outputs of the next rows after a row, by their names."""
        place = next((place for place, item in enumerate(self.items, start=1) if item.name == path), len(self.items))
        return [(item.name, self.report.shapes[item.row.output]) for item in self.items[place : place + MOST_BELOW]]

    @property
    def layout(self) -> Layout:
        """The order in which the exercise writes shapes."""
        return self.report.network.layout

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The place of each layer."""
        return places(self.report)

    @cached_property
    def seen(self) -> Mapping[str, Seen | None]:
        """The part of the network's input that every value sees."""
        return seen_in(self.report)

    def explainer(
        self,
        item: Item,
        shapes: Mapping[str, Shape] | None = None,
        seen: Mapping[str, Seen | None] | None = None,
        answer: Shape | None = None,
    ) -> Explainer:
        """The mistakes that can be made in a row.

        Args:
            item: the row.
            shapes: of what its layers read; the right ones by default. Equal ones give the same object.
            seen: what that sees of the network's input.
            answer: the output's shape, if it is an answer.

        Raises:
            ShapeError: a layer cannot take these shapes.
        """
        shapes = self.report.shapes if shapes is None else shapes
        seen = self.seen if seen is None else seen
        around = [*item.reads, *(self.places[node.path].unflattened for node in item.nodes)]
        key = (item.name, answer, *(shapes.get(path) for path in around), *(seen.get(path) for path in item.reads))
        if key not in self._explainers:
            if len(self._explainers) >= MOST_KEPT:
                self._explainers.clear()
            row = RowFigures(item.nodes, item.row.output, shapes, seen, self.places, answer)
            self._explainers[key] = Explainer(row)
        return self._explainers[key]

    @cached_property
    def total_explainer(self) -> Explainer:
        """The sums over all layers; there is at least one."""
        report = self.report
        return Explainer(RowFigures(report.network.nodes, "", report.shapes, self.seen, self.places))

    def right(self, item: Item, figure: str) -> Value | None:
        """The right value; None if the figure is not asked for in this row."""
        value, asked = self._known(item, figure)
        return value if asked else None

    def value(self, item: Item, figure: str) -> Value | None:
        """The right value, asked for or not; None if there is none."""
        return self._known(item, figure)[0]

    def _known(self, item: Item, figure: str) -> tuple[Value | None, bool]:
        if figure not in ASKED:
            return None, False
        if (item.name, figure) not in self._values:
            row = self.report.row_report(item.row)
            self._values[item.name, figure] = right_value(row, figure), is_asked(row, figure)
        return self._values[item.name, figure]

    def right_total(self, figure: str) -> int | None:
        """The right sum over all layers; None if the figure does not add up, or there are no layers."""
        has_total = figure in ASKED and figures.FIGURES[figure].is_total and bool(self.report.layers)
        return int(getattr(self.report.totals, figure)) if has_total else None


def _item(network: Network, row: Row) -> Item:
    nodes = network.nodes[row.start : row.stop]
    inside = {node.path for node in nodes}
    outside = dict.fromkeys(path for node in nodes for path in node.inputs if path not in inside)
    return Item(row.path, row, nodes, tuple(outside))


def _rows(rows: tuple[Row, ...], depth: int | None, also: frozenset[str]) -> list[Row]:
    """The rows of a sheet: unfolded, but a layer stays together with its norm and activation."""
    visible: list[Row] = []
    for row in rows:
        is_layer = not row.children or row.children[0].path == row.path
        if depth == 1 or is_layer:
            visible.append(row)
        else:
            visible += _rows(row.children, None if depth is None else depth - 1, also)
            visible += [row] if row.path in also else []
    return visible
