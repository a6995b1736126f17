"""Activations, and dropout: most are one operator."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import (
    Initializer,
    Tensor,
    Value,
    Weights,
    apply,
    cut,
    of_channels,
    operator,
    reshaped,
    strided,
)
from cnncalc.layers import activation as kinds

relu = operator("Relu")
relu6 = operator("Clip", Initializer(0.0), Initializer(6.0))
gelu = operator("Gelu")  # not its approximation by a tanh
hardswish = operator("HardSwish")
hardsigmoid = operator("HardSigmoid", alpha=1 / 6, beta=0.5)
sigmoid = operator("Sigmoid")
tanh = operator("Tanh")


def leaky_relu(layer: kinds.LeakyRelu, weights: Weights, x: Tensor) -> Value:
    """x if x > 0, else slope * x."""
    return apply("LeakyRelu", x, alpha=float(layer.slope))


def prelu(layer: kinds.PRelu, weights: Weights, x: Tensor) -> Value:
    """x if x > 0, else a learned slope * x."""
    slope = weights["weight"]
    return apply("PRelu", x, slope if layer.slopes == "value" else of_channels(slope, x.shape))


def elu(layer: kinds.Elu, weights: Weights, x: Tensor) -> Value:
    """x if x > 0, else alpha * (exp(x) - 1)."""
    return apply("Elu", x, alpha=float(layer.alpha))


def silu(layer: kinds.Silu, weights: Weights, x: Tensor) -> Value:
    """x * sigmoid(x)."""
    return apply("Mul", x, apply("Sigmoid", x))


def softmax(layer: kinds.Softmax, weights: Weights, x: Tensor) -> Value:
    """exp(x) over its sum along the channels, or along the branches."""
    return _over_channels("Softmax", layer, x)


def log_softmax(layer: kinds.LogSoftmax, weights: Weights, x: Tensor) -> Value:
    """The logarithm of softmax."""
    return _over_channels("LogSoftmax", layer, x)


def _over_channels(kind: str, layer: kinds.Softmax | kinds.LogSoftmax, x: Tensor) -> Value:
    if layer.parts is None:
        return apply(kind, x, axis=1)
    table = reshaped(x, 1, layer.parts, x.shape.channels // layer.parts, *x.shape.spatial)
    return reshaped(apply(kind, table, axis=1), 1, *x.shape.sizes())


def glu(layer: kinds.Glu, weights: Weights, x: Tensor) -> Value:
    """The first half of the channels times the sigmoid of the second."""
    half = x.shape.channels // 2
    return apply("Mul", cut(x, 1, 0, half), apply("Sigmoid", cut(x, 1, half, 2 * half)))


def zeros(layer: kinds.Zeros, weights: Weights, x: Tensor) -> Value:
    """0 times each position that is kept."""
    return apply("Mul", strided(x, layer.stride), Initializer(0.0))


def dropout(layer: kinds.Dropout, weights: Weights, x: Tensor) -> Value:
    """The input itself; a training framework that reads the model finds the rate."""
    return apply("Dropout", x, Initializer(float(layer.rate)))
