"""Counts of a layer that must fit its settings: filters and channels, params, values of a map, flattened values."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.findings import Finding
from cnncalc.proofreading.facts import Fact
from cnncalc.proofreading.steps import OTHER, Description

NEAR = 4
"""A count that is more than so many times another one counts something else."""

MOST_OFF = 2
"""The most digits that a slip changes; a count that differs in more of them counts something else."""


def is_plain(step: Description) -> bool:
    """Whether a usual convolution or pool is described."""
    return not any(OTHER.search(words) for words in step.words)


def judge_counts(step: Description, before: Fact | None) -> Iterator[Finding]:
    """The findings for counts of a layer that do not fit together.

    Args:
        step: its description.
        before: the output of the layer before; None if it is not known.
    """
    if not is_plain(step):
        return
    yield from _judge_channels(step, before)
    if not step.is_pool:
        yield from _judge_params(step, before)
        yield from _judge_neurons(step)
        yield from _judge_macs(step, before)


def _judge_channels(step: Description, before: Fact | None) -> Iterator[Finding]:
    """The finding for a map whose channels are not those of the filters, or not those that enter a pool."""
    outputs = {fact.channels: fact for fact in step.facts if fact.what == "output" and fact.channels}
    filters = step.values("filters")
    entering = _channels(step, before)
    if len(outputs) != 1:
        return
    ((channels, fact),) = outputs.items()
    size = f"{fact.value}×{fact.value}×{channels}"
    if step.is_pool and not step.is_conv and entering is not None and entering.channels not in (None, channels):
        if entering.channels not in (2 * channels, channels / 2):
            message = (
                f"{size} after a pool that {entering.channels} channels enter{_where(entering, fact)}: it keeps them"
            )
            yield _found(fact, message)
    elif len(filters) == 1 and not step.is_pool:
        ((count, said),) = filters.items()
        if count not in (channels, 2 * channels, channels / 2):
            message = f"{count} filters{_where(said, fact)} do not give {channels} channels: {size}"
            yield _found(fact, message)


def _judge_params(step: Description, before: Fact | None) -> Iterator[Finding]:
    """The finding for a count of params that does not follow from the kernel, the filters and the input channels."""
    kernels, outputs = step.values("kernel"), step.values("output")
    filters = set(step.values("filters")) | {one.channels for one in step.facts if one.what == "output"} - {None}
    entering = _channels(step, before)
    if len(kernels) != 1 or len(filters) != 1 or entering is None or not entering.channels or len(outputs) > 1:
        return
    ((kernel, said),) = kernels.items()
    count, channels = next(iter(filters)), said.channels or entering.channels
    if count is None or said.channels not in (None, entering.channels):
        return
    weights = kernel * kernel * channels * count
    single = kernel * kernel * channels
    with_norm = (weights + more * count for more in (2, 3, 4, 5))  # two learned values for each filter, or four stored
    of_one = (single, single + 1, kernel * kernel, kernel * kernel + 1)
    known = {weights, weights + count, weights // 2, weights // 2 + count, *of_one, *with_norm}
    for fact in step.facts:
        stated = fact.rounded
        if fact.what != "params" or stated is None or any(map(stated.allows, known)):
            continue
        if weights / NEAR <= fact.value <= weights * NEAR:
            shown = f"{kernel}·{kernel}·{channels}·{count} + {count} = {weights + count:,}"
            message = (
                f"{stated.text} params do not follow from {count} kernels of {kernel}×{kernel}×{channels}: {shown}"
            )
            yield _found(fact, message)


def _judge_neurons(step: Description) -> Iterator[Finding]:
    """The finding for a count of neurons that is not the number of the map's values."""
    outputs = [fact for fact in step.facts if fact.what == "output" and fact.channels]
    if len({(one.value, one.channels) for one in outputs}) != 1:
        return
    size, channels = outputs[0].value, outputs[0].channels or 1
    values = size * size * channels
    for fact in step.facts:
        stated = fact.rounded
        if fact.what != "neurons" or stated is None or any(map(stated.allows, (values, values // 2, size * size))):
            continue
        if values / NEAR <= fact.value <= values * NEAR:
            message = f"{stated.text} values are not those of {size}×{size}×{channels}: {values:,}"
            yield _found(fact, message)


def _judge_macs(step: Description, before: Fact | None) -> Iterator[Finding]:
    """The finding for a count of multiplications (and additions) that does not follow from the kernels and the map."""
    kernels, outputs = step.values("kernel"), [fact for fact in step.facts if fact.what == "output" and fact.channels]
    entering = _channels(step, before)
    if len(kernels) != 1 or len({(one.value, one.channels) for one in outputs}) != 1:
        return
    ((kernel, said),), size, filters = kernels.items(), outputs[0].value, outputs[0].channels or 1
    channels = said.channels or (entering.channels if entering is not None else None)
    if channels is None:
        return
    place = kernel * kernel * channels
    macs, values = place * filters * size * size, filters * size * size
    known = (macs, 2 * macs, macs + values, 2 * macs + values, 2 * macs - values, macs // 2, place, place * filters)
    for fact in step.facts:
        stated = fact.rounded
        if fact.what != "macs" or stated is None or any(map(stated.allows, known)):
            continue
        if 2 * macs < 3 * fact.value < 9 * macs:
            shown = f"{kernel}·{kernel}·{channels}·{filters}·{size}·{size} = {macs:,}"
            yield _found(fact, f"{stated.text} do not follow from {filters} kernels of {kernel}×{kernel}: {shown}")


def judge_dense(step: Description, features: Fact | None) -> Iterator[Finding]:
    """The finding for a dense layer's count of params that misses features times neurons by a slip."""
    neurons, params = step.values("neurons"), step.values("params")
    if features is None or len(neurons) != 1 or len(params) != 1:
        return
    ((own, _),), ((count, fact),) = neurons.items(), params.items()
    weights = features.value * own
    if fact.rounded is None or any(map(fact.rounded.allows, (weights, weights + own))):
        return
    if any(digits_off(count, one) <= MOST_OFF for one in (weights, weights + own)):
        shown = f"{features.value:,}·{own:,} + {own:,} = {weights + own:,}"
        message = f"{fact.rounded.text} params do not follow from {own:,} neurons on {features.value:,} values: {shown}"
        yield _found(fact, message)


def digits_off(one: int, other: int) -> int:
    """The number of digits in which two counts differ; all of them if one count is longer."""
    first, second = str(one), str(other)
    return sum(map(str.__ne__, first, second)) if len(first) == len(second) else max(len(first), len(second))


def judge_flat(step: Description, before: Fact | None) -> Iterator[Finding]:
    """The finding for a count of flattened values that is not the number of the map's values."""
    maps = [fact for fact in (*step.facts, before) if fact and fact.what == "output" and fact.channels]
    sizes = {one.value * one.value * (one.channels or 1) for one in maps}
    for fact in step.facts:
        stated = fact.rounded
        if fact.what == "flat" and fact.channels is not None:
            if fact.value != fact.channels and fact.channels / 2 < fact.value < 2 * fact.channels:
                yield _found(fact, f"the map beside it has {fact.channels:,} values, not {fact.value:,}")
            continue
        if fact.what != "flat" or stated is None or not sizes or any(fact.value in (size, size / 2) for size in sizes):
            continue
        last = max((one for one in maps if (one.line, one.column) < (fact.line, fact.column)), default=None, key=_place)
        if last is None or any(map(stated.allows, sizes)):
            continue
        size, channels = last.value, last.channels or 1
        if size * size * channels / NEAR <= fact.value <= size * size * channels * NEAR:
            message = (
                f"{size}×{size}×{channels}{_where(last, fact)} has {size * size * channels:,} values, not {stated.text}"
            )
            yield _found(fact, message)


def _place(fact: Fact) -> tuple[int, int]:
    return fact.line, fact.column


def _channels(step: Description, before: Fact | None) -> Fact | None:
    """The map that enters a layer, if its channels are stated in one way."""
    own = {fact.channels: fact for fact in step.facts if fact.what == "size" and fact.channels}
    return next(iter(own.values())) if len(own) == 1 else before if not own else None


def _where(fact: Fact, other: Fact) -> str:
    return f" in line {fact.line}" if fact.line != other.line else ""


def _found(fact: Fact, message: str) -> Finding:
    return Finding(fact.line, fact.column, message, "count", "error")
