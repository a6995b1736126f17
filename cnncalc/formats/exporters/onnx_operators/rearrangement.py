"""Layers that move values without computing: flatten, resize, pad, crop, slice, shuffle, reshape."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import (
    ABSENT,
    Constant,
    Tensor,
    Value,
    Weights,
    apply,
    cut,
    padded,
    reshaped,
)
from cnncalc.layers.parameters import Size
from cnncalc.layers.rearrangement import Crop, Flatten, Reshape, Shuffle, Slice, Upsample, ZeroPad


def flatten(layer: Flatten, weights: Weights, x: Tensor) -> Value:
    """All values in one vector; ONNX has the channels first already."""
    return apply("Flatten", x)


def upsample(layer: Upsample, weights: Weights, x: Tensor) -> Value:
    """Every value repeated on each axis: output i reads input floor(i/factor)."""
    scales = Constant((1.0, 1.0, *map(float, layer.factor)))
    return apply(
        "Resize",
        x,
        ABSENT,
        scales,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def zeropad(layer: ZeroPad, weights: Weights, x: Tensor) -> Value:
    """Zeros around the map."""
    return padded(x, layer.padding_pairs(x.shape))


def crop(layer: Crop, weights: Weights, x: Tensor) -> Value:
    """The centre of the map."""
    return center(x, layer.size)


def slice_(layer: Slice, weights: Weights, x: Tensor) -> Value:
    """Some of the channels."""
    return cut(x, 1, *layer.channels)


def shuffle(layer: Shuffle, weights: Weights, x: Tensor) -> Value:
    """The channels as a table with a row for each group, read down its columns."""
    rank, (channels, *spatial) = x.shape.rank, x.shape.sizes()
    table = reshaped(x, 1, layer.groups, channels // layer.groups, *spatial)
    turned = apply("Transpose", table, perm=(0, 2, 1, *range(3, 3 + rank)))
    return reshaped(turned, 1, channels, *spatial)


def reshape(layer: Reshape, weights: Weights, x: Tensor) -> Value:
    """The same values under another shape."""
    return reshaped(x, 1, *layer.size.sizes())


def center(x: Tensor, sizes: Size) -> Value:
    """The middle of each spatial axis that is larger; where the border is odd, one more is cut at the end."""
    y: Value = x
    for axis, (n, size) in enumerate(zip(x.shape.spatial, sizes, strict=True), start=2):
        if n > size:
            first = (n - size) // 2
            y = cut(y, axis, first, first + size)
    return y
