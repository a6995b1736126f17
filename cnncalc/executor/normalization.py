"""Normalisation layers, and learned factors and offsets."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger, scaled_by_channel
from cnncalc.layers.normalization import (
    BatchNorm,
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    Normalization,
    RmsNorm,
)
from cnncalc.layers.scaling import L2Norm, LocalResponseNorm, Rescale, Scale

LEARNED = {"center": 0.5, "spread": 0.4}
"""Made-up factors: below 1, so that the sums of a long residual network stay finite."""


def bn(layer: BatchNorm, ledger: Ledger, x: Array) -> Array:
    """(x - running mean) / sqrt(running variance + eps), times the learned factor, plus the offset; as one of each."""
    channels = x.shape[-1]
    mean = ledger.tensor("running_mean", channels, spread=0.1)
    variance = ledger.tensor("running_var", channels, center=1.0, spread=0.5)
    factor = 1 / np.sqrt(variance + np.float32(layer.eps))
    offset = -mean * factor
    if layer.scale:
        weight = ledger.tensor("weight", channels, **LEARNED)
        factor, offset = factor * weight, offset * weight
    if layer.center:
        offset = offset + ledger.bias(channels)
    return scaled_by_channel(x, factor, offset, ledger.spare(x))


def layernorm(layer: LayerNorm, ledger: Ledger, x: Array) -> Array:
    """Each position, or the whole, normalised by the mean and variance of its values."""
    return _learned(layer, ledger, _normalized(x, _together(layer, x), layer.eps))


def rmsnorm(layer: RmsNorm, ledger: Ledger, x: Array) -> Array:
    """Each position, or the whole, divided by the root of its mean square."""
    mean_square = (x * x).mean(axis=_together(layer, x), keepdims=True)
    return _learned(layer, ledger, x / np.sqrt(mean_square + np.float32(layer.eps)))


def l2norm(layer: L2Norm, ledger: Ledger, x: Array) -> Array:
    """Each position divided by the root of the sum of its squares."""
    roots = np.sqrt((x * x).sum(axis=-1, keepdims=True))
    y: Array = x / np.maximum(roots, np.float32(layer.eps))
    return y


def groupnorm(layer: GroupNorm, ledger: Ledger, x: Array) -> Array:
    """Each group of channels normalised by its mean and variance over all positions."""
    grouped = x.reshape(*x.shape[:-1], layer.groups, -1)
    axes = (*range(x.ndim - 1), x.ndim)
    return _learned(layer, ledger, _normalized(grouped, axes, layer.eps).reshape(x.shape))


def instancenorm(layer: InstanceNorm, ledger: Ledger, x: Array) -> Array:
    """Each channel normalised by the mean and variance of its own map."""
    return _learned(layer, ledger, _normalized(x, tuple(range(x.ndim - 1)), layer.eps))


def lrn(layer: LocalResponseNorm, ledger: Ledger, x: Array) -> Array:
    """x / (k + alpha * sum of squares)^beta over `size` channels, (size - 1)//2 of them before it."""
    channels, before = x.shape[-1], (layer.size - 1) // 2
    # Channels further away than the number of channels are 0 for each of them.
    taps = [tap for tap in range(-before, layer.size - before) if abs(tap) < channels]
    squares = np.pad(x * x, [(0, 0)] * (x.ndim - 1) + [(channels, channels)])
    sums = np.zeros_like(x)
    for tap in taps:
        sums += squares[..., channels + tap : 2 * channels + tap]
    y: Array = x / (np.float32(layer.k) + np.float32(layer.alpha) * sums) ** np.float32(layer.beta)
    return y


def scale(layer: Scale, ledger: Ledger, x: Array) -> Array:
    """A learned factor for each channel, and an offset if bias."""
    channels = x.shape[-1]
    factor = ledger.tensor("weight", channels, **LEARNED)
    offset = ledger.bias(channels) if layer.bias else None
    return scaled_by_channel(x, factor, offset, ledger.spare(x))


def rescale(layer: Rescale, ledger: Ledger, x: Array) -> Array:
    """x * factor + offset, the same for all values."""
    y = np.multiply(x, np.float32(layer.factor), out=ledger.spare(x))
    return np.add(y, np.float32(layer.offset), out=y)


def _normalized(x: Array, axes: tuple[int, ...], eps: float) -> Array:
    mean = x.mean(axis=axes, keepdims=True)
    variance = x.var(axis=axes, keepdims=True)
    y: Array = (x - mean) / np.sqrt(variance + np.float32(eps))
    return y


def _together(layer: LayerNorm | RmsNorm, x: Array) -> tuple[int, ...]:
    """The axes of the values that are normalised together."""
    return tuple(range(x.ndim)) if layer.over is not None and layer.over.spatial else (-1,)


def _learned(layer: Normalization, ledger: Ledger, y: Array) -> Array:
    """The learned factor and offset on normalised values, in their own memory."""
    over = getattr(layer, "over", None)
    shape = (y.shape[-1], *y.shape[:-1]) if over is not None and over.spatial else y.shape[-1:]
    if layer.scale:
        _by_value_or_channel(np.multiply, y, ledger.tensor("weight", *shape, **LEARNED))
    if getattr(layer, "center", False):
        _by_value_or_channel(np.add, y, ledger.tensor("bias", *shape, spread=0.1))
    return y


def _by_value_or_channel(function: np.ufunc, y: Array, learned: Array) -> None:
    """A function of y and learned values, in the memory of y. numpy alone would repeat a single value.

    Raises:
        ValueError: there is not one value for each channel, or each value.
    """
    last = np.moveaxis(learned, 0, -1)
    if last.shape not in (y.shape, y.shape[-1:]):
        raise ValueError(f"{last.shape} learned values are given for {y.shape}")
    function(y, last, out=y)
