"""activation-after-output: the network's scores go through an activation that cuts them off."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.chains import KEEPING, origins
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.activation import Elu
from cnncalc.layers.base import Layer

LOWEST = {"relu": 0.0, "relu6": 0.0, "gelu": -0.17, "silu": -0.28, "hardswish": -0.375}
"""The smallest value that each one-sided activation gives; elu's depends on its alpha."""


def find(subject: Subject) -> Iterator[Remark]:
    """Report one-sided activations between the last fc and an output."""
    last, before = origins(subject, KEEPING), origins(subject, KEEPING | {"bn", "scale"})
    for path in dict.fromkeys(subject.report.network.outputs.values()):
        layer = last[path]
        lowest = None if layer is None else lowest_value(layer.layer)
        if layer is None or lowest is None:
            continue
        scores = before[layer.node.inputs[0]]
        if scores is not None and scores.kind == "fc":
            yield Remark(layer.node, _message(layer, lowest), "activation")


def lowest_value(layer: Layer) -> float | None:
    """The smallest value that an activation gives; None for what is no one-sided activation."""
    return -layer.alpha if isinstance(layer, Elu) else LOWEST.get(layer.kind)


def _message(layer: LayerReport, lowest: float) -> str:
    values = f"{layer.facts.output.channels:,} values"
    return (
        f"{layer.kind} on the output: none of the {values} can be below {lowest:g}, and where it is flat nothing is "
        "learned; leave it out, a loss with softmax or sigmoid takes raw scores"
    )


RULE = Rule(
    id="activation-after-output",
    severity="warning",
    summary="A relu, or an activation like it, stands behind the last fc and cuts the output off.",
    reason=(
        "The last fully connected layer gives scores, and a loss wants all of the real line: with relu every class "
        "below 0 looks alike, has no gradient, and a network whose scores are all below 0 never learns again. It "
        "happens where `defaults:` give every fc an activation. softmax, sigmoid and tanh map scores to a range and "
        "are fine. A network that ends in features on purpose, or whose targets are never negative, may ignore this. "
        "Convolutions at the end are no finding: a backbone ends in a relu rightly."
    ),
    bad="input: {C: 64}\ndefaults:\n  fc: {activation: relu}\nlayers:\n- {fc: 32}\n- {fc: 10}\n",
    good="input: {C: 64}\ndefaults:\n  fc: {activation: relu}\nlayers:\n- {fc: 32}\n- {fc: 10, activation: none}\n",
    find=find,
)
