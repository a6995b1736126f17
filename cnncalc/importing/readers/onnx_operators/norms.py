"""Norms of ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.readers.adding import learned_parts
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader, short
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed


def _settings(onnx: OnnxAdding, operator: OnnxNode) -> dict[str, Any] | None:
    """The settings that all norms have; None if what they learn is computed in the graph."""
    if any(isinstance(one, Viewed) for one in operator.inputs[1:]):
        return None
    tensors = onnx.tensors(operator)
    eps = short(operator.attributes.get("epsilon", 1e-5))
    return {**learned_parts("weight" in tensors, "bias" in tensors), "eps": eps}


def _batchnormalization(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
    settings = _settings(onnx, operator)
    return None if settings is None else [onnx.add("bn", operator, x, **settings)] * len(operator.outputs)


def _instancenormalization(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    settings = _settings(onnx, operator)
    return None if settings is None else onnx.add("instancenorm", operator, x, **{"affine": True, **settings})


def _groupnormalization(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    settings, groups = _settings(onnx, operator), operator.attributes.get("num_groups", 1)
    return None if settings is None else onnx.add("groupnorm", operator, x, groups=groups, **settings)


def _layernormalization(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
    settings, axis = _settings(onnx, operator), operator.axis(-1, len(x.dims or ()))
    if settings is None:
        return None
    value = onnx.norm("layernorm", x, (x.dims or ())[axis:], settings, onnx.where(operator))
    return None if value is None else [value] * len(operator.outputs)


def _lrn(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    given, size = operator.attributes, operator.attributes.get("size", 5)
    settings = {"alpha": short(given.get("alpha", 1e-4)) / max(size, 1), "beta": short(given.get("beta", 0.75))}
    return onnx.add("lrn", operator, x, size=size, k=short(given.get("bias", 1.0)), **settings)


READERS: Mapping[str, Reader] = {
    "batchnormalization": _batchnormalization,
    "instancenormalization": _instancenormalization,
    "groupnormalization": _groupnormalization,
    "layernormalization": _layernormalization,
    "lrn": _lrn,
}
"""The reader of each operator, by its type in lower case."""
