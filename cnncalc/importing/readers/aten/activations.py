"""Activations and dropout of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose

from cnncalc.importing.axes import CHANNELS
from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode
from cnncalc.importing.views import Viewed

SELU = (1.6732632423543772, 1.0507009873554805)
"""Klambauer et al. 2017, arXiv:1706.02515, as torch has it: alpha, and the scale of the whole."""


def _hardtanh(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    limits = operation.get("min_val", operation.get("min")), operation.get("max_val", operation.get("max"))
    if operation.word == "hardtanh":
        limits = -1 if limits[0] is None else limits[0], 1 if limits[1] is None else limits[1]
    match limits:
        case (0, 6):
            return aten.elementwise("relu6", operation, x)
        case (0, None):
            return aten.elementwise("relu", operation, x)
        case (None, 6) if (before := aten.builder.node(x.node)) is not None and before.kind == "relu":
            value = aten.elementwise("relu6", operation, x._replace(node=before.inputs[0]))
            aten.builder.retract(x.node, before.inputs)
            return value
        case (int() | float() as low, None):
            return aten.elementwise("threshold", operation, x, limit=low, value=low)
        case (int() | float() as low, int() | float() as high):
            return aten.elementwise("hardtanh", operation, x, low=low, high=high)
    return None


def _leaky_relu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.elementwise("leaky_relu", operation, x, slope=operation.get("negative_slope", 0.01))


def _elu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """The kind itself, or what core ATen writes as an elu of other scales: celu and selu."""
    alpha, scale, inner = (operation.get(word, 1.0) for word in ("alpha", "scale", "input_scale"))
    if (scale, inner) == (1, 1):
        return aten.elementwise(operation.word, operation, x, alpha=alpha)
    if (alpha, scale, inner) == (*SELU, 1):
        return aten.elementwise("selu", operation, x)
    return aten.elementwise("celu", operation, x, alpha=alpha) if scale == 1 and isclose(alpha * inner, 1) else None


def _softplus(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    return aten.elementwise("softplus", operation, x) if operation.get("beta", 1) == 1 else None


def _prelu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    weight, channels = aten.weight(operation, "weight"), aten.builder.channels(x.node)
    one = weight == (1,) and channels != 1
    return aten.elementwise("prelu", operation, x, **({"slopes": "one"} if one else {}))


def _softmax(aten: AtenAdding, operation: AtenNode, x: Viewed, kind: str = "softmax") -> Viewed | None:
    return aten.softmax(x, operation.get("dim", -1), aten.where(operation), kind)


def _log_softmax(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    return _softmax(aten, operation, x, "log_softmax")


def _glu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    dim = operation.get("dim", -1)
    if x.axis(dim) != CHANNELS or x.moved:
        return None
    return aten.add("glu", operation, x)


def _dropout(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    rate = operation.get("p", 0.5)
    return aten.elementwise("dropout", operation, x, rate=rate) if 0 < rate < 1 else x


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("hardtanh", "clamp", "clamp_min", "clamp_max"), _hardtanh),
    "leaky_relu": _leaky_relu,
    **dict.fromkeys(("elu", "celu"), _elu),
    "softplus": _softplus,
    "prelu": _prelu,
    **dict.fromkeys(("softmax", "_softmax"), _softmax),
    **dict.fromkeys(("log_softmax", "_log_softmax"), _log_softmax),
    "glu": _glu,
    **dict.fromkeys(("dropout", "feature_dropout", "alpha_dropout", "native_dropout"), _dropout),
}
"""The reader of each operation."""
