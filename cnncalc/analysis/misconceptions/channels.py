"""Misconceptions about channels and about the form of a shape."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.misconceptions.axis import Axis
from cnncalc.analysis.misconceptions.entry import Misconception
from cnncalc.analysis.misconceptions.layer_terms import Around
from cnncalc.analysis.misconceptions.terms import Terms


def _channels_kept(t: Terms, around: Around) -> Iterator[Terms]:
    if t.taps and (t.axes or t.kind == "fc"):
        yield t._replace(filters=t.channels)


def _channels_multiplied(t: Terms, around: Around) -> Iterator[Terms]:
    if t.taps and t.axes:
        yield t._replace(filters=t.channels * t.filters)


def _one_tower(t: Terms, around: Around) -> Iterator[Terms]:
    if not around.towers:
        return
    if t.kind == "concat" and len(set(t.parts)) == 1:
        yield t._replace(filters=t.parts[0])
    elif (t.taps or t.windows()) and t.filters % 2 == 0:
        yield t._replace(filters=t.filters // 2)
        if t.kind == "fc" and t.channels % 2 == 0:
            yield t._replace(depth=t.channels // 2)


def _other_order(t: Terms, around: Around) -> Iterator[Terms]:
    if not t.axes:
        return
    *others, last = [axis.size for axis in t.axes]
    sizes = (t.channels, *others)
    axes = tuple(axis._replace(size=size) for axis, size in zip(t.axes, sizes, strict=True))
    sees_all = t.depth == t.channels
    yield t._replace(channels=last, axes=axes, depth=last if sees_all else t.depth)


def _flatten_without_channels(t: Terms, around: Around) -> Iterator[Terms]:
    if t.flat:
        yield t._replace(channels=1)


def _flatten_keeps(t: Terms, around: Around) -> Iterator[Terms]:
    if t.flat:
        yield t._replace(flat=False, filters=t.channels)


def _without_flatten(t: Terms, around: Around) -> Iterator[Terms]:
    map_ = around.unflattened
    if t.kind != "fc" or map_ is None or not map_.rank:
        return
    axes = tuple(Axis(size) for size in map_.spatial)
    for depth in dict.fromkeys((map_.channels, map_.spatial[-1], prod(map_.spatial))):
        yield t._replace(channels=depth, depth=depth)
        yield t._replace(channels=depth, depth=depth, axes=axes)


def _parts_not_joined(t: Terms, around: Around) -> Iterator[Terms]:
    if t.kind == "concat":
        for channels in dict.fromkeys(t.parts):
            yield t._replace(filters=channels)


def _parts_joined(t: Terms, around: Around) -> Iterator[Terms]:
    if t.kind in ("add", "mul"):
        yield t._replace(filters=sum(t.parts))


def _without_channels(t: Terms, around: Around) -> Iterator[Terms]:
    if t.axes and not t.flat:
        yield t._replace(with_channels=False)


CHANNELS: tuple[Misconception, ...] = (
    Misconception(
        "channels-kept", 10, "with the channels that come in",
        "The channels of the input are kept: a layer replaces them by its filters or features.",
        "Look at the channels: how many maps does this layer make?",
        _channels_kept,
    ),
    Misconception(
        "channels-multiplied", 16, "with filters times channels",
        "The filters are multiplied by the channels: each filter sums over them and makes one map.",
        "Look at the channels: how many maps does one filter make?",
        _channels_multiplied,
    ),
    Misconception(
        "one-tower-only", 15, "for one of two towers",
        "This is one of the two towers only: both together make the layer.",
        "Look at the two halves of the network: are both in your number?",
        _one_tower,
    ),
    Misconception(
        "hwc-for-chw", 17, "with the sizes read in another order",
        "The sizes of the input are read in another order: height, width, channels are not channels, height, width.",
        "Look at the input's shape: which of its sizes are the channels?",
        _other_order,
    ),
    Misconception(
        "flatten-without-channels", 10, "without the channels",
        "The channels are left out: flatten makes a vector of all values, C·H·W.",
        "Look at the shape that comes in: which of its sizes are in your product?",
        _flatten_without_channels,
    ),
    Misconception(
        "flatten-forgotten", 12, "as if nothing were flattened",
        "The map is still a map here: flatten makes one vector of it.",
        "Look at what this layer does: how many sizes does its output have?",
        _flatten_keeps,
    ),
    Misconception(
        "fc-without-flatten", 13, "as if the map were not flattened",
        "The map in front is not flattened: a fully connected layer has a weight for each of its C·H·W values.",
        "Look at the inputs of this layer: how many values come in?",
        _without_flatten,
    ),
    Misconception(
        "concat-not-summed", 16, "with the channels of one input only",
        "The channels of one input are taken: concat puts the maps of all inputs behind one another.",
        "Look at the channels: what happens to them when maps are put behind one another?",
        _parts_not_joined,
    ),
    Misconception(
        "add-summed", 14, "with the channels of all inputs added up",
        "The channels are added up: here the values are, and the shape stays.",
        "Look at what this layer does with its inputs: does it join them or add their values?",
        _parts_joined,
    ),
    Misconception(
        "channels-left-out", 12, "without the channels",
        "The channels are left out: the map has C·H·W values.",
        "Look at your product: are all sizes of the shape in it?",
        _without_channels,
    ),
)  # fmt: skip
"""About channels and shapes."""
