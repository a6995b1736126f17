"""huge-fc: one fully connected layer holds most of the network's parameters."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.check.words import entering
from cnncalc.layers.parameters import NORMS

PASSED = frozenset({"dropout", *NORMS})
"""Kinds that may be between a flatten and the fc that reads it."""

HUGE = 1_000_000
"""A layer with fewer parameters is not called huge."""


@rule("note")
def huge_fc(subject: Subject) -> Iterator[Complaint]:
    """Report the fc that holds more than half of the parameters of a network with convolutions.

    Not the last one if it reads pooled features: the classes of a small network are most of it.
    """
    dense = subject.layers_of(("fc",))
    huge = any(layer.params >= HUGE for layer in dense) and subject.layers_of(("conv", "depthwise"))
    total = subject.report.totals.params if huge else 0
    for layer in dense if huge else ():
        if layer.params < HUGE or 2 * layer.params <= total:
            continue
        flatten = subject.origins(PASSED)[layer.node.inputs[0]]
        if flatten and flatten.kind == "flatten" and max(flatten.inputs[0].spatial, default=1) > 1:
            yield Complaint(layer.node, _message(layer, total, _pooled(layer, flatten)))
        elif layer is not dense[-1]:
            yield Complaint(layer.node, _message(layer, total, "use fewer features"))


def _message(layer: LayerReport, total: int, advice: str) -> str:
    inputs, features = layer.inputs[0].channels, layer.facts.output.channels
    share = f"{layer.params:,} of {total:,} params ({100 * layer.params / total:.1f} %)"
    return f"{share} are in this fc of {inputs:,} x {features:,}; {advice}"


def _pooled(layer: LayerReport, flatten: LayerReport) -> str:
    """The words for the params that a global pool would leave."""
    channels, features = flatten.inputs[0].channels, layer.facts.output.channels
    biases = layer.params - layer.inputs[0].channels * features
    left = f"{channels:,} inputs and {channels * features + biases:,} params"
    return f"a global_avgpool before the flatten of {entering(flatten)} would leave {left}"
