"""The outputs of every operator of an ONNX file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from cnncalc.importing.readers.onnx_operators import activations, convolution, merging, norms, pooling, shapes
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed
from cnncalc.layers import LAYERS

PLAIN = {
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "HardSwish": "hardswish", "Gelu": "gelu", "Mish": "mish",
    "Softplus": "softplus", "Softsign": "softsign", "Selu": "selu", "Swish": "silu",
    "Exp": "exponential",
}  # fmt: skip
"""Operators on single values without settings that matter."""

SAME = ("Identity", "Cast", "DequantizeLinear", "QuantizeLinear")

READERS: Mapping[str, Reader] = {
    **convolution.READERS, **norms.READERS, **activations.READERS, **pooling.READERS, **shapes.READERS,
    **merging.READERS,
}  # fmt: skip


@final
class OnnxOperators(OnnxAdding):
    """Adds operators to a graph."""

    def run(self, operator: OnnxNode) -> list[Any]:
        """The outputs of an operator."""
        values = [one for one in operator.inputs if isinstance(one, Viewed)]
        x = values[0] if values else None
        count = max(len(operator.outputs), 1)
        if x is None:
            return [Viewed(self.builder.unknown(operator.word, [], operator.at), None)] * count
        reader = READERS.get(operator.word.lower())
        known = reader is not None or operator.word in (*SAME, *PLAIN)
        if any(value.dims is None for value in values) and known:
            return [Viewed(self.builder.add("", [value.node for value in values], {}, at=operator.at), None)] * count
        if operator.word in SAME:
            return [x]
        if PLAIN.get(operator.word) in LAYERS:
            return [self.elementwise(PLAIN[operator.word], operator, x)]
        result = reader(self, operator, x) if reader is not None else None
        if result is None:
            return [self.unknown(operator, values, operator.words() if reader else operator.word)] * count
        return result if isinstance(result, list) else [result]
