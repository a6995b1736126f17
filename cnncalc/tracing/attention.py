"""Attention: the values of the positions that a position attends to, weighted by their shares and projected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import exp, log, log2, prod, sqrt
from typing import Any, NamedTuple

from cnncalc.tracing.pointwise import logistic, shares
from cnncalc.tracing.trace import FIRST_TERMS, OneValue, Place, Trace, dot, list_text, weighted

LARGEST_SCALE = log(100)
LEAST_LENGTH = 1e-12


class Member(NamedTuple):
    """A position that is attended to: its place within the window, and its input.

    Attributes:
        within: the place within the window; empty for a position of a memory.
        values: the channels; zeros in the padding.
    """

    within: Place
    values: Sequence[float]


class _WindowedAxis(NamedTuple):
    """The windows of one axis.

    Attributes:
        size: of the map.
        window: positions of a window.
        shift: the number of places by which the windows are moved.
        grid: whether the positions of a window are spread over the axis.
    """

    size: int
    window: int
    shift: int
    grid: bool

    @property
    def windows(self) -> int:
        """The number of windows; the last may reach into the padding."""
        return -(-self.size // self.window)

    @property
    def filled(self) -> int:
        """The positions with the padding."""
        return self.windows * self.window

    def moved(self, position: int) -> int:
        """The place of a position after the windows are moved."""
        return (position - self.shift) % self.filled

    def number_and_place(self, position: int) -> tuple[int, int]:
        """The number of the window of a position, and its place in there."""
        place, number = divmod(self.moved(position), self.windows) if self.grid else (0, 0)
        return (number, place) if self.grid else divmod(self.moved(position), self.window)

    def members(self, position: int) -> Iterator[tuple[int, int]]:
        """The place within the window and the position, for all positions that one attends to."""
        number, _ = self.number_and_place(position)
        for other in range(self.filled):
            its_number, place = self.number_and_place(other)
            if its_number == number and self._from_other_border(other) == self._from_other_border(position):
                yield place, other

    def _from_other_border(self, position: int) -> bool:
        return self.moved(position) >= self.filled - self.shift


def attention(subject: OneValue) -> Trace:
    """A sum over all heads of their shares of the values; the shares of a head are positive and add up to 1."""
    channel, *place = subject.place
    mixed, heads = _mixed(subject, tuple(place))
    row = subject.numbers("out_weight")[channel]
    bias = subject.weight("out_bias", channel) if subject.layer.bias else None
    about = [
        (f"head {number} of {len(heads)}", f"shares {list_text(one)}") for number, one in enumerate(heads[:FIRST_TERMS])
    ]
    return weighted([("", list(zip(mixed, row, strict=True)))], bias, about)


def _mixed(subject: OneValue, place: Place) -> tuple[list[float], list[list[float]]]:
    """The values that each head took, one head after another, and the shares."""
    if ("mixed", place) not in subject.known:
        subject.known["mixed", place] = _mix(subject, place)
    found: tuple[list[float], list[list[float]]] = subject.known["mixed", place]
    return found


def _mix(subject: OneValue, place: Place) -> tuple[list[float], list[list[float]]]:
    layer, axes = subject.layer, _axes(subject)
    within = tuple(axis.number_and_place(position)[1] for axis, position in zip(axes, place, strict=True))
    members = list(_memory(subject) if len(subject.inputs) > 1 else _members(subject, axes, place))
    query = _projected(subject, "q", _channels(subject, 0, place))
    keys, values = ([_projected(subject, name, one.values) for one in members] for name in "kv")
    size = len(query) // layer.heads
    mixed, heads = [], []
    for head in range(layer.heads):
        own = slice(head * size, (head + 1) * size)
        scores = [_score(subject, head, query[own], key[own]) for key in keys]
        if layer.relative != "none":
            learned = (_relative(subject, axes, head, within, one.within) for one in members)
            scores = [score + one for score, one in zip(scores, learned, strict=True)]
        heads.append(shares(scores))
        mixed += [dot(heads[-1], [value[number] for value in values]) for number in range(own.start, own.stop)]
    return mixed, heads


def _axes(subject: OneValue) -> list[_WindowedAxis]:
    layer, axes = subject.layer, []
    for n, window, shift in zip(subject.input_shape.spatial, layer.window, layer.shift, strict=True):
        axis = _WindowedAxis(n, window or n, shift, layer.grid)
        axes.append(axis if axis.windows > 1 else axis._replace(shift=0))
    return axes


def _channels(subject: OneValue, which: int, place: Place) -> list[float]:
    """All channels of a position, zeros beyond the border."""
    channels, *sizes = subject.inputs[which].shape
    if any(index >= n for index, n in zip(place, sizes, strict=True)):
        return [0.0] * channels
    return [subject.read((channel, *place), which) for channel in range(channels)]


def _members(subject: OneValue, axes: list[_WindowedAxis], place: Place) -> Iterator[Member]:
    for along in product(*(axis.members(position) for axis, position in zip(axes, place, strict=True))):
        yield Member(tuple(p for p, _ in along), _channels(subject, 0, tuple(position for _, position in along)))


def _memory(subject: OneValue) -> Iterator[Member]:
    for place in product(*map(range, subject.inputs[1].shape[1:])):
        yield Member((), _channels(subject, 1, place))


def _projected(subject: OneValue, name: str, values: Sequence[float]) -> list[float]:
    key = name, tuple(values)
    if key not in subject.known:
        biases = subject.numbers(f"{name}_bias") or [0.0] * len(subject.numbers(f"{name}_weight"))
        rows = zip(subject.numbers(f"{name}_weight"), biases, strict=True)
        subject.known[key] = [dot(row, values) + bias for row, bias in rows]
    found: list[float] = subject.known[key]
    return found


def _score(subject: OneValue, head: int, query: list[float], key: list[float]) -> float:
    """The score of a query and a key."""
    if not subject.layer.cosine:
        return dot(query, key) / sqrt(len(query))
    lengths = [max(sqrt(dot(one, one)), LEAST_LENGTH) for one in (query, key)]
    return dot(query, key) / prod(lengths) * exp(min(subject.weight("logit_scale", head), LARGEST_SCALE))


def _relative(subject: OneValue, axes: list[_WindowedAxis], head: int, here: Place, there: Place) -> float:
    """The learned offset for the distance of two places of a window."""
    distances = [a - b for a, b in zip(here, there, strict=True)]
    if subject.layer.relative == "table":
        row = 0
        for axis, distance in zip(axes, distances, strict=True):
            row = row * (2 * axis.window - 1) + distance + axis.window - 1
        return subject.weight("relative_table", row, head)
    key: Any = ("relative", *distances)
    if key not in subject.known:
        parts = [d / max(axis.window - 1, 1) for axis, d in zip(axes, distances, strict=True)]
        entered = [(log2(1 + 8 * abs(d)) / 3) * (-1 if d < 0 else 1) for d in parts]
        hidden = zip(subject.numbers("hidden_weight"), subject.numbers("hidden_bias"), strict=True)
        kept = [max(0.0, dot(row, entered) + bias) for row, bias in hidden]
        subject.known[key] = [16 * logistic(dot(row, kept)) for row in subject.numbers("relative_weight")]
    return float(subject.known[key][head])
