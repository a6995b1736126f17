"""PyTorch, for the code of one network: its words, and the values with their channels last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.exporting.parts import RESERVED, Code, CodePiece, class_name
from cnncalc.exporting.torch_kinds import WRITERS
from cnncalc.exporting.torch_kinds.base import TURN, classes, module, module_name
from cnncalc.exporting.torch_prelude import PRELUDE
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.network.vocabulary import resolved

LAST = ("attention", "tokens", "positions", "embedding", "layernorm", "rmsnorm", "fc", "rnn", "lstm", "gru")
"""Kinds that take the channels of a sequence last."""

ANY = ("dropout", "add", "mul", "subtract", "maximum", "minimum", "average", "concat", "slice", "softmax",
       "log_softmax", *ACTIVATIONS)  # fmt: skip
"""Kinds that take them at either place."""


@final
class TorchWords:
    """PyTorch, for the network of a report."""

    display: Mapping[str, str] = {}
    shares = True

    def __init__(self, report: Report) -> None:
        self._last = _last_values(report)

    def word(self, text: str) -> Any:
        """The class of an activation."""
        kind = resolved(text)[0]
        return Code(f"nn.{module_name(kind, 0)}") if kind in ACTIVATIONS and kind in classes() else None

    def named(self, word: str, taken: set[str]) -> str:
        """The name of a class."""
        return class_name(word, {*taken, *PRELUDE, *RESERVED})

    def turned(self, layer: LayerReport, place: int) -> CodePiece | None:
        """The piece that brings a sequence's channels to the place where a layer reads them; None if they are there."""
        path, kind = layer.node.inputs[place], layer.kind
        if layer.inputs[place].rank != 1 or kind in ANY and kind not in ("add", "mul", "concat"):
            return None
        wanted = layer.path in self._last if kind in ANY else kind in LAST
        if kind == "flatten":
            wanted = path in self._last and 1 in layer.inputs[0].sizes()
        return TURN if (path in self._last) != wanted else None

    def pieces(self, layer: LayerReport) -> list[CodePiece]:
        """The pieces of a layer, one after another."""
        writer = WRITERS.get(layer.kind)
        return writer(layer, self._last) if writer is not None else [module(layer)]


def _last_values(report: Report) -> set[str]:
    """The paths of the sequences with their channels last."""
    last: set[str] = set()
    for layer in report.layers:
        if layer.output.rank != 1:
            continue
        spatial = layer.kind == "flatten" and layer.inputs[0].rank > 1
        if layer.kind in LAST or spatial or (layer.kind in ANY and layer.node.inputs[0] in last):
            last.add(layer.path)
    return last
