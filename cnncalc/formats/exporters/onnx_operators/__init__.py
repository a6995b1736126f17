"""Each kind in ONNX, in files with the names of the executor's."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.formats.exporters.onnx_operators import (
    activation,
    arithmetic,
    attention,
    convolution,
    curves,
    normalization,
    pooling,
    rearrangement,
    recurrent,
)
from cnncalc.formats.exporters.onnx_operators.base import Value
from cnncalc.layers import implementations

OPERATORS: dict[str, Callable[..., Value]] = implementations(
    activation, arithmetic, attention, convolution, curves, normalization, pooling, rearrangement, recurrent
)
"""The operators of each kind: (layer, weights, *inputs) -> the layer's output."""
