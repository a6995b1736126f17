"""Normalisation, and the learned factor per channel."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger, scaled_by_channel
from cnncalc.layers.normalization import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, LocalResponseNorm, Scale


def bn(layer: BatchNorm, ledger: Ledger, x: Array) -> Array:
    """(x - running mean) / sqrt(running variance + eps), then the learned factor and offset; as one of each."""
    channels = x.shape[-1]
    mean = ledger.tensor("running_mean", channels, spread=0.1)
    variance = ledger.tensor("running_var", channels, center=1.0, spread=0.5)
    factor = 1 / np.sqrt(variance + np.float32(layer.eps))
    offset = -mean * factor
    if layer.affine:
        weight, bias = _affine(ledger, channels)
        factor, offset = factor * weight, offset * weight + bias
    return scaled_by_channel(x, factor, offset, ledger.spare(x))


def layernorm(layer: LayerNorm, ledger: Ledger, x: Array) -> Array:
    """Each position by the mean and variance of its channels."""
    return _learned(layer.affine, ledger, _normalized(x, (-1,), layer.eps))


def groupnorm(layer: GroupNorm, ledger: Ledger, x: Array) -> Array:
    """Each group of channels by its mean and variance over all positions."""
    grouped = x.reshape(*x.shape[:-1], layer.groups, -1)
    axes = (*range(x.ndim - 1), x.ndim)
    return _learned(layer.affine, ledger, _normalized(grouped, axes, layer.eps).reshape(x.shape))


def instancenorm(layer: InstanceNorm, ledger: Ledger, x: Array) -> Array:
    """Each channel by the mean and variance of its own map."""
    return _learned(layer.affine, ledger, _normalized(x, tuple(range(x.ndim - 1)), layer.eps))


def lrn(layer: LocalResponseNorm, ledger: Ledger, x: Array) -> Array:
    """x / (k + alpha * sum of squares)^beta over `size` channels, (size - 1)//2 of them before it."""
    channels, before = x.shape[-1], (layer.size - 1) // 2
    squares = np.pad(x * x, [(0, 0)] * (x.ndim - 1) + [(before, layer.size - 1 - before)])
    sums = squares[..., :channels].copy()
    for tap in range(1, layer.size):
        sums += squares[..., tap : tap + channels]
    y: Array = x / (np.float32(layer.k) + np.float32(layer.alpha) * sums) ** np.float32(layer.beta)
    return y


def scale(layer: Scale, ledger: Ledger, x: Array) -> Array:
    """A learned factor for each channel, and an offset if bias."""
    channels = x.shape[-1]
    factor = ledger.tensor("weight", channels, center=0.5, spread=0.4)
    offset = ledger.bias(channels) if layer.bias else None
    return scaled_by_channel(x, factor, offset, ledger.spare(x))


def _normalized(x: Array, axes: tuple[int, ...], eps: float) -> Array:
    mean = x.mean(axis=axes, keepdims=True)
    variance = x.var(axis=axes, keepdims=True)
    y: Array = (x - mean) / np.sqrt(variance + np.float32(eps))
    return y


def _affine(ledger: Ledger, channels: int) -> tuple[Array, Array]:
    # Made-up factors below 1, so that the sums of a long residual network stay finite.
    return ledger.tensor("weight", channels, center=0.5, spread=0.4), ledger.bias(channels)


def _learned(affine: bool, ledger: Ledger, y: Array) -> Array:
    """The learned factor and offset on what is normalised already, in its own memory."""
    return scaled_by_channel(y, *_affine(ledger, y.shape[-1]), out=y) if affine else y
