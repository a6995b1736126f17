"""Recurrent layers: the state of a unit after a step, from the input and from all units one step before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import tanh as tangent
from typing import NamedTuple

from cnncalc.tracing.pointwise import logistic
from cnncalc.tracing.trace import OneValue, Trace, dot, formula, inner, number


class Kept(NamedTuple):
    """The state of one unit after a step.

    Attributes:
        state: its output.
        cell: the cell of an lstm.
        gates: the lines about the gates, or about a sum.
    """

    state: float = 0.0
    cell: float = 0.0
    gates: tuple[float, ...] = ()


class Sums:
    """The weighted sums of one step: of the input, and of the states.

    Args:
        subject: a value of the layer.
        suffix: the end of the tensors' names, as `_l0_reverse`.
        values: the input of the step.
    """

    def __init__(self, subject: OneValue, suffix: str, values: Sequence[float]) -> None:
        self._subject, self._suffix, self._values = subject, suffix, values

    def entered(self, gate: int, unit: int) -> float:
        """The sum of the input."""
        return self._sum("weight_ih", ("bias", "bias_ih"), gate, unit, self._values)

    def kept(self, gate: int, unit: int, states: Sequence[float]) -> float:
        """The sum of the states."""
        return self._sum("weight_hh", ("bias_hh",), gate, unit, states)

    def _sum(self, weight: str, biases: tuple[str, ...], gate: int, unit: int, values: Sequence[float]) -> float:
        row = gate * self._subject.layer.units + unit
        offsets: list[float] = [one[row] for name in biases if (one := self._subject.numbers(f"{name}{self._suffix}"))]
        return dot(self._subject.numbers(f"{weight}{self._suffix}")[row], values) + sum(offsets)


Step = Callable[[OneValue, Sums, list[Kept]], list[Kept]]
"""All units after a step, from those before it."""


Ways = list[dict[int, list[Kept]]]
"""All units after each step, for each direction."""


def _unit(subject: OneValue, step: Step) -> Kept:
    """The unit of a value, after its step; all steps of all layers are computed once."""
    ways: Ways = subject.known.get("units") or _steps(subject, step)
    subject.known["units"] = ways
    number_, *place = subject.place
    way, unit = divmod(number_, subject.layer.units)
    last = 0 if way else subject.input_shape.spatial[0] - 1
    found: Kept = ways[way][place[0] if place else last][unit]
    return found


def _steps(subject: OneValue, step: Step) -> Ways:
    """The units of the last layer by the step, for each direction."""
    layer, (length,) = subject.layer, subject.input_shape.spatial
    values = [[subject.read((c, t)) for c in range(subject.input_shape.channels)] for t in range(length)]
    for number_ in range(layer.layers):
        ways: Ways = []
        for suffix, order in (("", range(length)), ("_reverse", range(length - 1, -1, -1)))[: layer.directions]:
            units, found = [Kept()] * layer.units, {}
            for t in order:
                units = step(subject, Sums(subject, f"_l{number_}{suffix}", values[t]), units)
                found[t] = units
            ways.append(found)
        values = [[unit.state for way in ways for unit in way[t]] for t in range(length)]
    return ways


def rnn(subject: OneValue) -> Trace:
    """The tanh, or relu, of one sum."""
    (total,) = _unit(subject, _rnn).gates
    curved = subject.layer.nonlinearity == "tanh"
    return formula(
        f"tanh({number(total)})" if curved else f"max(0, {number(total)})", _bent(subject, total), 1 + abs(total)
    )


def _bent(subject: OneValue, total: float) -> float:
    return tangent(total) if subject.layer.nonlinearity == "tanh" else max(0.0, total)


def _rnn(subject: OneValue, sums: Sums, before: list[Kept]) -> list[Kept]:
    states = [unit.state for unit in before]
    totals = [sums.entered(0, unit) + sums.kept(0, unit, states) for unit in range(len(before))]
    return [Kept(_bent(subject, total), gates=(total,)) for total in totals]


def lstm(subject: OneValue) -> Trace:
    """The output gate times the tanh of the cell."""
    unit = _unit(subject, _lstm)
    enter, forget, new, leave, cell = unit.gates
    about = [
        ("gates", f"input {number(enter)}, forget {number(forget)}, output {number(leave)}; new {number(new)}"),
        ("cell", f"{inner(forget)}·{inner(cell)} + {inner(enter)}·{inner(new)} = {number(unit.cell)}"),
    ]
    return formula(f"{inner(leave)}·tanh({number(unit.cell)})", unit.state, 1 + abs(unit.cell), about)


def _lstm(subject: OneValue, sums: Sums, before: list[Kept]) -> list[Kept]:
    states, after = [unit.state for unit in before], []
    for unit, kept in enumerate(before):
        enter, forget, new, leave = (sums.entered(gate, unit) + sums.kept(gate, unit, states) for gate in range(4))
        gates = logistic(enter), logistic(forget), tangent(new), logistic(leave), kept.cell
        cell = gates[1] * kept.cell + gates[0] * gates[2]
        after.append(Kept(gates[3] * tangent(cell), cell, gates))
    return after


def gru(subject: OneValue) -> Trace:
    """A state between a new one and the one before, by the update gate."""
    unit = _unit(subject, _gru)
    reset, update, new, state = unit.gates
    about = [("gates", f"reset {number(reset)}, update {number(update)}; new {number(new)}")]
    text = f"(1 − {inner(update)})·{inner(new)} + {inner(update)}·{inner(state)}"
    return formula(text, unit.state, 1 + abs(unit.state), about)


def _gru(subject: OneValue, sums: Sums, before: list[Kept]) -> list[Kept]:
    states, after = [unit.state for unit in before], []
    resets = [logistic(sums.entered(0, unit) + sums.kept(0, unit, states)) for unit in range(len(before))]
    kept_back = [reset * state for reset, state in zip(resets, states, strict=True)]
    for unit, state in enumerate(states):
        update = logistic(sums.entered(1, unit) + sums.kept(1, unit, states))
        if subject.layer.reset_after:
            summed = resets[unit] * sums.kept(2, unit, states)
        else:
            summed = sums.kept(2, unit, kept_back)
        new = tangent(sums.entered(2, unit) + summed)
        after.append(Kept((1 - update) * new + update * state, gates=(resets[unit], update, new, state)))
    return after
