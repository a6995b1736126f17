"""Layers that join several values: add, mul, concat."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.formats.exporters.onnx_operators.base import Tensor, Value, Weights, apply
from cnncalc.formats.exporters.onnx_operators.rearrangement import center
from cnncalc.layers.merging import Add, Concat, Mul


def add(layer: Add, weights: Weights, *inputs: Tensor) -> Value:
    """The sum, two at a time."""
    return _joined("Add", _aligned(layer, inputs))


def mul(layer: Mul, weights: Weights, *inputs: Tensor) -> Value:
    """The product, two at a time; ONNX repeats what has size 1."""
    return _joined("Mul", _aligned(layer, inputs))


def concat(layer: Concat, weights: Weights, *inputs: Tensor) -> Value:
    """The inputs behind one another along the channels."""
    return apply("Concat", *_aligned(layer, inputs), axis=1)


def _aligned(layer: Add | Mul | Concat, inputs: Sequence[Tensor]) -> list[Value]:
    """The inputs, with `center` cropped to the sizes of the output."""
    if layer.align == "none":
        return list(inputs)
    sizes = layer.output_shape(*(x.shape for x in inputs)).spatial
    return [center(x, sizes) for x in inputs]


def _joined(kind: str, values: list[Value]) -> Value:
    """One operator for each two values, halves first: a thousand values make ten levels, not a thousand."""
    if len(values) == 1:
        return values[0]
    half = len(values) // 2
    return apply(kind, _joined(kind, values[:half]), _joined(kind, values[half:]))
