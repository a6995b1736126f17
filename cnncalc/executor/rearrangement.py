"""Layers that move or join values and compute nothing, or next to nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.executor.windows import cut, pad, padding_pairs
from cnncalc.layers import merging as kinds
from cnncalc.layers.channels import DepthToSpace, PadChannels, SpaceToDepth
from cnncalc.layers.rearrangement import Crop, Flatten, Permute, Reshape, Shuffle, Slice, ZeroPad
from cnncalc.layers.resizing import Resize, Upsample
from cnncalc.shapes import AXES


def channels_first(x: Array) -> Array:
    """(*spatial, C) -> (C, *spatial), a view."""
    return x.transpose(x.ndim - 1, *range(x.ndim - 1))


def channels_last(x: Array) -> Array:
    """(C, *spatial) -> (*spatial, C), as an array of its own."""
    return np.ascontiguousarray(x.transpose(*range(1, x.ndim), 0))


def flatten(layer: Flatten, ledger: Ledger, x: Array) -> Array:
    """All values in one vector, one channel after another; or all positions in a row."""
    return channels_first(x).reshape(-1) if layer.axes == "all" else x.reshape(-1, x.shape[-1])


def upsample(layer: Upsample | Resize, ledger: Ledger, x: Array) -> Array:
    """Each axis interpolated between its values, one after another."""
    for axis in range(x.ndim - 1):
        n = x.shape[axis]
        if layer.factor is None:
            m = layer.size[axis] if layer.size is not None else n
        else:
            product = n * layer.factor[axis]
            m = int(product // 1) if layer.rounding == "floor" else int(np.rint(product))
        x = _looked_at(layer, x, axis, m, layer.factor[axis] if layer.factor and layer.rounding == "floor" else m / n)
    return x


resize = upsample


def _looked_at(layer: Upsample | Resize, x: Array, axis: int, m: int, factor: float) -> Array:
    """The axis with m values, `factor` for each value of the input."""
    outputs = np.arange(m)
    last = x.shape[axis] - 1
    if layer.mode == "nearest":
        # a little to the right, so that a quotient of floats does not fall short of a whole number
        nearest: Array = x.take(np.minimum((outputs / factor + 1e-9).astype(int), last), axis=axis)
        return nearest
    places = outputs * (last / (m - 1) if m > 1 else 0.0) if layer.align_corners else (outputs + 0.5) / factor - 0.5
    places = np.where(np.abs(places - np.rint(places)) < 1e-9, np.rint(places), places)
    low = np.floor(places).astype(int)
    t = places - low
    if layer.mode == "bicubic":
        a = -0.75
        weights = {
            -1: ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a,
            0: ((a + 2) * t - (a + 3)) * t * t + 1,
            1: ((a + 2) * (1 - t) - (a + 3)) * (1 - t) * (1 - t) + 1,
            2: ((a * (2 - t) - 5 * a) * (2 - t) + 8 * a) * (2 - t) - 4 * a,
        }
    else:
        weights = {0: 1 - t, 1: t}
    along = [1] * x.ndim
    along[axis] = m
    y = np.zeros((*x.shape[:axis], m, *x.shape[axis + 1 :]), np.float32)
    for tap, weight in weights.items():
        # values without weight are not read: 0 times NaN would be NaN
        read = np.where(t == 0, low, low + tap).clip(0, last)
        used = np.where(t == 0, float(tap == 0), weight)
        y += x.take(read, axis=axis) * used.reshape(along).astype(np.float32)
    return y


def zeropad(layer: ZeroPad, ledger: Ledger, x: Array) -> Array:
    """Zeros, or the values of the mode, around the map; negative numbers are cut."""
    ones = (1,) * (x.ndim - 1)
    pairs = padding_pairs(layer.padding, x.shape[:-1], ones, ones, ones)
    for axis, (before, after) in enumerate(pairs):
        x = cut(x, axis, max(-before, 0), x.shape[axis] - max(-after, 0))
    return pad(x, [(max(before, 0), max(after, 0)) for before, after in pairs], mode=layer.mode)


def crop(layer: Crop, ledger: Ledger, x: Array) -> Array:
    """The centre of the map, or the part that the cuts leave."""
    if isinstance(layer.size[0], int):
        return center(x, layer.size)
    for axis, (before, after) in enumerate(layer.size):
        x = cut(x, axis, before, x.shape[axis] - after)
    return x


def slice_(layer: Slice, ledger: Ledger, x: Array) -> Array:
    """Some of the channels or places."""
    if layer.channels is not None:
        x = cut(x, -1, *layer.channels)
    for axis, letter in enumerate(AXES[x.ndim - 1]):
        kept = getattr(layer, letter)
        x = x if kept is None else cut(x, axis, *kept)
    return x


def shuffle(layer: Shuffle, ledger: Ledger, x: Array) -> Array:
    """The first channel of every group, then the second of every group, and so on."""
    grouped = x.reshape(*x.shape[:-1], layer.groups, -1)
    return grouped.swapaxes(-1, -2).reshape(x.shape)


def reshape(layer: Reshape, ledger: Ledger, x: Array) -> Array:
    """The same values under another shape, both read with the channels first."""
    sizes = (layer.size.channels, *layer.size.spatial)
    return channels_last(channels_first(x).reshape(sizes))


def permute(layer: Permute, ledger: Ledger, x: Array) -> Array:
    """The axes in the given order, both with the channels first."""
    letters = ("C", *AXES[x.ndim - 1])
    return channels_last(channels_first(x).transpose([letters.index(letter) for letter in layer.order]))


def space_to_depth(layer: SpaceToDepth, ledger: Ledger, x: Array) -> Array:
    """The first value of each block, then the next one, row by row: (*in, C) -> (*out, C*cells)."""
    # If a block is not whole, the places of its values are not equally many: numpy refuses to join them.
    places = (
        tuple(slice(start, None, block) for start, block in zip(value, layer.block_size, strict=True))
        for value in np.ndindex(*layer.block_size)
    )
    if layer.order == "CRD":
        stacked = np.stack([x[place] for place in places], axis=-1)
        return stacked.reshape(*stacked.shape[:-2], -1)
    return np.concatenate([x[place] for place in places], axis=-1)


def depth_to_space(layer: DepthToSpace, ledger: Ledger, x: Array) -> Array:
    """Equal parts of the channels take turns along each axis: (*in, C) -> (*out, C/cells)."""
    if layer.order == "CRD":
        # the values of a channel are together: the parts that take turns are dealt
        cells = int(np.prod(layer.block_size))
        x = x.reshape(*x.shape[:-1], -1, cells).swapaxes(-1, -2).reshape(x.shape)
    for axis, block in enumerate(layer.block_size):
        parts = np.stack(np.split(x, block, axis=-1), axis=axis + 1)
        x = parts.reshape(*parts.shape[:axis], -1, *parts.shape[axis + 2 :])
    return x


def pad_channels(layer: PadChannels, ledger: Ledger, x: Array) -> Array:
    """Channels of zeros around those of the input."""
    return np.pad(x, [*((0, 0) for _ in x.shape[:-1]), layer.zeros])


def add(layer: kinds.Add, ledger: Ledger, *inputs: Array) -> Array:
    """The sum; all inputs must have the same shape."""
    first, *others = _aligned(layer.align, inputs)
    if any(x.shape != first.shape for x in others):
        raise ValueError(f"the inputs {[x.shape for x in inputs]} differ in shape")
    if not others:
        return np.array(first)
    y = np.add(first, others[0])
    for x in others[1:]:
        np.add(y, x, out=y)
    return y


def mul(layer: kinds.Mul, ledger: Ledger, *inputs: Array) -> Array:
    """The product; numpy repeats axes of size 1."""
    return _reduced(np.multiply, layer, inputs)


def subtract(layer: kinds.Subtract, ledger: Ledger, *inputs: Array) -> Array:
    """The first input minus all others."""
    return _reduced(np.subtract, layer, inputs)


def divide(layer: kinds.Divide, ledger: Ledger, *inputs: Array) -> Array:
    """The first input divided by all others."""
    return _reduced(np.divide, layer, inputs)


def maximum(layer: kinds.Maximum, ledger: Ledger, *inputs: Array) -> Array:
    """The largest value at each place."""
    return _reduced(np.maximum, layer, inputs)


def minimum(layer: kinds.Minimum, ledger: Ledger, *inputs: Array) -> Array:
    """The smallest value at each place."""
    return _reduced(np.minimum, layer, inputs)


def average(layer: kinds.Average, ledger: Ledger, *inputs: Array) -> Array:
    """The sum over the number of inputs."""
    return _reduced(np.add, layer, inputs) / np.float32(len(inputs))


def matmul(layer: kinds.MatMul, ledger: Ledger, *inputs: Array) -> Array:
    """The product of two matrices, whose last axes are rows and columns if channels are first."""
    first, second = map(channels_first, inputs)
    return channels_last(ledger.multiply(first, second))


def _reduced(function: np.ufunc, layer: kinds.Repeating, inputs: Sequence[Array]) -> Array:
    """A function of the inputs, one after another; numpy repeats axes of size 1."""
    first, *others = _aligned(layer.align, inputs, repeats=True)
    y = np.array(first)
    for x in others:
        y = function(y, x)
    return y


def concat(layer: kinds.Concat, ledger: Ledger, *inputs: Array) -> Array:
    """The inputs one after another along the channels."""
    return np.concatenate(_aligned(layer.align, inputs), axis=-1)


def _aligned(align: str, inputs: Sequence[Array], repeats: bool = False) -> Sequence[Array]:
    """The inputs, cropped to the smallest around their centres for `center`."""
    if align == "none":
        return inputs
    smallest = []
    for sizes in zip(*(x.shape[:-1] for x in inputs), strict=True):
        # A size of 1 that is broadcast is not a size to crop to.
        cropped_to = [n for n in sizes if n > 1] if repeats else sizes
        smallest.append(min(cropped_to, default=1))
    return [center(x, list(map(min, smallest, x.shape))) for x in inputs]


def center(x: Array, sizes: Sequence[int]) -> Array:
    """The middle of each spatial axis; if the border is odd, one more is cut at the end."""
    for axis, wanted in enumerate(sizes):
        border = (x.shape[axis] - wanted) // 2
        x = cut(x, axis, border, border + wanted)
    return x
