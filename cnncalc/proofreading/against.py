"""The steps of a write-up beside a network: that of its own code, or an architecture that somebody names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.check.findings import Finding
from cnncalc.proofreading.steps import Description


class Windowed(NamedTuple):
    """A layer with a window, along one axis.

    Attributes:
        name: its path.
        kernel, stride: of the window.
        size, output: what enters, and what leaves.
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
    """The steps that the network has in another size.

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
