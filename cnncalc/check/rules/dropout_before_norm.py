"""dropout-before-norm: batch norm gathers its statistics from values that dropout has spread."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import KEEPING, POOLING, Subject
from cnncalc.layers.activation import Dropout
from cnncalc.layers.parameters import ACTIVATIONS

PASSED = (KEEPING - {"dropout"}) | POOLING | frozenset(ACTIVATIONS)
"""Kinds that leave a spread as it is."""


@rule("warning")
def dropout_before_norm(subject: Subject) -> Iterator[Complaint]:
    """Report batch norms after a dropout, with no weights between them."""
    for layer in subject.layers_of(("bn",)) if subject.layers_of(("dropout",)) else ():
        last = subject.origins(PASSED)[layer.node.inputs[0]]
        if last and isinstance(last.layer, Dropout) and last.layer.rate:
            message = (
                f"bn gathers its variance after dropout {last.layer.rate:g} (line {last.node.line}): "
                f"{1 / (1 - last.layer.rate):.2f} times as large in training as in use, for values of mean 0; "
                "put the dropout after the last bn"
            )
            yield Complaint(layer.node, message)
