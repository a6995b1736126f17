"""The facts that follow from a layer and its input shapes, each computed when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, final

from cnncalc.layers.base import Layer, Weight
from cnncalc.layers.derivations import Sliding
from cnncalc.layers.reach import SAME_PLACE, Reach
from cnncalc.layers.windows import Window, output_sizes, sliding_windows
from cnncalc.shapes import AXES, Shape

AxisWindows = tuple[tuple[str, Window], ...]
"""The letter of each axis of a layer's input, with the window that slides along it."""

MOST_KEPT = 4096
"""The most facts that are kept for further networks."""


@final
class Facts:
    """The facts that follow from a layer and its input shapes, for a batch of one.

    Attributes:
        layer: the layer.
        inputs: the shapes that enter it.
        output: the shape that leaves it.
        weights: its stored tensors by name.
        params, buffers: the number of values in them that are learned, and of the others.
        macs: its multiply–accumulates.
        reaches: the inputs that an output sees along each axis of each input.
        windows: the letter of each axis with the window that slides along it; empty for kinds without.
        keeps_places: whether every output sees its own place of the only input, and nothing else.
    """

    __slots__ = (
        "layer", "inputs", "output", "weights", "params", "buffers", "macs", "reaches", "windows", "keeps_places",
    )  # fmt: skip

    output: Shape
    weights: Mapping[str, Weight]
    params: int
    buffers: int
    macs: int
    reaches: tuple[tuple[Reach, ...], ...]
    windows: AxisWindows
    keeps_places: bool

    def __init__(self, layer: Layer, inputs: tuple[Shape, ...]) -> None:
        """Raises ShapeError if the layer cannot take such inputs."""
        self.layer = layer
        self.inputs = inputs
        self.output = layer.output_shape(*inputs)

    def __getattr__(self, name: str) -> Any:
        """Compute what is not known yet."""
        if name == "reaches":
            self.reaches = self.layer.reaches(*self.inputs)
        elif name == "windows":
            self.windows = _windows(self.layer, self.inputs[0])
        elif name == "keeps_places":
            self.keeps_places = self._keeps_places()
        elif name == "macs":
            self.macs = self.layer.macs(*self.inputs)
        elif name in ("weights", "params", "buffers"):
            self.weights = self.layer.weight_shapes(*self.inputs)
            counts = [0, 0]
            for shape, learned in self.weights.values():
                counts[learned] += prod(shape)
            self.buffers, self.params = counts
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def _keeps_places(self) -> bool:
        layer, (x, *others) = self.layer, self.inputs
        if others or not layer.executed or layer.sees_everything or x.spatial != self.output.spatial:
            return False
        return all(reach == SAME_PLACE for reach in self.reaches[0])

    def without_weights(self) -> Facts:
        """The facts of a layer whose weights are counted at their first use."""
        facts = Facts(self.layer, self.inputs)
        facts.weights, facts.params, facts.buffers = self.weights, 0, 0
        return facts

    def _values(self) -> tuple[object, ...]:
        return self.layer, self.inputs, self.params, self.buffers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())


def _windows(layer: Layer, x: Shape) -> AxisWindows:
    return tuple(zip(AXES[x.rank], layer.windows(x), strict=True)) if isinstance(layer, Sliding) else ()


_kept: dict[tuple[int, tuple[Shape, ...]], Facts] = {}
"""Facts by the identity of the layer, which they hold: while it lives, no other one has its id."""


def facts_of(layer: Layer, inputs: tuple[Shape, ...]) -> Facts:
    """The facts of a layer, kept: other places, and other networks, have the same.

    Raises:
        ShapeError: the layer cannot take such inputs.
    """
    key = (id(layer), inputs)
    facts = _kept.get(key)
    if facts is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        facts = _kept[key] = Facts(layer, inputs)
    return facts


def forget() -> None:
    """Forget all facts and windows that are kept, for a test that changes a rule."""
    _kept.clear()
    sliding_windows.cache_clear()
    output_sizes.cache_clear()
