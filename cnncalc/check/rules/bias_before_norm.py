"""bias-before-norm: a bias that the normalisation after it takes out again."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import WEIGHTED, Subject
from cnncalc.layers.normalization import BatchNorm, GroupNorm, InstanceNorm


@rule("note")
def bias_before_norm(subject: Subject) -> Iterator[Complaint]:
    """Report biases that only normalisations read which subtract the mean of each channel."""
    for layer in subject.layers_of(WEIGHTED):
        bias = layer.facts.weights.get("bias")
        # One for each place, as that of local, is not only a part of a channel's mean.
        if bias is None or len(bias.shape) > 1 or layer.path in subject.outputs:
            continue
        readers = subject.readers.get(layer.path, ())
        if readers and all(_centres_channels(reader) for reader in readers):
            # `norm:` on the line, or in defaults:, makes the bias needless; not so a bn on a line of its own.
            follows = readers[0].path == f"{layer.path}/{readers[0].kind}"
            yield Complaint(layer.node, _message(layer, readers[0]), "norm" if follows else "bias", inherited=True)


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
