"""Pooling. The largest value and the sum of a window are found along one axis after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.executor.windows import extent, pad, padding_pairs, taps
from cnncalc.layers.parameters import Size
from cnncalc.layers.pooling import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    GlobalAvgPool,
    GlobalMaxPool,
    MaxPool,
)
from cnncalc.layers.unpooling import Unpool


class Axis(NamedTuple):
    """The windows along one axis.

    Attributes:
        inside: the places of the input itself, once it is padded.
        padded: the places with the padding.
        starts: where a window starts.
        taps: what a window reads, counted from its start.
    """

    inside: range
    padded: range
    starts: range
    taps: range

    def places(self, tap: int) -> slice:
        """Where all windows have this tap."""
        return slice(self.starts[0] + tap, self.starts[-1] + tap + 1, self.starts.step)

    @property
    def padding(self) -> tuple[int, int]:
        """(before, after), with what the last window lacks behind the padding."""
        end = max(self.padded.stop, self.starts[-1] + self.taps[-1] + 1)
        return self.inside.start, end - self.inside.stop


def maxpool(layer: MaxPool, ledger: Ledger, x: Array) -> Array:
    """The largest value of each window; padding is never the largest.

    Shape: (*in, C) -> (*out, C).
    """
    axes = axes_of(layer, x, layer.dilation)
    return slid(np.maximum, pad(x, [axis.padding for axis in axes], -np.inf), axes)


def avgpool(layer: AvgPool, ledger: Ledger, x: Array) -> Array:
    """The mean of each window.

    Shape: (*in, C) -> (*out, C).
    """
    axes = axes_of(layer, x, (1,) * (x.ndim - 1))
    sums = slid(np.add, pad(x, [axis.padding for axis in axes]), axes)
    cells: Array = np.ones((), np.float32)
    for counts in np.ix_(*(_cells(axis.padded if layer.count_padding else axis.inside, axis) for axis in axes)):
        cells = cells * counts
    return np.divide(sums, cells[..., None], out=sums)


def global_avgpool(layer: GlobalAvgPool, ledger: Ledger, x: Array) -> Array:
    """The mean of each channel's map: (*in, C) -> (1, ..., C)."""
    y: Array = x.mean(axis=tuple(range(x.ndim - 1)), keepdims=True)
    return y


def global_maxpool(layer: GlobalMaxPool, ledger: Ledger, x: Array) -> Array:
    """The largest value of each channel's map: (*in, C) -> (1, ..., C)."""
    y: Array = x.max(axis=tuple(range(x.ndim - 1)), keepdims=True)
    return y


def adaptive_avgpool(layer: AdaptiveAvgPool, ledger: Ledger, x: Array) -> Array:
    """The mean of each part of the map: (*in, C) -> (*size, C)."""
    for axis, parts in _shrinking_first(layer.size, x):
        x = np.concatenate([part.mean(axis=axis, keepdims=True) for part in _parts(x, axis, parts)], axis=axis)
    return x


def adaptive_maxpool(layer: AdaptiveMaxPool, ledger: Ledger, x: Array) -> Array:
    """The largest value of each part of the map: (*in, C) -> (*size, C)."""
    for axis, parts in _shrinking_first(layer.size, x):
        x = np.concatenate([part.max(axis=axis, keepdims=True) for part in _parts(x, axis, parts)], axis=axis)
    return x


def _shrinking_first(sizes: Size, x: Array) -> list[tuple[int, int]]:
    """Each axis with its parts; those that make the map smaller come first, so that it is never larger than need be."""
    return sorted(enumerate(sizes), key=lambda axis: axis[1] / x.shape[axis[0]])


def _parts(x: Array, axis: int, parts: int) -> list[Array]:
    """Part i of an axis of n, from floor(i*n/parts) up to ceil((i + 1)*n/parts)."""
    n = x.shape[axis]
    return [np.take(x, range(i * n // parts, -(-(i + 1) * n // parts)), axis=axis) for i in range(parts)]


def axes_of(layer: MaxPool | AvgPool | Unpool, x: Array, dilation: Size) -> list[Axis]:
    """The windows along each axis of the input."""
    spatial = x.shape[:-1]
    pairs = padding_pairs(layer.padding, spatial, layer.kernel, layer.stride, dilation)
    # Caffe lets a window start behind the input, but only where nothing is padded.
    anywhere = layer.rounding == "ceil_caffe" and not any(map(any, pairs))
    axes = []
    for n, (before, after), k, s, d in zip(spatial, pairs, layer.kernel, layer.stride, dilation, strict=True):
        inside, padded = range(before, before + n), range(before + n + after)
        starts = range(0, len(padded) - extent(k, d) + 1, s)
        if layer.rounding != "floor":
            starts = _one_more(starts, inside, padded, extent(k, d), anywhere)
        axes.append(Axis(inside, padded, starts, taps(k, d)))
    return axes


def _one_more(starts: range, inside: range, padded: range, extent_: int, anywhere: bool) -> range:
    """Rounding up: one more window if places remain unvisited, and it starts before the padding at the end."""
    following = starts[-1] + starts.step if starts else 0
    unvisited = not starts or starts[-1] + extent_ < len(padded)
    if unvisited and (anywhere or following < inside.stop):
        return range(0, following + 1, starts.step)
    return starts


def slid(combine: np.ufunc, x: Array, axes: list[Axis]) -> Array:
    """What `combine` makes of each window's values."""
    for number, axis in enumerate(axes):
        before = (slice(None),) * number
        first, *others = (x[(*before, axis.places(tap))] for tap in axis.taps)
        if not others:
            x = first
            continue
        x = combine(first, others[0])
        for values in others[1:]:
            combine(x, values, out=x)
    return np.array(x) if x.base is not None else x


def _cells(counted: range, axis: Axis) -> Array:
    """How many of each window's places are counted; at least 1, so that a mean of nothing is 0."""
    reach = axis.taps[-1] + 1
    counts = [len(range(max(s, counted.start), min(s + reach, counted.stop))) for s in axis.starts]
    return np.array([max(count, 1) for count in counts], np.float32)
