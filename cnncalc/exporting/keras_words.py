"""Keras 3, channels last, for the code of one network: its words, and the defaults of its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.keras_kinds import WRITERS
from cnncalc.exporting.keras_kinds.base import WORDS, Around, cropped
from cnncalc.exporting.keras_prelude import OWN_DEFAULTS, PRELUDE
from cnncalc.exporting.parts import RESERVED, CodePiece, identifier
from cnncalc.importing.readers.keras_call import DEFAULTS
from cnncalc.network.vocabulary import resolved


def defaults_of(make: str) -> Mapping[str, Any]:
    """The defaults of a layer's arguments; all others are given by position."""
    if make in PRELUDE:
        return OWN_DEFAULTS
    if "Pooling" in make:
        return {**DEFAULTS, "strides": None}
    return {**DEFAULTS, "activation": None} if make != "layers.Activation" else DEFAULTS


@final
class KerasWords:
    """Keras, for the network of a report."""

    display: Mapping[str, str] = {"in_channels": "in_channels"}
    shares = False

    def __init__(self, report: Report) -> None:
        self._around = Around(report)

    def word(self, text: str) -> Any:
        """The word of an activation."""
        return WORDS.get(resolved(text)[0])

    def named(self, word: str, taken: set[str]) -> str:
        """The name of a function."""
        return identifier(word.lower(), {*taken, *PRELUDE, *RESERVED}, "block")

    def turned(self, layer: LayerReport, place: int) -> CodePiece | None:
        """The piece that crops a map before it is joined to a smaller one."""
        sizes = zip(layer.inputs[place].spatial, layer.output.spatial, strict=False)
        borders = [max(n - m, 0) for n, m in sizes] if getattr(layer.layer, "align", "none") == "center" else []
        return cropped([(border // 2, border - border // 2) for border in borders]) if any(borders) else None

    def pieces(self, layer: LayerReport) -> list[CodePiece]:
        """The pieces of a layer, one after another."""
        writer = WRITERS.get(layer.kind)
        if writer is not None:
            made = writer(layer, self._around)
            return [_trained(piece, layer) for piece in made] if layer.weight_shapes else made
        usual = all(getattr(layer.layer, name) == one.default for name, one in layer.layer.parameters.items())
        if layer.kind in WORDS and usual:
            return [CodePiece("layers.Activation", {"activation": WORDS[layer.kind]})]
        raise Refused(f"no layer of keras.layers is the same as {layer.kind}")


def _trained(piece: CodePiece, layer: LayerReport) -> CodePiece:
    """A piece with an argument for whether its weights are trained, if it has weights."""
    if not piece.make or "Padding" in piece.make or "Cropping" in piece.make:
        return piece
    return piece._replace(arguments={**piece.arguments, "trainable": not layer.node.frozen})
