"""Pooling: the largest value or the mean of some places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import fsum, inf
from typing import Any

from cnncalc.shapes import Shape
from cnncalc.tracing.moving import moved
from cnncalc.tracing.trace import OneValue, Trace, formula, inner, list_text, sum_of
from cnncalc.tracing.windows import taps, window_lines

About = Iterable[tuple[str, str]]


def _largest(values: Sequence[float], about: About = ()) -> Trace:
    return formula(f"max({list_text(values)})", max(values, default=-inf), about=about)


def _mean(values: Sequence[float], cells: int, about: About = ()) -> Trace:
    size = fsum(map(abs, values)) / cells
    return formula(f"({sum_of(values, inner)})/{cells:,}", fsum(values) / cells, size, about)


def maxpool(subject: OneValue) -> Trace:
    """The largest value of a window; padding never is."""
    values, about, _ = _window(subject)
    return _largest(values, about)


def avgpool(subject: OneValue) -> Trace:
    """The mean of a window, padding counted or not."""
    values, about, cells = _window(subject)
    return _mean(values, max(cells if subject.layer.count_padding else len(values), 1), about)


def _window(subject: OneValue) -> tuple[list[float], About, int]:
    """The values that a window reads, the words for its range, and the number of its places in the padded input."""
    (channel, *place), windows = subject.place, subject.layer.windows(subject.input_shape)
    read = taps(windows, tuple(place))
    sources = [tap.source for tap in read if tap.source is not None]
    about = window_lines(windows, tuple(place), read)
    padded = [
        sum(0 <= p * w.stride + tap * w.dilation < w.padded for tap in range(w.kernel))
        for p, w in zip(place, windows, strict=True)
    ]
    cells = 1
    for count in padded:
        cells *= count
    return [subject.read((channel, *source)) for source in sources], about, cells


def _places(subject: OneValue, ranges: Iterable[Iterable[int]]) -> list[float]:
    return [subject.read((subject.place[0], *source)) for source in product(*ranges)]


def global_avgpool(subject: OneValue) -> Trace:
    """The mean of the channel's map."""
    values = _places(subject, map(range, subject.input_shape.spatial))
    return _mean(values, len(values))


def global_maxpool(subject: OneValue) -> Trace:
    """The largest value of the channel's map."""
    return _largest(_places(subject, map(range, subject.input_shape.spatial)))


def _part(subject: OneValue) -> tuple[list[float], About]:
    """The values of one part of the map, and the words for its range."""
    axes = list(zip(subject.place[1:], subject.input_shape.spatial, subject.layer.size, strict=True))
    ranges: list[Any] = [range(i * n // parts, -(-(i + 1) * n // parts)) for i, n, parts in axes]
    words = ", ".join(f"⌊{i}·{n}/{parts}⌋ = {r.start} to ⌈{i + 1}·{n}/{parts}⌉ − 1 = {r.stop - 1}"
                      for (i, n, parts), r in zip(axes, ranges, strict=True))  # fmt: skip
    return _places(subject, ranges), [("window", words)]


def adaptive_avgpool(subject: OneValue) -> Trace:
    """The mean of a part."""
    values, about = _part(subject)
    return _mean(values, len(values), about)


def adaptive_maxpool(subject: OneValue) -> Trace:
    """The largest value of a part."""
    return _largest(*_part(subject))


def unpool(subject: OneValue) -> Trace:
    """The value of the window whose first maximum is here; 0 at all other places."""
    channel, *place = subject.place
    windows = subject.layer.windows(subject.input_shape, Shape.of(subject.inputs[1].shape))
    along = [
        [o for o in range(n) if 0 <= p - (o * w.stride - w.before) < w.effective]
        for p, n, w in zip(place, subject.input_shape.spatial, windows, strict=True)
    ]
    for number in product(*along):  # one at most: windows do not overlap
        sources = [tap.source for tap in taps(windows, number) if tap.source is not None]
        if tuple(place) in sources:
            values = [subject.read((channel, *source), 1) for source in sources]
            if sources[values.index(max(values))] == tuple(place):
                return moved(subject, (channel, *number))
            return formula("0", 0.0, about=[("rule", f"the first maximum of {list_text(values)} is elsewhere")])
    return formula("0", 0.0, about=[("rule", "no window reads this place")])
