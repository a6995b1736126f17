"""hidden-softmax: a softmax stands between two layers with weights."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.chains import KEEPING, POOLING, WEIGHTED, origins
from cnncalc.check.findings import Remark, Rule, Subject


def find(subject: Subject) -> Iterator[Remark]:
    """Report each softmax that a layer with weights reads, at most through layers without any."""
    behind = origins(subject, KEEPING | POOLING | {"bn", "scale"})
    readers: dict[str, tuple[LayerReport, LayerReport]] = {}
    for layer in subject.report.layers:
        source = behind[layer.node.inputs[0]]
        if layer.kind in WEIGHTED and source is not None and source.kind == "softmax":
            readers.setdefault(source.path, (source, layer))
    for softmax, reader in readers.values():
        yield Remark(softmax.node, _message(softmax, reader), "activation", inherited=True)


def _message(softmax: LayerReport, reader: LayerReport) -> str:
    channels = softmax.facts.output.channels
    return (
        f"the {reader.kind} of line {reader.node.line} gets {channels:,} shares that add up to 1, about "
        f"{1 / channels:.2g} each, for features; write relu here, and softmax behind the last layer only"
    )


RULE = Rule(
    id="hidden-softmax",
    severity="warning",
    summary="A softmax stands between two layers with weights, where relu is meant.",
    reason=(
        "Softmax makes shares of its inputs that add up to 1. Between two layers it lets one feature be large only "
        "where all others are small, its values are tiny, and its gradient nearly vanishes where one feature leads: "
        "the network trains slowly or not at all. It belongs behind the last layer, or nowhere if the loss has it. "
        "Attention, whose shares are multiplied with a map by `mul`, is no finding. Source: Goodfellow, Bengio, "
        "Courville 2016, Deep Learning, section 6.2.2.3."
    ),
    bad="input: {C: 784}\nlayers:\n- {fc: 64, activation: softmax}\n- {fc: 10, activation: softmax}\n",
    good="input: {C: 784}\nlayers:\n- {fc: 64, activation: relu}\n- {fc: 10, activation: softmax}\n",
    find=find,
)
