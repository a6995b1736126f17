"""constant-output: a layer that normalises a single value, and gives the same whatever it reads."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.normalization import GroupNorm


def find(subject: Subject) -> Iterator[Remark]:
    """Report softmax over one channel, and norms whose mean is that of one value."""
    for layer in subject.report.layers:
        if _values_together(layer) == 1:
            yield Remark(layer.node, _message(layer))


def _values_together(layer: LayerReport) -> int:
    """How many values a layer sets in relation to each other; 0 for kinds that do not, or not in one picture."""
    shape = layer.inputs[0]
    if isinstance(layer.layer, GroupNorm):
        return shape.elements // layer.layer.groups
    return {"softmax": shape.channels, "layernorm": shape.channels, "instancenorm": prod(shape.spatial)}.get(
        layer.kind, 0
    )


def _message(layer: LayerReport) -> str:
    shape = layer.inputs[0].text(layer.layout)
    if layer.kind == "softmax":
        return f"softmax over the 1 channel of {shape} is 1 whatever it reads; use sigmoid, or a channel for each class"
    offset = "its offset" if "bias" in layer.facts.weights else "0"
    return f"{layer.kind} of {shape} subtracts each value from itself and gives {offset} whatever it reads; remove it"


RULE = Rule(
    id="constant-output",
    severity="error",
    summary="A softmax or norm works on a single value, and gives the same whatever it reads.",
    reason=(
        "Softmax divides by the sum over the channels: with one channel (a binary classifier with `fc: 1`) the answer "
        "is always 1, the loss never moves, and no shape is wrong. Instance norm of a map of 1x1, layer norm of one "
        "channel and group norm of single values subtract a value from itself: only the learned offset is left, and "
        "everything before the layer is for nothing. PyTorch refuses instance and group norm of single values when it "
        "trains; softmax passes everywhere."
    ),
    bad="input: {C: 64}\nlayers:\n- {fc: 1}\n- softmax\n",
    good="input: {C: 64}\nlayers:\n- {fc: 1}\n- sigmoid\n",
    find=find,
)
