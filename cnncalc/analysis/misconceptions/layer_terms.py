"""A layer in its place → the terms that its figures are reckoned from."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import NamedTuple

from cnncalc.analysis.misconceptions.axis import Axis
from cnncalc.analysis.misconceptions.terms import Terms
from cnncalc.layers.base import Layer
from cnncalc.layers.convolution import Conv, Depthwise
from cnncalc.layers.linear import FullyConnected
from cnncalc.layers.merging import Merge
from cnncalc.layers.parameters import Padding, Size
from cnncalc.layers.pooling import AvgPool, MaxPool
from cnncalc.layers.rearrangement import Flatten
from cnncalc.layers.transposed import Deconv
from cnncalc.layers.windows import axis_padding, transposed_padding
from cnncalc.shapes import Shape


class Sight(NamedTuple):
    """What every element of a value sees of the network's input, where that is simple.

    Attributes:
        field: the receptive field along each axis.
        jump: the distance between neighbours along each axis, in pixels.
    """

    field: tuple[int, ...]
    jump: tuple[int, ...]


class Around(NamedTuple):
    """What stands around a layer: where a mistake may have a number from.

    Attributes:
        windows: kernel and stride of the window before and of the one behind.
        unflattened: what the flatten above an fc was given.
        towers: whether the network is split in two, by groups or by branches.
        first: whether the layer reads an input of the network.
        sight: what the values that it reads see; None where that is not simple.
    """

    windows: tuple[tuple[Size, Size], ...] = ()
    unflattened: Shape | None = None
    towers: bool = False
    first: bool = True
    sight: Sight | None = None


NOTHING_AROUND = Around()


def layer_terms(layer: Layer, inputs: tuple[Shape, ...], around: Around = NOTHING_AROUND) -> Terms:
    """The terms of a layer.

    Args:
        layer: the layer.
        inputs: the shapes that enter it; it must be able to take them.
        around: what stands around it.

    Raises:
        ShapeError: the layer cannot take these inputs.
    """
    x, output = inputs[0], layer.output_shape(*inputs)
    terms = Terms(kind=layer.kind, channels=x.channels, filters=output.channels)
    match layer:
        case Conv() | Depthwise() | Deconv():
            terms = _with_kernels(terms, layer, x)
        case MaxPool() | AvgPool():
            terms = terms._replace(axes=_windows(layer, x), moving=True)
        case FullyConnected():
            terms = terms._replace(taps=1, depth=x.channels, bias="filter" if layer.bias else "none")
        case Flatten():
            terms = terms._replace(axes=_given(x), flat=True)
        case Merge():
            terms = terms._replace(axes=_given(output), parts=tuple(shape.channels for shape in inputs))
        case _:
            moving = x.spatial == output.spatial and not layer.sees_everything
            terms = terms._replace(axes=_given(output), moving=moving)
            terms = _with_weights(terms, layer, x)
    return _with_fields(terms, around)


def _given(shape: Shape) -> tuple[Axis, ...]:
    return tuple(Axis(size) for size in shape.spatial)


def _with_kernels(terms: Terms, layer: Conv | Depthwise | Deconv, x: Shape) -> Terms:
    """The terms of a layer that multiplies weights at every position."""
    groups = x.channels if isinstance(layer, Depthwise) else layer.groups
    weights = prod(layer.weight_shapes(x)["weight"].shape)
    taps = prod(layer.kernel)
    axes = _transposed(layer, x) if isinstance(layer, Deconv) else _windows(layer, x)
    return terms._replace(
        axes=axes,
        groups=groups,
        taps=taps,
        depth=_exact(Fraction(weights, taps * terms.filters)),
        bias="filter" if layer.bias else "none",
        moving=not isinstance(layer, Deconv),
    )


def _exact(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _windows(layer: Conv | Depthwise | MaxPool | AvgPool, x: Shape) -> tuple[Axis, ...]:
    dilation = (1,) * x.rank if isinstance(layer, AvgPool) else layer.dilation
    rounding = layer.rounding if isinstance(layer, MaxPool | AvgPool) else "floor"
    if rounding == "ceil_caffe" and any(max(pair) for pair in layer.padding_pairs(x)):
        rounding = "ceil"  # Caffe drops the last window on both axes as soon as one is padded
    axes = enumerate(zip(x.spatial, layer.kernel, layer.stride, dilation, strict=True))
    return tuple(
        Axis(
            size=n, rule="window", kernel=k, stride=s, dilation=d, effective=d * (k - 1) + 1,
            padding=_padding(layer.padding, axis, n, k, s, d), rounding=rounding,
        )
        for axis, (n, k, s, d) in axes
    )  # fmt: skip


def _padding(padding: Padding, axis: int, size: int, kernel: int, stride: int, dilation: int) -> str | tuple[int, int]:
    """The padding of one axis; `same` stays a word, because it depends on the size."""
    if padding in ("same", "same_lower"):
        return str(padding)
    return axis_padding(padding, axis, size, kernel, stride, dilation)


def _transposed(layer: Deconv, x: Shape) -> tuple[Axis, ...]:
    axes = enumerate(zip(x.spatial, layer.kernel, layer.stride, layer.dilation, layer.output_padding, strict=True))
    return tuple(
        Axis(
            size=n, rule="transposed", kernel=k, stride=s, dilation=d, effective=d * (k - 1) + 1, extra=extra,
            padding=transposed_padding(layer.padding, axis, k, s, d),
        )
        for axis, (n, k, s, d, extra) in axes
    )  # fmt: skip


def _with_weights(terms: Terms, layer: Layer, x: Shape) -> Terms:
    """The learned and kept values per channel of a norm, a scale or a prelu."""
    learned = kept = 0
    for weight in layer.weight_shapes(x).values():
        if weight.learned:
            learned += prod(weight.shape)
        else:
            kept += prod(weight.shape)
    return terms._replace(learned=learned // x.channels, kept=kept // x.channels)


def _with_fields(terms: Terms, around: Around) -> Terms:
    sight = around.sight
    if sight is None or len(sight.field) != len(terms.axes):
        return terms._replace(moving=False)
    pairs = zip(terms.axes, *sight, strict=True)
    return terms._replace(axes=tuple(axis._replace(field=field, jump=jump) for axis, field, jump in pairs))
