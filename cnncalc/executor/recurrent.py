"""Recurrent layers, one step after another."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from cnncalc.executor.base import Array, Ledger, add_by_channel
from cnncalc.layers.recurrent import Gru, Lstm, Recurrent, Rnn

StateSums = Callable[..., Array]
"""The weighted sums of a state for each gate, (gates, units); for some of the gates only, if a range is given."""

Step = Callable[[Array, StateSums, Array], Array]
"""The values kept after a step, (kept, units), the state first: from the sums of the input, (gates, units), of the
state, and from the values kept before."""


def rnn(layer: Rnn, ledger: Ledger, x: Array) -> Array:
    """The state is tanh, or relu, of one sum."""

    def step(entered: Array, of_state: StateSums, kept: Array) -> Array:
        total = entered + of_state(kept[0])
        state: Array = np.tanh(total) if layer.nonlinearity == "tanh" else np.maximum(total, 0)
        return state

    return _run(layer, ledger, x, (1, 1), step)


def lstm(layer: Lstm, ledger: Ledger, x: Array) -> Array:
    """The cell forgets and takes in; the state is the part that the output gate lets through."""

    def step(entered: Array, of_state: StateSums, kept: Array) -> Array:
        enter, forget, new, leave = entered + of_state(kept[0])
        cell = _sigmoid(forget) * kept[1] + _sigmoid(enter) * np.tanh(new)
        return np.stack([_sigmoid(leave) * np.tanh(cell), cell])

    return _run(layer, ledger, x, (4, 2), step)


def gru(layer: Gru, ledger: Ledger, x: Array) -> Array:
    """The state moves to a new one as far as the update gate lets it."""

    def step(entered: Array, of_state: StateSums, kept: Array) -> Array:
        (state,) = kept
        reset, update = _sigmoid(entered[:2] + of_state(state, 0, 2))
        summed = reset * of_state(state, 2, 3)[0] if layer.reset_after else of_state(reset * state, 2, 3)[0]
        return np.stack([(1 - update) * np.tanh(entered[2] + summed) + update * state])

    return _run(layer, ledger, x, (3, 1), step)


def _run(layer: Recurrent, ledger: Ledger, x: Array, sizes: tuple[int, int], step: Step) -> Array:
    """Every layer and direction: (L, C) -> (L, units), or the last states; those that read backwards come after."""
    last: list[Array] = []
    for number in range(layer.layers):
        states, last = [], []
        for way in (1, -1)[: 1 + layer.bidirectional]:
            found = _along(layer, ledger, x[::way], sizes, step, f"_l{number}{'' if way > 0 else '_reverse'}")
            states.append(found[::way])
            last.append(found[-1])
        x = np.concatenate(states, axis=-1)
    return x if layer.steps == "all" else np.concatenate(last)


def _along(layer: Recurrent, ledger: Ledger, x: Array, sizes: tuple[int, int], step: Step, suffix: str) -> Array:
    """The state after each step, from zeros on."""
    (gates, kept), units, length = sizes, layer.units, x.shape[-1]
    weight = ledger.tensor(f"weight_ih{suffix}", gates * units, length, spread=1 / sqrt(length))
    recurrent = ledger.tensor(f"weight_hh{suffix}", gates * units, units, spread=1 / sqrt(units))
    names = ((), ("bias",), ("bias_ih", "bias_hh"))[layer.biases]
    biases = [ledger.tensor(f"{name}{suffix}", gates * units, spread=0.1) for name in names]
    entered = ledger.multiply(x, weight.T)
    if biases:
        add_by_channel(entered, biases[0])

    def of_state(state: Array, first: int = 0, stop: int = gates) -> Array:
        rows = slice(first * units, stop * units)
        sums = ledger.multiply(recurrent[rows], state)
        if len(biases) > 1:
            add_by_channel(sums, biases[1][rows])
        return sums.reshape(stop - first, units)

    states: list[Array] = []
    values: Array = np.zeros((kept, units), np.float32)
    for sums in entered.reshape(-1, gates, units):
        values = step(sums, of_state, values)
        states.append(values[0])
    return np.stack(states)


def _sigmoid(x: Array) -> Array:
    y: Array = np.tanh(x / 2)
    y += 1
    y /= 2
    return y
