"""Activations, and dropout: most are one operator."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import Constant, Tensor, Value, Weights, apply, of_channels
from cnncalc.layers.activation import (
    Dropout,
    Elu,
    Gelu,
    HardSigmoid,
    HardSwish,
    LeakyRelu,
    PRelu,
    Relu,
    Relu6,
    Sigmoid,
    Silu,
    Softmax,
    Tanh,
)


def relu(layer: Relu, weights: Weights, x: Tensor) -> Value:
    """max(x, 0)."""
    return apply("Relu", x)


def relu6(layer: Relu6, weights: Weights, x: Tensor) -> Value:
    """min(max(x, 0), 6)."""
    return apply("Clip", x, Constant(0.0), Constant(6.0))


def leaky_relu(layer: LeakyRelu, weights: Weights, x: Tensor) -> Value:
    """x where x > 0, slope * x elsewhere."""
    return apply("LeakyRelu", x, alpha=float(layer.slope))


def prelu(layer: PRelu, weights: Weights, x: Tensor) -> Value:
    """x where x > 0, the channel's slope * x elsewhere."""
    return apply("PRelu", x, of_channels(weights["weight"], x.shape))


def elu(layer: Elu, weights: Weights, x: Tensor) -> Value:
    """x where x > 0, alpha * (exp(x) - 1) elsewhere."""
    return apply("Elu", x, alpha=float(layer.alpha))


def gelu(layer: Gelu, weights: Weights, x: Tensor) -> Value:
    """x * Phi(x), not its approximation by a tanh."""
    return apply("Gelu", x)


def silu(layer: Silu, weights: Weights, x: Tensor) -> Value:
    """x * sigmoid(x)."""
    return apply("Mul", x, apply("Sigmoid", x))


def hardswish(layer: HardSwish, weights: Weights, x: Tensor) -> Value:
    """x * max(0, min(1, x/6 + 1/2))."""
    return apply("HardSwish", x)


def hardsigmoid(layer: HardSigmoid, weights: Weights, x: Tensor) -> Value:
    """max(0, min(1, x/6 + 1/2))."""
    return apply("HardSigmoid", x, alpha=1 / 6, beta=0.5)


def sigmoid(layer: Sigmoid, weights: Weights, x: Tensor) -> Value:
    """1 / (1 + exp(-x))."""
    return apply("Sigmoid", x)


def tanh(layer: Tanh, weights: Weights, x: Tensor) -> Value:
    """The hyperbolic tangent."""
    return apply("Tanh", x)


def softmax(layer: Softmax, weights: Weights, x: Tensor) -> Value:
    """exp(x) over its sum along the channels."""
    return apply("Softmax", x, axis=1)


def dropout(layer: Dropout, weights: Weights, x: Tensor) -> Value:
    """The input itself; a training framework that reads the model finds the rate."""
    return apply("Dropout", x, Constant(float(layer.rate)))
