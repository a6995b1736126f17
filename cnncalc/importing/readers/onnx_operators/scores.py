"""Operators of ONNX on scores of attention, which are not a value of the graph yet."""

from __future__ import annotations

from math import prod

from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.attention import Scores, attended, spelt
from cnncalc.importing.readers.einsum import einsum
from cnncalc.importing.readers.merging import Learned
from cnncalc.importing.readers.onnx_constants import OnnxConstant
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed


def on_scores(onnx: OnnxAdding, operator: OnnxNode, found: Scores) -> Viewed | Scores | None:
    """The output of an operator that reads scores; None if it reads them as any value."""
    constants = [one for one in operator.inputs if isinstance(one, OnnxConstant)]
    single = constants[0].values if constants and prod(constants[0].dims) == 1 else None
    match operator.word:
        case "Softmax" if operator.axis(-1, len(found.dims)) == len(found.dims) - 1:
            return found._replace(soft=True)
        case "Mul" | "Div" if single and single[0] and not found.soft and not found.learned:
            return found._replace(scale=found.scale * (single[0] if operator.word == "Mul" else 1 / single[0]))
        case "Add" if constants and not single and not found.soft:
            table = constants[0].table
            if not table:
                return found._replace(masked=True)
            learned = Learned(constants[0].dims, StoredTensor(constants[0].name, (), table), table)
            return found._replace(learned=(*found.learned, learned))
        case "Reshape" if constants and constants[0].values is not None:
            known = prod(n for n in constants[0].values if n > 0)
            dims = tuple(n if n > 0 else prod(found.dims) // max(known, 1) for n in constants[0].values)
            return found._replace(dims=dims) if dims[-2:] == found.dims[-2:] else None
        case "Cast" | "Identity" | "Dropout" | "IsNaN":
            return found
        case "Einsum" if len(operator.inputs) == 2:
            return einsum(onnx, str(operator.attributes.get("equation", "")), operator.inputs, onnx.where(operator))
        case "MatMul" if found.soft and operator.inputs[0] is found and isinstance(operator.inputs[1], Viewed):
            return attended(onnx, found, operator.inputs[1], onnx.where(operator))
    return None


def plainly(onnx: OnnxAdding, operator: OnnxNode) -> OnnxNode | None:
    """The value of an operator that reads scores as layers; None if the language cannot express them."""
    inputs = [spelt(onnx, one, onnx.where(operator)) if isinstance(one, Scores) else one for one in operator.inputs]
    kept = all(made is not None or one is None for made, one in zip(inputs, operator.inputs, strict=True))
    return operator._replace(inputs=inputs) if kept else None
