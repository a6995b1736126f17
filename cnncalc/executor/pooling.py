"""Pooling, and its reverse. The largest value and the sum of a window are found along one axis after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.executor.windows import extent, pad, padding_pairs, taps
from cnncalc.layers import pooling as kinds
from cnncalc.layers.parameters import Size
from cnncalc.layers.unpooling import Unpool


class AxisWindows(NamedTuple):
    """The windows along one axis.

    Attributes:
        inside: the places of the input itself within the padding.
        padded: the places with the padding.
        starts: the first place of each window.
        taps: the places that a window reads, counted from its start.
    """

    inside: range
    padded: range
    starts: range
    taps: range

    def places(self, tap: int) -> slice:
        """The places of this tap in all windows."""
        return slice(self.starts[0] + tap, self.starts[-1] + tap + 1, self.starts.step)

    @property
    def padding(self) -> tuple[int, int]:
        """(before, after), with the places that the last window lacks after the padding."""
        end = max(self.padded.stop, self.starts[-1] + self.taps[-1] + 1)
        return self.inside.start, end - self.inside.stop


def maxpool(layer: kinds.MaxPool, ledger: Ledger, x: Array) -> Array:
    """The largest value of each window, padding never: (*in, C) -> (*out, C)."""
    axes = _axes_of(layer, x, layer.dilation)
    return _slid(np.maximum, pad(x, [axis.padding for axis in axes], -np.inf), axes)


def avgpool(layer: kinds.AvgPool, ledger: Ledger, x: Array) -> Array:
    """The mean of each window: (*in, C) -> (*out, C)."""
    axes = _axes_of(layer, x, (1,) * (x.ndim - 1))
    sums = _slid(np.add, pad(x, [axis.padding for axis in axes]), axes)
    cells: Array = np.ones((), np.float32)
    for counts in np.ix_(*(_cells(axis.padded if layer.count_padding else axis.inside, axis) for axis in axes)):
        cells = cells * counts
    return np.divide(sums, cells[..., None], out=sums)


def global_avgpool(layer: kinds.GlobalAvgPool, ledger: Ledger, x: Array) -> Array:
    """The mean of each channel's map: (*in, C) -> (1, ..., C)."""
    y: Array = x.mean(axis=tuple(range(x.ndim - 1)), keepdims=True)
    return y


def global_maxpool(layer: kinds.GlobalMaxPool, ledger: Ledger, x: Array) -> Array:
    """The largest value of each channel's map: (*in, C) -> (1, ..., C)."""
    y: Array = x.max(axis=tuple(range(x.ndim - 1)), keepdims=True)
    return y


def adaptive_avgpool(layer: kinds.AdaptiveAvgPool, ledger: Ledger, x: Array) -> Array:
    """The mean of each part of the map: (*in, C) -> (*size, C)."""
    return _by_parts(np.mean, layer.size, x)


def adaptive_maxpool(layer: kinds.AdaptiveMaxPool, ledger: Ledger, x: Array) -> Array:
    """The largest value of each part of the map: (*in, C) -> (*size, C)."""
    return _by_parts(np.max, layer.size, x)


def _by_parts(reduce: Callable[..., Array], sizes: Size, x: Array) -> Array:
    """The results of `reduce`; part i of an axis of n is from floor(i*n/parts) up to ceil((i + 1)*n/parts).

    Axes on which the map gets smaller come first, so that it is never larger than needed.
    """
    for axis, parts in sorted(enumerate(sizes), key=lambda pair: pair[1] / x.shape[pair[0]]):
        n = x.shape[axis]
        places = (range(i * n // parts, -(-(i + 1) * n // parts)) for i in range(parts))
        x = np.concatenate([reduce(np.take(x, part, axis), axis=axis, keepdims=True) for part in places], axis)
    return x


def _axes_of(layer: kinds.MaxPool | kinds.AvgPool | Unpool, x: Array, dilation: Size) -> list[AxisWindows]:
    """The windows along each axis of the input."""
    spatial = x.shape[:-1]
    pairs = padding_pairs(layer.padding, spatial, layer.kernel, layer.stride, dilation)
    # Caffe lets a window start after the input, but only if nothing is padded; MXNet's full does anywhere.
    padded_ = any(map(any, pairs))
    anywhere = layer.rounding == "ceil_full" or (layer.rounding == "ceil_caffe" and not padded_)
    axes = []
    for n, (before, after), k, s, d in zip(spatial, pairs, layer.kernel, layer.stride, dilation, strict=True):
        inside, padded = range(before, before + n), range(before + n + after)
        starts = range(0, len(padded) - extent(k, d) + 1, s)
        if layer.rounding != "floor":
            starts = _one_more(starts, inside, padded, extent(k, d), anywhere)
        axes.append(AxisWindows(inside, padded, starts, taps(k, d)))
    return axes


def _one_more(starts: range, inside: range, padded: range, extent_: int, anywhere: bool) -> range:
    """Rounding up: one more window if places remain unvisited, and it starts before the padding at the end."""
    following = starts[-1] + starts.step if starts else 0
    unvisited = not starts or starts[-1] + extent_ < len(padded)
    if unvisited and (anywhere or following < inside.stop):
        return range(0, following + 1, starts.step)
    return starts


def _slid(combine: np.ufunc, x: Array, axes: list[AxisWindows]) -> Array:
    """The results of `combine` on each window's values."""
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


def _cells(counted: range, axis: AxisWindows) -> Array:
    """The number of each window's places that count; at least 1, so that a mean of nothing is 0."""
    reach = axis.taps[-1] + 1
    counts = [len(range(max(s, counted.start), min(s + reach, counted.stop))) for s in axis.starts]
    return np.array([max(count, 1) for count in counts], np.float32)


def unpool(layer: Unpool, ledger: Ledger, x: Array, pooled: Array) -> Array:
    """Each value where the first maximum of its window is, row by row; zeros at all other places.

    A NaN has no order. If a window holds one, its maximum may be anywhere, and so all of it turns NaN.

    Shape: (*out, C), (*in, C) -> (*in, C).
    """
    axes = _axes_of(layer, pooled, layer.dilation)
    padded = pad(pooled, [axis.padding for axis in axes], -np.inf)
    largest = _slid(np.maximum, padded, axes)
    if x.shape != largest.shape:
        raise ValueError(f"{largest.shape} values are given for windows of {x.shape}")
    elsewhere = np.where(np.isnan(largest), largest, np.float32(0))
    y, waiting = np.zeros_like(padded), np.ones(x.shape, bool)
    for number in np.ndindex(*layer.kernel):
        places = tuple(axis.places(axis.taps[tap]) for axis, tap in zip(axes, number, strict=True))
        found = waiting & (padded[places] == largest)
        y[places] = np.where(found, x, elsewhere)
        waiting &= ~found
    return np.ascontiguousarray(y[tuple(slice(axis.inside.start, axis.inside.stop) for axis in axes)])
