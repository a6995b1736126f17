"""Network → Observations: numpy executes every layer by its definition, without asking a formula.

The functions of the kinds are in activation, arithmetic, attention, convolution, curves, normalization, pooling,
rearrangement and recurrent. Beside them are the execution itself (execute, weights, windows) and the files for real
values (run, inputs, loading, files/).
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.executor import (
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
from cnncalc.executor.base import Array
from cnncalc.layers import implementations

FUNCTIONS: dict[str, Callable[..., Array]] = implementations(
    activation, arithmetic, attention, convolution, curves, normalization, pooling, rearrangement, recurrent
)
"""The function of each kind: (layer, ledger, *inputs) -> output, all channels last."""
