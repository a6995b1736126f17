"""Convolution, depthwise and transposed convolution, and the fully connected layer."""

from __future__ import annotations

from itertools import accumulate, pairwise, product

from cnncalc.formats.exporters.onnx_operators.base import (
    Attribute,
    Tensor,
    Value,
    Weights,
    apply,
    cut,
    integers,
    of_channels,
    padded,
    reshaped,
    strided,
    window,
)
from cnncalc.layers.convolution import Conv, Depthwise, LocallyConnected
from cnncalc.layers.linear import FullyConnected
from cnncalc.layers.transposed import Deconv


def conv(layer: Conv, weights: Weights, x: Tensor) -> Value:
    """One operator; with connections one for each filter."""
    if layer.connections is not None:
        return _connected(layer, layer.connections, weights, x)
    return apply("Conv", *_read(layer, x), *weights.values(), **_window(layer, x), group=layer.groups)


def _read(layer: Conv | Depthwise, x: Tensor) -> tuple[Value]:
    """The input, padded already if that is more than zeros."""
    return (padded(x, layer.padding_pairs(x.shape), mode=layer.padding_mode) if layer.padding_mode != "zeros" else x,)


def _window(layer: Conv | Depthwise, x: Tensor) -> dict[str, Attribute]:
    pairs = layer.padding_pairs(x.shape)
    return window(layer, pairs if layer.padding_mode == "zeros" else [(0, 0)] * len(pairs))


def depthwise(layer: Depthwise, weights: Weights, x: Tensor) -> Value:
    """A convolution with as many groups as channels."""
    return apply("Conv", *_read(layer, x), *weights.values(), **_window(layer, x), group=x.shape.channels)


def _connected(layer: Conv, connections: tuple[tuple[int, ...], ...], weights: Weights, x: Tensor) -> Value:
    """Each filter on the maps that it is connected to, with its part of the kernels (links, *kernel)."""
    first_links = accumulate(map(len, connections), initial=0)
    outputs = [
        apply(
            "Conv",
            apply("Gather", *_read(layer, x), integers(*maps), axis=1),
            apply("Unsqueeze", cut(weights["weight"], 0, first, following), integers(0)),
            **_window(layer, x),
        )
        for maps, (first, following) in zip(connections, pairwise(first_links), strict=True)
    ]
    return _with_bias(layer, apply("Concat", *outputs, axis=1), weights, x)


def local(layer: LocallyConnected, weights: Weights, x: Tensor) -> Value:
    """The map once for each tap, as channels; the values of each place times its kernels."""
    rank, pairs = x.shape.rank, layer.padding_pairs(x.shape)
    sizes, whole = layer.output_shape(x.shape).spatial, padded(x, pairs)
    taps = []
    for tap in product(*map(range, layer.kernel)):
        ends = [first + (n - 1) * s + 1 for first, n, s in zip(tap, sizes, layer.stride, strict=True)]
        taps.append(strided(whole, layer.stride, tap, ends))
    # (1, taps*C, *out) -> (*out, 1, taps*C), and back
    last = (*range(2, rank + 2), 0, 1)
    y = apply("MatMul", apply("Transpose", apply("Concat", *taps, axis=1), perm=last), weights["weight"])
    if layer.bias:
        y = apply("Add", y, apply("Unsqueeze", weights["bias"], integers(-2)))
    return apply("Transpose", y, perm=(rank, rank + 1, *range(rank)))


def deconv(layer: Deconv, weights: Weights, x: Tensor) -> Value:
    """One operator; if the output is larger than its windows reach, zeros are written around it."""
    crops, output_padding = list(layer.padding_pairs(x.shape)), layer.extras(x.shape)
    if any(extra >= s for extra, s in zip(output_padding, layer.stride, strict=True)):
        # ONNX Runtime has it only below the stride; to add at the end is to crop less there.
        crops = [(before, after - extra) for (before, after), extra in zip(crops, output_padding, strict=True)]
        output_padding = (0,) * len(crops)
    cropped = [(max(before, 0), max(after, 0)) for before, after in crops]
    extension = [(max(-before, 0), max(-after, 0)) for before, after in crops]
    settings = {**window(layer, cropped), "output_padding": output_padding, "group": layer.groups}
    if not any(map(any, extension)):
        return apply("ConvTranspose", x, *weights.values(), **settings)
    # The bias comes after the zeros: it is added to every value of the output.
    return _with_bias(layer, padded(apply("ConvTranspose", x, weights["weight"], **settings), extension), weights, x)


def fc(layer: FullyConnected, weights: Weights, x: Tensor) -> Value:
    """x times the transposed weight, plus the bias; on a sequence a convolution of kernel 1."""
    if x.shape.spatial:
        kernels = reshaped(weights["weight"], layer.features, x.shape.channels, 1)
        return apply("Conv", x, kernels, *list(weights.values())[1:])
    return apply("Gemm", x, *weights.values(), transB=1)


def _with_bias(layer: Conv | Deconv, y: Value, weights: Weights, x: Tensor) -> Value:
    return apply("Add", y, of_channels(weights["bias"], x.shape)) if layer.bias else y
