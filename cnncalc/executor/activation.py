"""Activations, and dropout: functions of every value that keep the shape."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.layers import activation as kinds


def relu(layer: kinds.Relu, ledger: Ledger, x: Array) -> Array:
    """max(x, 0); numpy clips three times as fast as it takes the larger of two."""
    return np.clip(x, 0, np.inf, out=ledger.spare(x))


def relu6(layer: kinds.Relu6, ledger: Ledger, x: Array) -> Array:
    """min(max(x, 0), 6)."""
    return np.clip(x, 0, 6, out=ledger.spare(x))


def leaky_relu(layer: kinds.LeakyRelu, ledger: Ledger, x: Array) -> Array:
    """x if x > 0, else slope * x."""
    return np.where(x > 0, x, np.float32(layer.slope) * x)


def prelu(layer: kinds.PRelu, ledger: Ledger, x: Array) -> Array:
    """x if x > 0, else a learned slope * x."""
    sizes = {"one": (1,), 1: (1,), "value": (x.shape[-1], *x.shape[:-1])}.get(layer.slopes, x.shape[-1:])
    slope = ledger.tensor("weight", *sizes, center=0.25, spread=0.25)
    return np.where(x > 0, x, np.moveaxis(slope, 0, -1) * x)


def elu(layer: kinds.Elu, ledger: Ledger, x: Array) -> Array:
    """x if x > 0, else alpha * (exp(x) - 1)."""
    return np.where(x > 0, x, np.float32(layer.alpha) * np.expm1(np.minimum(x, 0)))


def gelu(layer: kinds.Gelu, ledger: Ledger, x: Array) -> Array:
    """x * Phi(x), with Phi(x) = (1 + erf(x/sqrt 2))/2."""
    return x * (_erf(x * np.float32(0.5**0.5)) + 1) * np.float32(0.5)


def silu(layer: kinds.Silu, ledger: Ledger, x: Array) -> Array:
    """x * sigmoid(x)."""
    return x * sigmoid(layer, ledger, x)


def hardswish(layer: kinds.HardSwish, ledger: Ledger, x: Array) -> Array:
    """x * relu6(x + 3) / 6."""
    return x * hardsigmoid(layer, ledger, x)


def hardsigmoid(layer: kinds.HardSigmoid | kinds.HardSwish, ledger: Ledger, x: Array) -> Array:
    """relu6(x + 3) / 6."""
    y = x + 3
    np.clip(y, 0, 6, out=y)
    y /= 6
    return y


def sigmoid(layer: kinds.Sigmoid | kinds.Silu, ledger: Ledger, x: Array) -> Array:
    """1/(1 + exp(-x)), computed as (1 + tanh(x/2))/2: tanh never overflows."""
    y = np.tanh(x / 2)
    y += 1
    y /= 2
    return y


def tanh(layer: kinds.Tanh, ledger: Ledger, x: Array) -> Array:
    """The hyperbolic tangent."""
    return np.tanh(x, out=ledger.spare(x))


def softmax(layer: kinds.Softmax, ledger: Ledger, x: Array) -> Array:
    """exp(x) over its sum along the channels; the largest is subtracted first, so that none overflows."""
    related = _related(layer, x)
    powers: Array = np.exp(related - related.max(axis=-1, keepdims=True))
    powers /= powers.sum(axis=-1, keepdims=True)
    return powers.swapaxes(-1, -2).reshape(x.shape)


def log_softmax(layer: kinds.LogSoftmax, ledger: Ledger, x: Array) -> Array:
    """x minus the logarithm of the sum of exponentials, with the largest subtracted first."""
    related = _related(layer, x)
    below = related - related.max(axis=-1, keepdims=True)
    y: Array = below - np.log(np.exp(below).sum(axis=-1, keepdims=True))
    return y.swapaxes(-1, -2).reshape(x.shape)


def _related(layer: kinds.Softmax | kinds.LogSoftmax, x: Array) -> Array:
    """The values with those that share a sum along the last axis: the channels, or the same channel of the branches."""
    parts = layer.parts or x.shape[-1]
    return x.reshape(*x.shape[:-1], parts, -1).swapaxes(-1, -2)


def glu(layer: kinds.Glu, ledger: Ledger, x: Array) -> Array:
    """The first half of the channels times the sigmoid of the second."""
    first, second = np.split(x, 2, axis=-1)
    y = np.tanh(second / 2)
    y += 1
    y /= 2
    return first * y


def zeros(layer: kinds.Zeros, ledger: Ledger, x: Array) -> Array:
    """Zeros at the positions that are kept."""
    return np.zeros_like(x[tuple(slice(None, None, stride) for stride in layer.stride)])


def dropout(layer: kinds.Dropout, ledger: Ledger, x: Array) -> Array:
    """The input itself: nothing is dropped outside of training."""
    return x


def _erf(x: Array) -> Array:
    """The error function to 1.5e-7, which numpy lacks (Abramowitz & Stegun 1964, 7.1.26)."""
    size = np.abs(x)
    t: Array = np.reciprocal(1 + np.float32(0.3275911) * size)
    series = np.full_like(t, 1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series *= t
        series += np.float32(coefficient)
    y: Array = np.copysign(1 - series * t * np.exp(-size * size), x)
    return y
