"""The fully connected layer."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import Tensor, Value, Weights, apply
from cnncalc.layers.linear import FullyConnected


def fc(layer: FullyConnected, weights: Weights, x: Tensor) -> Value:
    """x times the transposed weight, plus the bias."""
    return apply("Gemm", x, *weights.values(), transB=1)
