"""Normalisation, and the learned factor per channel."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import (
    Initializer,
    Tensor,
    Value,
    Weights,
    apply,
    of_channels,
    padded,
    reshaped,
)
from cnncalc.layers.normalization import BatchNorm, GroupNorm, InstanceNorm, LayerNorm, LocalResponseNorm, Scale


def bn(layer: BatchNorm, weights: Weights, x: Tensor) -> Value:
    """(x - running mean) / sqrt(running variance + eps), then the learned factor and offset."""
    statistics = weights["running_mean"], weights["running_var"]
    return apply("BatchNormalization", x, *_affine(layer, weights, x), *statistics, epsilon=float(layer.eps))


def layernorm(layer: LayerNorm, weights: Weights, x: Tensor) -> Value:
    """Each position by its channels, which ONNX wants last."""
    axes = range(2, 2 + x.shape.rank)
    channels_last = apply("Transpose", x, perm=(0, *axes, 1))
    y = apply("LayerNormalization", channels_last, *_affine(layer, weights, x), axis=-1, epsilon=float(layer.eps))
    return apply("Transpose", y, perm=(0, 1 + x.shape.rank, *(axis - 1 for axis in axes)))


def groupnorm(layer: GroupNorm, weights: Weights, x: Tensor) -> Value:
    """Each group of channels over all positions."""
    return _in_groups(layer, layer.groups, weights, x)


def instancenorm(layer: InstanceNorm, weights: Weights, x: Tensor) -> Value:
    """Each channel by its own map."""
    if x.shape.elements == x.shape.channels:
        # A lone value minus its mean is 0: as a group it is exactly that, as an instance ONNX Runtime rounds twice.
        return _in_groups(layer, x.shape.channels, weights, x)
    return apply("InstanceNormalization", x, *_affine(layer, weights, x), epsilon=float(layer.eps))


def lrn(layer: LocalResponseNorm, weights: Weights, x: Tensor) -> Value:
    """x / (k + alpha * sum of squares)^beta; the alpha of ONNX is for the mean of the squares."""
    alpha, beta, k = float(layer.alpha) * layer.size, float(layer.beta), float(layer.k)
    if x.shape.rank == 2 and layer.size % 2:
        return apply("LRN", x, size=layer.size, alpha=alpha, beta=beta, bias=k)
    # ONNX Runtime knows it for images and odd sizes only. Here the channels are the rows of a table.
    table, before = reshaped(x, 1, 1, x.shape.channels, -1), (layer.size - 1) // 2
    squares = padded(apply("Mul", table, table), [(before, layer.size - 1 - before), (0, 0)])
    means = apply("AveragePool", squares, kernel_shape=(layer.size, 1))
    base = apply("Add", apply("Mul", means, Initializer(alpha)), Initializer(k))
    return reshaped(apply("Div", table, apply("Pow", base, Initializer(beta))), 1, *x.shape.sizes())


def scale(layer: Scale, weights: Weights, x: Tensor) -> Value:
    """A learned factor for each channel, and an offset if bias."""
    y = apply("Mul", x, of_channels(weights["weight"], x.shape))
    return apply("Add", y, of_channels(weights["bias"], x.shape)) if layer.bias else y


def _in_groups(layer: GroupNorm | InstanceNorm, groups: int, weights: Weights, x: Tensor) -> Value:
    settings = {"num_groups": groups, "epsilon": float(layer.eps)}
    return apply("GroupNormalization", x, *_affine(layer, weights, x), **settings)


def _affine(layer: BatchNorm | LayerNorm | GroupNorm | InstanceNorm, weights: Weights, x: Tensor) -> list[Value]:
    """The learned factor and offset, which ONNX always reads: 1 and 0 where nothing is learned."""
    if layer.affine:
        return [weights["weight"], weights["bias"]]
    return [Initializer((value,) * x.shape.channels) for value in (1.0, 0.0)]
