"""Arithmetic on single values, and values drawn at random."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.layers import scaling as kinds


def power(layer: kinds.Power, ledger: Ledger, x: Array) -> Array:
    """x^exponent."""
    y: Array = np.power(x, np.float32(layer.exponent))
    return y


def log(layer: kinds.Log, ledger: Ledger, x: Array) -> Array:
    """The natural logarithm."""
    return np.log(x, out=ledger.spare(x))


def abs_(layer: kinds.Absolute, ledger: Ledger, x: Array) -> Array:
    """|x|."""
    return np.abs(x, out=ledger.spare(x))


def noise(layer: kinds.Noise, ledger: Ledger, x: Array) -> Array:
    """As many draws as there are values."""
    chance = ledger.chance()
    if layer.distribution == "uniform":
        return chance.random(x.shape, np.float32)
    return chance.standard_normal(x.shape, np.float32)
