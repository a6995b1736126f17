"""Activations and dropout of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode
from cnncalc.importing.views import Viewed


def _hardtanh(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    limits = operation.get("min_val", operation.get("min", -1)), operation.get("max_val", operation.get("max", 1))
    if limits == (0, 6):
        return aten.elementwise("relu6", operation, x)
    known = all(isinstance(limit, int | float) for limit in limits)
    return aten.elementwise("hardtanh", operation, x, low=limits[0], high=limits[1]) if known else None


def _leaky_relu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.elementwise("leaky_relu", operation, x, slope=operation.get("negative_slope", 0.01))


def _elu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.elementwise("elu", operation, x, alpha=operation.get("alpha", 1.0))


def _prelu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    weight, base = aten.weight(operation, "weight"), aten.builder.shapes[x.node]
    one = weight == (1,) and base is not None and base.channels > 1
    return aten.elementwise("prelu", operation, x, **({"slopes": "one"} if one else {}))


def _softmax(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    axis = operation.get("dim", -1) % len(x.dims or (0,))
    channels = len(x.dims or ()) - 1 if x.channels_last else 1
    return aten.elementwise("softmax", operation, x) if axis == channels and (x.channels_last or not x.steps) else None


def _dropout(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    rate = operation.get("p", 0.5)
    return aten.elementwise("dropout", operation, x, rate=rate) if 0 < rate < 1 else x


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("hardtanh", "clamp"), _hardtanh),
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "prelu": _prelu,
    **dict.fromkeys(("softmax", "_softmax"), _softmax),
    **dict.fromkeys(("dropout", "feature_dropout", "alpha_dropout", "native_dropout"), _dropout),
}
"""The reader of each operation."""
