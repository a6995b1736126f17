"""The outputs of every operator of an ONNX file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from cnncalc.importing.readers.attention import Scores
from cnncalc.importing.readers.onnx_operators import (
    activations,
    convolution,
    merging,
    norms,
    pooling,
    recurrent,
    shapes,
)
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.readers.onnx_operators.scores import on_scores, plainly
from cnncalc.importing.views import Viewed
from cnncalc.layers import LAYERS

PLAIN = {
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "HardSwish": "hardswish", "Gelu": "gelu", "Mish": "mish",
    "Softplus": "softplus", "Softsign": "softsign", "Selu": "selu", "Swish": "silu",
    "Exp": "exponential", "Log": "log", "Abs": "abs",
}  # fmt: skip
"""Operators on single values without settings that matter."""

SAME = ("Identity", "Cast", "DequantizeLinear", "QuantizeLinear")

READERS: Mapping[str, Reader] = {
    **convolution.READERS, **norms.READERS, **activations.READERS, **pooling.READERS, **shapes.READERS,
    **merging.READERS, **recurrent.READERS,
}  # fmt: skip


@final
class OnnxOperators(OnnxAdding):
    """Adds operators to a graph."""

    def run(self, operator: OnnxNode) -> list[Any]:
        """The outputs of an operator."""
        found = next((one for one in operator.inputs if isinstance(one, Scores)), None)
        if found is not None:
            made = on_scores(self, operator, found)
            given = plainly(self, operator) if made is None else operator
            if made is not None or given is None:
                nodes = [one for one in operator.inputs if isinstance(one, Viewed)]
                return [made or self.unknown(operator, nodes, operator.word)] * max(len(operator.outputs), 1)
            operator = given
        results = self._read(operator)
        return results if isinstance(results, list) else [results] * max(len(operator.outputs), 1)

    def _read(self, operator: OnnxNode) -> Any:
        """The output of an operator that reads no scores, or a list of several."""
        values = [one for one in operator.inputs if isinstance(one, Viewed)]
        x = values[0] if values else None
        if x is None:
            return Viewed(self.builder.unknown(operator.word, [], operator.at), None)
        reader, plain = READERS.get(operator.word.lower()), PLAIN.get(operator.word)
        if any(value.dims is None for value in values) and (reader or plain or operator.word in SAME):
            return Viewed(self.builder.add("", [value.node for value in values], {}, at=operator.at), None)
        if operator.word in SAME:
            return x
        if plain in LAYERS:
            return self.elementwise(str(plain), operator, x)
        result = reader(self, operator, x) if reader is not None else None
        return (
            self.unknown(operator, values, operator.words() if reader else operator.word) if result is None else result
        )
