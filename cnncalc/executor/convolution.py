"""Convolution, depthwise and transposed convolution, and the fully connected layer.

The windows of a convolution are laid next to one another, and BLAS multiplies them. In a transposed one every
input value is multiplied once and spread over the output.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from cnncalc.executor.base import (
    BLOCK,
    ROW,
    Array,
    Ledger,
    add_by_channel,
    fan_in_spread,
    memory_order,
    parts_of,
    room,
)
from cnncalc.executor.threads import CORES, spread
from cnncalc.executor.windows import Pairs, cut, halves, pad, padding_pairs, taps, windows
from cnncalc.layers.convolution import Conv, Depthwise, LocallyConnected
from cnncalc.layers.linear import FullyConnected
from cnncalc.layers.parameters import Size
from cnncalc.layers.transposed import Deconv

FEWEST = 384
"""The fewest positions of a tile, if there are as many: the kernels are read again for each tile."""

SHARED = 1 << 22
"""The fewest multiply-accumulates that are worth a second thread."""


def conv(layer: Conv, ledger: Ledger, x: Array) -> Array:
    """Each filter over each window; the filters of a group see their part of the channels.

    Shape: (*in, C) -> (*out, filters).
    """
    if layer.connections is not None:
        return _connected(layer, layer.connections, ledger, x)
    groups, channels = layer.groups, x.shape[-1] // layer.groups
    spread_ = fan_in_spread(channels * prod(layer.kernel))
    weight = ledger.tensor("weight", layer.filters, channels, *layer.kernel, spread=spread_)
    offset = ledger.bias(layer.filters) if layer.bias else None
    # (groups, values of a window, filters of a group), the values in the order in which a window has them
    kernels = weight.transpose(memory_order(weight.ndim)).reshape(weight[0].size, groups, -1).swapaxes(0, 1)
    seen = _seen(layer, x)
    y = np.empty((*seen.shape[: x.ndim - 1], layer.filters), np.float32)

    def multiply(tile: tuple[Array, Array, slice]) -> None:
        windows_, target, filters = tile
        products = target.reshape(-1, groups, kernels.shape[-1]).swapaxes(0, 1)[..., filters]
        ledger.multiply(_columns(windows_, groups, products.shape[1]), kernels[..., filters], out=products)
        if offset is not None:
            add_by_channel(target[..., filters], offset[filters])

    spread(multiply, _tiles(seen, y, kernels))
    return y


def depthwise(layer: Depthwise, ledger: Ledger, x: Array) -> Array:
    """The kernels of each channel over its own windows.

    Shape: (*in, C) -> (*out, C * multiplier).
    """
    channels, filters = x.shape[-1], x.shape[-1] * layer.multiplier
    weight = ledger.tensor("weight", filters, 1, *layer.kernel, spread=fan_in_spread(prod(layer.kernel)))
    offset = ledger.bias(filters) if layer.bias else None
    seen = _seen(layer, x)
    y = np.empty((*seen.shape[: x.ndim - 1], filters), np.float32)
    of_taps = weight.transpose(memory_order(weight.ndim)).reshape(*layer.kernel, 1, channels, layer.multiplier)
    # numpy sums up long rows fastest: if neighbours start neighbouring windows, the values of several make one row
    joined = seen.strides[y.ndim - 2] == channels * seen.strides[-1]
    columns = max(1, min(y.shape[-2], ROW // channels)) if joined else 1
    kernels = np.empty((*layer.kernel, columns, channels, layer.multiplier), np.float32)
    kernels[...] = of_taps
    by_channel = y.reshape(*y.shape[:-1], channels, layer.multiplier)
    taps_first = (*range(y.ndim - 1, 2 * y.ndim - 2), *range(y.ndim - 1), 2 * y.ndim - 2)

    def multiply(part: tuple[Any, ...]) -> None:
        for number in range(layer.multiplier):
            values, target = seen[part].transpose(taps_first), by_channel[(*part, ..., number)]
            of_row = kernels[..., : target.shape[-2] if joined else 1, :, number].reshape(*layer.kernel, -1)
            if joined:
                values, target = (a.reshape(*a.shape[:-2], -1) for a in (values, target))
            ledger.sum_products(values, of_row, target)
        if offset is not None:
            add_by_channel(y[part], offset)

    spread(multiply, _parts(y, columns if joined else y.shape[-2]))
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
        raise ValueError(f"{len(unused)} kernels have no link")
    y = np.concatenate(outputs, axis=-1)
    if layer.bias:
        add_by_channel(y, ledger.bias(layer.filters))
    return y


def _seen(layer: Conv | Depthwise, x: Array) -> Array:
    """Every window of the padded input: (*out, *kernel, C)."""
    pairs = padding_pairs(layer.padding, x.shape[:-1], layer.kernel, layer.stride, layer.dilation)
    return windows(pad(x, pairs, mode=layer.padding_mode), layer.kernel, layer.stride, layer.dilation)


def _tiles(seen: Array, y: Array, kernels: Array) -> list[tuple[Array, Array, slice]]:
    """The tiles: windows with outputs and filters; each tile is a product that one thread computes."""
    (groups, values, filters), positions = kernels.shape, prod(y.shape[:-1])
    most = max(FEWEST, 2 * BLOCK // (groups * values))
    shared = CORES if positions * kernels.size >= SHARED else 1
    if shared > 1:
        most = min(most, max(FEWEST, -(-positions // shared)))
    tiles = list(_rows(seen, y, most))
    parts = shared if len(tiles) < shared and groups == 1 else 1
    step = -(-filters // parts)
    some = [slice(first, first + step) for first in range(0, filters, step)] if parts > 1 else [slice(None)]
    return [(*tile, filters_) for tile in tiles for filters_ in some]


def _rows(seen: Array, y: Array, most: int) -> Iterator[tuple[Array, Array]]:
    """Windows with their outputs, some positions at a time."""
    of_first = prod(y.shape[1:-1])
    if of_first > most:
        for row, target in zip(seen, y, strict=True):
            yield from _rows(row, target, most)
        return
    step = most // of_first
    for start in range(0, len(y), step):
        yield seen[start : start + step], y[start : start + step]


def _parts(y: Array, columns: int) -> list[tuple[slice, ...]]:
    """An output in parts of some rows, and some positions along its last axis."""
    rows = [(rows, *(slice(None),) * (y.ndim - 3)) for rows in parts_of(len(y), y[0].size)] if y.ndim > 2 else [()]
    last = y.shape[-2]
    return [(*part, slice(first, min(first + columns, last))) for part in rows for first in range(0, last, columns)]


def _columns(tile: Array, groups: int, positions: int) -> Array:
    """A tile as a matrix for each group: (groups, positions, values of a window)."""
    by_group = tile.reshape(*tile.shape[:-1], groups, -1)
    by_group = by_group.transpose(by_group.ndim - 2, *range(by_group.ndim - 2), by_group.ndim - 1)
    taps = by_group.size // (groups * positions * by_group.shape[-1])
    if tile.flags.c_contiguous and (groups == 1 or taps == 1):
        return by_group.reshape(groups, positions, -1)
    copy = room(*by_group.shape)
    np.copyto(copy, by_group)
    return copy.reshape(groups, positions, -1)


def local(layer: LocallyConnected, ledger: Ledger, x: Array) -> Array:
    """The window of each place times the kernels of that place: (*in, C) -> (*out, filters)."""
    ones = (1,) * len(layer.kernel)
    pairs = padding_pairs(layer.padding, x.shape[:-1], layer.kernel, layer.stride, ones)
    seen = windows(pad(x, pairs), layer.kernel, layer.stride, ones)
    places, values = seen.shape[: len(ones)], prod(layer.kernel) * x.shape[-1]
    weight = ledger.tensor("weight", *places, values, layer.filters, spread=fan_in_spread(values))
    y = ledger.multiply(seen.reshape(*places, 1, values), weight)[..., 0, :]
    return y + ledger.tensor("bias", *places, layer.filters, spread=0.1) if layer.bias else y


def deconv(layer: Deconv, ledger: Ledger, x: Array) -> Array:
    """The products of each position with all kernels, added up where the taps put them; then cropped.

    Shape: (*in, C) -> (*out, filters).
    """
    spatial, channels, per_group = x.shape[:-1], x.shape[-1], layer.filters // layer.groups
    spread = fan_in_spread(channels // layer.groups)
    weight = ledger.tensor("weight", channels, per_group, *layer.kernel, spread=spread)
    # (groups, channels of a group, taps and filters)
    kernels = np.moveaxis(weight, 1, -1).reshape(layer.groups, channels // layer.groups, -1)
    places = [_places(*axis) for axis in zip(spatial, layer.kernel, layer.stride, layer.dilation, strict=True)]
    # as large as the furthest place that is written
    full = np.zeros((*(max(tap[-1] for tap in taps) + 1 for taps in places), layer.filters), np.float32)
    rows = max(1, 4 * BLOCK // (prod(spatial[1:]) * prod(layer.kernel) * layer.filters))
    for first in range(0, spatial[0], rows):
        by_group = x[first : first + rows].reshape(-1, layer.groups, channels // layer.groups).swapaxes(0, 1)
        products = ledger.multiply(by_group, kernels)
        _add(layer, products, [[tap[first : first + rows] for tap in places[0]], *places[1:]], full)
    if layer.output_padding is not None and layer.padding not in ("same", "same_lower"):
        full = pad(full, [(0, extra) for extra in layer.output_padding])
    y = _cropped(layer, _sized(layer, full, spatial), spatial)
    if layer.bias:
        add_by_channel(y, ledger.bias(layer.filters))
    return y


def _places(size: int, kernel: int, stride: int, dilation: int) -> list[range]:
    """For each tap, the places to which it puts the values of an axis, in the output before it is cropped."""
    return [range(tap, tap + size * stride, stride) for tap in taps(kernel, dilation)]


def _add(layer: Deconv, products: Array, places: list[list[range]], full: Array) -> None:
    """Add products (groups, positions, taps and filters) to the places of their taps."""
    sizes = [len(taps[0]) for taps in places]
    spread = products.reshape(layer.groups, *sizes, *layer.kernel, layer.filters // layer.groups)
    for tap in np.ndindex(*layer.kernel):
        reached = [taps[number] for taps, number in zip(places, tap, strict=True)]
        target = full[tuple(slice(along[0], along[-1] + 1, along.step) for along in reached)]
        by_group = spread[(slice(None),) * (1 + len(sizes)) + tap]
        target += np.moveaxis(by_group, 0, -2).reshape(target.shape)


def _cropped(layer: Deconv, full: Array, spatial: Size) -> Array:
    """The part of the output that the padding leaves; a negative one, of `same`, adds zeros instead."""
    pairs = _crops(layer, full, spatial)
    full = pad(full, [(max(-before, 0), max(-after, 0)) for before, after in pairs])
    for axis, (before, after) in enumerate(pairs):
        full = cut(full, axis, max(before, 0), full.shape[axis] - max(after, 0))
    return np.ascontiguousarray(full)


def _sized(layer: Deconv, full: Array, spatial: Size) -> Array:
    """The output with zeros at its end, as many as the cropping must leave for output_size, if there is one."""
    if layer.output_size is None:
        return full
    left = (n - sum(crops) for n, crops in zip(full.shape, _crops(layer, full, spatial), strict=False))
    return pad(full, [(0, wanted - n) for wanted, n in zip(layer.output_size, left, strict=True)])


def _crops(layer: Deconv, full: Array, spatial: Size) -> Pairs:
    """The numbers that the padding crops from both ends of each axis."""
    if not isinstance(layer.padding, str):
        return layer.padding
    if layer.padding == "half":
        last_taps = (taps(k, d)[-1] for k, d in zip(layer.kernel, layer.dilation, strict=True))
        return tuple((last_tap // 2, last_tap // 2) for last_tap in last_taps)
    if layer.padding == "valid":
        # one stride of output at least for each input value, unless an output size is given (TensorFlow)
        given = layer.output_padding is not None or layer.output_size is not None
        lacking = [m - n * s for m, n, s in zip(full.shape[:-1], spatial, layer.stride, strict=True)]
        return tuple((0, 0 if given else min(missing, 0)) for missing in lacking)
    if layer.output_padding is not None:
        # same, with a size of its own (Keras): half of the window on both sides, minus the added places
        half = (taps(k, d)[-1] + 1 for k, d in zip(layer.kernel, layer.dilation, strict=True))
        return tuple(
            _same(extent_ - extent_ % 2 - extra, layer.padding)
            for extent_, extra in zip(half, layer.output_padding, strict=True)
        )
    # same: one stride of output remains for each input value (Keras, ONNX)
    too_many = [m - n * s for m, n, s in zip(full.shape[:-1], spatial, layer.stride, strict=True)]
    return tuple(_same(total, layer.padding) for total in too_many)


def _same(total: int, word: str) -> tuple[int, int]:
    if total >= 0:
        return halves(total, word)
    return (0, total) if word == "same" else (total, 0)


def fc(layer: FullyConnected, ledger: Ledger, x: Array) -> Array:
    """The weighted sum of the channels for each output, some outputs at a time: (*in, C) -> (*in, features)."""
    length = x.shape[-1]

    def multiply(rows: Array) -> Array:
        return ledger.multiply(x, rows.T)

    parts = ledger.rows(multiply, "weight", layer.features, length, spread_=fan_in_spread(length))
    y = np.concatenate(parts, axis=-1)
    if layer.bias:
        add_by_channel(y, ledger.bias(layer.features))
    return y
