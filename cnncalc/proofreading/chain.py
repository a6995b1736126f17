"""Layers of a write-up one after another: does the output of one enter the next?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.check.findings import Finding
from cnncalc.proofreading.facts import Fact
from cnncalc.proofreading.fitting import is_plain, judge_dense, judge_flat
from cnncalc.proofreading.judging import judge_step
from cnncalc.proofreading.steps import Description

MAX_APART = 12
"""The most lines between two layers that follow one another."""


def judge_steps(steps: Iterable[Description]) -> Iterator[Finding]:
    """The findings for layers whose descriptions do not fit one another."""
    before: Description | None = None
    leaving: Fact | None = None
    features: Fact | None = None
    for step in steps:
        is_near = before is not None and not step.is_first and step.span[0] - before.span[1] <= MAX_APART
        entering, features = (leaving, features) if is_near else (None, None)
        if step.is_dense:
            yield from judge_flat(step, entering)
            features = _flat(step, entering) or features
            yield from judge_dense(step, features)
            leaving, features = None, next(iter(step.values("neurons").values()), None)
        else:
            yield from judge_step(step, entering)
            if before is not None and entering is not None and is_plain(step) and is_plain(before):
                yield from _judge_chain(before, entering, step)
            leaving = _leaving(step, entering)
            features = _flat(step, leaving)
        before = step


def _flat(step: Description, entering: Fact | None) -> Fact | None:
    """The vector that a map is flattened to: as it is stated, or of all its values; None if neither is known."""
    said = step.values("flat")
    if len(said) == 1:
        return next(iter(said.values()))
    if entering is None or entering.channels is None:
        return None
    return entering._replace(what="flat", value=entering.value**2 * entering.channels)


def _leaving(step: Description, entering: Fact | None) -> Fact | None:
    """The map that leaves a layer, with the channels that its filters give, or that a pool keeps."""
    fact = step.leaving
    if fact is None or fact.channels is not None or not is_plain(step):
        return fact
    if step.is_pool and not step.is_conv:
        return fact._replace(channels=entering.channels) if entering is not None else fact
    filters = step.values("filters")
    return fact._replace(channels=next(iter(filters))) if len(filters) == 1 else fact


def _judge_chain(before: Description, leaving: Fact, step: Description) -> Iterator[Finding]:
    """The finding for a map that leaves a layer with one size, and enters the next with another one."""
    maps = {(fact.value, fact.channels): fact for fact in step.facts if fact.what == "size" and fact.channels}
    own = {(fact.value, fact.channels) for fact in before.facts if fact.what == "size"}
    if len(maps) != 1 or not leaving.channels or not before.values("kernel") | before.values("output"):
        return
    (((size, channels), entering),) = maps.items()
    same = (size == leaving.value, channels == leaving.channels)
    if sum(same) != 1 or (size, channels) in own:
        return  # everything differs, as after a layer that is not described, or in another branch
    one, other = sorted((size, leaving.value) if same[1] else (channels or 1, leaving.channels))
    if other * 3 >= one * 5 or (same[1] and other * 2 >= one * 3):
        return
    message = (
        f"{size}×{size}×{channels} enters here, but {leaving.value}×{leaving.value}×{leaving.channels} leaves the "
        f"layer before it in line {leaving.line}"
    )
    yield Finding(entering.line, entering.column, message, "does-not-fit", "error")
