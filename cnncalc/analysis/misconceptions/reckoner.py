"""The figures of one row, reckoned from its terms: the right ones, or with one layer misread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cnncalc.analysis.misconceptions.layer_terms import NOTHING_AROUND, Around, Sight, layer_terms
from cnncalc.analysis.misconceptions.terms import Terms, Value, figure_of, output_shape
from cnncalc.errors import ShapeError
from cnncalc.network.model import Node
from cnncalc.shapes import Shape

OF_OUTPUT = ("out", "elements", "output_memory")
"""Figures of what a row hands on."""

OF_VIEW = ("receptive_field", "jump")
"""Figures of what its output sees of the network's input."""


class Task(NamedTuple):
    """A row to be reckoned: its layers in order, with what they read.

    Attributes:
        nodes: the layers.
        output: the path of the value that the row hands on; empty for a sum over layers.
        shapes: the shape of every value that its layers read from outside.
        arounds: what stands around each layer, by path.
        stated: the output's shape where somebody has stated it already: what follows from it
            (elements, MACs) is reckoned with it.
        sights: what the values see of the network's input, by path.
    """

    nodes: tuple[Node, ...]
    output: str
    shapes: Mapping[str, Shape]
    arounds: Mapping[str, Around] = {}
    stated: Shape | None = None
    sights: Mapping[str, Sight | None] = {}


class Reckoner:
    """Reckons the figures of a task.

    Attributes:
        terms: the right terms of each layer.
        shapes: the shape of every value, by path.
        output: the shape that the row hands on, as reckoned.

    Raises:
        ShapeError: a layer cannot take its inputs.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.shapes: dict[str, Shape] = dict(task.shapes)
        terms = []
        for node in task.nodes:
            inputs = tuple(self.shapes[path] for path in node.inputs)
            terms.append(layer_terms(node.layer, inputs, self.around(node)))
            self.shapes[node.path] = node.layer.output_shape(*inputs)
        self.output = self.shapes[task.output or task.nodes[-1].path]
        self.terms = tuple(self._with_stated(terms))
        self._values: dict[str, tuple[Value | None, ...]] = {}

    def around(self, node: Node) -> Around:
        """What stands around one of the layers."""
        return self.task.arounds.get(node.path, NOTHING_AROUND)

    def _with_stated(self, terms: Iterable[Terms]) -> Iterable[Terms]:
        """The terms, where the layers that make the output's shape make the stated one, with as many filters."""
        stated = self.task.stated
        for node, one in zip(self.task.nodes, terms, strict=True):
            if stated is None or self.shapes[node.path] != self.output:
                yield one
            else:
                filters = one.filters if stated.channels % one.groups else stated.channels
                yield one._replace(stated=stated, filters=filters)

    @property
    def working(self) -> tuple[int, ...]:
        """The layers that change a shape or have weights; all of them where none does."""
        working = tuple(index for index, terms in enumerate(self.terms) if not _is_plain(terms))
        return working or tuple(range(len(self.terms)))

    @property
    def sliding(self) -> tuple[int, ...]:
        """The layers with a window."""
        return tuple(index for index, terms in enumerate(self.terms) if terms.windows())

    def value(self, figure: str) -> Value | None:
        """A figure of the row; None where it cannot be reckoned."""
        if figure in OF_VIEW:
            return figure_of(self.terms[(*self.sliding, 0)[0]], figure) if len(self.sliding) < 2 else None
        if figure in OF_OUTPUT and self.task.output:
            last = [node.path for node in self.task.nodes].index(self.task.output)
            return figure_of(self.terms[last], figure)
        return total(self.values(figure))

    def values(self, figure: str) -> tuple[Value | None, ...]:
        """A figure of each layer."""
        if figure not in self._values:
            self._values[figure] = tuple(figure_of(terms, figure) for terms in self.terms)
        return self._values[figure]

    def value_with(self, index: int, terms: Terms, figure: str) -> Value | None:
        """A figure of the row where one layer is reckoned from other terms; None where that is impossible."""
        if figure in OF_VIEW:
            return figure_of(terms, figure) if self.sliding in ((), (index,)) else None
        if figure in OF_OUTPUT and self.task.output:
            return self._output_with(index, terms, figure)
        values = list(self.values(figure))
        values[index] = figure_of(terms, figure)
        # A relu behind a misread layer has no weights, whatever enters it.
        weighted = any(one.taps or one.learned for one in self.terms[index + 1 :])
        for other, inputs in self._fed_by(index, terms) if weighted else ():
            node = self.task.nodes[other]
            values[other] = figure_of(layer_terms(node.layer, inputs, self.around(node)), figure)
        return total(values)

    def _output_with(self, index: int, terms: Terms, figure: str) -> Value | None:
        shape = final = output_shape(terms)
        if shape is None:
            return None
        for other, inputs in self._fed_by(index, terms):
            final = self.task.nodes[other].layer.output_shape(*inputs)
        # Where nothing changes the shape further on, a misread product of its sizes stays misread.
        return figure_of(terms if final == shape else terms._replace(stated=final), figure)

    def _fed_by(self, index: int, terms: Terms) -> list[tuple[int, tuple[Shape, ...]]]:
        """The layers that a changed output reaches, with what enters them then; none if one cannot take it."""
        shape, node = output_shape(terms), self.task.nodes[index]
        if shape is None or terms.stated is not None or shape == self.shapes[node.path]:
            return []
        changed, reached = {node.path: shape}, []
        for other, behind in enumerate(self.task.nodes[index + 1 :], index + 1):
            if changed.keys().isdisjoint(behind.inputs):
                continue
            inputs = tuple(changed.get(path, self.shapes.get(path, shape)) for path in behind.inputs)
            try:
                changed[behind.path] = behind.layer.output_shape(*inputs)
            except ShapeError:
                return []
            reached.append((other, inputs))
        return reached


def _is_plain(terms: Terms) -> bool:
    """Whether a layer keeps the shape, has no weights and joins nothing."""
    return not (terms.windows() or terms.taps or terms.learned or terms.flat or terms.parts)


def total(values: Iterable[Value | None]) -> int | None:
    """The sum of counts; None where one of them is not known."""
    counts = list(values)
    known = [value for value in counts if type(value) is int]
    return sum(known) if len(known) == len(counts) else None
