"""What each kind is in ONNX. The files mirror those of `layers/`, as the executor's do."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.formats.exporters.onnx_operators import (
    activation,
    channels,
    convolution,
    linear,
    merging,
    normalization,
    pooling,
    rearrangement,
    transposed,
    unpooling,
)
from cnncalc.formats.exporters.onnx_operators.base import Value

OPERATORS: dict[str, Callable[..., Value]] = {
    "conv": convolution.conv,
    "deconv": transposed.deconv,
    "depthwise": convolution.depthwise,
    "maxpool": pooling.maxpool,
    "avgpool": pooling.avgpool,
    "global_avgpool": pooling.global_avgpool,
    "global_maxpool": pooling.global_maxpool,
    "adaptive_avgpool": pooling.adaptive_avgpool,
    "adaptive_maxpool": pooling.adaptive_maxpool,
    "unpool": unpooling.unpool,
    "flatten": rearrangement.flatten,
    "fc": linear.fc,
    "bn": normalization.bn,
    "lrn": normalization.lrn,
    "layernorm": normalization.layernorm,
    "groupnorm": normalization.groupnorm,
    "instancenorm": normalization.instancenorm,
    "scale": normalization.scale,
    "dropout": activation.dropout,
    "relu": activation.relu,
    "relu6": activation.relu6,
    "leaky_relu": activation.leaky_relu,
    "prelu": activation.prelu,
    "elu": activation.elu,
    "gelu": activation.gelu,
    "silu": activation.silu,
    "hardswish": activation.hardswish,
    "hardsigmoid": activation.hardsigmoid,
    "sigmoid": activation.sigmoid,
    "tanh": activation.tanh,
    "softmax": activation.softmax,
    "upsample": rearrangement.upsample,
    "zeropad": rearrangement.zeropad,
    "crop": rearrangement.crop,
    "slice": rearrangement.slice_,
    "shuffle": rearrangement.shuffle,
    "space_to_depth": channels.space_to_depth,
    "depth_to_space": channels.depth_to_space,
    "pad_channels": channels.pad_channels,
    "reshape": rearrangement.reshape,
    "add": merging.add,
    "mul": merging.mul,
    "concat": merging.concat,
}
"""The operators of each kind: (layer, weights, *inputs) -> the layer's output."""
