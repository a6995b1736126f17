"""The figures of one row from the rules of its layers: the right ones, or with one layer edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property

from cnncalc.analysis.misconceptions.borrowing import Borrowing
from cnncalc.analysis.misconceptions.layer_figures import Context, LayerFigures
from cnncalc.analysis.misconceptions.layer_formulas import OF_AXES, Edited
from cnncalc.analysis.misconceptions.surroundings import Place, Seen, seen_through
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.errors import ShapeError
from cnncalc.figures import FIGURES
from cnncalc.network.model import Node
from cnncalc.shapes import Shape


class RowFigures:
    """The figures of some layers.

    Args:
        nodes: the layers, in order.
        output: the path of the value that they hand on; empty for a sum over them.
        shapes: the shapes of the values that they read, and perhaps others.
        seen: the part of the network's input that these values see.
        places: those of the network's layers.
        answer: the output's shape, if it is an answer: what follows from it (MACs) is calculated with it.

    Attributes:
        shapes: the shape of every value of the row and of what it reads, by path.
        output: the shape that the row hands on, as calculated.

    Raises:
        ShapeError: a layer cannot take its inputs.
    """

    def __init__(
        self,
        nodes: tuple[Node, ...],
        output: str,
        shapes: Mapping[str, Shape],
        seen: Mapping[str, Seen | None],
        places: Mapping[str, Place],
        answer: Shape | None = None,
    ) -> None:
        self._nodes, self._places, self._answer = nodes, places, answer
        paths = [node.path for node in nodes]
        self._last = paths.index(output) if output else None
        outside = {path for node in nodes for path in node.inputs} - set(paths)
        # Only what the row reads is kept: with all values of the network in every row, rows would be squared.
        kept = {*outside, *(places[path].unflattened for path in paths)} & shapes.keys()
        self.shapes = {path: shapes[path] for path in kept}
        self._seen = {path: seen.get(path) for path in outside}
        for node in nodes:
            self.shapes[node.path] = node.layer.output_shape(*self._inputs(node))
        self.output = self.shapes[output or paths[-1]]
        self._values: dict[str, tuple[Value | None, ...]] = {}

    def _inputs(self, node: Node) -> tuple[Shape, ...]:
        return tuple(self.shapes[path] for path in node.inputs)

    @cached_property
    def seen(self) -> Mapping[str, Seen | None]:
        """The part of the network's input that the values of the row, and those that it reads, see."""
        seen = dict(self._seen)
        for node in self._nodes:
            seen[node.path] = seen_through(node.layer, self._inputs(node), seen[node.inputs[0]])
        return seen

    @property
    def is_sum(self) -> bool:
        """Whether it is a sum over layers, not a row."""
        return self._last is None

    def adds_up(self, figure: str) -> bool:
        """Whether a figure is the sum of those of the layers."""
        return FIGURES[figure].is_total and (self.is_sum or not FIGURES[figure].handed_on)

    @cached_property
    def layers(self) -> tuple[LayerFigures, ...]:
        """The figures of each layer; those that make the output's shape make the answered one."""
        return tuple(self._layer(node, self.shapes, self._answer) for node in self._nodes)

    def _layer(self, node: Node, shapes: Mapping[str, Shape], answer: Shape | None = None) -> LayerFigures:
        inputs = tuple(shapes[path] for path in node.inputs)
        place = self._places[node.path]

        def context() -> Context:
            return place.context(inputs[0], self.shapes, self.seen[node.inputs[0]])

        answered = answer if shapes[node.path] == self.output else None
        return LayerFigures(node.layer, inputs, context, answered, place.batch)

    def borrowings(self, index: int) -> Iterable[Borrowing]:
        """The settings of other layers that one of the row may take."""
        others = self._places[self._nodes[index].path].others
        return others.borrowings(self._nodes[index].path) if others is not None else ()

    def beside(self, index: int, borrowing: Borrowing) -> RowFigures:
        """The row with a layer of it beside another, whose setting it may take."""
        layers = list(self.layers)
        layers[index] = layers[index].with_setting(borrowing.symbol, borrowing.setting)
        row = copy(self)
        vars(row)["layers"] = tuple(layers)
        return row

    @cached_property
    def working(self) -> tuple[int, ...]:
        """The layers that have a window or weights, flatten or join; all of them if none does."""
        working = tuple(index for index, layer in enumerate(self.layers) if not layer.is_plain)
        return working or tuple(range(len(self.layers)))

    @property
    def has_weights_or_window(self) -> bool:
        """Whether more than the order of the values is calculated in it."""
        return any(not layer.given.isdisjoint(("taps", "params", "joined")) for layer in self.layers)

    @cached_property
    def _windows(self) -> tuple[int, ...]:
        return tuple(index for index, layer in enumerate(self.layers) if "taps" in layer.given)

    def value(self, figure: str) -> Value | None:
        """A figure of the row; None if it cannot be calculated."""
        if figure in OF_AXES:
            return self.layers[(*self._windows, 0)[0]].value(figure) if len(self._windows) < 2 else None
        if FIGURES[figure].handed_on and self._last is not None:
            return self.layers[self._last].value(figure)
        return total(self.values(figure))

    def values(self, figure: str) -> tuple[Value | None, ...]:
        """A figure of each layer."""
        if figure not in self._values:
            counted = FIGURES[figure].stored
            self._values[figure] = tuple(
                0 if counted and node.weights else layer.value(figure)
                for node, layer in zip(self._nodes, self.layers, strict=True)
            )
        return self._values[figure]

    def value_with(self, index: int, edited: Edited, figure: str) -> Value | None:
        """A figure of the row if one layer is edited; None if that is impossible or changes nothing."""
        if figure in OF_AXES:
            return self.layers[index].value(figure, edited) if self._windows in ((), (index,)) else None
        if FIGURES[figure].handed_on and self._last is not None:
            return self._output_with(index, edited, figure)
        if FIGURES[figure].stored and self._nodes[index].weights:
            return None  # its weights are counted elsewhere, correctly or not
        value = self.layers[index].value(figure, edited)
        if value is None:
            return None
        values = [*self.values(figure)[:index], value, *self.values(figure)[index + 1 :]]
        # A relu after an edited layer has no weights, for any input.
        if any("params" in later.given for later in self.layers[index + 1 :]):
            changed = self._changed(index, edited)
            for other, node in enumerate(self._nodes[index + 1 :], index + 1):
                if node.path in changed:
                    values[other] = self._layer(node, {**self.shapes, **changed}).value(figure)
        return total(values)

    def _output_with(self, index: int, edited: Edited, figure: str) -> Value | None:
        assert self._last is not None
        layer = self.layers[index]
        if index == self._last:
            return layer.value(figure, edited)
        made, last = self._nodes[index].path, self._nodes[self._last].path
        changed = self._changed(index, edited)
        shape, final = (changed.get(path, self.shapes[path]) for path in (made, last))
        # If nothing changes the shape further on, a misread product of its sizes stays misread.
        if shape == final or last not in changed:
            return layer.value(figure, edited) if shape == final else None
        return self._layer(self._nodes[self._last], {**self.shapes, **changed}).value(figure)

    def _changed(self, index: int, edited: Edited) -> dict[str, Shape]:
        """The shapes that a layer's edit changes, from its own on; none if a later layer cannot take them."""
        layer, node = self.layers[index], self._nodes[index]
        shape = layer.value("out", edited) if layer.changes_output(edited) else None
        if not isinstance(shape, Shape) or shape in (self.shapes[node.path], self._answer):
            return {}
        changed = {node.path: shape}
        for later in self._nodes[index + 1 :]:
            if changed.keys().isdisjoint(later.inputs):
                continue
            try:
                inputs = (changed.get(path) or self.shapes.get(path, shape) for path in later.inputs)
                changed[later.path] = later.layer.output_shape(*inputs)
            except ShapeError:
                return {}
        return changed


def total(values: Iterable[Value | None]) -> int | None:
    """The sum of counts; None if one of them is not known."""
    counts = list(values)
    known = [value for value in counts if type(value) is int]
    return sum(known) if len(known) == len(counts) else None
