"""Layers that move, repeat or interpolate values: the origin of a value."""

from __future__ import annotations

from itertools import product
from math import floor, prod

from cnncalc.layers.windows import Window
from cnncalc.shapes import AXES
from cnncalc.tracing.trace import OneValue, Place, Trace, formula, inner, sum_text, weighted
from cnncalc.tracing.windows import taps

NEAR = 1e-9
"""The most by which a quotient of floats may miss a whole number."""


def moved(subject: OneValue, source: Place, which: int = 0) -> Trace:
    """A value that comes from one place."""
    value = subject.read(source, which)
    return formula(subject.named(source, which), value)


def dropout(subject: OneValue) -> Trace:
    """The same value: nothing is dropped outside of training."""
    return moved(subject, subject.place)


identity = dropout


def flatten(subject: OneValue) -> Trace:
    """All values in one vector, one channel after the other; or all positions in a row."""
    if subject.layer.axes == "all":
        return moved(subject, unraveled(subject.place[0], subject.inputs[0].shape))
    channel, position = subject.place
    return moved(subject, (channel, *unraveled(position, subject.input_shape.spatial)))


def reshape(subject: OneValue) -> Trace:
    """The value of the same number, counted with the channels first."""
    size, flat = subject.layer.size, 0
    for index, n in zip(subject.place, (size.channels, *size.spatial), strict=True):
        flat = flat * n + index
    return moved(subject, unraveled(flat, subject.inputs[0].shape))


def unraveled(flat: int, sizes: tuple[int, ...]) -> Place:
    """The place of a value that is counted row by row."""
    place: list[int] = []
    for n in reversed(sizes):
        flat, index = divmod(flat, n)
        place.insert(0, index)
    return tuple(place)


def permute(subject: OneValue) -> Trace:
    """The value at the index that goes to the old place of each axis."""
    letters = ("C", *AXES[subject.input_shape.rank])
    at = dict(zip(subject.layer.order, subject.place, strict=True))
    return moved(subject, tuple(at[letter] for letter in letters))


def shuffle(subject: OneValue) -> Trace:
    """The channels of the groups in turn."""
    channel, *place = subject.place
    groups = subject.layer.groups
    of_group = subject.input_shape.channels // groups
    return moved(subject, (channel % groups * of_group + channel // groups, *place))


def slice_(subject: OneValue) -> Trace:
    """The value of the input, counted from the first channel and place that are kept."""
    layer = subject.layer
    taken = (layer.channels, *(getattr(layer, letter) for letter in AXES[subject.input_shape.rank]))
    starts = (0 if kept is None else kept[0] for kept in taken)
    return moved(subject, tuple(index + start for index, start in zip(subject.place, starts, strict=True)))


def crop(subject: OneValue) -> Trace:
    """The value of the centre, or of the part that the cuts leave."""
    channel, *place = subject.place
    spatial = subject.input_shape.spatial
    cuts = [
        (n - one) // 2 if isinstance(one, int) else one[0] for n, one in zip(spatial, subject.layer.size, strict=True)
    ]
    return moved(subject, (channel, *(index + before for index, before in zip(place, cuts, strict=True))))


def zeropad(subject: OneValue) -> Trace:
    """A value of the input, or the one that the mode puts around it."""
    channel, *place = subject.place
    pairs = subject.layer.padding_pairs(subject.input_shape)
    # The mode sees the part that the cuts of negative numbers leave.
    cuts = [max(-before, 0) for before, _ in pairs]
    windows = tuple(
        Window(n - start - max(-after, 0), 1, before=max(before, 0))
        for n, start, (before, after) in zip(subject.input_shape.spatial, cuts, pairs, strict=True)
    )
    ((_, source),) = taps(windows, tuple(place), subject.layer.mode)
    if source is None:
        return formula("0", 0.0, about=[("source", "the padding")])
    return moved(subject, (channel, *(index + start for index, start in zip(source, cuts, strict=True))))


def pad_channels(subject: OneValue) -> Trace:
    """A channel of the input, or one of zeros around them."""
    channel, *place = subject.place
    source = channel - subject.layer.zeros[0]
    if not 0 <= source < subject.input_shape.channels:
        return formula("0", 0.0, about=[("source", "the padding")])
    return moved(subject, (source, *place))


def space_to_depth(subject: OneValue) -> Trace:
    """A value of a block, of which each is a channel."""
    layer, (channel, *place) = subject.layer, subject.place
    channels, cells = subject.input_shape.channels, prod(layer.block_size)
    cell, source = divmod(channel, channels) if layer.order == "DCR" else reversed(divmod(channel, cells))
    within = unraveled(cell, layer.block_size)
    return moved(subject, (source, *(p * b + w for p, b, w in zip(place, layer.block_size, within, strict=True))))


def depth_to_space(subject: OneValue) -> Trace:
    """A channel for each value of a block."""
    layer, (channel, *place) = subject.layer, subject.place
    cells = prod(layer.block_size)
    cell = 0
    for p, b in zip(place, layer.block_size, strict=True):
        cell = cell * b + p % b
    left = subject.input_shape.channels // cells
    source = cell * left + channel if layer.order == "DCR" else channel * cells + cell
    return moved(subject, (source, *(p // b for p, b in zip(place, layer.block_size, strict=True))))


def upsample(subject: OneValue) -> Trace:
    """The nearest value, or the sum of those around, each with its weight."""
    layer, (channel, *place) = subject.layer, subject.place
    along = []
    for axis, (p, n) in enumerate(zip(place, subject.input_shape.spatial, strict=True)):
        if layer.factor is None:
            m = n if layer.size is None else layer.size[axis]
        else:
            exact = n * layer.factor[axis]
            m = floor(exact) if layer.rounding == "floor" else round(exact)
        factor = layer.factor[axis] if layer.factor is not None and layer.rounding == "floor" else m / n
        along.append(_around(layer.mode, layer.align_corners, p, n, m, factor))
    met = [(tuple(i for i, _ in one), prod(w for _, w in one)) for one in product(*along)]
    if len(met) == 1:
        return moved(subject, (channel, *met[0][0]))
    return weighted([("", [(subject.read((channel, *source)), weight) for source, weight in met])], None)


resize = upsample


def _around(mode: str, align_corners: bool, place: int, n: int, m: int, factor: float) -> list[tuple[int, float]]:
    """The places of an axis of n of which one of m is made, with their weights."""
    if mode == "nearest":
        return [(min(floor(place / factor + NEAR), n - 1), 1.0)]
    exact = place * ((n - 1) / (m - 1) if m > 1 else 0.0) if align_corners else (place + 0.5) / factor - 0.5
    exact = round(exact) if abs(exact - round(exact)) < NEAR else exact
    low = floor(exact)
    if exact == low:
        return [(min(max(low, 0), n - 1), 1.0)]
    reach = range(-1, 3) if mode == "bicubic" else range(2)
    weight = _cubic if mode == "bicubic" else _linear
    return [(min(max(low + tap, 0), n - 1), weight(abs(exact - low - tap))) for tap in reach]


def _linear(distance: float) -> float:
    return 1 - distance


def _cubic(d: float) -> float:
    """Keys 1981, with a = -0.75 as PyTorch has it."""
    a = -0.75
    return (a + 2) * d**3 - (a + 3) * d**2 + 1 if d <= 1 else a * d**3 - 5 * a * d**2 + 8 * a * d - 4 * a


def tokens(subject: OneValue) -> Trace:
    """A learned token, or a value of the sequence after them."""
    channel, position = subject.place
    count = subject.layer.number
    if position < count:
        return formula(f"token {position}", subject.weight("weight", position, channel))
    return moved(subject, (channel, position - count) if subject.input_shape.rank else (channel,))


def positions(subject: OneValue) -> Trace:
    """The value and the learned offset of its place."""
    x, (channel, *place) = subject.read(subject.place), subject.place
    offset = subject.weight("weight", *place, channel)
    return formula(sum_text([inner(x), inner(offset)]), x + offset, abs(x) + abs(offset))


def embedding(subject: OneValue) -> Trace:
    """A value of the row of the id."""
    row, position = subject.place
    id_ = int(subject.read((position,)))
    return formula(f"row {id_} of the table", subject.weight("weight", id_, row))
