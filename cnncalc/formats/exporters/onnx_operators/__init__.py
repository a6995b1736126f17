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
from cnncalc.layers import implementations

OPERATORS: dict[str, Callable[..., Value]] = implementations(
    activation, channels, convolution, linear, merging, normalization, pooling, rearrangement, transposed, unpooling
)
"""The operators of each kind: (layer, weights, *inputs) -> the layer's output."""
