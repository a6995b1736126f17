"""Layers that read several inputs."""

from __future__ import annotations

from math import fsum, prod

from cnncalc.tracing.moving import moved
from cnncalc.tracing.trace import OneValue, Place, Trace, formula, inner, list_text, number, sum_of, weighted


def add(subject: OneValue) -> Trace:
    """The sum."""
    values = _met(subject)
    return formula(sum_of(values, inner), fsum(values), fsum(map(abs, values)), _sources(subject))


def mul(subject: OneValue) -> Trace:
    """The product."""
    values = _met(subject)
    return formula("·".join(map(inner, values)), prod(values), about=_sources(subject))


def subtract(subject: OneValue) -> Trace:
    """The first minus all others."""
    first, *others = values = _met(subject)
    text = " − ".join((number(first), *map(inner, others)))
    return formula(text, first - fsum(others), fsum(map(abs, values)), _sources(subject))


def divide(subject: OneValue) -> Trace:
    """The first over all others."""
    first, *others = values = _met(subject)
    return formula("/".join(map(inner, values)), first / prod(others), about=_sources(subject))


def maximum(subject: OneValue) -> Trace:
    """The largest."""
    values = _met(subject)
    return formula(f"max({list_text(values)})", max(values), about=_sources(subject))


def minimum(subject: OneValue) -> Trace:
    """The smallest."""
    values = _met(subject)
    return formula(f"min({list_text(values)})", min(values), about=_sources(subject))


def average(subject: OneValue) -> Trace:
    """The mean."""
    values = _met(subject)
    total = sum_of(values, inner)
    size = fsum(map(abs, values))
    return formula(f"({total})/{len(values)}", fsum(values) / len(values), size, _sources(subject))


def concat(subject: OneValue) -> Trace:
    """The input that has the channel, and its own number there."""
    channel, *place = subject.place
    for which, values in enumerate(subject.inputs):
        if channel < values.shape[0]:
            return moved(subject, (channel, *_centred(subject, which, tuple(place), repeats=False)), which)
        channel -= values.shape[0]
    raise IndexError(subject.place)


def matmul(subject: OneValue) -> Trace:
    """A row of the first times a column of the second."""
    *around, row, column = subject.place
    inner_size = subject.inputs[0].shape[-1]
    products = [(subject.read((*around, row, k)), subject.read((*around, k, column), 1)) for k in range(inner_size)]
    return weighted([("", products)], None)


def _met(subject: OneValue) -> list[float]:
    """The value of every input."""
    return [subject.read(_place(subject, which), which) for which in range(len(subject.inputs))]


def _sources(subject: OneValue) -> list[tuple[str, str]]:
    named = [subject.named(_place(subject, which), which) for which in range(len(subject.inputs))]
    return [("of", ", ".join(named))]


def _place(subject: OneValue, which: int) -> Place:
    """The place of the value in an input: the same place, or 0 on an axis of size 1."""
    channel, *place = subject.place
    sizes = subject.inputs[which].shape
    spatial = _centred(subject, which, tuple(place), repeats=subject.layer.repeats)
    return tuple(0 if n == 1 else index for n, index in zip(sizes, (channel, *spatial), strict=True))


def _centred(subject: OneValue, which: int, place: Place, *, repeats: bool) -> Place:
    """The same place if the larger maps are cropped to the smallest around their centres."""
    if subject.layer.align == "none":
        return place
    centred = []
    for axis, index in enumerate(place, start=1):
        sizes = [values.shape[axis] for values in subject.inputs]
        smallest = min([n for n in sizes if n > 1] if repeats else sizes, default=1)
        border = (sizes[which] - min(smallest, sizes[which])) // 2
        centred.append(index + border)
    return tuple(centred)
