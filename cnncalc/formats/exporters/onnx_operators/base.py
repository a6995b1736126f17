"""The calculation of a layer in ONNX: a tree of operators, as plain records that need no package.

A value of the network has a batch of one in ONNX and its channels first: (1, C, *spatial).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.layers.base import Layer
from cnncalc.layers.convolution import Conv, Depthwise
from cnncalc.layers.pooling import MaxPool
from cnncalc.layers.transposed import Deconv
from cnncalc.layers.unpooling import Unpool
from cnncalc.shapes import Shape

Pairs = Iterable[tuple[int, int]]
"""(before, after) for each spatial axis."""

Attribute = int | float | str | Sequence[int] | Sequence[str]


class Tensor(NamedTuple):
    """A value that the layer reads: its name in the graph, and its shape as the report has it."""

    name: str
    shape: Shape


class Stored(NamedTuple):
    """A weight of the layer: its name in the graph."""

    name: str


ABSENT = Stored("")
"""An optional input that is left out."""


class Initializer(NamedTuple):
    """Numbers that follow from the layer's settings: one alone, or a list of a single type."""

    values: float | tuple[int, ...] | tuple[float, ...]


class Operator(NamedTuple):
    """An operator of ONNX with its inputs.

    Attributes:
        kind: its ONNX name: `Conv`.
        inputs: in the order of ONNX.
        attributes: by their ONNX names.
        output: the number of the output in use; nearly all operators have one.
    """

    kind: str
    inputs: tuple[Value, ...]
    attributes: Mapping[str, Attribute]
    output: int = 0


Value = Tensor | Stored | Initializer | Operator

Weights = Mapping[str, Stored]
"""The weights of a layer by name."""


def apply(kind: str, *inputs: Value, **attributes: Attribute) -> Operator:
    """The operator `kind` on these inputs: `apply("Add", x, y)`."""
    return Operator(kind, inputs, attributes)


def operator(kind: str, *settings: Value, **attributes: Attribute) -> Callable[[Layer, Weights, Tensor], Value]:
    """A writer of a kind of layer that is always this operator on its input."""
    return lambda layer, weights, x: apply(kind, x, *settings, **attributes)


def window(layer: Conv | Depthwise | Deconv | MaxPool | Unpool, pairs: Pairs) -> dict[str, Attribute]:
    """The attributes of an operator whose windows slide as those of the layer, over this padding."""
    sizes = {"kernel_shape": layer.kernel, "strides": layer.stride, "dilations": layer.dilation}
    return {**sizes, "pads": pads(pairs)}


def integers(*values: int) -> Initializer:
    """Sizes, axes or places: a list of whole numbers."""
    return Initializer(values)


def reshaped(x: Value, *sizes: int) -> Operator:
    """The same values under other sizes, with the batch; -1 for the size that remains."""
    return apply("Reshape", x, integers(*sizes))


def of_channels(weight: Value, x: Shape) -> Value:
    """One value for each channel, with the axes that it needs to be repeated over a map."""
    return reshaped(weight, -1, *(1,) * x.rank) if x.spatial else weight


def cut(x: Value, axis: int, start: int, stop: int) -> Operator:
    """From `start` up to `stop` on one axis; axis 0 is the batch, 1 the channels."""
    return apply("Slice", x, integers(start), integers(stop), integers(axis))


def strided(x: Value, stride: Sequence[int], starts: Sequence[int] = (), ends: Sequence[int] = ()) -> Value:
    """Every stride-th position on each spatial axis, from the first on or between bounds; x itself for all."""
    if not stride or (not starts and set(stride) == {1}):
        return x
    first, last = starts or (0,) * len(stride), ends or (2**31 - 1,) * len(stride)
    axes = range(2, 2 + len(stride))
    return apply("Slice", x, integers(*first), integers(*last), integers(*axes), integers(*stride))


def pads(pairs: Pairs) -> tuple[int, ...]:
    """A padding in the order of ONNX: before on every axis, then after on every axis."""
    before, after = zip(*pairs, strict=True)
    return (*before, *after)


MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""ONNX's names of the modes of a padding."""


def padded(x: Value, pairs: Pairs, value: float = 0.0, mode: str = "zeros") -> Value:
    """x with `value`, or the values of the mode, around the spatial axes; x itself if the padding is empty."""
    every_axis = pads([(0, 0), (0, 0), *pairs])
    if mode != "zeros":
        return apply("Pad", x, integers(*every_axis), mode=MODES[mode]) if any(every_axis) else x
    return apply("Pad", x, integers(*every_axis), Initializer(value)) if any(every_axis) else x
