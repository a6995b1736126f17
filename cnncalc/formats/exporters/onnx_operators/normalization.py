"""Normalisation layers, and learned factors and offsets."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import (
    ABSENT,
    Initializer,
    Tensor,
    Value,
    Weights,
    apply,
    integers,
    of_channels,
    padded,
    reshaped,
)
from cnncalc.layers.normalization import (
    BatchNorm,
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    RmsNorm,
)
from cnncalc.layers.scaling import L2Norm, LocalResponseNorm, Rescale, Scale


def bn(layer: BatchNorm, weights: Weights, x: Tensor) -> Value:
    """(x - running mean) / sqrt(running variance + eps), then the learned factor and offset."""
    statistics = weights["running_mean"], weights["running_var"]
    return apply("BatchNormalization", x, *_affine(weights, x), *statistics, epsilon=float(layer.eps))


def layernorm(layer: LayerNorm, weights: Weights, x: Tensor) -> Value:
    """Each position by its channels, which ONNX wants last; or the whole."""
    if layer.sees_everything:
        ones = apply("Exp", apply("ConstantOfShape", integers(*x.shape.sizes())))
        learned = [weights.get("weight", ones), weights.get("bias", ABSENT)]
        return apply("LayerNormalization", x, *learned, axis=1, epsilon=float(layer.eps))
    axes = range(2, 2 + x.shape.rank)
    channels_last = apply("Transpose", x, perm=(0, *axes, 1))
    y = apply("LayerNormalization", channels_last, *_affine(weights, x), axis=-1, epsilon=float(layer.eps))
    return apply("Transpose", y, perm=(0, 1 + x.shape.rank, *(axis - 1 for axis in axes)))


def rmsnorm(layer: RmsNorm, weights: Weights, x: Tensor) -> Value:
    """x / sqrt(mean of the squares + eps), then the learned factor."""
    axes = range(1, 2 + x.shape.rank) if layer.sees_everything else (1,)
    mean_square = apply("ReduceMean", apply("Mul", x, x), integers(*axes), keepdims=1)
    y = apply("Div", x, apply("Sqrt", apply("Add", mean_square, Initializer(float(layer.eps)))))
    if not layer.scale:
        return y
    return apply("Mul", y, weights["weight"] if layer.sees_everything else of_channels(weights["weight"], x.shape))


def l2norm(layer: L2Norm, weights: Weights, x: Tensor) -> Value:
    """x over the root of the sum of its channels' squares."""
    return apply("Div", x, apply("Max", apply("ReduceL2", x, integers(1), keepdims=1), Initializer(float(layer.eps))))


def groupnorm(layer: GroupNorm, weights: Weights, x: Tensor) -> Value:
    """Each group of channels normalised over all positions."""
    return _in_groups(layer, layer.groups, weights, x)


def instancenorm(layer: InstanceNorm, weights: Weights, x: Tensor) -> Value:
    """Each channel normalised over its own map."""
    if x.shape.elements == x.shape.channels:
        # A lone value minus its mean is 0: as a group it is exactly that, as an instance ONNX Runtime rounds twice.
        return _in_groups(layer, x.shape.channels, weights, x)
    return apply("InstanceNormalization", x, *_affine(weights, x), epsilon=float(layer.eps))


def lrn(layer: LocalResponseNorm, weights: Weights, x: Tensor) -> Value:
    """x / (k + alpha * sum of squares)^beta; the alpha of ONNX is for the mean of the squares."""
    alpha, beta, k = float(layer.alpha) * layer.size, float(layer.beta), float(layer.k)
    if x.shape.rank == 2 and layer.size % 2:
        return apply("LRN", x, size=layer.size, alpha=alpha, beta=beta, bias=k)
    # ONNX Runtime has it for images and odd sizes only. Here the channels are the rows of a table.
    table, before = reshaped(x, 1, 1, x.shape.channels, -1), (layer.size - 1) // 2
    squares = padded(apply("Mul", table, table), [(before, layer.size - 1 - before), (0, 0)])
    means = apply("AveragePool", squares, kernel_shape=(layer.size, 1))
    base = apply("Add", apply("Mul", means, Initializer(alpha)), Initializer(k))
    return reshaped(apply("Div", table, apply("Pow", base, Initializer(beta))), 1, *x.shape.sizes())


def scale(layer: Scale, weights: Weights, x: Tensor) -> Value:
    """A learned factor for each channel, and an offset if bias."""
    y = apply("Mul", x, of_channels(weights["weight"], x.shape))
    return apply("Add", y, of_channels(weights["bias"], x.shape)) if layer.bias else y


def rescale(layer: Rescale, weights: Weights, x: Tensor) -> Value:
    """x * factor + offset."""
    return apply("Add", apply("Mul", x, Initializer(float(layer.factor))), Initializer(float(layer.offset)))


def _in_groups(layer: GroupNorm | InstanceNorm, groups: int, weights: Weights, x: Tensor) -> Value:
    settings = {"num_groups": groups, "epsilon": float(layer.eps)}
    return apply("GroupNormalization", x, *_affine(weights, x), **settings)


def _affine(weights: Weights, x: Tensor) -> list[Value]:
    """The learned factor and offset, which ONNX always reads: 1 and 0 if nothing is learned."""
    otherwise = {"weight": 1.0, "bias": 0.0}
    return [weights.get(name, Initializer((value,) * x.shape.channels)) for name, value in otherwise.items()]
