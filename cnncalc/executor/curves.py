"""Activations that only some networks use."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.layers import curves as kinds


def selu(layer: kinds.Selu, ledger: Ledger, x: Array) -> Array:
    """1.0507 * x if x > 0, else 1.0507 * 1.6733 * (exp(x) - 1)."""
    scale, alpha = np.float32(1.0507009873554805), np.float32(1.6732632423543772)
    return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def celu(layer: kinds.Celu, ledger: Ledger, x: Array) -> Array:
    """x if x > 0, else alpha * (exp(x/alpha) - 1)."""
    alpha = np.float32(layer.alpha)
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha))


def mish(layer: kinds.Mish, ledger: Ledger, x: Array) -> Array:
    """x * tanh(log(1 + exp(x)))."""
    return x * np.tanh(softplus(layer, ledger, x))


def softplus(layer: kinds.Softplus | kinds.Mish, ledger: Ledger, x: Array) -> Array:
    """log(exp(x) + exp(0)), which numpy computes without an overflow."""
    y: Array = np.logaddexp(x, np.float32(0))
    return y


def squareplus(layer: kinds.Squareplus, ledger: Ledger, x: Array) -> Array:
    """(x + sqrt(x*x + curvature)) / 2."""
    y: Array = (x + np.sqrt(x * x + np.float32(layer.curvature))) / 2
    return y


def softsign(layer: kinds.Softsign, ledger: Ledger, x: Array) -> Array:
    """x / (1 + abs(x))."""
    y: Array = x / (1 + np.abs(x))
    return y


def logsigmoid(layer: kinds.LogSigmoid, ledger: Ledger, x: Array) -> Array:
    """-log(exp(-x) + exp(0))."""
    y: Array = np.logaddexp(-x, np.float32(0))
    return -y


def tanhshrink(layer: kinds.TanhShrink, ledger: Ledger, x: Array) -> Array:
    """x - tanh(x)."""
    return x - np.tanh(x)


def exponential(layer: kinds.Exponential, ledger: Ledger, x: Array) -> Array:
    """exp(x)."""
    return np.exp(x, out=ledger.spare(x))


def hardtanh(layer: kinds.HardTanh, ledger: Ledger, x: Array) -> Array:
    """min(max(x, low), high)."""
    return np.clip(x, np.float32(layer.low), np.float32(layer.high), out=ledger.spare(x))


def hardshrink(layer: kinds.HardShrink, ledger: Ledger, x: Array) -> Array:
    """0 from -lambd to lambd, x elsewhere."""
    return np.where(np.abs(x) <= np.float32(layer.lambd), np.float32(0), x)


def softshrink(layer: kinds.SoftShrink, ledger: Ledger, x: Array) -> Array:
    """x moved by lambd towards 0, and 0 from -lambd to lambd."""
    return x - np.clip(x, np.float32(-layer.lambd), np.float32(layer.lambd))


def threshold(layer: kinds.Threshold, ledger: Ledger, x: Array) -> Array:
    """x if x > limit, else value."""
    return np.where(x <= np.float32(layer.limit), np.float32(layer.value), x)


def sparse_plus(layer: kinds.SparsePlus, ledger: Ledger, x: Array) -> Array:
    """((x + 1)/2)^2 from -1 to 1, 0 below and x above."""
    half = sparse_sigmoid(layer, ledger, x)
    half *= half
    half += np.maximum(x - 1, 0)
    return half


def sparse_sigmoid(layer: kinds.SparseSigmoid | kinds.SparsePlus, ledger: Ledger, x: Array) -> Array:
    """(x + 1)/2 from -1 to 1, 0 below and 1 above."""
    y = x + 1
    y /= 2
    np.clip(y, 0, 1, out=y)
    return y


def identity(layer: kinds.Identity, ledger: Ledger, x: Array) -> Array:
    """The input itself."""
    return x
