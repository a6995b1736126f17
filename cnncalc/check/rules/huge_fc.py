"""huge-fc: one fully connected layer holds most of the network's parameters."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.chains import origins
from cnncalc.check.findings import Remark, Rule, Subject

HUGE = 1_000_000
"""Parameters below which no layer is called huge."""


def find(subject: Subject) -> Iterator[Remark]:
    """Report the fc that holds more than half of the parameters of a network with convolutions.

    Not the last one where it reads pooled features: the classes of a small network are most of it.
    """
    layers = subject.report.layers
    if not any(layer.kind in ("conv", "depthwise") for layer in layers):
        return
    total = subject.report.totals.params
    dense = [layer for layer in layers if layer.kind == "fc"]
    before = origins(subject, {"dropout", "bn"})
    for layer in dense:
        if layer.params < HUGE or 2 * layer.params <= total:
            continue
        flatten = before[layer.node.inputs[0]]
        if flatten is not None and flatten.kind == "flatten" and max(flatten.inputs[0].spatial, default=1) > 1:
            yield Remark(layer.node, _message(layer, total, _pooled(layer, flatten)))
        elif layer is not dense[-1]:
            yield Remark(layer.node, _message(layer, total, "use fewer features"))


def _message(layer: LayerReport, total: int, advice: str) -> str:
    inputs, features = layer.inputs[0].channels, layer.facts.output.channels
    share = f"{layer.params:,} of {total:,} params ({100 * layer.params / total:.1f} %)"
    return f"{share} are in this fc of {inputs:,} x {features:,}; {advice}"


def _pooled(layer: LayerReport, flatten: LayerReport) -> str:
    """What would be left behind a global pool."""
    shape, features = flatten.inputs[0], layer.facts.output.channels
    biases = layer.params - layer.inputs[0].channels * features
    left = f"{shape.channels:,} inputs and {shape.channels * features + biases:,} params"
    return f"a global_avgpool before the flatten of {shape.text(layer.layout)} would leave {left}"


RULE = Rule(
    id="huge-fc",
    severity="note",
    summary="One fully connected layer holds more than half of the network's parameters.",
    reason=(
        "The first fc behind a flatten multiplies every position of every channel by every feature: AlexNet has 62 % "
        "of its parameters there, VGG-16 74 %, and pruning takes away nine of ten of them without loss. It is where "
        "overfitting happens, and it ties the network to one input size. Global average pooling, usual since "
        "GoogLeNet, leaves a hundredth. Layers of less than a million parameters, and the classes behind a global "
        "pool, are no finding. Sources: Lin et al. 2013, arXiv:1312.4400, section 3.2; Han et al. 2015, "
        "arXiv:1506.02626, Tables 4 and 5."
    ),
    bad=(
        "input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 32, kernel: 5, stride: 2, padding: 2, activation: relu}\n"
        "- {conv: 64, kernel: 3, padding: 1, activation: relu}\n- flatten\n- {fc: 128, activation: relu}\n- {fc: 10}\n"
    ),
    good=(
        "input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 32, kernel: 5, stride: 2, padding: 2, activation: relu}\n"
        "- {conv: 64, kernel: 3, padding: 1, activation: relu}\n- global_avgpool\n- flatten\n"
        "- {fc: 128, activation: relu}\n- {fc: 10}\n"
    ),
    find=find,
)
