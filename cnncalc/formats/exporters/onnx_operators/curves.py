"""Activations that only some networks use."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import Initializer, Tensor, Value, Weights, apply, operator
from cnncalc.layers import curves as kinds

selu = operator("Selu")
mish = operator("Mish")
softplus = operator("Softplus")
softsign = operator("Softsign")
exponential = operator("Exp")
sparse_sigmoid = operator("HardSigmoid", alpha=0.5, beta=0.5)
identity = operator("Identity")


def celu(layer: kinds.Celu, weights: Weights, x: Tensor) -> Value:
    """x if x > 0, else alpha * (exp(x/alpha) - 1)."""
    return apply("Celu", x, alpha=float(layer.alpha))


def squareplus(layer: kinds.Squareplus, weights: Weights, x: Tensor) -> Value:
    """(x + sqrt(x*x + curvature)) / 2."""
    root = apply("Sqrt", apply("Add", apply("Mul", x, x), Initializer(float(layer.curvature))))
    return apply("Mul", apply("Add", x, root), Initializer(0.5))


def logsigmoid(layer: kinds.LogSigmoid, weights: Weights, x: Tensor) -> Value:
    """-softplus(-x)."""
    return apply("Neg", apply("Softplus", apply("Neg", x)))


def tanhshrink(layer: kinds.TanhShrink, weights: Weights, x: Tensor) -> Value:
    """x - tanh(x)."""
    return apply("Sub", x, apply("Tanh", x))


def hardtanh(layer: kinds.HardTanh, weights: Weights, x: Tensor) -> Value:
    """min(max(x, low), high)."""
    return apply("Clip", x, Initializer(float(layer.low)), Initializer(float(layer.high)))


def hardshrink(layer: kinds.HardShrink, weights: Weights, x: Tensor) -> Value:
    """0 from -lambd to lambd, x elsewhere."""
    return apply("Shrink", x, lambd=float(layer.lambd), bias=0.0)


def softshrink(layer: kinds.SoftShrink, weights: Weights, x: Tensor) -> Value:
    """x moved by lambd towards 0, and 0 from -lambd to lambd."""
    return apply("Shrink", x, lambd=float(layer.lambd), bias=float(layer.lambd))


def threshold(layer: kinds.Threshold, weights: Weights, x: Tensor) -> Value:
    """x if x > limit, else value."""
    above = apply("Greater", x, Initializer(float(layer.limit)))
    return apply("Where", above, x, Initializer(float(layer.value)))


def sparse_plus(layer: kinds.SparsePlus, weights: Weights, x: Tensor) -> Value:
    """((x + 1)/2)^2 from -1 to 1, 0 below and x above."""
    half = apply("HardSigmoid", x, alpha=0.5, beta=0.5)
    above = apply("Relu", apply("Sub", x, Initializer(1.0)))
    return apply("Add", apply("Mul", half, half), above)
