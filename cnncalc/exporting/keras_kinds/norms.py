"""Keras: norms, and layers that multiply and add numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.keras_kinds.base import Around, KerasWriter
from cnncalc.exporting.parts import CodePiece


def _bn(layer: LayerReport, around: Around) -> list[CodePiece]:
    norm: Any = layer.layer
    given = {"epsilon": norm.eps, "center": norm.center, "scale": norm.scale}
    return [CodePiece("layers.BatchNormalization", given)]


def _layernorm(layer: LayerReport, around: Around) -> list[CodePiece]:
    norm: Any = layer.layer
    axis = list(range(1, layer.inputs[0].rank + 2)) if norm.sees_everything else -1
    given = {"axis": tuple(axis) if isinstance(axis, list) else axis, "epsilon": norm.eps}
    return [CodePiece("layers.LayerNormalization", {**given, "center": norm.center, "scale": norm.scale})]


def _groupnorm(layer: LayerReport, around: Around) -> list[CodePiece]:
    norm: Any = layer.layer
    given = {"epsilon": norm.eps, "center": norm.center, "scale": norm.scale}
    return [CodePiece("layers.GroupNormalization", {"number": norm.groups, **given})]


def _rescale(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("layers.Rescaling", dict(vars(layer.layer)))]


def _lrn(layer: LayerReport, around: Around) -> list[CodePiece]:
    lrn: Any = layer.layer
    given = {"size": lrn.size, "alpha": lrn.alpha, "beta": lrn.beta, "k": float(lrn.k)}
    return [CodePiece("LocalResponseNormalization", given)]


def _scale(layer: LayerReport, around: Around) -> list[CodePiece]:
    return [CodePiece("ScaleAndOffset" if vars(layer.layer)["bias"] else "LayerScale")]


WRITERS: Mapping[str, KerasWriter] = {
    "bn": _bn, "layernorm": _layernorm, "groupnorm": _groupnorm, "rescale": _rescale,
    "lrn": _lrn, "scale": _scale,
}  # fmt: skip
"""By kind."""
