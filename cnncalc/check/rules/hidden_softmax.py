"""hidden-softmax: a softmax between two layers with weights."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import KEEPING, POOLING, SCALING, WEIGHTED, Subject

PASSED = KEEPING | POOLING | SCALING
"""Kinds that leave shares as they are, or weigh them by numbers."""


@rule("warning")
def hidden_softmax(subject: Subject) -> Iterator[Complaint]:
    """Report each softmax that a layer with weights reads, at most through layers without any."""
    seen = set()
    for reader in subject.layers_of(WEIGHTED) if subject.layers_of(("softmax",)) else ():
        softmax = subject.origins(PASSED)[reader.node.inputs[0]]
        if softmax and softmax.kind == "softmax" and softmax.path not in seen:
            seen.add(softmax.path)
            channels = softmax.facts.output.channels
            message = (
                f"the {reader.kind} of line {reader.node.line} gets {channels:,} shares that add up to 1, about "
                f"{1 / channels:.2g} each, for features; write relu here, and softmax after the last layer only"
            )
            yield Complaint(softmax.node, message, "activation", inherited=True)
