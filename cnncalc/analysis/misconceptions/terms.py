"""The terms that the figures of one layer are reckoned from. A misconception changes some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.misconceptions.axis import Axis
from cnncalc.shapes import Shape

Value = int | Shape | tuple[int, ...]
"""A count, a shape, or one number for each spatial axis."""


class Terms(NamedTuple):
    """Everything that the figures of one layer are reckoned from.

    Attributes:
        kind: the layer's kind.
        channels: channels of the input.
        axes: its spatial axes.
        filters: channels of the output.
        groups: parts that the channels are split into.
        parts: the channels of each input, for a layer with several.
        flat: whether all values become one vector.
        taps: weights of a kernel on one input channel; 0 for a layer without kernels.
        depth: input channels that a filter sees; a fraction where filters see different numbers.
        bias: what has a bias: a key of `BIASES`.
        learned: other learned values per channel, as those of a norm.
        kept: stored values per channel that are not learned.
        kernels: filters whose weights are counted; 0 for all.
        copies: how often the weights are counted.
        more, more_macs: params and MACs besides.
        positions: places at which a kernel is applied; None for as many as there are.
        factor: MACs and FLOPs counted for one.
        biased: whether adding a bias counts as a MAC.
        value_bytes: bytes of one value.
        with_channels: whether the channels are multiplied into the elements.
        stated: the output's shape where it is not to be reckoned.
        moving: whether receptive field and jump follow from the window alone.
    """

    kind: str
    channels: int
    axes: tuple[Axis, ...] = ()
    filters: int = 0
    groups: int = 1
    parts: tuple[int, ...] = ()
    flat: bool = False
    taps: int = 0
    depth: int | Fraction = 0
    bias: str = "none"
    learned: int = 0
    kept: int = 0
    kernels: int = 0
    copies: int = 1
    more: int = 0
    more_macs: int = 0
    positions: int | None = None
    factor: int | Fraction = 1
    biased: bool = False
    value_bytes: int = 4
    with_channels: bool = True
    stated: Shape | None = None
    moving: bool = False

    def on_axes(self, **changes: Any) -> Terms:
        """The terms with some attributes of every window changed."""
        return self._replace(axes=tuple(a if a.rule == "given" else a._replace(**changes) for a in self.axes))

    def windows(self) -> tuple[Axis, ...]:
        """The axes on which a window slides."""
        return tuple(axis for axis in self.axes if axis.rule != "given")


Reckoned = int | Fraction | None
"""A number before it is known to be whole; None where it cannot be reckoned."""

BIASES: dict[str, Callable[[Terms], Reckoned]] = {
    "none": lambda t: 0,
    "filter": lambda t: t.filters,
    "layer": lambda t: 1,
    "channel": lambda t: t.channels,
    "weight": lambda t: t.taps * t.depth * t.filters,
    "kernel": lambda t: t.depth * t.filters,
    "output": lambda t: output.elements if (output := output_shape(t)) else None,
}
"""What may have a bias of its own, rightly a filter, and how many that are."""


def output_shape(t: Terms) -> Shape | None:
    """The shape of the output."""
    if t.stated is not None:
        return t.stated
    sizes = [axis.outputs for axis in t.axes]
    known = tuple(size for size in sizes if size is not None)
    if len(known) < len(sizes) or t.filters < 1:
        return None
    return Shape(t.channels * prod(known)) if t.flat else Shape(t.filters, known)


def _elements(t: Terms) -> Reckoned:
    shape = output_shape(t)
    if shape is None:
        return None
    return shape.elements if t.with_channels else prod(shape.spatial)


def _params(t: Terms) -> Reckoned:
    biases = BIASES[t.bias](t)
    if biases is None:
        return None
    return t.copies * t.taps * t.depth * (t.kernels or t.filters) + biases + t.learned * t.filters + t.more


def _buffers(t: Terms) -> Reckoned:
    return t.kept * t.filters


def _weights(t: Terms) -> Reckoned:
    params = _params(t)
    return None if params is None else params + t.kept * t.filters


def _macs(t: Terms) -> Reckoned:
    if not t.taps:
        return 0
    positions, shape = t.positions, output_shape(t)
    if shape is None:
        return None
    if positions is None:
        transposed = any(axis.rule == "transposed" for axis in t.axes)
        positions = prod(axis.size for axis in t.axes) if transposed else prod(shape.spatial)
        # A shape that someone stated may have other channels than the layer has filters.
        filters = t.filters if transposed or t.stated is None else shape.channels
    else:
        filters = t.filters
    filters = t.kernels or filters
    return positions * t.taps * t.depth * filters * t.factor + (shape.elements if t.biased else 0) + t.more_macs


def _flops(t: Terms) -> Reckoned:
    macs = _macs(t)
    return None if macs is None else 2 * macs


def _weights_memory(t: Terms) -> Reckoned:
    weights = _weights(t)
    return None if weights is None else weights * t.value_bytes


def _output_memory(t: Terms) -> Reckoned:
    elements = _elements(t)
    return None if elements is None else elements * t.value_bytes


def _receptive_field(t: Terms) -> tuple[int, ...] | None:
    if not t.moving:
        return None
    return tuple(axis.field + (axis.effective - axis.less) * axis.jump for axis in t.axes)


def _jump(t: Terms) -> tuple[int, ...] | None:
    return tuple(axis.jump * axis.stride for axis in t.axes) if t.moving else None


FIGURES: Mapping[str, Callable[[Terms], Reckoned | Shape | tuple[int, ...]]] = {
    "out": output_shape,
    "elements": _elements,
    "params": _params,
    "buffers": _buffers,
    "weights": _weights,
    "macs": _macs,
    "flops": _flops,
    "weights_memory": _weights_memory,
    "output_memory": _output_memory,
    "receptive_field": _receptive_field,
    "jump": _jump,
}
"""How each figure is reckoned; `weights` are all stored values, params and buffers."""

SUMMED = ("elements", "params", "buffers", "weights", "macs", "flops", "weights_memory", "output_memory")
"""The figures that add up over layers."""


def figure_of(t: Terms, figure: str) -> Value | None:
    """A figure; None where it cannot be reckoned or is no whole number."""
    value = FIGURES[figure](t) if figure in FIGURES else None
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else None
    return value
