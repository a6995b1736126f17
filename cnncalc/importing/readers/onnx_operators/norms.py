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
    rank = len(x.dims or ())
    axis = operator.axis(-1, rank)
    shape = onnx.builder.shapes[x.node]
    if axis != rank - 1 or shape is None or not (x.channels_last or (not x.steps and not shape.spatial)):
        return None
    eps = short(operator.attributes.get("epsilon", 1e-5))
    return [onnx.elementwise("layernorm", operator, x, eps=eps)] * len(operator.outputs)


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
