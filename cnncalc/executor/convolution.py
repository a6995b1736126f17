"""Convolution and depthwise convolution: windows are laid next to one another, and BLAS multiplies them."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from cnncalc.executor.base import BLOCK, Array, Ledger, add_by_channel, fan_in_spread
from cnncalc.executor.windows import pad, padding_pairs, windows
from cnncalc.layers.convolution import Conv, Depthwise


def conv(layer: Conv, ledger: Ledger, x: Array) -> Array:
    """Each filter over each window; the filters of a group see their part of the channels.

    Shape: (*in, C) -> (*out, filters).
    """
    if layer.connections is not None:
        return _connected(layer, layer.connections, ledger, x)
    groups, channels = layer.groups, x.shape[-1] // layer.groups
    spread = fan_in_spread(channels * prod(layer.kernel))
    weight = ledger.tensor("weight", layer.filters, channels, *layer.kernel, spread=spread)
    offset = ledger.bias(layer.filters) if layer.bias else None
    # (groups, values of a window, filters of a group), the values in the order in which a window has them
    kernels = np.moveaxis(weight, 1, -1).reshape(groups, -1, weight[0].size).swapaxes(1, 2)
    seen = _seen(layer, x)
    y = np.empty((*seen.shape[: x.ndim - 1], layer.filters), np.float32)
    room: Array | None = None
    for tile, target in _tiles(seen, y, kernels[..., 0].size):
        room = np.empty(tile.size, np.float32) if room is None else room
        products = target.reshape(-1, groups, kernels.shape[-1]).swapaxes(0, 1)
        ledger.multiply(_columns(tile, groups, len(products[0]), room), kernels, out=products)
        if offset is not None:
            add_by_channel(target, offset)
    return y


def depthwise(layer: Depthwise, ledger: Ledger, x: Array) -> Array:
    """The kernels of each channel over its own windows, one tap after the other.

    Shape: (*in, C) -> (*out, C * multiplier).
    """
    channels, filters = x.shape[-1], x.shape[-1] * layer.multiplier
    weight = ledger.tensor("weight", filters, 1, *layer.kernel, spread=fan_in_spread(prod(layer.kernel)))
    offset = ledger.bias(filters) if layer.bias else np.zeros(filters, np.float32)
    # (*kernel, C, multiplier): what each tap multiplies a position with
    kernels = np.moveaxis(weight[:, 0], 0, -1).reshape(*layer.kernel, channels, layer.multiplier)
    kernels = np.ascontiguousarray(kernels)
    seen = _seen(layer, x)
    y = np.empty((*seen.shape[: x.ndim - 1], filters), np.float32)
    for tile, target in _tiles(seen, y, filters * 4):  # its sums, products and two readings of its input
        positions = target.shape[:-1]
        total = target.reshape(*positions, channels, layer.multiplier)
        total[...] = 0
        scratch = np.empty_like(total)
        for tap in np.ndindex(*layer.kernel):
            values = tile[(slice(None),) * len(positions) + tap]
            ledger.multiply_add(values[..., None], kernels[tap], total, scratch)
        add_by_channel(target, offset)
    return y


def _connected(layer: Conv, connections: tuple[tuple[int, ...], ...], ledger: Ledger, x: Array) -> Array:
    """Each filter over the windows of the maps that it is connected to.

    The kernels of all links lie in one tensor, those of the first filter first.
    """
    links = sum(map(len, connections))
    spread = fan_in_spread(links // len(connections) * prod(layer.kernel))
    unused = ledger.tensor("weight", links, *layer.kernel, spread=spread)
    seen, outputs = _seen(layer, x), []
    for maps in connections:
        kernels, unused = unused[: len(maps)], unused[len(maps) :]
        windows_of_maps = seen[..., list(maps)]
        positions = windows_of_maps.shape[: x.ndim - 1]
        product = ledger.multiply(
            windows_of_maps.reshape(prod(positions), -1), np.moveaxis(kernels, 0, -1).reshape(-1, 1)
        )
        outputs.append(product.reshape(*positions, 1))
    if len(unused):
        raise ValueError(f"{len(unused)} kernels are linked to nothing")
    y = np.concatenate(outputs, axis=-1)
    if layer.bias:
        add_by_channel(y, ledger.bias(layer.filters))
    return y


def _seen(layer: Conv | Depthwise, x: Array) -> Array:
    """Every window of the padded input: (*out, *kernel, C)."""
    pairs = padding_pairs(layer.padding, x.shape[:-1], layer.kernel, layer.stride, layer.dilation)
    return windows(pad(x, pairs), layer.kernel, layer.stride, layer.dilation)


def _tiles(seen: Array, y: Array, values: int) -> Iterator[tuple[Array, Array]]:
    """Windows with the outputs that they give, as many at a time as a block holds; the first tile is the largest.

    Args:
        seen: every window.
        y: the outputs.
        values: how many are worked on for each position.
    """
    of_first = prod(y.shape[1:-1]) * values
    if y.ndim > 2 and of_first > BLOCK:
        for row, target in zip(seen, y, strict=True):
            yield from _tiles(row, target, values)
        return
    step = max(1, BLOCK // of_first)
    for start in range(0, len(y), step):
        yield seen[start : start + step], y[start : start + step]


def _columns(tile: Array, groups: int, positions: int, room: Array) -> Array:
    """A tile as a matrix for each group: (groups, positions, values of a window). A copy lies in `room`."""
    by_group = np.moveaxis(tile.reshape(*tile.shape[:-1], groups, tile.shape[-1] // groups), -2, 0)
    if not by_group.flags.c_contiguous:
        copy = room[: by_group.size].reshape(by_group.shape)
        np.copyto(copy, by_group)
        by_group = copy
    return by_group.reshape(groups, positions, -1)
