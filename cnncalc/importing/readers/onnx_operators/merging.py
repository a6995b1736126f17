"""Sums, products and concatenations of ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed


def _concat(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    values = [one for one in operator.inputs if isinstance(one, Viewed)]
    axis = operator.axis(1, len(x.dims or (0, 0)))
    if len(values) < len(operator.inputs) or axis != 1:
        return None
    return values[0] if len(values) == 1 else onnx.add("concat", operator, *values)


def _add(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    return _merged(onnx, "add", operator, x)


def _mul(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    return _merged(onnx, "mul", operator, x)


def _merged(onnx: OnnxAdding, kind: str, operator: OnnxNode, x: Viewed) -> Viewed | None:
    values = [one for one in operator.inputs if isinstance(one, Viewed)]
    if len(values) < len(operator.inputs):
        return _with_constant(onnx, kind, operator, x)
    if len(values) == 1:
        return x
    if x.steps and all(value.steps == x.steps for value in values):
        where = onnx.where(operator) | {"declared": None}
        return x._replace(node=onnx.builder.add(kind, [value.node for value in values], {}, **where))
    return onnx.add(kind, operator, *values)


def _with_constant(onnx: OnnxAdding, kind: str, operator: OnnxNode, x: Viewed) -> Viewed | None:
    """A factor for each channel, or the bias of the layer before."""
    index = next(i for i in range(len(operator.inputs)) if not isinstance(operator.inputs[i], Viewed))
    weight, channels = onnx.weight(operator, index), onnx.builder.channels(x.node)
    if (
        weight is None
        or len(operator.inputs) != 2
        or channels is None
        or max(weight, default=1) != channels != prod(weight)
    ):
        return None
    if kind == "mul":
        where = onnx.where(operator) | {"tensors": {"weight": onnx.tensor(operator, index)}}
        return onnx.views.elementwise("scale", x, {"bias": False}, **where)
    tensor = onnx.tensor(operator, index) or StoredTensor("")
    return x if onnx.builder.give_bias(x.node, tensor) else None


READERS: Mapping[str, Reader] = {
    "concat": _concat,
    **dict.fromkeys(("add", "sum"), _add),
    "mul": _mul,
}
"""The reader of each operator, by its type in lower case."""
