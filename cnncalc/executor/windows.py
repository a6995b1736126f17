"""The windows of an array, found by listing them: no size is computed, numpy decides what fits.

Nothing here knows `layers.windows`: this file is there to confirm its formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnncalc.executor.base import Array
from cnncalc.layers.parameters import Padding, Size

Pairs = tuple[tuple[int, int], ...]
"""(before, after) for each spatial axis."""


MODES: Mapping[str, Any] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""numpy's names of the modes of a padding."""


def taps(kernel: int, dilation: int) -> range:
    """The places that a window reads, counted from its first."""
    return range(0, kernel * dilation, dilation)


def extent(kernel: int, dilation: int) -> int:
    """The places from the first tap to the last, both included."""
    return taps(kernel, dilation)[-1] + 1


def padding_pairs(padding: Padding, spatial: Size, kernel: Size, stride: Size, dilation: Size) -> Pairs:
    """The padding of a window on each axis: as given, or as its word means."""
    if not isinstance(padding, str):
        return padding
    return tuple(_meant(padding, *axis) for axis in zip(spatial, kernel, stride, dilation, strict=True))


def _meant(word: str, size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    last_tap = taps(kernel, dilation)[-1]
    match word:
        case "half":
            return last_tap // 2, last_tap // 2
        case "causal":
            return last_tap, 0
        case "same" | "same_lower":
            # Every stride-th value of the input starts a window; the padding is the part that the last one lacks.
            return halves(max(range(0, size, stride)[-1] + last_tap + 1 - size, 0), word)
        case _:
            return 0, 0


def halves(total: int, word: str) -> tuple[int, int]:
    """A padding on both sides: `same` has the odd one after the input, `same_lower` before it."""
    less, more = total // 2, total - total // 2
    return (less, more) if word == "same" else (more, less)


def pad(x: Array, pairs: Iterable[tuple[int, int]], value: float = 0.0, mode: str = "zeros") -> Array:
    """The array with `value` written around its spatial axes.

    Raises:
        ValueError: a padding is negative.
    """
    widths = [*pairs, (0, 0)]
    if mode != "zeros":
        return np.pad(x, widths, mode=MODES[mode])
    if not any(map(any, widths)):
        return x
    if min(map(min, widths)) < 0:
        raise ValueError(f"the padding {widths} is negative")
    y = np.empty([n + sum(pair) for n, pair in zip(x.shape, widths, strict=True)], x.dtype)
    inside = tuple(slice(before, before + n) for n, (before, _) in zip(x.shape, widths, strict=True))
    y[inside] = x
    for axis, (place, n) in enumerate(zip(inside, x.shape, strict=True)):
        y[(*inside[:axis], slice(None, place.start))] = value
        y[(*inside[:axis], slice(place.start + n, None))] = value
    return y


def cut(x: Array, axis: int, start: int, stop: int) -> Array:
    """From `start` up to `stop` on one axis. numpy alone would clip places past the end.

    Raises:
        ValueError: the places are not all there, or there is none.
    """
    if not 0 <= start < stop <= x.shape[axis]:
        raise ValueError(f"places {start} to {stop} of an axis of {x.shape[axis]}")
    return x[(slice(None),) * (axis % x.ndim) + (slice(start, stop),)]


def windows(x: Array, kernel: Size, stride: Size, dilation: Size) -> Array:
    """Every window of an array that is padded already, as a view: (*positions, *kernel, C).

    Raises:
        ValueError: a window does not fit once.
    """
    rank = len(kernel)
    if all(k == 1 for k in kernel):
        places: Array = x[(*(slice(None, None, s) for s in stride), *(np.newaxis,) * rank)]
        return places
    every = sliding_window_view(x, tuple(map(extent, kernel, dilation)), axis=tuple(range(rank)))
    starts = tuple(slice(None, None, s) for s in stride)
    read = tuple(slice(None, None, d) for d in dilation)
    return every[(*starts, slice(None), *read)].transpose(*range(rank), *range(rank + 1, 2 * rank + 1), rank)
