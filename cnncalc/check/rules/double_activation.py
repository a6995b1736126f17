"""double-activation: an activation acts on the output of another activation."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import KEEPING, POOLING, Subject
from cnncalc.layers.parameters import ACTIVATIONS

NON_NEGATIVE = frozenset({
    "relu", "relu6", "sigmoid", "hardsigmoid", "softmax", "softplus", "squareplus", "exponential", "sparse_plus",
    "sparse_sigmoid",
})  # fmt: skip
"""Activations without values below 0."""

POOLED = KEEPING | POOLING
"""Kinds after which values that are not negative still are not."""


@rule("warning")
def double_activation(subject: Subject) -> Iterator[Complaint]:
    """Report activations with no weights since the last one; relu also after a pool: it changes nothing."""
    near, far = subject.origins(KEEPING), subject.origins(POOLED)
    for layer in subject.layers_of(ACTIVATIONS):
        first, pooled = near[layer.node.inputs[0]], far[layer.node.inputs[0]]
        if first and first.kind in ACTIVATIONS:
            yield Complaint(layer.node, _message(layer.kind, first))
        elif layer.kind == "relu" and pooled and pooled.kind in NON_NEGATIVE:
            yield Complaint(layer.node, _message(layer.kind, pooled))


def _message(kind: str, first: LayerReport) -> str:
    place = f"the {first.kind} of line {first.node.line}"
    if kind == "relu" and first.kind in NON_NEGATIVE:
        return f"relu changes nothing: {place} gives no value below 0; remove one of them"
    if kind == "softmax":
        advice = "keep the last one" if first.kind == "softmax" else f"leave out the {first.kind}"
        return f"softmax gets its scores through {place}, which limits what it can say; {advice}"
    return f"{kind} acts on {place} with no weights between them; keep one of them"
