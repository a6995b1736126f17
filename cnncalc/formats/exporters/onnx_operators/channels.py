"""Layers that change the channels without computing: space_to_depth, depth_to_space, pad_channels."""

from __future__ import annotations

from itertools import chain
from math import prod

from cnncalc.formats.exporters.onnx_operators.base import Tensor, Value, Weights, apply, integers, reshaped
from cnncalc.layers.channels import DepthToSpace, PadChannels, SpaceToDepth


def space_to_depth(layer: SpaceToDepth, weights: Weights, x: Tensor) -> Value:
    """The values of a block as channels, those of the first place first."""
    if x.shape.rank == 2 and len(set(layer.block_size)) == 1:
        return apply("SpaceToDepth", x, blocksize=layer.block_size[0])
    # (1, C, blocks, block, blocks, block, ...) -> (1, block, block, ..., C, blocks, blocks, ...)
    rank, sizes = x.shape.rank, zip(x.shape.spatial, layer.block_size, strict=True)
    split = reshaped(x, 1, x.shape.channels, *chain.from_iterable((n // block, block) for n, block in sizes))
    places, blocks = range(3, 3 + 2 * rank, 2), range(2, 2 + 2 * rank, 2)
    turned = apply("Transpose", split, perm=(0, *places, 1, *blocks))
    return reshaped(turned, 1, *layer.output_shape(x.shape).sizes())


def depth_to_space(layer: DepthToSpace, weights: Weights, x: Tensor) -> Value:
    """Channels as the values of a block, the first C/prod(block_size) of them at the first place."""
    if x.shape.rank == 2 and len(set(layer.block_size)) == 1:
        return apply("DepthToSpace", x, blocksize=layer.block_size[0], mode="DCR")
    # (1, block, block, ..., C, *in) -> (1, C, in, block, in, block, ...)
    rank, cells = x.shape.rank, prod(layer.block_size)
    split = reshaped(x, 1, *layer.block_size, x.shape.channels // cells, *x.shape.spatial)
    perm = chain.from_iterable((2 + rank + axis, 1 + axis) for axis in range(rank))
    turned = apply("Transpose", split, perm=(0, 1 + rank, *perm))
    return reshaped(turned, 1, *layer.output_shape(x.shape).sizes())


def pad_channels(layer: PadChannels, weights: Weights, x: Tensor) -> Value:
    """Channels of zeros around those of the input."""
    rest = (0,) * x.shape.rank
    before, after = layer.zeros
    return apply("Pad", x, integers(0, before, *rest, 0, after, *rest))
