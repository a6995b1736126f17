"""PyTorch: attention, recurrent layers, and others for sequences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.parts import CodePiece
from cnncalc.exporting.torch_kinds.base import Last, TorchWriter, module


def _tokens(layer: LayerReport, last: Last) -> list[CodePiece]:
    given = {"number": vars(layer.layer)["number"], "channels": layer.inputs[0].channels}
    weights = {"tokens": "nn.Parameter(torch.zeros(1, {number}, {channels}))"}
    return [CodePiece("", given, "torch.cat([{tokens}.expand(len({0}), -1, -1), {0}], dim=1)", "", weights)]


def _positions(layer: LayerReport, last: Last) -> list[CodePiece]:
    x = layer.inputs[0]
    if x.rank > 1:
        raise Refused("positions are written for sequences")
    weights = {"positions": "nn.Parameter(torch.zeros(1, {length}, {channels}))"}
    return [CodePiece("", {"length": x.spatial[0], "channels": x.channels}, "{0} + {positions}", "", weights)]


def _attention(layer: LayerReport, last: Last) -> list[CodePiece]:
    attention: Any = layer.layer
    reasons = {
        "windows": any(attention.window),
        "relative positions": attention.relative != "none",
        "cosines": attention.cosine,
        "a memory": len(layer.inputs) > 1,
        "heads of another size": attention.head_size not in (0, layer.inputs[0].channels // attention.heads),
        "biases of queries alone": attention.qkv_bias != attention.bias,
        "maps": layer.inputs[0].rank > 1,
    }
    wrong = [reason for reason, found in reasons.items() if found]
    if wrong:
        raise Refused(f"nn.MultiheadAttention is not for {wrong[0]}")
    piece = module(layer, batch_first=True)
    return [piece._replace(form="{made}({0}, {0}, {0}, need_weights=False)[0]")]


def _recurrent(layer: LayerReport, last: Last) -> list[CodePiece]:
    cell: Any = layer.layer
    if cell.biases == 1 or not getattr(cell, "reset_after", True):
        raise Refused(f"nn.{layer.kind.upper()} has two biases of each gate or none, and resets after the product")
    if cell.steps != "all" and cell.bidirectional:
        raise Refused("the last step of both directions is written as 'steps: all' and a slice")
    given = {"input_size": layer.inputs[0].channels, "hidden_size": cell.units, "num_layers": cell.layers,
             "nonlinearity": getattr(cell, "nonlinearity", "tanh"), "bias": cell.biases > 0, "batch_first": True,
             "bidirectional": cell.bidirectional}  # fmt: skip
    if layer.kind != "rnn":
        del given["nonlinearity"]
    form = "{made}({0})[0]" if cell.steps == "all" else "{made}({0})[0][:, -1]"
    return [CodePiece(f"nn.{layer.kind.upper()}", given, form)]


def _embedding(layer: LayerReport, last: Last) -> list[CodePiece]:
    given = {"num_embeddings": vars(layer.layer)["ids"], "embedding_dim": vars(layer.layer)["size"]}
    return [CodePiece("nn.Embedding", given, "{made}({0}.long())")]


WRITERS: Mapping[str, TorchWriter] = {
    "tokens": _tokens, "positions": _positions, "attention": _attention, "rnn": _recurrent, "lstm": _recurrent,
    "gru": _recurrent, "embedding": _embedding,
}  # fmt: skip
"""By kind."""
