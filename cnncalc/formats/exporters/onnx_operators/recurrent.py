"""Recurrent layers: one operator of ONNX for each of their layers, with the gates in its order."""

from __future__ import annotations

from cnncalc.formats.exporters.onnx_operators.base import (
    Attribute,
    Tensor,
    Value,
    Weights,
    apply,
    cut,
    integers,
    reshaped,
)
from cnncalc.layers.recurrent import Gru, Lstm, Recurrent, Rnn


def rnn(layer: Rnn, weights: Weights, x: Tensor) -> Value:
    """ONNX names the activation for each direction."""
    names = ("Tanh" if layer.nonlinearity == "tanh" else "Relu",) * layer.directions
    return _stacked(layer, "RNN", (0,), weights, x, activations=names)


def lstm(layer: Lstm, weights: Weights, x: Tensor) -> Value:
    """ONNX's order is input, output, forget, cell."""
    return _stacked(layer, "LSTM", (0, 3, 1, 2), weights, x)


def gru(layer: Gru, weights: Weights, x: Tensor) -> Value:
    """ONNX's order is update, reset, new."""
    return _stacked(layer, "GRU", (1, 0, 2), weights, x, linear_before_reset=int(layer.reset_after))


def _stacked(
    layer: Recurrent, kind: str, gates: tuple[int, ...], weights: Weights, x: Tensor, **attributes: Attribute
) -> Value:
    """The layers on one another; ONNX has the steps first, and a batch of one: (L, 1, C)."""
    attributes |= {"hidden_size": layer.units, "direction": "bidirectional" if layer.bidirectional else "forward"}
    y: Value = apply("Transpose", x, perm=(2, 0, 1))
    for number in range(layer.layers):
        ways = [f"_l{number}{way}" for way in ("", "_reverse")[: layer.directions]]
        given = [_of_ways([_in_order(layer, gates, weights[f"{name}{way}"]) for way in ways]) for name in WEIGHTS]
        given += [_of_ways([_biases(layer, gates, weights, way) for way in ways])] if layer.biases else []
        last = layer.steps == "last" and number == layer.layers - 1
        states = apply(kind, y, *given, **attributes)
        if last:  # the second output: (directions, 1, units)
            return reshaped(apply("Transpose", states._replace(output=1), perm=(1, 0, 2)), 1, -1)
        # (L, directions, 1, units) -> (L, 1, units)
        y = reshaped(states, x.shape.spatial[0], 1, -1)
    return apply("Transpose", y, perm=(1, 2, 0))


WEIGHTS = ("weight_ih", "weight_hh")


def _of_ways(values: list[Value]) -> Value:
    """One value for each direction, with an axis for them."""
    every = [apply("Unsqueeze", value, integers(0)) for value in values]
    return apply("Concat", *every, axis=0)


def _in_order(layer: Recurrent, gates: tuple[int, ...], weight: Value) -> Value:
    """A weight with the rows of its gates in another order."""
    parts = [cut(weight, 0, gate * layer.units, (gate + 1) * layer.units) for gate in gates]
    return apply("Concat", *parts, axis=0)


def _biases(layer: Recurrent, gates: tuple[int, ...], weights: Weights, way: str) -> Value:
    """The biases of the input, then those of the state; the second are zeros if there is one."""
    if layer.biases == 2:
        pair = [_in_order(layer, gates, weights[f"{name}{way}"]) for name in ("bias_ih", "bias_hh")]
        return apply("Concat", *pair, axis=0)
    alone = _in_order(layer, gates, weights[f"bias{way}"])
    return apply("Pad", alone, integers(0, layer.gates * layer.units))
