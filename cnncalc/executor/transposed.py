"""Transposed convolution: every input value is multiplied once and spread over the output."""

from __future__ import annotations

from math import prod

import numpy as np

from cnncalc.executor.base import BLOCK, Array, Ledger, add_by_channel, fan_in_spread
from cnncalc.executor.windows import Pairs, cut, halves, pad, taps
from cnncalc.layers.parameters import Size
from cnncalc.layers.transposed import Deconv


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
    rows = max(1, BLOCK // (prod(spatial[1:]) * prod(layer.kernel) * layer.filters))
    for first in range(0, spatial[0], rows):
        by_group = x[first : first + rows].reshape(-1, layer.groups, channels // layer.groups).swapaxes(0, 1)
        products = ledger.multiply(by_group, kernels)
        _add(layer, products, [[tap[first : first + rows] for tap in places[0]], *places[1:]], full)
    y = _cropped(layer, pad(full, [(0, extra) for extra in layer.output_padding]), spatial)
    if layer.bias:
        add_by_channel(y, ledger.bias(layer.filters))
    return y


def _places(size: int, kernel: int, stride: int, dilation: int) -> list[range]:
    """For each tap, where it puts the values of an axis, in the output before it is cropped."""
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
    """What the padding leaves of the output; a negative one, of `same`, adds zeros instead."""
    pairs = _crops(layer, full, spatial)
    full = pad(full, [(max(-before, 0), max(-after, 0)) for before, after in pairs])
    for axis, (before, after) in enumerate(pairs):
        full = cut(full, axis, max(before, 0), full.shape[axis] - max(after, 0))
    return np.ascontiguousarray(full)


def _crops(layer: Deconv, full: Array, spatial: Size) -> Pairs:
    """How much the padding crops from both ends of each axis."""
    if not isinstance(layer.padding, str):
        return layer.padding
    if layer.padding == "half":
        last_taps = (taps(k, d)[-1] for k, d in zip(layer.kernel, layer.dilation, strict=True))
        return tuple((last_tap // 2, last_tap // 2) for last_tap in last_taps)
    if layer.padding == "valid":
        return ((0, 0),) * len(spatial)
    # same: one stride of output remains for each input value (Keras, ONNX)
    too_many = [m - n * s for m, n, s in zip(full.shape[:-1], spatial, layer.stride, strict=True)]
    return tuple(_same(total, layer.padding) for total in too_many)


def _same(total: int, word: str) -> tuple[int, int]:
    if total >= 0:
        return halves(total, word)
    return (0, total) if word == "same" else (total, 0)
