"""One value of a layer's output → its arithmetic: `1·0.1 + 2·0.2 + 3·0.3 + 1·0.4 = 1.8`.

The loops here are obvious ones over the definitions, in Python's floats; they know nothing of the executor, whose
values are compared with theirs. The functions of the kinds are in attention, convolution, merging, moving,
normalization, pointwise, pooling and recurrent.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.layers import implementations
from cnncalc.tracing import (
    attention,
    convolution,
    merging,
    moving,
    normalization,
    pointwise,
    pooling,
    recurrent,
)
from cnncalc.tracing.trace import OneValue, Trace

TRACES: dict[str, Callable[[OneValue], Trace]] = implementations(
    attention, convolution, merging, moving, normalization, pointwise, pooling, recurrent
)
"""The function of each kind."""
