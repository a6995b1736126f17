"""Sums, products, differences and concatenations of ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.merging import concatenated, merged, with_learned
from cnncalc.importing.readers.onnx_constants import OnnxConstant
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader, short
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed

KINDS = {"Add": "add", "Sum": "add", "Mul": "mul", "Sub": "subtract", "Max": "maximum", "Min": "minimum",
         "Mean": "average", "Div": "divide"}  # fmt: skip
"""The kinds of operators that join values place by place."""


def _concat(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    values = [one for one in operator.inputs if isinstance(one, Viewed)]
    dim = operator.axis(1, len(x.dims or (0, 0)))
    if len(values) == len(operator.inputs):
        return concatenated(onnx, values, dim, onnx.where(operator))
    if len(values) > 1 or not isinstance(operator.inputs[-1], Viewed):
        return None
    value: Viewed | None = x
    for index in range(len(operator.inputs) - 2, -1, -1):
        if value is None or value.dims is None:
            return value
        learned, where = onnx.learned(operator, index), onnx.where(operator)
        value = with_learned(onnx, "concat", value, learned, where, before=True, dim=dim)
    return value


def _joined(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    values, kind = [one for one in operator.inputs if isinstance(one, Viewed)], KINDS[operator.word]
    if len(values) < len(operator.inputs):
        return _with_constant(onnx, kind, operator, x)
    if len(values) == 1:
        return x
    return merged(onnx, kind, values, onnx.where(operator))


def _with_constant(onnx: OnnxAdding, kind: str, operator: OnnxNode, x: Viewed) -> Viewed | None:
    """A value with a constant: a number, the bias of the layer before, or one for each channel or position."""
    index = next(i for i in range(len(operator.inputs)) if not isinstance(operator.inputs[i], Viewed))
    constant = operator.constant(index)
    if constant is None or len(operator.inputs) != 2:
        return None
    if constant.values is not None and prod(constant.dims) == 1 and onnx.builder.channels(x.node) != 1:
        return _rescaled(onnx, kind, operator, x, constant, index)
    if kind == "add" and max(constant.dims, default=1) == onnx.builder.channels(x.node) == prod(constant.dims):
        tensor = onnx.tensor(operator, index) or StoredTensor("")
        places = [axis for axis, n in enumerate(constant.dims[::-1]) if n > 1]
        at_channels = places and x.axis(len(x.dims or ()) - 1 - places[0]) == 1
        if at_channels and onnx.builder.give_bias(x.node, tensor):
            return x
    if kind not in ("add", "mul"):
        return None
    return with_learned(onnx, kind, x, onnx.learned(operator, index), onnx.where(operator))


def _rescaled(
    onnx: OnnxAdding, kind: str, operator: OnnxNode, x: Viewed, constant: OnnxConstant, index: int
) -> Viewed | None:
    """A value with a number."""
    number = short((constant.values or [0])[0])
    factor, offset = {"mul": (number, 0.0), "add": (1.0, number), "subtract": (1.0, -number)}.get(kind, (0.0, 0.0))
    if kind == "divide" and number and index == 1:
        factor = 1 / (constant.values or [1])[0]
    elif kind == "divide" and number:
        x, factor = onnx.elementwise("power", operator, x, exponent=-1), number
    elif kind == "subtract" and index == 0:
        factor, offset = -1.0, number
    elif not factor:
        return None
    if (factor, offset) == (1, 0):
        return x
    return onnx.elementwise("rescale", operator, x, factor=factor, **({"offset": offset} if offset else {}))


READERS: Mapping[str, Reader] = {"concat": _concat, **{word.lower(): _joined for word in KINDS}}
"""The reader of each operator, by its type in lower case."""
