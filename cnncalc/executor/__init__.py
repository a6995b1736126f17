"""Network → Observations: numpy executes every layer, as the definitions say and without asking a formula.

The files mirror those of `layers/`: a kind's function stands in the file of its class's name. Beside them
are the execution itself (execute, weights, windows) and what a run of real values needs (run, inputs,
loading, matching, summary, files/).
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.executor import (
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
from cnncalc.executor.base import Array

FUNCTIONS: dict[str, Callable[..., Array]] = {
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
"""The function of each kind: (layer, ledger, *inputs) -> output, all channels last."""
