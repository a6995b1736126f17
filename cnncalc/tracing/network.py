"""Values of a network that was executed: which ones are traced, and whether both ways give the same."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isnan
from typing import NamedTuple

from cnncalc.errors import ExecutionError
from cnncalc.network.model import Node
from cnncalc.shapes import Layout
from cnncalc.tracing import TRACES
from cnncalc.tracing.trace import Indexed, OneValue, Place, Trace, number, place_text

ROUNDED = 1e-5
"""How far float32 may be off, as a part of all that was added; a wrong tap or term is further off."""
LEAST_SIZE = 0.1
"""What is added to all that was added: near 0 a value may be off by its part."""


def apart(value: float, trace: Trace) -> float:
    """How far a value is from its trace, as a part of all that was added; infinite if one of them is no number."""
    if value == trace.value:
        return 0.0
    gap = abs(trace.value - value) / (trace.size + LEAST_SIZE)
    return inf if isnan(gap) else gap


class Traced(NamedTuple):
    """One value of a layer, as the executor has it, and how it comes about.

    Attributes:
        node: the layer in its place.
        place: where the value is, channels first.
        value: what the executor found.
        trace: how it comes about.
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
    value = float(str(output[place]))  # of a float32 the fewest digits that are it
    trace = TRACES[node.layer.kind](OneValue(node.layer, node.inputs, inputs, tensors, place, layout, {}))
    if apart(value, trace) > ROUNDED:
        raise ExecutionError(
            f"{node.path}{place_text(place, layout)}: the products give {number(trace.value)}, and the executor found "
            f"{number(value)}; one of them is wrong, please report it"
        )
    return Traced(node, place, value, trace)
