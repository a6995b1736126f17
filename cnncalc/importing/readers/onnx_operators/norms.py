"""Norms of ONNX."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader, short
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed


def _batchnormalization(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed]:
    return [onnx.add("bn", operator, x, eps=short(operator.attributes.get("epsilon", 1e-5)))] * len(operator.outputs)


def _instancenormalization(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    return onnx.add("instancenorm", operator, x, affine=True, eps=short(operator.attributes.get("epsilon", 1e-5)))


def _groupnormalization(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    eps = short(operator.attributes.get("epsilon", 1e-5))
    return onnx.add("groupnorm", operator, x, groups=operator.attributes.get("num_groups", 1), eps=eps)


def _layernormalization(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
    axis = operator.axis(-1, len(x.dims or ()))
    settings = {"eps": short(operator.attributes.get("epsilon", 1e-5))}
    settings |= {} if operator.present(2) else {"center": False}
    value = onnx.norm(x, (x.dims or ())[axis:], settings, onnx.where(operator))
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
