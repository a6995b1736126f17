"""Convolutions of every sort, and the fully connected layer: sums of products."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from cnncalc.tracing.trace import OneValue, Product, Trace, weighted
from cnncalc.tracing.windows import Tap, shown, taps, window_lines


def _bias(subject: OneValue, *place: int) -> float | None:
    return subject.weight("bias", *place) if subject.layer.bias else None


def _read(subject: OneValue, channel: int, tap: Tap) -> float:
    return 0.0 if tap.source is None else subject.read((channel, *tap.source))


def _label(channel: int) -> str:
    return f"channel {channel}"


def conv(subject: OneValue) -> Trace:
    """The window of every channel that the filter sees, times its kernels."""
    layer, (number, *place) = subject.layer, subject.place
    windows = layer.windows(subject.input_shape)
    read = taps(windows, tuple(place), layer.padding_mode)
    if layer.connections is None:
        seen = subject.input_shape.channels // layer.groups
        first = number // (layer.filters // layer.groups) * seen
        kernels: list[tuple[int, tuple[int, ...]]] = [(first + index, (number, index)) for index in range(seen)]
    else:
        links = sum(map(len, layer.connections[:number]))
        kernels = [(channel, (links + index,)) for index, channel in enumerate(layer.connections[number])]
    parts = [
        (
            _label(channel),
            [(_read(subject, channel, tap), subject.weight("weight", *kernel, *tap.kernel)) for tap in shown(read)],
        )
        for channel, kernel in kernels
    ]
    about = window_lines(windows, tuple(place), read)
    return weighted(parts, _bias(subject, number), about)


def depthwise(subject: OneValue) -> Trace:
    """The window of one channel times one of its kernels."""
    layer, (number, *place) = subject.layer, subject.place
    windows = layer.windows(subject.input_shape)
    read = taps(windows, tuple(place), layer.padding_mode)
    channel = number // layer.multiplier
    products = [(_read(subject, channel, tap), subject.weight("weight", number, 0, *tap.kernel)) for tap in shown(read)]
    about = window_lines(windows, tuple(place), read)
    return weighted([(_label(channel), products)], _bias(subject, number), [*about, ("reads", _label(channel))])


def local(subject: OneValue) -> Trace:
    """The window of a place times the kernel of that place."""
    layer, (number, *place) = subject.layer, subject.place
    windows, channels = layer.windows(subject.input_shape), subject.input_shape.channels
    read = taps(windows, tuple(place))
    parts = [
        (_label(channel), [
            (_read(subject, channel, tap), subject.weight("weight", *place, index * channels + channel, number))
            for index, tap in enumerate(read)
            if tap in shown(read)
        ])
        for channel in range(channels)
    ]  # fmt: skip
    about = window_lines(windows, tuple(place), read)
    return weighted(parts, _bias(subject, *place, number), about)


def deconv(subject: OneValue) -> Trace:
    """Every value of the input that a tap puts at this place, times the weight of that tap."""
    layer, (number, *place), shape = subject.layer, subject.place, subject.input_shape
    reaching = [
        _reaching(p + before, *axis)
        for p, (before, _), *axis in zip(
            place, layer.padding_pairs(shape), shape.spatial, layer.kernel, layer.stride, layer.dilation, strict=True
        )
    ]
    of_group, seen = layer.filters // layer.groups, shape.channels // layer.groups
    first, filter_ = number // of_group * seen, number % of_group
    parts: list[tuple[str, Sequence[Product]]] = []
    for channel in range(first, first + seen):
        products = []
        for along in product(*reaching):
            source, tap = tuple(i for i, _ in along), tuple(t for _, t in along)
            products.append((subject.read((channel, *source)), subject.weight("weight", channel, filter_, *tap)))
        parts.append((_label(channel), products))
    met = [" ".join(f"{i} (tap {t})" for i, t in along) or "nothing" for along in reaching]
    return weighted(parts, _bias(subject, number), [("meets", "input places " + ", ".join(met))])


def _reaching(place: int, n: int, kernel: int, stride: int, dilation: int) -> list[tuple[int, int]]:
    """The places of an axis and the taps that put their values here."""
    return [(i, t) for i in range(n) for t in range(kernel) if i * stride + t * dilation == place]


def fc(subject: OneValue) -> Trace:
    """Every value of the vector times its weight."""
    number, *place = subject.place
    products = [
        (subject.read((channel, *place)), subject.weight("weight", number, channel))
        for channel in range(subject.input_shape.channels)
    ]
    return weighted([("", products)], _bias(subject, number))
