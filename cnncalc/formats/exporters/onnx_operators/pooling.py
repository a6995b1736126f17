"""Pooling, and its reverse.

The number of windows is the report's claim: the padding is made so that they fit.
"""

from __future__ import annotations

from math import inf

from cnncalc.formats.exporters.onnx_operators.base import (
    Tensor,
    Value,
    Weights,
    apply,
    cut,
    integers,
    operator,
    padded,
    pads,
    window,
)
from cnncalc.layers.pooling import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, MaxPool
from cnncalc.layers.unpooling import Unpool
from cnncalc.layers.windows import Window

global_avgpool = operator("GlobalAveragePool")
global_maxpool = operator("GlobalMaxPool")


def maxpool(layer: MaxPool, weights: Weights, x: Tensor) -> Value:
    """The largest value of each window; padding is never the largest."""
    windows = layer.windows(x.shape)
    pairs = [(w.before, w.after + _beyond(w)) for w in windows]
    values: Value = x
    if any(d > 1 for d in layer.dilation):
        # ONNX Runtime refuses a padding that is no smaller than the kernel, which half of a dilated window can be.
        values, pairs = padded(x, pairs, -inf), [(0, 0)] * len(pairs)
    y = apply("MaxPool", values, **window(layer, pairs))
    return padded(y, [(0, _empty(w)) for w in windows], -inf)


def avgpool(layer: AvgPool, weights: Weights, x: Tensor) -> Value:
    """The mean of each window. Cells after the padding are never counted, the padding if count_padding."""
    windows = layer.windows(x.shape)
    counted = [(w.before, w.after) if layer.count_padding else (0, 0) for w in windows]
    others = [(w.before - b, w.after - a + _beyond(w)) for w, (b, a) in zip(windows, counted, strict=True)]
    y = apply(
        "AveragePool",
        padded(x, counted),
        kernel_shape=layer.kernel,
        strides=layer.stride,
        pads=pads(others),
        count_include_pad=0,
    )
    return padded(y, [(0, _empty(w)) for w in windows])


def adaptive_avgpool(layer: AdaptiveAvgPool, weights: Weights, x: Tensor) -> Value:
    """The mean of each part of the map."""
    return _by_parts("ReduceMean", layer, x)


def adaptive_maxpool(layer: AdaptiveMaxPool, weights: Weights, x: Tensor) -> Value:
    """The largest value of each part of the map."""
    return _by_parts("ReduceMax", layer, x)


def _by_parts(reduction: str, layer: AdaptiveAvgPool | AdaptiveMaxPool, x: Tensor) -> Value:
    """One axis after the other: part i of n goes from floor(i*n/parts) up to ceil((i + 1)*n/parts)."""
    y: Value = x
    for axis, (n, parts) in enumerate(zip(x.shape.spatial, layer.size, strict=True), start=2):
        ends = [(i * n // parts, -(-(i + 1) * n // parts)) for i in range(parts)]
        reduced = [apply(reduction, cut(y, axis, *end), integers(axis), keepdims=1) for end in ends]
        y = apply("Concat", *reduced, axis=axis)
    return y


def unpool(layer: Unpool, weights: Weights, x: Tensor, pooled: Tensor) -> Value:
    """Each value where the maximum of its window was: the reverse of a pool that also says where its maxima were.

    The padding, where a maximum may have been, is cut off again.
    """
    windows = layer.windows(x.shape, pooled.shape)
    pairs = [(w.before, w.after + _beyond(w)) for w in windows]
    pool = apply("MaxPool", padded(pooled, pairs, -inf), **window(layer, [(0, 0)] * len(pairs)))
    values: Value = x
    for axis, w in enumerate(windows, start=2):
        if _empty(w):
            values = cut(values, axis, 0, w.outputs() - 1)
    sizes = (w.size + before + after for w, (before, after) in zip(windows, pairs, strict=True))
    shape = integers(1, x.shape.channels, *sizes)
    places = pool._replace(output=1)
    y: Value = apply("MaxUnpool", values, places, shape, kernel_shape=layer.kernel, strides=layer.stride)
    for axis, w in enumerate(windows, start=2):
        y = cut(y, axis, w.before, w.before + w.size)
    return y


def _empty(window: Window) -> int:
    """1 if the last window starts after the input, which Caffe allows: nothing is in it."""
    return int((window.outputs() - 1) * window.stride >= window.before + window.size)


def _beyond(window: Window) -> int:
    """The cells after the padding that are reached by the last window with any value in it."""
    last = window.outputs() - 1 - _empty(window)
    return max(last * window.stride + window.effective - window.padded, 0)
