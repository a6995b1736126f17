"""PyTorch: norms, and layers that multiply and add learned values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.parts import CodePiece
from cnncalc.exporting.torch_kinds.base import Last, TorchWriter, channel_axis, module, module_name


def _bn(layer: LayerReport, last: Last) -> list[CodePiece]:
    return [module(layer, affine=_affine(layer))]


def _layernorm(layer: LayerReport, last: Last) -> list[CodePiece]:
    norm: Any = layer.layer
    if norm.center and not norm.scale:
        raise Refused("LayerNorm learns no offset without a factor")
    x = layer.inputs[0]
    sizes = x.sizes() if norm.sees_everything else x.channels
    if norm.sees_everything and x.rank == 1:
        sizes = (*x.spatial, x.channels)
    given = {"normalized_shape": sizes, "elementwise_affine": norm.scale, "bias": norm.center or not norm.scale}
    if norm.sees_everything or x.rank < 2:
        return [module(layer, **given)]
    if x.rank > 2:
        raise Refused("a norm over the channels of a volume has no module")
    return [module(layer, **given)._replace(make="LayerNorm2d")]


def _rmsnorm(layer: LayerReport, last: Last) -> list[CodePiece]:
    norm: Any = layer.layer
    if norm.sees_everything or layer.inputs[0].rank > 1:
        raise Refused("RMSNorm is over the last axis, and a map has its channels first")
    return [module(layer, normalized_shape=layer.inputs[0].channels, elementwise_affine=norm.scale)]


def _lrn(layer: LayerReport, last: Last) -> list[CodePiece]:
    lrn: Any = layer.layer
    # PyTorch divides alpha by the size.
    return [module(layer, alpha=float(f"{lrn.alpha * lrn.size:.12g}"))]


def _l2norm(layer: LayerReport, last: Last) -> list[CodePiece]:
    given = {"dim": channel_axis(layer, last), "eps": vars(layer.layer)["eps"]}
    return [CodePiece("", given, "F.normalize({0}, dim={dim}, eps={eps})")]


def _scale(layer: LayerReport, last: Last) -> list[CodePiece]:
    rank = 0 if channel_axis(layer, last) == -1 else layer.inputs[0].rank
    sizes = f"{{channels}}{', 1' * rank}"
    weights = {"scale": f"nn.Parameter(torch.ones({sizes}))"}
    form = "{0} * {scale}"
    if vars(layer.layer)["bias"]:
        weights["offset"], form = f"nn.Parameter(torch.zeros({sizes}))", "{0} * {scale} + {offset}"
    return [CodePiece("", {"channels": layer.inputs[0].channels}, form, "", weights)]


def _rescale(layer: LayerReport, last: Last) -> list[CodePiece]:
    return [CodePiece("", dict(vars(layer.layer)), "{0} * {factor} + {offset}")]


def _affine(layer: LayerReport) -> bool:
    norm: Any = layer.layer
    if norm.scale != norm.center:
        raise Refused(f"{module_name(layer.kind, layer.inputs[0].rank)} learns a factor and an offset, or neither")
    return bool(norm.scale)


WRITERS: Mapping[str, TorchWriter] = {
    "bn": _bn, "instancenorm": _bn, "groupnorm": _bn, "layernorm": _layernorm, "rmsnorm": _rmsnorm, "lrn": _lrn,
    "l2norm": _l2norm, "scale": _scale, "rescale": _rescale,
}  # fmt: skip
"""By kind."""
