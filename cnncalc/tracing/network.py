"""Values of a network that was executed: their traces, and whether both ways give the same."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isnan
from typing import NamedTuple

from cnncalc.errors import ExecutionError
from cnncalc.network.model import Node
from cnncalc.shapes import Layout
from cnncalc.tracing import TRACES
from cnncalc.tracing.trace import DRAWN, Indexed, OneValue, Place, Trace, number, place_text

ROUNDED = 1e-5
"""The largest error of float32, as a part of the size of the sum; a wrong tap or term is further off."""
LEAST_SIZE = 0.1
"""Added to the size of the sum, so that a value near 0 may be off by its part."""


def apart(value: float, trace: Trace) -> float:
    """The distance of a value from its trace, as a part of the size of the sum; infinite if one is not a number."""
    if value == trace.value:
        return 0.0
    gap = abs(trace.value - value) / (trace.size + LEAST_SIZE)
    return inf if isnan(gap) else gap


class Traced(NamedTuple):
    """One value of a layer, as the executor has it, with its trace.

    Attributes:
        node: the layer in its place.
        place: of the value, channels first.
        value: the executor's.
        trace: its arithmetic.
    """

    node: Node
    place: Place
    value: float
    trace: Trace


def traced(
    node: Node, inputs: tuple[Indexed, ...], output: Indexed, tensors: Mapping[str, Indexed], place: Place,
    layout: Layout,
) -> Traced:  # fmt: skip
    """One value of a layer's output, with its trace.

    Raises:
        ExecutionError: the trace gives another value than the executor found.
    """
    value = float(str(output[place]))  # the fewest digits that give this float32
    tensors = {DRAWN: output} if node.layer.drawn else tensors
    trace = TRACES[node.layer.kind](OneValue(node.layer, node.inputs, inputs, tensors, place, layout, {}))
    if apart(value, trace) > ROUNDED:
        raise ExecutionError(
            f"{node.path}{place_text(place, layout)}: the products give {number(trace.value)}, and the executor found "
            f"{number(value)}; one of them is wrong, please report it"
        )
    return Traced(node, place, value, trace)
