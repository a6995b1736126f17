"""Max unpooling: ONNX has it as the reverse of a pool that also says where its maxima were."""

from __future__ import annotations

from math import inf

from cnncalc.formats.exporters.onnx_operators.base import Tensor, Value, Weights, apply, cut, integers, padded
from cnncalc.formats.exporters.onnx_operators.pooling import beyond, empty
from cnncalc.layers.unpooling import Unpool


def unpool(layer: Unpool, weights: Weights, x: Tensor, pooled: Tensor) -> Value:
    """Each value where the maximum of its window was; the padding, where it may have been, is cut again."""
    windows = layer.windows(x.shape, pooled.shape)
    pairs = [(w.before, w.after + beyond(w)) for w in windows]
    pool = apply(
        "MaxPool",
        padded(pooled, pairs, -inf),
        kernel_shape=layer.kernel,
        strides=layer.stride,
        dilations=layer.dilation,
    )
    values: Value = x
    for axis, window in enumerate(windows, start=2):
        if empty(window):
            values = cut(values, axis, 0, window.outputs() - 1)
    sizes = (w.size + before + after for w, (before, after) in zip(windows, pairs, strict=True))
    shape = integers(1, x.shape.channels, *sizes)
    y: Value = apply(
        "MaxUnpool", values, pool._replace(output=1), shape, kernel_shape=layer.kernel, strides=layer.stride
    )
    for axis, window in enumerate(windows, start=2):
        y = cut(y, axis, window.before, window.before + window.size)
    return y
