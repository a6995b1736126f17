"""Keras: layers on single values, and layers that join values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.keras_kinds.base import WORDS, Around, KerasWriter
from cnncalc.exporting.parts import CodePiece


def _fc(layer: LayerReport, around: Around) -> list[CodePiece]:
    settings: Any = layer.layer
    return [CodePiece("layers.Dense", {"units": settings.features, "use_bias": settings.bias})]


def _dropout(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("layers.Dropout", {"rate": vars(layer.layer)["rate"]})]


def _leaky_relu(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("layers.LeakyReLU", {"slope": vars(layer.layer)["slope"]})]


def _elu(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("layers.ELU", {"alpha": vars(layer.layer)["alpha"]})]


def _prelu(layer: LayerReport, around: Around) -> list[CodePiece]:
    slopes: Any = vars(layer.layer)["slopes"]
    if slopes in ("one", 1):
        raise Refused("PReLU has a slope for each value or channel, not one for all")
    axes = tuple(range(1, layer.inputs[0].rank + 1)) if slopes != "value" and layer.inputs[0].rank else None
    return [CodePiece("layers.PReLU", {"shared_axes": axes})]


def _softmax(layer: LayerReport, around: Around) -> list[CodePiece]:
    if vars(layer.layer)["parts"]:
        raise Refused("a softmax over branches has no layer")
    return [CodePiece("layers.Activation", {"activation": WORDS[layer.kind]})]


def _identity(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("layers.Identity")]


def _opaque(layer: LayerReport, around: Around) -> list[CodePiece]:
    raise Refused("what an opaque operation computes is not known")


def _signed(layer: LayerReport, around: Around) -> list[CodePiece]:
    """An operator, as Keras' layer and its function join two values only."""
    return [CodePiece(form=SIGNS[layer.kind].join(f"{{{i}}}" for i in range(len(layer.inputs))))]


def _joined(layer: LayerReport, around: Around) -> list[CodePiece]:
    if layer.kind in SIGNS and len(layer.inputs) != 2:
        return _signed(layer, around)
    word = {"mul": "multiply", "concat": "concatenate"}.get(layer.kind, layer.kind)
    return [CodePiece(form=f"layers.{word}([{', '.join(f'{{{i}}}' for i in range(len(layer.inputs)))}])")]


def _function(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece(form=f"keras.ops.{FUNCTIONS[layer.kind]}({{0}})")]


def _power(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece(form="keras.ops.power({0}, {exponent})", arguments={"exponent": vars(layer.layer)["exponent"]})]


def _noise(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("UniformNoise" if vars(layer.layer)["distribution"] == "uniform" else "NormalNoise")]


SIGNS = {"subtract": " - ", "divide": " / "}
"""The operators of kinds that join values."""

FUNCTIONS = {"log": "log", "abs": "absolute"}
"""The functions of kinds without a layer."""

WRITERS: Mapping[str, KerasWriter] = {
    "fc": _fc, "dropout": _dropout, "leaky_relu": _leaky_relu, "elu": _elu, "prelu": _prelu, "softmax": _softmax,
    "log_softmax": _softmax, "identity": _identity, "opaque": _opaque, "add": _joined, "mul": _joined,
    "concat": _joined, "subtract": _joined, "maximum": _joined, "minimum": _joined, "average": _joined,
    **dict.fromkeys(FUNCTIONS, _function), "power": _power, "noise": _noise, "divide": _signed,
}  # fmt: skip
"""By kind."""
