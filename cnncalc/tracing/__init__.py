"""One value of a layer's output → how it comes about: `1·0.1 + 2·0.2 + 3·0.3 + 1·0.4 = 1.8`.

The loops here are obvious ones over the definitions, in Python's floats; they know nothing of the executor, whose value
is compared with theirs. The functions of the kinds stand in convolution, pooling, pointwise, normalization, moving
and merging.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.layers import implementations
from cnncalc.tracing import convolution, merging, moving, normalization, pointwise, pooling
from cnncalc.tracing.trace import OneValue, Trace

TRACES: dict[str, Callable[[OneValue], Trace]] = implementations(
    convolution, merging, moving, normalization, pointwise, pooling
)
"""The function of each kind that has a short formula."""

UNTRACED = ("unpool", "rnn", "lstm", "gru", "attention", "opaque")
"""The kinds whose values have no short formula."""
