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
from cnncalc.layers import implementations

FUNCTIONS: dict[str, Callable[..., Array]] = implementations(
    activation, channels, convolution, linear, merging, normalization, pooling, rearrangement, transposed, unpooling
)
"""The function of each kind: (layer, ledger, *inputs) -> output, all channels last."""
