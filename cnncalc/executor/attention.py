"""Attention, and learned values of positions: tokens, offsets, the vectors of ids."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np

from cnncalc.executor.base import Array, Ledger, Sizes, add_by_channel
from cnncalc.executor.windows import cut
from cnncalc.layers.attention import Attention
from cnncalc.layers.learned import Embedding, Positions, Tokens

HIDDEN = 512


def attention(layer: Attention, ledger: Ledger, x: Array, *memories: Array) -> Array:
    """Attention within each window, all heads at once; without windows the map is one: (*in, C) -> (*in, C)."""
    channels, windows = x.shape[-1], tuple(w or n for w, n in zip(layer.window, x.shape, strict=False))
    filled = np.pad(x, [*((0, -n % w) for n, w in zip(x.shape, windows, strict=False)), (0, 0)])
    shift = [s if w < n else 0 for s, w, n in zip(layer.shift, windows, filled.shape, strict=False)]
    axes = tuple(range(len(windows)))
    parts = _parted(np.roll(filled, [-s for s in shift], axes), windows, layer.grid)
    entering = memories[0].reshape(1, -1, memories[0].shape[-1]) if memories else parts
    inner = layer.heads * layer.head_size or channels
    query = _heads(layer, _projected(ledger, "q", parts, inner, layer.qkv_bias))
    key = _heads(layer, _projected(ledger, "k", entering, inner, layer.qkv_bias))
    value = _heads(layer, _projected(ledger, "v", entering, inner, layer.qkv_bias))
    scores = _scores(layer, ledger, query, key)
    if layer.relative != "none":
        scores += _relative(layer, ledger, windows)
    places = _parted(_regions(filled.shape[:-1], shift)[..., None], windows, layer.grid)[..., 0]
    mixed = _mixed(ledger, scores, value, places)
    joined = np.moveaxis(mixed, 1, 2).reshape(*parts.shape[:2], inner)
    y = _projected(ledger, "out", joined, channels, layer.bias)
    whole = np.roll(_whole(y, filled.shape, windows, layer.grid), shift, axes)
    for axis, n in enumerate(x.shape[:-1]):
        whole = cut(whole, axis, 0, n)
    return np.ascontiguousarray(whole)


def _parted(x: Array, windows: Sizes, grid: bool) -> Array:
    """A map as windows of neighbours, or of positions spread over the map: (windows, positions, C)."""
    return _split(x, windows, grid).reshape(-1, int(np.prod(windows)), x.shape[-1])


def _split(x: Array, windows: Sizes, grid: bool) -> Array:
    """Each axis split in two, with the numbers of windows first."""
    rank, sizes = len(windows), []
    for n, w in zip(x.shape, windows, strict=False):
        sizes += [w, n // w] if grid else [n // w, w]
    counts, places = range(grid, 2 * rank, 2), range(1 - grid, 2 * rank, 2)
    return x.reshape(*sizes, x.shape[-1]).transpose(*counts, *places, 2 * rank)


def _whole(y: Array, sizes: Sizes, windows: Sizes, grid: bool) -> Array:
    """The map made of windows again: each value goes back to its place by its number."""
    places: Any = np.arange(np.prod(sizes[:-1])).reshape(*sizes[:-1], 1)
    numbers = _split(places, windows, grid).reshape(-1)
    whole = np.empty((len(numbers), y.shape[-1]), np.float32)
    whole[numbers] = y.reshape(len(numbers), -1)
    return whole.reshape(*sizes[:-1], -1)


def _projected(ledger: Ledger, name: str, x: Array, features: int, bias: bool) -> Array:
    weight = ledger.tensor(f"{name}_weight", features, x.shape[-1], spread=sqrt(3 / x.shape[-1]))
    y = ledger.multiply(x, weight.T)
    if bias:
        add_by_channel(y, ledger.tensor(f"{name}_bias", features, spread=0.1))
    return y


def _heads(layer: Attention, x: Array) -> Array:
    """(windows, positions, inner) -> (windows, heads, positions, channels of a head)."""
    return np.moveaxis(x.reshape(*x.shape[:2], layer.heads, -1), 2, 1)


def _scores(layer: Attention, ledger: Ledger, query: Array, key: Array) -> Array:
    """The scores of queries and keys: their product over the root of its length, or the cosine by a learned factor."""
    if not layer.cosine:
        return ledger.multiply(query * np.float32(1 / sqrt(query.shape[-1])), key.swapaxes(-1, -2))
    lengths = [np.maximum(np.sqrt((x * x).sum(axis=-1, keepdims=True)), np.float32(1e-12)) for x in (query, key)]
    scores = ledger.multiply(query / lengths[0], (key / lengths[1]).swapaxes(-1, -2))
    factor = ledger.tensor("logit_scale", layer.heads, center=1.0)
    scores *= np.exp(np.minimum(factor, np.float32(log(100))))[:, None, None]
    return scores


def _relative(layer: Attention, ledger: Ledger, windows: Sizes) -> Array:
    """The learned offsets for the distance of each two positions of a window: (heads, positions, positions)."""
    places = np.indices(windows).reshape(len(windows), -1)
    distances = places[:, :, None] - places[:, None, :]
    every = [np.arange(1 - w, w) for w in windows]
    numbers = np.ravel_multi_index(
        tuple(d + w - 1 for d, w in zip(distances, windows, strict=True)), [*map(len, every)]
    )
    cells = np.stack(np.meshgrid(*every, indexing="ij"), axis=-1).reshape(-1, len(windows))
    if layer.relative == "table":
        table = ledger.tensor("relative_table", len(cells), layer.heads)
    else:
        table = _network(layer, ledger, cells / [max(w - 1, 1) for w in windows])
    return np.moveaxis(table[numbers], -1, 0)


def _network(layer: Attention, ledger: Ledger, distances: Any) -> Array:
    """16 sigmoid(network of sign(d) log2(1 + 8|d|)/3), d from -1 to 1 on each axis (Liu et al. 2022, section 3.3)."""
    logs = np.asarray(np.sign(distances) * np.log2(1 + 8 * np.abs(distances)) / 3, np.float32)
    weight = ledger.tensor("hidden_weight", HIDDEN, logs.shape[-1])
    hidden = ledger.multiply(logs, weight.T)
    add_by_channel(hidden, ledger.tensor("hidden_bias", HIDDEN, spread=0.1))
    last = ledger.tensor("relative_weight", layer.heads, HIDDEN, spread=sqrt(3 / HIDDEN))
    y: Array = np.tanh(ledger.multiply(np.maximum(hidden, 0), last.T) / 2)  # 16 sigmoid(z) is 8 (1 + tanh(z/2))
    y += 1
    y *= 8
    return y


def _regions(sizes: Sizes, shift: list[int]) -> Array:
    """A number for each place of the moved map: it is equal for two places without a border between them."""
    regions = np.zeros(sizes, np.float32)
    for axis, s in enumerate(shift):
        from_other_border = np.arange(sizes[axis]) >= sizes[axis] - s
        regions += np.expand_dims(from_other_border * 2.0**axis, [*range(axis), *range(axis + 1, len(sizes))])
    return regions


def _mixed(ledger: Ledger, scores: Array, value: Array, places: Array) -> Array:
    """The values, weighted by the softmax of scores, within a region."""
    apart = places[:, None, :, None] != places[:, None, None, :] if places.any() else np.zeros((1, 1, 1, 1), bool)
    scores = np.where(apart, np.float32(-np.inf), scores)
    shares: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    mixed = ledger.multiply(shares, value)
    for window in np.flatnonzero((places != places[:, :1]).any(axis=-1)):
        # The masked values have weight 0, but 0 times NaN is NaN: the sum is formed again without them.
        for region in np.unique(places[window]):
            rows = np.flatnonzero(places[window] == region)
            mixed[window][:, rows] = shares[window][:, rows][:, :, rows] @ value[window][:, rows]
    return mixed


def tokens(layer: Tokens, ledger: Ledger, x: Array) -> Array:
    """Learned positions, then the sequence."""
    return np.concatenate([ledger.tensor("weight", layer.number, x.shape[-1]), x])


def positions(layer: Positions, ledger: Ledger, x: Array) -> Array:
    """A learned offset on each value."""
    return x + ledger.tensor("weight", *x.shape, spread=0.1)


def embedding(layer: Embedding, ledger: Ledger, x: Array) -> Array:
    """The row of each id.

    Raises:
        ValueError: a value is not an id.
    """
    table, ids = ledger.tensor("weight", layer.ids, layer.size), x.astype(np.int64)
    wrong = np.flatnonzero((ids != x) | (ids < 0) | (ids >= layer.ids))
    if len(wrong):
        raise ValueError(f"{x[wrong[0]]:g} at {wrong[0]} is not an id, a whole number from 0 to {layer.ids - 1}")
    return table[ids]
