"""The steps of a write-up compared with a network: that of its own code, or an architecture that somebody names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.check.findings import Finding
from cnncalc.proofreading.facts import Fact
from cnncalc.proofreading.steps import Description

OWN = ("its own code",)
"""The words of messages for the networks of the document itself."""


class Windowed(NamedTuple):
    """A layer with a window, along one axis.

    Attributes:
        name: its path.
        kernel, stride: of the window.
        size, output: the sizes of its input and output.
    """

    name: str
    kernel: int
    stride: int
    size: int
    output: int


def windowed(report: Report) -> Iterator[Windowed]:
    """The layers of a network with a square window on a square map."""
    for layer in report:
        kernel, stride = getattr(layer.layer, "kernel", None), getattr(layer.layer, "stride", None)
        entering, leaving = layer.inputs[0].spatial if layer.inputs else (), layer.facts.output.spatial
        axes = [set(sizes) for sizes in (kernel, stride, entering, leaving) if isinstance(sizes, tuple)]
        if len(axes) == 4 and all(len(sizes) == 1 for sizes in axes):
            yield Windowed(layer.path, *(sizes.pop() for sizes in axes))


def judge_against(steps: Iterable[Description], report: Report, what: str) -> Iterator[Finding]:
    """The findings for steps that the network has with another size.

    Args:
        steps: of the write-up.
        report: on the network.
        what: what a message calls it, as `its code`.
    """
    layers = list(windowed(report))
    for step in steps:
        kernels, strides, sizes, outputs = map(step.values, ("kernel", "stride", "size", "output"))
        for calculation in step.calculations:
            outputs.setdefault(calculation.result, next(iter(sizes.values()), step.facts[0]))
        if not len(kernels) == len(strides) == len(sizes) == len(outputs) == 1:
            continue
        (kernel,), (stride,), (size,), (output,) = kernels, strides, sizes, outputs
        same = [one for one in layers if (one.kernel, one.stride) == (kernel, stride)]
        if same and not any(one.size == size or one.output == output for one in same):
            fact = sizes[size]
            message = (
                f"{size}×{size} → {output}×{output} here, but {same[0].name} of {what}, with the same kernel {kernel} "
                f"and stride {stride}, has {same[0].size}×{same[0].size} → {same[0].output}×{same[0].output}"
            )
            yield Finding(fact.line, fact.column, message, "another-size", "error")


MIN_DIGITS = 3
"""The fewest digits of a count in which one may be a slip; a shorter count may be another number."""


def judge_counts_against(counted: Iterable[Fact], networks: Sequence[tuple[str, Report]]) -> Iterator[Finding]:
    """The findings for counts of params that differ from the networks': a total, or a count that is one digit off.

    Args:
        counted: in the write-up.
        networks: what a message calls each, and the report on it.
    """
    known = {count for _, report in networks for count in _params(report)}
    for fact in counted:
        stated = fact.rounded
        if stated is None or any(map(stated.allows, known)):
            continue
        total = [(name, report.totals.params) for name, report in networks if fact.what == "total" and name not in OWN]
        near = [(name, count) for name, count in total if count <= 2 * fact.value and fact.value <= 2 * count]
        if len(near) == 1:
            message = f"{stated.text} params here, but {near[0][0]} has {near[0][1]:,} in total"
            yield Finding(fact.line, fact.column, message, "another-count", "error", len(stated.text))
        elif not near and not stated.unit and (meant := _one_digit_off(fact.value, known)):
            message = f"{stated.text} params here, but {networks[0][0]} has {meant:,}"
            yield Finding(fact.line, fact.column, message, "another-count", "error", len(stated.text))


def _params(report: Report) -> Iterator[int]:
    """The counts of params that may be stated of a network: of each layer with and without offsets, of all."""
    totals = report.totals
    yield from (totals.params, totals.buffers, totals.params + totals.buffers)
    for figures in (*report, *report.rows()):
        yield figures.params
        yield figures.params + figures.buffers
    for layer in report:
        yield from (prod(weight.shape) for weight in layer.facts.weights.values())


def _one_digit_off(value: int, known: Iterable[int]) -> int:
    """The known count that differs in one digit; 0 if there is none, or several."""
    written = str(value)
    near = [one for one in known if len(str(one)) == len(written) and sum(map(str.__ne__, str(one), written)) == 1]
    return near[0] if len(near) == 1 and len(written) >= MIN_DIGITS else 0
