"""Arithmetic on single values, and values drawn at random."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import Initializer, Tensor, Value, Weights, apply, operator
from cnncalc.layers import scaling as kinds

log = operator("Log")
abs_ = operator("Abs")


def power(layer: kinds.Power, weights: Weights, x: Tensor) -> Value:
    """x^exponent."""
    return apply("Pow", x, Initializer(float(layer.exponent)))


def noise(layer: kinds.Noise, weights: Weights, x: Tensor) -> Value:
    """As many draws as there are values."""
    return apply({"normal": "RandomNormalLike", "uniform": "RandomUniformLike"}[layer.distribution], x)
