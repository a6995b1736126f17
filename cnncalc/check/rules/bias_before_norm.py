"""bias-before-norm: a bias that the normalisation behind it takes out again."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.chains import WEIGHTED
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.normalization import BatchNorm, GroupNorm, InstanceNorm


def find(subject: Subject) -> Iterator[Remark]:
    """Report biases that only normalisations read which subtract the mean of each channel."""
    for layer in subject.report.layers:
        if layer.kind not in WEIGHTED or "bias" not in layer.facts.weights or layer.path in subject.outputs:
            continue
        readers = subject.readers.get(layer.path, ())
        if readers and all(_centres_channels(reader) for reader in readers):
            # `norm:` on the line, or in defaults:, makes the bias needless; a bn of its own line does not stand here.
            follows = readers[0].path == f"{layer.path}/{readers[0].kind}"
            yield Remark(layer.node, _message(layer, readers[0]), "norm" if follows else "bias", inherited=True)


def _centres_channels(layer: LayerReport) -> bool:
    """Whether a constant added to a channel of the input is gone in the output."""
    if isinstance(layer.layer, GroupNorm):
        return layer.layer.groups == layer.inputs[0].channels
    return isinstance(layer.layer, BatchNorm | InstanceNorm)


def _message(layer: LayerReport, norm: LayerReport) -> str:
    (biases,) = layer.facts.weights["bias"].shape
    offset = "; it has offsets of its own" if "bias" in norm.facts.weights else ""
    what = "bias" if biases == 1 else "biases"
    taken = f"each channel's mean, and with it the {biases:,} {what} of {layer.path}"
    return f"{norm.kind} subtracts {taken}{offset}; write 'bias: false'"


RULE = Rule(
    id="bias-before-norm",
    severity="note",
    summary="A layer has a bias, but the normalisation behind it subtracts it again.",
    reason=(
        "Batch norm subtracts the mean of each channel, and a bias is part of that mean: whatever its value, the "
        "output is the same. It costs parameters, memory of the optimizer and an addition for each value, and makes "
        "a parameter count differ from the published one by a few thousand. Instance norm, and group norm with a group "
        "for each channel, do the same; layer norm does not. Nothing is wrong with the result, and torchvision's VGG "
        "with bn has such biases. Source: Ioffe & Szegedy 2015, arXiv:1502.03167, section 3.2."
    ),
    bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 64, kernel: 3, norm: bn, activation: relu}\n",
    good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 64, kernel: 3, bias: false, norm: bn, activation: relu}\n",
    find=find,
)
