"""Norms of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.readers.adding import learned_parts
from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode
from cnncalc.importing.views import Viewed


def _settings(operation: AtenNode) -> dict[str, Any]:
    """The settings that the norms with a factor and an offset have."""
    parts = learned_parts(*(operation.get(word) is not None for word in ("weight", "bias")))
    return {**parts, "eps": operation.get("eps", 1e-5)}


def _batch_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed]:
    if operation.get("running_mean") is None:
        words = "batch norm without running statistics is written as bn, which has them"
        aten.builder.note(words, operation.at, inexact=True)
    value = aten.add("bn", operation, x, **_settings(operation))
    return [value] * max(len(operation.dims), 1)


def _layer_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
    sizes = operation.get("normalized_shape", [])
    value = aten.norm("layernorm", x, sizes, _settings(operation), aten.where(operation))
    return None if value is None else [value] * max(len(operation.dims), 1)


def _rms_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    settings = {"scale": operation.get("weight") is not None, "eps": operation.get("eps", 1.1920929e-07)}
    return aten.norm("rmsnorm", x, operation.get("normalized_shape", []), settings, aten.where(operation))


def _group_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
    groups = operation.get("num_groups", operation.get("group", 1))
    value = aten.along(x, 1, operation.at)
    made = (
        None
        if value is None
        else aten.elementwise("groupnorm", operation, value, groups=groups, **_settings(operation))
    )
    return None if made is None else [made] * 3


def _instance_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    if not operation.get("use_input_stats", True):
        return aten.add("bn", operation, x, **_settings(operation))  # by the kept statistics of each channel
    return aten.add("instancenorm", operation, x, **{"affine": True, **_settings(operation)})


def _local_response_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    size = operation.get("size", 1)
    factors = {"alpha": operation.get("alpha", 1e-4) / size, "beta": operation.get("beta", 0.75)}
    return aten.add("lrn", operation, x, size=size, k=operation.get("k", 1.0), **factors)


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(
        ("batch_norm", "_native_batch_norm_legit_no_training", "native_batch_norm", "cudnn_batch_norm"), _batch_norm
    ),
    **dict.fromkeys(("layer_norm", "native_layer_norm"), _layer_norm),
    "rms_norm": _rms_norm,
    **dict.fromkeys(("group_norm", "native_group_norm"), _group_norm),
    "instance_norm": _instance_norm,
    "local_response_norm": _local_response_norm,
}
"""The reader of each operation."""
