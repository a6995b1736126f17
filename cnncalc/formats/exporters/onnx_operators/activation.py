"""Activations, and dropout: most are one operator."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import (
    Initializer,
    Tensor,
    Value,
    Weights,
    apply,
    of_channels,
    operator,
)
from cnncalc.layers import activation as kinds

relu = operator("Relu")
relu6 = operator("Clip", Initializer(0.0), Initializer(6.0))
gelu = operator("Gelu")  # not its approximation by a tanh
hardswish = operator("HardSwish")
hardsigmoid = operator("HardSigmoid", alpha=1 / 6, beta=0.5)
sigmoid = operator("Sigmoid")
tanh = operator("Tanh")
softmax = operator("Softmax", axis=1)


def leaky_relu(layer: kinds.LeakyRelu, weights: Weights, x: Tensor) -> Value:
    """x where x > 0, slope * x elsewhere."""
    return apply("LeakyRelu", x, alpha=float(layer.slope))


def prelu(layer: kinds.PRelu, weights: Weights, x: Tensor) -> Value:
    """x where x > 0, a learned slope * x elsewhere."""
    slope = weights["weight"]
    return apply("PRelu", x, slope if layer.slopes == "value" else of_channels(slope, x.shape))


def elu(layer: kinds.Elu, weights: Weights, x: Tensor) -> Value:
    """x where x > 0, alpha * (exp(x) - 1) elsewhere."""
    return apply("Elu", x, alpha=float(layer.alpha))


def silu(layer: kinds.Silu, weights: Weights, x: Tensor) -> Value:
    """x * sigmoid(x)."""
    return apply("Mul", x, apply("Sigmoid", x))


def dropout(layer: kinds.Dropout, weights: Weights, x: Tensor) -> Value:
    """The input itself; a training framework that reads the model finds the rate."""
    return apply("Dropout", x, Initializer(float(layer.rate)))
