"""Transposed convolution."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import (
    Attribute,
    Tensor,
    Value,
    Weights,
    apply,
    of_channels,
    padded,
    pads,
)
from cnncalc.layers.transposed import Deconv


def deconv(layer: Deconv, weights: Weights, x: Tensor) -> Value:
    """One operator; where the output is larger than its windows reach, zeros are written around it."""
    crops, output_padding = list(layer.padding_pairs(x.shape)), layer.output_padding
    if any(extra >= s for extra, s in zip(output_padding, layer.stride, strict=True)):
        # ONNX Runtime knows it only below the stride; to add at the end is to crop less there.
        crops = [(before, after - extra) for (before, after), extra in zip(crops, output_padding, strict=True)]
        output_padding = (0,) * len(crops)
    settings: dict[str, Attribute] = {
        "kernel_shape": layer.kernel,
        "strides": layer.stride,
        "pads": pads((max(before, 0), max(after, 0)) for before, after in crops),
        "dilations": layer.dilation,
        "output_padding": output_padding,
        "group": layer.groups,
    }
    extension = [(max(-before, 0), max(-after, 0)) for before, after in crops]
    if not any(map(any, extension)):
        return apply("ConvTranspose", x, *weights.values(), **settings)
    y = padded(apply("ConvTranspose", x, weights["weight"], **settings), extension)
    # The bias comes after the zeros: it is added to every value of the output.
    return apply("Add", y, of_channels(weights["bias"], x.shape)) if layer.bias else y
