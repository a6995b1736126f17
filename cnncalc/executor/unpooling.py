"""Max unpooling: the places of the maxima are found again, in what entered the pool."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.executor.pooling import axes_of, slid
from cnncalc.executor.windows import pad
from cnncalc.layers.unpooling import Unpool


def unpool(layer: Unpool, ledger: Ledger, x: Array, pooled: Array) -> Array:
    """Each value where the first maximum of its window is, row by row; zeros at all other places.

    A NaN has no order. Where a window holds one, its maximum may be anywhere, and so all of it turns NaN.

    Shape: (*out, C), (*in, C) -> (*in, C).
    """
    axes = axes_of(layer, pooled, layer.dilation)
    padded = pad(pooled, [axis.padding for axis in axes], -np.inf)
    largest = slid(np.maximum, padded, axes)
    if x.shape != largest.shape:
        raise ValueError(f"{largest.shape} windows meet {x.shape} values")
    elsewhere = np.where(np.isnan(largest), largest, np.float32(0))
    y, waiting = np.zeros_like(padded), np.ones(x.shape, bool)
    for number in np.ndindex(*layer.kernel):
        places = tuple(axis.places(axis.taps[tap]) for axis, tap in zip(axes, number, strict=True))
        found = waiting & (padded[places] == largest)
        y[places] = np.where(found, x, elsewhere)
        waiting &= ~found
    return np.ascontiguousarray(y[tuple(slice(axis.inside.start, axis.inside.stop) for axis in axes)])
