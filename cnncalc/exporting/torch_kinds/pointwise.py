"""PyTorch: activations, and layers that join values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.parts import CodePiece
from cnncalc.exporting.torch_kinds.base import Last, TorchWriter, channel_axis, module
from cnncalc.exporting.torch_prelude import CROP

SIGNS = {"add": "+", "mul": "*", "subtract": "-", "divide": "/", "matmul": "@"}
"""The operators of kinds that join values."""

FUNCTIONS = {"exponential": "exp", "log": "log", "abs": "abs"}
"""The functions of kinds without a module."""


def _prelu(layer: LayerReport, last: Last) -> list[CodePiece]:
    slopes: Any = vars(layer.layer)["slopes"]
    if slopes == "value":
        raise Refused("PReLU has one slope or one for each channel, not for each value")
    return [module(layer, num_parameters=1 if slopes in ("one", 1) else layer.inputs[0].channels)]


def _softmax(layer: LayerReport, last: Last) -> list[CodePiece]:
    if vars(layer.layer)["parts"]:
        raise Refused("a softmax over branches has no module")
    piece = module(layer, dim=channel_axis(layer, last))
    return [piece._replace(function=piece.function.replace(")", ", dim={dim})"))]


def _glu(layer: LayerReport, last: Last) -> list[CodePiece]:
    return [CodePiece("nn.GLU", {"dim": channel_axis(layer, last)})]


def _zeros(layer: LayerReport, last: Last) -> list[CodePiece]:
    strides = ", ".join(f"::{stride}" if stride > 1 else ":" for stride in vars(layer.layer)["stride"])
    return [CodePiece(form=f"torch.zeros_like({{0}}[:, :, {strides}])" if strides else "torch.zeros_like({0})")]


def _identity(layer: LayerReport, last: Last) -> list[CodePiece]:
    return [CodePiece("nn.Identity")]


def _function(layer: LayerReport, last: Last) -> list[CodePiece]:
    return [CodePiece(form=f"torch.{FUNCTIONS[layer.kind]}({{0}})")]


def _power(layer: LayerReport, last: Last) -> list[CodePiece]:
    return [CodePiece(form="torch.pow({0}, {exponent})", arguments={"exponent": vars(layer.layer)["exponent"]})]


def _noise(layer: LayerReport, last: Last) -> list[CodePiece]:
    word = {"normal": "randn", "uniform": "rand"}[vars(layer.layer)["distribution"]]
    return [CodePiece(form=f"torch.{word}_like({{0}})")]


def _opaque(layer: LayerReport, last: Last) -> list[CodePiece]:
    raise Refused("what an opaque operation computes is not known")


def _joined(layer: LayerReport, form: str) -> list[CodePiece]:
    cropped = [f"{{{i}}}" for i in range(len(layer.inputs))]
    if getattr(layer.layer, "align", "none") == "center":
        size = f"({', '.join(map(str, layer.output.spatial))})"
        smallest = next((i for i, x in enumerate(layer.inputs) if x.spatial == layer.output.spatial), None)
        size = f"{{{smallest}}}.shape[2:]" if smallest is not None else size
        kept = [tuple(map(min, x.spatial, layer.output.spatial)) for x in layer.inputs]  # a size of 1 is repeated
        sizes = [size if one == layer.output.spatial else f"({', '.join(map(str, one))})" for one in kept]
        cropped = [
            f"{{{i}}}" if x.spatial == kept[i] else f"{CROP}({{{i}}}, {sizes[i]})" for i, x in enumerate(layer.inputs)
        ]
    joined = form.replace("...", ", ".join(cropped)) if "..." in form else form.join(cropped)
    return [CodePiece(form=joined)]


def _signed(layer: LayerReport, last: Last) -> list[CodePiece]:
    return _joined(layer, f" {SIGNS[layer.kind]} ")


def _concat(layer: LayerReport, last: Last) -> list[CodePiece]:
    dim = -1 if layer.path in last else 1
    return _joined(layer, f"torch.cat([...], dim={dim})")


def _maximum(layer: LayerReport, last: Last) -> list[CodePiece]:
    if len(layer.inputs) != 2:
        raise Refused(f"torch.{layer.kind} takes two values")
    return _joined(layer, f"torch.{layer.kind}(...)")


def _average(layer: LayerReport, last: Last) -> list[CodePiece]:
    (piece,) = _joined(layer, " + ")
    return [piece._replace(form=f"({piece.form}) / {len(layer.inputs)}")]


WRITERS: Mapping[str, TorchWriter] = {
    "prelu": _prelu, "softmax": _softmax, "log_softmax": _softmax, "glu": _glu, "zeros": _zeros, "identity": _identity,
    **dict.fromkeys(FUNCTIONS, _function), "power": _power, "noise": _noise,
    "opaque": _opaque, "concat": _concat, "maximum": _maximum, "minimum": _maximum,
    "average": _average, **dict.fromkeys(SIGNS, _signed),
}  # fmt: skip
"""By kind."""
