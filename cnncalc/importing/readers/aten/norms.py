"""Norms of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode
from cnncalc.importing.views import Viewed


def _batch_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed]:
    if operation.get("running_mean") is None:
        words = "a norm by the batch's own statistics is written as bn with kept ones"
        aten.builder.note(words, operation.at, inexact=True)
    affine = operation.get("weight") is not None
    value = aten.add("bn", operation, x, affine=affine, eps=operation.get("eps", 1e-5))
    return [value] * max(len(operation.dims), 1)


def _layer_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
    settings = {"affine": operation.get("weight") is not None, "eps": operation.get("eps", 1e-5)}
    value = aten.norm(x, operation.get("normalized_shape", []), settings, aten.where(operation))
    return None if value is None else [value] * max(len(operation.dims), 1)


def _rms_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    sizes = operation.get("normalized_shape", [])
    settings = {"scale": operation.get("weight") is not None, "eps": operation.get("eps", 1.1920929e-07)}
    value = aten.along(x, -1, operation.at) if len(sizes) == 1 else None
    return None if value is None else aten.elementwise("rmsnorm", operation, value, **settings)


def _group_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
    groups = operation.get("num_groups", operation.get("group", 1))
    settings = {"affine": operation.get("weight") is not None, "eps": operation.get("eps", 1e-5)}
    value = aten.along(x, 1, operation.at)
    return None if value is None else [aten.elementwise("groupnorm", operation, value, groups=groups, **settings)] * 3


def _instance_norm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    affine = operation.get("weight") is not None
    return aten.add("instancenorm", operation, x, affine=affine, eps=operation.get("eps", 1e-5))


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
