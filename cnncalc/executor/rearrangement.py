"""Layers that move values without computing: flatten, resize, pad, crop, slice, shuffle, reshape."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.executor.merging import center
from cnncalc.executor.windows import cut, pad, padding_pairs
from cnncalc.layers.rearrangement import Crop, Flatten, Reshape, Shuffle, Slice, Upsample, ZeroPad


def channels_first(x: Array) -> Array:
    """(*spatial, C) -> (C, *spatial), a view."""
    return np.moveaxis(x, -1, 0)


def channels_last(x: Array) -> Array:
    """(C, *spatial) -> (*spatial, C), as an array of its own."""
    return np.ascontiguousarray(np.moveaxis(x, 0, -1))


def flatten(layer: Flatten, ledger: Ledger, x: Array) -> Array:
    """All values in one vector, one channel after the other."""
    return channels_first(x).reshape(-1)


def upsample(layer: Upsample, ledger: Ledger, x: Array) -> Array:
    """Every value repeated on each axis."""
    for axis, factor in enumerate(layer.factor):
        x = np.repeat(x, factor, axis=axis)
    return x


def zeropad(layer: ZeroPad, ledger: Ledger, x: Array) -> Array:
    """Zeros around the map."""
    ones = (1,) * (x.ndim - 1)
    return pad(x, padding_pairs(layer.padding, x.shape[:-1], ones, ones, ones))


def crop(layer: Crop, ledger: Ledger, x: Array) -> Array:
    """The centre of the map."""
    return center(x, layer.size)


def slice_(layer: Slice, ledger: Ledger, x: Array) -> Array:
    """Some of the channels."""
    return cut(x, -1, *layer.channels)


def shuffle(layer: Shuffle, ledger: Ledger, x: Array) -> Array:
    """Channel i of each group side by side."""
    grouped = x.reshape(*x.shape[:-1], layer.groups, -1)
    return grouped.swapaxes(-1, -2).reshape(x.shape)


def reshape(layer: Reshape, ledger: Ledger, x: Array) -> Array:
    """The same values under another shape, both read with the channels first."""
    sizes = (layer.size.channels, *layer.size.spatial)
    return channels_last(channels_first(x).reshape(sizes))
