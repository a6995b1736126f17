"""Norms of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode
from cnncalc.importing.views import Viewed


def _batch_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    affine = operation.get("weight") is not None
    if operation.get("running_mean") is None:
        words = "a norm by the batch's own statistics is written as bn with kept ones"
        aten.builder.note(words, operation.at, inexact=True)
    return aten.add("bn", operation, x, affine=affine, eps=operation.get("eps", 1e-5))


def _layer_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    shape, affine = operation.get("normalized_shape", []), operation.get("weight") is not None
    base = aten.builder.shapes[x.node]
    over_channels = base is not None and list(shape) == [base.channels]
    if not over_channels or not (x.channels_last or (not x.steps and base is not None and not base.spatial)):
        return None
    return aten.elementwise("layernorm", operation, x, affine=affine, eps=operation.get("eps", 1e-5))


def _native_layer_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
    value = _layer_norm(aten, operation, x)
    return None if value is None else [value] * 3


def _group_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    affine = operation.get("weight") is not None
    return aten.add(
        "groupnorm",
        operation,
        x,
        groups=operation.get("num_groups", 1),
        affine=affine,
        eps=operation.get("eps", 1e-5),
    )


def _instance_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.add(
        "instancenorm", operation, x, affine=operation.get("weight") is not None, eps=operation.get("eps", 1e-5)
    )


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(
        ("batch_norm", "_native_batch_norm_legit_no_training", "native_batch_norm", "cudnn_batch_norm"), _batch_norm
    ),
    "layer_norm": _layer_norm,
    "native_layer_norm": _native_layer_norm,
    "group_norm": _group_norm,
    "instance_norm": _instance_norm,
}
"""The reader of each operation."""
