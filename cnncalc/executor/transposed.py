"""Transposed convolution: every input value is multiplied once and spread over the output."""

from __future__ import annotations

from math import prod

import numpy as np

from cnncalc.executor.base import BLOCK, Array, Ledger, add_by_channel, fan_in_spread
from cnncalc.executor.windows import Pairs, extent, halves, pad, taps
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
    starts = [range(0, n * s, s) for n, s in zip(spatial, layer.stride, strict=True)]
    extents = tuple(map(extent, layer.kernel, layer.dilation))
    full = np.zeros((*(s[-1] + e for s, e in zip(starts, extents, strict=True)), layer.filters), np.float32)
    rows = max(1, BLOCK // (prod(spatial[1:]) * prod(layer.kernel) * layer.filters))
    for first in range(0, spatial[0], rows):
        part = x[first : first + rows]
        by_group = part.reshape(-1, layer.groups, channels // layer.groups).swapaxes(0, 1)
        products = ledger.multiply(by_group, kernels)
        _spread(layer, products, (starts[0][first : first + rows], *starts[1:]), full)
    y = _cropped(layer, pad(full, [(0, extra) for extra in layer.output_padding]), spatial, extents)
    if layer.bias:
        add_by_channel(y, ledger.bias(layer.filters))
    return y


def _spread(layer: Deconv, products: Array, starts: tuple[range, ...], full: Array) -> None:
    """Add products (groups, positions, taps and filters) to the places of their taps."""
    sizes = (layer.groups, *map(len, starts), *layer.kernel, layer.filters // layer.groups)
    spread = products.reshape(sizes)
    rank = len(starts)
    for tap in np.ndindex(*layer.kernel):
        offsets = [taps(k, d)[t] for k, d, t in zip(layer.kernel, layer.dilation, tap, strict=True)]
        places = tuple(
            slice(s[0] + offset, s[-1] + offset + 1, s.step) for s, offset in zip(starts, offsets, strict=True)
        )
        by_group = spread[(slice(None),) * (1 + rank) + tap]
        full[places] += np.moveaxis(by_group, 0, -2).reshape(*map(len, starts), layer.filters)


def _cropped(layer: Deconv, full: Array, spatial: Size, extents: Size) -> Array:
    """What the padding leaves of the output; a negative one, of `same`, adds zeros instead."""
    pairs = _crops(layer, full, spatial, extents)
    full = pad(full, [(max(-before, 0), max(-after, 0)) for before, after in pairs])
    kept = tuple(
        slice(max(before, 0), n - max(after, 0)) for n, (before, after) in zip(full.shape[:-1], pairs, strict=True)
    )
    return np.ascontiguousarray(full[kept])


def _crops(layer: Deconv, full: Array, spatial: Size, extents: Size) -> Pairs:
    """How much the padding crops from both ends of each axis."""
    if not isinstance(layer.padding, str):
        return layer.padding
    if layer.padding == "half":
        return tuple(((e - 1) // 2, (e - 1) // 2) for e in extents)
    if layer.padding == "valid":
        return ((0, 0),) * len(spatial)
    # same: one stride of output remains for each input value (Keras, ONNX)
    too_many = [m - n * s for m, n, s in zip(full.shape[:-1], spatial, layer.stride, strict=True)]
    return tuple(_same(total, layer.padding) for total in too_many)


def _same(total: int, word: str) -> tuple[int, int]:
    if total >= 0:
        return halves(total, word)
    return (0, total) if word == "same" else (total, 0)
