"""Convolution and depthwise convolution."""

from __future__ import annotations

from itertools import accumulate, pairwise

from cnncalc.formats.exporters.onnx_operators.base import (
    Attribute,
    Operator,
    Tensor,
    Value,
    Weights,
    apply,
    cut,
    integers,
    of_channels,
    pads,
)
from cnncalc.layers.convolution import Conv, Depthwise


def conv(layer: Conv, weights: Weights, x: Tensor) -> Value:
    """One operator; with connections one for each filter."""
    if layer.connections is not None:
        return _connected(layer, layer.connections, weights, x)
    return apply("Conv", x, *weights.values(), **_window(layer, x), group=layer.groups)


def depthwise(layer: Depthwise, weights: Weights, x: Tensor) -> Value:
    """A convolution with as many groups as channels."""
    return apply("Conv", x, *weights.values(), **_window(layer, x), group=x.shape.channels)


def _window(layer: Conv | Depthwise, x: Tensor) -> dict[str, Attribute]:
    return {
        "kernel_shape": layer.kernel,
        "strides": layer.stride,
        "pads": pads(layer.padding_pairs(x.shape)),
        "dilations": layer.dilation,
    }


def _connected(layer: Conv, connections: tuple[tuple[int, ...], ...], weights: Weights, x: Tensor) -> Operator:
    """Each filter on the maps that it is connected to, with its part of the kernels (links, *kernel)."""
    first_links = accumulate(map(len, connections), initial=0)
    outputs = [
        apply(
            "Conv",
            apply("Gather", x, integers(*maps), axis=1),
            apply("Unsqueeze", cut(weights["weight"], 0, first, following), integers(0)),
            **_window(layer, x),
        )
        for maps, (first, following) in zip(connections, pairwise(first_links), strict=True)
    ]
    y = apply("Concat", *outputs, axis=1)
    return apply("Add", y, of_channels(weights["bias"], x.shape)) if layer.bias else y
