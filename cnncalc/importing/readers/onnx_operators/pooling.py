"""Pools and means of ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed


def _maxpool(onnx: OnnxAdding, operator: OnnxNode, x: Viewed, kind: str = "maxpool") -> list[Viewed] | None:
    given, rank = operator.attributes, len(x.dims or ()) - 2
    kernel = operator.numbers("kernel_shape")
    if not kernel or rank < 1:
        return None
    window = onnx.window(operator, kernel, rank)
    if prod(kernel) == 1 and prod(window["stride"]) == 1 and not any(map(any, window.get("padding", ()))):
        onnx.builder.note("a pool with a window of 1 is left out", operator.at)
        return [x]
    if tuple(kernel) == tuple((x.dims or ())[2:]) and not any(map(any, window.get("padding", ()))):
        return [onnx.add(f"global_{kind}", operator, x)]
    if given.get("ceil_mode", 0):
        window["rounding"] = "ceil"
    if kind == "avgpool" and not given.get("count_include_pad", 0) and any(map(any, window.get("padding", ()))):
        window["count_padding"] = False
    return [onnx.add(kind, operator, x, **window)] * len(operator.outputs)


def _averagepool(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
    return _maxpool(onnx, operator, x, "avgpool")


def _globalaveragepool(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    return onnx.add("global_avgpool", operator, x)


def _globalmaxpool(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    return onnx.add("global_maxpool", operator, x)


def _reducemean(onnx: OnnxAdding, operator: OnnxNode, x: Viewed, kind: str = "global_avgpool") -> Viewed | None:
    axes = [int(axis) for axis in operator.numbers("axes", 1) or []]
    return onnx.mean(kind, x, axes, bool(operator.attributes.get("keepdims", 1)), onnx.where(operator))


def _reducemax(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    return _reducemean(onnx, operator, x, "global_maxpool")


READERS: Mapping[str, Reader] = {
    "maxpool": _maxpool,
    "averagepool": _averagepool,
    "globalaveragepool": _globalaveragepool,
    "globalmaxpool": _globalmaxpool,
    "reducemean": _reducemean,
    "reducemax": _reducemax,
}
"""The reader of each operator, by its type in lower case."""
