"""The fully connected layer."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger, add_by_channel, fan_in_spread
from cnncalc.layers.linear import FullyConnected


def fc(layer: FullyConnected, ledger: Ledger, x: Array) -> Array:
    """The weighted sum of all inputs for each output, some outputs at a time.

    Shape: (C) -> (features).
    """
    (length,) = x.shape
    rows = ledger.rows("weight", layer.features, length, spread=fan_in_spread(length))
    y = np.concatenate([ledger.multiply(block, x) for block in rows])
    if layer.bias:
        add_by_channel(y, ledger.bias(layer.features))
    return y
