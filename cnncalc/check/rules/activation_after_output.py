"""activation-after-output: the network's scores go through an activation that cuts them off."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import KEEPING, SCALING, Subject
from cnncalc.layers.activation import Elu
from cnncalc.layers.base import Layer

LOWEST = {"relu": 0.0, "relu6": 0.0, "gelu": -0.17, "silu": -0.28, "hardswish": -0.375}
"""The smallest value that each one-sided activation gives; elu's depends on its alpha."""

SCALED = KEEPING | SCALING
"""Kinds after which scores still are scores."""


@rule("warning")
def activation_after_output(subject: Subject) -> Iterator[Complaint]:
    """Report one-sided activations between the last fc and an output."""
    last = subject.origins(KEEPING)
    for path in dict.fromkeys(subject.report.network.outputs.values()):
        layer = last[path]
        lowest = lowest_value(layer.layer) if layer else None
        scores = subject.origins(SCALED)[layer.node.inputs[0]] if layer and lowest is not None else None
        if layer and scores and scores.kind == "fc":
            message = (
                f"{layer.kind} on the output: none of the {layer.facts.output.channels:,} values can be below "
                f"{lowest:g}, and where it is flat nothing is learned; leave it out, a loss with softmax or sigmoid "
                "takes raw scores"
            )
            yield Complaint(layer.node, message, "activation")


def lowest_value(layer: Layer) -> float | None:
    """The smallest value that an activation gives; None for an activation that is not one-sided."""
    return -layer.alpha if isinstance(layer, Elu) else LOWEST.get(layer.kind)
