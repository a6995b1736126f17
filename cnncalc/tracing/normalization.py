"""Norms: a value minus a mean, over the root of a variance, times a learned factor."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import fsum, sqrt

from cnncalc.tracing.trace import OneValue, Trace, formula, inner, number, square, sum_of, sum_text


def bn(subject: OneValue) -> Trace:
    """With the stored mean and variance of the channel."""
    channel = subject.place[0]
    mean, variance = (subject.weight(name, channel) for name in ("running_mean", "running_var"))
    about = [("mean", f"{number(mean)}, kept of channel {channel}"), ("variance", number(variance))]
    return _normed(subject, mean, variance, about)


def layernorm(subject: OneValue) -> Trace:
    """Over the channels of the position, or everything."""
    return _of(subject, _together(subject))


def groupnorm(subject: OneValue) -> Trace:
    """Over the channels of the group and all positions."""
    size = subject.input_shape.channels // subject.layer.groups
    first = subject.place[0] // size * size
    return _of(subject, _everywhere(subject, range(first, first + size)))


def instancenorm(subject: OneValue) -> Trace:
    """Over all positions of the channel."""
    return _of(subject, _everywhere(subject, [subject.place[0]]))


def rmsnorm(subject: OneValue) -> Trace:
    """Over the root of the mean square."""
    values, x = _together(subject), subject.read(subject.place)
    mean_square = fsum(one * one for one in values) / len(values)
    squares = sum_of(values, square)
    about = [("mean square", f"({squares})/{len(values):,} = {number(mean_square)}")]
    text = f"{inner(x)}/√({number(mean_square)} + {number(subject.layer.eps)})"
    return _learned(subject, text, x / sqrt(mean_square + subject.layer.eps), about)


def l2norm(subject: OneValue) -> Trace:
    """Over the root of the sum of the squares of the position."""
    values, x = _together(subject), subject.read(subject.place)
    root = max(sqrt(fsum(one * one for one in values)), subject.layer.eps)
    return formula(f"{inner(x)}/√({sum_of(values, square)})", x / root)


def lrn(subject: OneValue) -> Trace:
    """Over a power of the sum of squares of the neighbouring channels."""
    layer, (channel, *place), x = subject.layer, subject.place, subject.read(subject.place)
    first = channel - (layer.size - 1) // 2
    near = range(max(first, 0), min(first + layer.size, subject.input_shape.channels))
    values = [subject.read((one, *place)) for one in near]
    total = fsum(one * one for one in values)
    about = [
        (
            "squares",
            f"channels {near[0]} to {near[-1]}: {sum_of(values, square)} = {number(total)}",
        )
    ]
    text = f"{inner(x)}/({number(layer.k)} + {number(layer.alpha)}·{number(total)})^{number(layer.beta)}"
    return formula(text, x / (layer.k + layer.alpha * total) ** layer.beta, abs(x), about)


def scale(subject: OneValue) -> Trace:
    """Times a learned factor, and a learned offset."""
    return _learned(subject, inner(x := subject.read(subject.place)), x, [])


def rescale(subject: OneValue) -> Trace:
    """Times a factor, and an offset."""
    x, factor, offset = subject.read(subject.place), subject.layer.factor, subject.layer.offset
    text = sum_text([f"{inner(x)}·{inner(factor)}", inner(offset)])
    return formula(text, x * factor + offset, abs(x * factor) + abs(offset))


def _together(subject: OneValue) -> list[float]:
    """The values of a position, or all, that are normalised together."""
    over = getattr(subject.layer, "over", None)
    if over is not None and over.spatial:
        return _everywhere(subject, range(subject.input_shape.channels))
    return [subject.read((channel, *subject.place[1:])) for channel in range(subject.input_shape.channels)]


def _everywhere(subject: OneValue, channels: Iterable[int]) -> list[float]:
    return [subject.read(place) for place in product(channels, *map(range, subject.input_shape.spatial))]


def _of(subject: OneValue, values: list[float]) -> Trace:
    """A value normalised by the mean and the variance of some."""
    count = len(values)
    mean = fsum(values) / count
    variance = fsum((one - mean) ** 2 for one in values) / count
    squares = sum_of(values, lambda one: f"({number(one)} − {inner(mean)})²")
    about = [
        ("mean", f"({sum_of(values, inner)})/{count:,} = {number(mean)}"),
        ("variance", f"({squares})/{count:,} = {number(variance)}"),
    ]
    return _normed(subject, mean, variance, about)


def _normed(subject: OneValue, mean: float, variance: float, about: list[tuple[str, str]]) -> Trace:
    x, eps = subject.read(subject.place), subject.layer.eps
    text = f"({number(x)} − {inner(mean)})/√({number(variance)} + {number(eps)})"
    return _learned(
        subject, text, (x - mean) / sqrt(variance + eps), about, (abs(x) + abs(mean)) / sqrt(variance + eps)
    )


def _learned(
    subject: OneValue, text: str, value: float, about: list[tuple[str, str]], size: float = 0.0
) -> Trace:  # fmt: skip
    """A normalised value with the learned factor and offset of its channel, or its own."""
    factor, offset = (_of_place(subject, name) for name in ("weight", "bias"))
    size = max(size, abs(value)) * abs(1.0 if factor is None else factor) + abs(offset or 0.0)
    if factor is not None:
        text, value = f"{text}·{inner(factor)}", value * factor
    if offset is not None:
        text, value = sum_text([text, inner(offset)]), value + offset
    return formula(text, value, size, about)


def _of_place(subject: OneValue, name: str) -> float | None:
    if name not in subject.tensors:
        return None
    tensor = subject.tensors[name]
    return float(tensor[subject.place if len(tensor.shape) > 1 else subject.place[0]])
