"""Layers that move or join values and compute nothing, or next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import floor, prod

from cnncalc.formats.exporters.onnx_operators.base import (
    ABSENT,
    Attribute,
    Initializer,
    Tensor,
    Value,
    Weights,
    apply,
    cut,
    integers,
    padded,
    reshaped,
)
from cnncalc.layers.channels import DepthToSpace, PadChannels, SpaceToDepth
from cnncalc.layers.merging import Add, Average, Concat, Divide, MatMul, Maximum, Minimum, Mul, Repeating, Subtract
from cnncalc.layers.parameters import Size
from cnncalc.layers.rearrangement import Crop, Flatten, Permute, Reshape, Shuffle, Slice, ZeroPad
from cnncalc.layers.resizing import Resize, Upsample
from cnncalc.shapes import letters_of


def flatten(layer: Flatten, weights: Weights, x: Tensor) -> Value:
    """ONNX has the channels first already."""
    return apply("Flatten", x) if layer.axes == "all" else reshaped(x, 1, x.shape.channels, -1)


def upsample(layer: Upsample | Resize, weights: Weights, x: Tensor) -> Value:
    """Whole factors and nearest: output i reads input floor(i/factor). Other nearest ones are gathered."""
    sizes = layer.output_shape(x.shape).spatial
    if layer.mode != "nearest":
        return _interpolated(layer, x, sizes)
    if layer.factor is None or any(f != int(f) for f in layer.factor):
        y: Value = x
        for axis, (n, m) in enumerate(zip(x.shape.spatial, sizes, strict=True)):
            step = layer.step(axis, n, m)
            y = apply("Gather", y, integers(*(min(floor(o * step), n - 1) for o in range(m))), axis=2 + axis)
        return y
    scales, modes = Initializer((1.0, 1.0, *map(float, layer.factor))), {"mode": "nearest", "nearest_mode": "floor"}
    return apply("Resize", x, ABSENT, scales, coordinate_transformation_mode="asymmetric", **modes)


resize = upsample


def _interpolated(layer: Upsample | Resize, x: Tensor, sizes: Size) -> Value:
    """Interpolated values: positions follow the factor if ONNX gets the same sizes from it, else the sizes."""
    settings: dict[str, Attribute] = {
        "mode": "cubic" if layer.mode == "bicubic" else "linear",
        "coordinate_transformation_mode": "align_corners" if layer.align_corners else "half_pixel",
    }
    settings |= {"cubic_coeff_a": -0.75} if layer.mode == "bicubic" else {}
    if layer.factor is not None and layer.rounding == "floor":
        scales = Initializer((1.0, 1.0, *map(float, layer.factor)))
        return apply("Resize", x, ABSENT, scales, **settings)
    return apply("Resize", x, ABSENT, ABSENT, integers(1, x.shape.channels, *sizes), **settings)


def zeropad(layer: ZeroPad, weights: Weights, x: Tensor) -> Value:
    """Zeros around the map."""
    return padded(x, layer.padding_pairs(x.shape), mode=layer.mode)


def crop(layer: Crop, weights: Weights, x: Tensor) -> Value:
    """The centre of the map."""
    y: Value = x
    for axis, (n, (before, after)) in enumerate(zip(x.shape.spatial, layer.cuts(x.shape), strict=True), start=2):
        y = cut(y, axis, before, n - after) if before or after else y
    return y


def slice_(layer: Slice, weights: Weights, x: Tensor) -> Value:
    """Some of the channels or places."""
    y: Value = x
    for letter, kept in layer.ranges(x.shape).items():
        y = cut(y, 1 + letters_of(x.shape.rank).index(letter), *kept)
    return y


def shuffle(layer: Shuffle, weights: Weights, x: Tensor) -> Value:
    """The channels as a table with a row for each group, read down its columns."""
    rank, (channels, *spatial) = x.shape.rank, x.shape.sizes()
    table = reshaped(x, 1, layer.groups, channels // layer.groups, *spatial)
    turned = apply("Transpose", table, perm=(0, 2, 1, *range(3, 3 + rank)))
    return reshaped(turned, 1, channels, *spatial)


def reshape(layer: Reshape, weights: Weights, x: Tensor) -> Value:
    """The same values under another shape."""
    return reshaped(x, 1, *layer.size.sizes())


def permute(layer: Permute, weights: Weights, x: Tensor) -> Value:
    """The axes in the given order, after the batch."""
    letters = letters_of(x.shape.rank)
    return apply("Transpose", x, perm=(0, *(1 + letters.index(letter) for letter in layer.order)))


def space_to_depth(layer: SpaceToDepth, weights: Weights, x: Tensor) -> Value:
    """The values of a block as channels, those of the first place first."""
    if layer.order == "DCR" and x.shape.rank == 2 and len(set(layer.block_size)) == 1:
        return apply("SpaceToDepth", x, blocksize=layer.block_size[0])
    # (1, C, blocks, block, blocks, block, ...) -> (1, block, block, ..., C, blocks, blocks, ...)
    rank, sizes = x.shape.rank, zip(x.shape.spatial, layer.block_size, strict=True)
    split = reshaped(x, 1, x.shape.channels, *chain.from_iterable((n // block, block) for n, block in sizes))
    places, blocks = range(3, 3 + 2 * rank, 2), range(2, 2 + 2 * rank, 2)
    turned = apply(
        "Transpose", split, perm=(0, *places, 1, *blocks) if layer.order == "DCR" else (0, 1, *places, *blocks)
    )
    return reshaped(turned, 1, *layer.output_shape(x.shape).sizes())


def depth_to_space(layer: DepthToSpace, weights: Weights, x: Tensor) -> Value:
    """Channels as the values of a block, the first C/prod(block_size) of them at the first place."""
    if x.shape.rank == 2 and len(set(layer.block_size)) == 1:
        return apply("DepthToSpace", x, blocksize=layer.block_size[0], mode=layer.order)
    # (1, block, block, ..., C, *in) -> (1, C, in, block, in, block, ...)
    rank, cells = x.shape.rank, prod(layer.block_size)
    channels, dcr = x.shape.channels // cells, layer.order == "DCR"
    parts = (*layer.block_size, channels) if dcr else (channels, *layer.block_size)
    split = reshaped(x, 1, *parts, *x.shape.spatial)
    perm = chain.from_iterable((2 + rank + axis, 2 - dcr + axis) for axis in range(rank))
    turned = apply("Transpose", split, perm=(0, 1 + rank if dcr else 1, *perm))
    return reshaped(turned, 1, *layer.output_shape(x.shape).sizes())


def pad_channels(layer: PadChannels, weights: Weights, x: Tensor) -> Value:
    """Channels of zeros around those of the input."""
    rest = (0,) * x.shape.rank
    before, after = layer.zeros
    return apply("Pad", x, integers(0, before, *rest, 0, after, *rest))


def add(layer: Add, weights: Weights, *inputs: Tensor) -> Value:
    """The sum, two at a time."""
    return _joined("Add", _aligned(layer, inputs))


def mul(layer: Mul, weights: Weights, *inputs: Tensor) -> Value:
    """The product, two at a time; ONNX repeats axes of size 1."""
    return _joined("Mul", _aligned(layer, inputs))


def subtract(layer: Subtract, weights: Weights, *inputs: Tensor) -> Value:
    """The first minus the sum of all others."""
    first, *others = _aligned(layer, inputs)
    return apply("Sub", first, _joined("Add", others)) if others else first


def divide(layer: Divide, weights: Weights, *inputs: Tensor) -> Value:
    """The first over all others, one after another."""
    return _joined("Div", _aligned(layer, inputs))


def maximum(layer: Maximum, weights: Weights, *inputs: Tensor) -> Value:
    """The largest value at each place."""
    return apply("Max", *_aligned(layer, inputs))


def minimum(layer: Minimum, weights: Weights, *inputs: Tensor) -> Value:
    """The smallest value at each place."""
    return apply("Min", *_aligned(layer, inputs))


def average(layer: Average, weights: Weights, *inputs: Tensor) -> Value:
    """The mean of the values at each place."""
    return apply("Mean", *_aligned(layer, inputs))


def matmul(layer: MatMul, weights: Weights, *inputs: Tensor) -> Value:
    """The product of two matrices."""
    return apply("MatMul", *inputs)


def concat(layer: Concat, weights: Weights, *inputs: Tensor) -> Value:
    """The inputs one after another along the channels."""
    return apply("Concat", *_aligned(layer, inputs), axis=1)


def _aligned(layer: Add | Repeating | Concat, inputs: Sequence[Tensor]) -> list[Value]:
    """The inputs, with `center` cropped to the sizes of the output."""
    if layer.align == "none":
        return list(inputs)
    sizes = layer.output_shape(*(x.shape for x in inputs)).spatial
    return [_center(x, sizes) for x in inputs]


def _joined(kind: str, values: list[Value]) -> Value:
    """One operator for each two values, halves first: a thousand values make ten levels, not a thousand."""
    if len(values) == 1:
        return values[0]
    half = len(values) // 2
    return apply(kind, _joined(kind, values[:half]), _joined(kind, values[half:]))


def _center(x: Tensor, sizes: Size) -> Value:
    """The middle of each spatial axis that is larger; if the border is odd, one more is cut at the end."""
    y: Value = x
    for axis, (n, size) in enumerate(zip(x.shape.spatial, sizes, strict=True), start=2):
        if n > size:
            first = (n - size) // 2
            y = cut(y, axis, first, first + size)
    return y
