"""Misconceptions about params and stored values."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from cnncalc.analysis.misconceptions.entry import Misconception
from cnncalc.analysis.misconceptions.layer_terms import Around
from cnncalc.analysis.misconceptions.terms import Terms, output_shape


def _with_bias(t: Terms, bias: str) -> Iterator[Terms]:
    """The terms with another bias, for a layer that has one."""
    if t.bias == "filter":
        yield t._replace(bias=bias)


def _bias_added(t: Terms, around: Around) -> Iterator[Terms]:
    if t.taps and t.bias == "none":
        yield t._replace(bias="filter")


def _has_kernels(t: Terms) -> bool:
    return bool(t.taps and t.axes)


def _without_depth(t: Terms, around: Around) -> Iterator[Terms]:
    if _has_kernels(t):
        yield t._replace(depth=1)


def _not_squared(t: Terms, around: Around) -> Iterator[Terms]:
    if _has_kernels(t):
        for kernel in dict.fromkeys(axis.kernel for axis in t.axes):
            yield t._replace(taps=kernel)


def _one_filter(t: Terms, around: Around) -> Iterator[Terms]:
    """The weights of one filter, with one bias or those of all."""
    if t.taps:
        yield t._replace(kernels=1)
        yield t._replace(kernels=1, bias="none" if t.bias == "none" else "layer")


def _filters_for_channels(t: Terms, around: Around) -> Iterator[Terms]:
    if _has_kernels(t):
        yield t._replace(depth=t.filters)


def _groups_ignored(t: Terms, around: Around) -> Iterator[Terms]:
    if t.groups > 1:
        yield t._replace(depth=t.channels, groups=1)


def _groups_twice(t: Terms, around: Around) -> Iterator[Terms]:
    if t.groups > 1:
        yield t._replace(depth=Fraction(t.depth) / t.groups)


def _connections_ignored(t: Terms, around: Around) -> Iterator[Terms]:
    if t.groups == 1 and t.depth != t.channels and _has_kernels(t):
        yield t._replace(depth=t.channels)


def _not_shared(t: Terms, around: Around) -> Iterator[Terms]:
    shape = output_shape(t)
    if _has_kernels(t) and shape is not None:
        weights = t._replace(copies=prod(shape.spatial))
        yield weights
        yield weights._replace(bias="output" if t.bias == "filter" else "none")
        yield weights._replace(bias="none")


def _pool_with_params(t: Terms, around: Around) -> Iterator[Terms]:
    if t.kind not in ("maxpool", "avgpool") or not t.windows():
        return
    window, channels = prod(axis.kernel for axis in t.axes), t.channels
    for weights in (window, window * channels, window * channels * channels):
        for biases in (0, 1 if weights == window else channels):
            yield t._replace(more=weights + biases)


def _buffers_learned(t: Terms, around: Around) -> Iterator[Terms]:
    if t.kept:
        yield t._replace(learned=t.learned + t.kept)


def _four_values(t: Terms, around: Around) -> Iterator[Terms]:
    if t.learned == t.kept == 2:
        yield t._replace(learned=4)
        yield t._replace(kept=4)


def _two_values(t: Terms, around: Around) -> Iterator[Terms]:
    if t.learned == t.kept == 2:
        yield t._replace(kept=0)


def _one_value(t: Terms, around: Around) -> Iterator[Terms]:
    if t.learned == 2:
        yield t._replace(learned=1, kept=1 if t.kept else 0)


def _norm_forgotten(t: Terms, around: Around) -> Iterator[Terms]:
    if t.learned:
        yield t._replace(learned=0, kept=0)


def _for_each_position(t: Terms, around: Around) -> Iterator[Terms]:
    positions = prod(axis.size for axis in t.axes)
    yield t._replace(learned=t.learned * positions, kept=t.kept * positions)


WEIGHTS: tuple[Misconception, ...] = (
    Misconception(
        "bias-forgotten", 10, "without the biases",
        "The biases are left out: there is one for each filter or output.",
        "Look at the last term of the sum: what does each filter have besides its weights?",
        lambda t, around: _with_bias(t, "none"),
    ),
    Misconception(
        "bias-added", 12, "with biases that the layer does not have",
        "There are biases in your number, but this layer has none.",
        "Look at the settings: does this layer have a bias?",
        _bias_added,
    ),
    Misconception(
        "one-bias", 20, "with a single bias",
        "One bias is counted for the whole layer: there is one for each filter or output.",
        "Look at the biases: how many of them are there?",
        lambda t, around: _with_bias(t, "layer"),
    ),
    Misconception(
        "bias-per-kernel", 22, "with a bias for each channel of each filter",
        "A bias is counted for each channel of a filter: a filter sums over its channels and adds one bias.",
        "Look at the biases: does each filter have one, or each channel of each filter?",
        lambda t, around: _with_bias(t, "kernel") if _has_kernels(t) else (),
    ),
    Misconception(
        "bias-per-channel", 30, "with a bias for each input channel",
        "The biases are counted by the channels that come in: there is one for each filter or output.",
        "Look at the biases: do they belong to what comes in or to what goes out?",
        lambda t, around: _with_bias(t, "channel"),
    ),
    Misconception(
        "bias-per-weight", 24, "with a bias for each weight",
        "A bias is counted for each weight: there is one for each filter or output.",
        "Look at the biases: does each weight have one?",
        lambda t, around: _with_bias(t, "weight"),
    ),
    Misconception(
        "bias-per-output", 25, "with a bias for each output value",
        "A bias is counted for each output value: all positions of a map share one.",
        "Look at the biases: do the positions of a map share one?",
        lambda t, around: _with_bias(t, "output") if _has_kernels(t) else (),
    ),
    Misconception(
        "kernel-without-depth", 11, "with kernels that have no depth",
        "The kernels have no depth: each filter has a kernel for every input channel that it sees.",
        "Look at one filter: how many channels does it look at?",
        _without_depth,
    ),
    Misconception(
        "kernel-not-squared", 12, "with the kernel counted along one axis only",
        "The kernel is counted along one axis: it has K·K values.",
        "Look at the kernel: how many values does it have?",
        _not_squared,
    ),
    Misconception(
        "filters-forgotten", 15, "for one filter only",
        "These are the weights of one filter: the layer has more of them.",
        "Look at the filters: for how many of them is your number?",
        _one_filter,
    ),
    Misconception(
        "filters-for-channels", 18, "with the filters in place of the input's channels",
        "The depth of a kernel is that of the layer's input, not the number of its filters.",
        "Look at the depth of a kernel: from where does it come?",
        _filters_for_channels,
    ),
    Misconception(
        "groups-ignored", 8, "with the groups ignored",
        "The groups are left out: a filter sees only the channels of its own group.",
        "Look at the groups: how many channels does one filter see?",
        _groups_ignored,
    ),
    Misconception(
        "groups-twice", 20, "divided by the groups twice",
        "The groups are divided by twice: a filter sees C/groups channels, but there are still all the filters.",
        "Look at the groups: how often do they divide?",
        _groups_twice,
    ),
    Misconception(
        "connections-ignored", 10, "with every filter seeing every map",
        "The table of connections is left out: a filter sees only some of the input maps.",
        "Look at the connections: how many input maps does each filter see?",
        _connections_ignored,
    ),
    Misconception(
        "weights-not-shared", 16, "with weights of their own at every position",
        "The weights are counted for every position: a filter is the same everywhere.",
        "Look at the positions: do they have weights of their own?",
        _not_shared,
    ),
    Misconception(
        "pooling-with-params", 10, "with weights for the pooling window",
        "Pooling learns nothing: its window takes a maximum or a mean.",
        "Look at what this layer does with a window: is there anything to learn?",
        _pool_with_params,
    ),
    Misconception(
        "bn-counted-four", 11, "with four values for each channel",
        "Four values are counted for each channel: two of them are learned, two are running statistics.",
        "Look at the values of a channel: which of them are asked for here?",
        _four_values,
    ),
    Misconception(
        "bn-counted-two", 11, "with two values for each channel",
        "Two values are counted for each channel: it stores four, two learned ones and two running statistics.",
        "Look at the values of a channel: is every stored one in your number?",
        _two_values,
    ),
    Misconception(
        "buffers-as-params", 12, "with the running statistics counted as params",
        "The running mean and variance are stored, but not learned: they are buffers, not params.",
        "Look at what is learned: is it every stored value?",
        _buffers_learned,
    ),
    Misconception(
        "norm-counted-one", 15, "with one value for each channel",
        "One value is counted for each channel: there are a factor and an offset.",
        "Look at the values of a channel: by how many are its values scaled and moved?",
        _one_value,
    ),
    Misconception(
        "norm-forgotten", 13, "without the normalization",
        "The normalization is left out: it learns a factor and an offset for each channel.",
        "Look at all parts of this row: which of them learn something?",
        _norm_forgotten,
    ),
    Misconception(
        "norm-per-value", 21, "with values of their own at every position",
        "The values are counted for every position: all positions of a channel share them.",
        "Look at the positions: do they have values of their own?",
        _for_each_position,
    ),
)  # fmt: skip
"""About params and stored values."""
