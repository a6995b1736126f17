"""Keras: attention, recurrent layers, and others for sequences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.keras_kinds.base import Around, KerasWriter
from cnncalc.exporting.parts import Code, CodePiece, call_text
from cnncalc.importing.readers.keras_call import DEFAULTS


def _recurrent(layer: LayerReport, around: Around) -> list[CodePiece]:
    cell: Any = layer.layer
    usual = 2 if layer.kind == "gru" and cell.reset_after else 1
    if cell.layers > 1 or cell.biases not in (0, usual) or getattr(cell, "nonlinearity", "tanh") != "tanh":
        raise Refused(f"a recurrent layer of Keras is one layer, has tanh, and {usual} biases of each gate or none")
    word = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}[layer.kind]
    given = {"units": cell.units, "use_bias": cell.biases > 0, "return_sequences": cell.steps == "all"}
    given |= {"reset_after": cell.reset_after} if layer.kind == "gru" else {}
    if cell.bidirectional:
        inner = Code(call_text(f"layers.{word}", given, DEFAULTS))
        return [CodePiece("layers.Bidirectional", {"layer": inner})]
    return [CodePiece(f"layers.{word}", given)]


def _tokens(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("Tokens", {"number": vars(layer.layer)["number"]})]


def _positions(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("Positions")]


def _embedding(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("layers.Embedding", {"ids": vars(layer.layer)["ids"], "size_": vars(layer.layer)["size"]})]


def _attention(layer: LayerReport, around: Around) -> list[CodePiece]:
    attention: Any = layer.layer
    others = attention.relative != "none" or attention.cosine or attention.qkv_bias != attention.bias
    if others or any(attention.window) or layer.inputs[0].rank > 1:
        raise Refused("MultiHeadAttention has no windows, relative positions, cosines, or biases of queries alone")
    size = attention.head_size or layer.inputs[0].channels // attention.heads
    last = len(layer.inputs) - 1
    given = {"heads": attention.heads, "key_dim": size, "use_bias": attention.bias}
    return [CodePiece("layers.MultiHeadAttention", given, f"{{made}}({{0}}, {{{last}}})")]


WRITERS: Mapping[str, KerasWriter] = {
    "attention": _attention, "rnn": _recurrent, "lstm": _recurrent, "gru": _recurrent, "embedding": _embedding,
    "tokens": _tokens, "positions": _positions,
}  # fmt: skip
"""By kind."""
