"""double-activation: an activation acts on what another activation gave."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.chains import KEEPING, POOLING, origins
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.parameters import ACTIVATIONS

NON_NEGATIVE = ("relu", "relu6", "sigmoid", "hardsigmoid", "softmax")
"""Activations that give nothing below 0."""


def find(subject: Subject) -> Iterator[Remark]:
    """Report activations with no weights since the last one; relu also behind a pool, where it changes nothing."""
    near, far = origins(subject, KEEPING), origins(subject, KEEPING | POOLING)
    for layer in subject.report.layers:
        if layer.kind not in ACTIVATIONS:
            continue
        first, pooled = near[layer.node.inputs[0]], far[layer.node.inputs[0]]
        if first is not None and first.kind in ACTIVATIONS:
            yield Remark(layer.node, _message(layer, first))
        elif layer.kind == "relu" and pooled is not None and pooled.kind in NON_NEGATIVE:
            yield Remark(layer.node, _message(layer, pooled))


def _message(layer: LayerReport, first: LayerReport) -> str:
    place = f"the {first.kind} of line {first.node.line}"
    if layer.kind == "relu" and first.kind in NON_NEGATIVE:
        return f"relu changes nothing: {place} gives no value below 0; remove one of them"
    if layer.kind == "softmax":
        return f"softmax gets its scores through {place}, which limits what it can say; {_advice(first)}"
    return f"{layer.kind} acts on {place} with no weights between them; keep one of them"


def _advice(first: LayerReport) -> str:
    return "keep the last one" if first.kind == "softmax" else f"leave out the {first.kind}"


RULE = Rule(
    id="double-activation",
    severity="warning",
    summary="An activation acts on what another activation gave, with no weights between them.",
    reason=(
        "Two activations in a row are almost always one that `defaults:` or the `activation:` of a line gives and one "
        "that a line of its own gives again. A second relu changes nothing; a tanh or sigmoid behind a relu uses half "
        "of its range; a softmax behind a relu cannot tell bad classes from worse ones, and behind a sigmoid can never "
        "be sure: ten classes get between 0.04 and 0.23 at most."
    ),
    bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, activation: relu}\n- relu\n",
    good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, activation: relu}\n",
    find=find,
)
