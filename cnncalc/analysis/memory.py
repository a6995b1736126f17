"""Memory of activations: which values are alive at once when layers run in the listed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.network.model import Network
from cnncalc.shapes import Shape

DTYPES = {"fp32": 4, "fp16": 2, "bf16": 2, "int8": 1}
"""Bytes of one value by number format."""

OPTIMIZERS = {"sgd": 0, "momentum": 1, "adam": 2}
"""Values that an optimizer keeps for each learned value."""


class Peak(NamedTuple):
    """The moment at which most values are alive.

    Attributes:
        elements: their number, for a batch of one.
        step: the number of the layer that runs then, from 0.
    """

    elements: int
    step: int


def peak_elements(network: Network, shapes: Mapping[str, Shape]) -> int:
    """The most values alive at once, for a batch of one, as `find_peak` has it."""
    return find_peak(network, shapes).elements


def find_peak(network: Network, shapes: Mapping[str, Shape]) -> Peak:
    """The first moment at which most values are alive, with their number. See `alive_elements`.

    If all lines are left out, no layer runs, and there are the inputs alone.
    """
    alive = [*alive_elements(network, shapes)] or [sum(shapes[name].elements for name in network.inputs)]
    return Peak(max(alive), alive.index(max(alive)))


def alive_elements(network: Network, shapes: Mapping[str, Shape]) -> Iterator[int]:
    """The values that are alive while each layer runs, for a batch of one.

    A layer's inputs and its output are alive while it runs. A value is freed after its last reader;
    the network's outputs are never freed. Layers that work in place write over their input if nobody
    reads it afterwards.

    Args:
        network: the network.
        shapes: the shape of every value by path.
    """
    last = _last_readers(network)
    alive = {name: shapes[name].elements for name in network.inputs}
    held = sum(alive.values())
    for step, node in enumerate(network.nodes):
        source = node.inputs[0]
        if node.layer.in_place and last[source] == step:
            alive[node.path] = alive.pop(source)
        else:
            alive[node.path] = shapes[node.path].elements
            held += alive[node.path]
        yield held
        for path in {*node.inputs, node.path}:
            if last.get(path, step) == step:
                held -= alive.pop(path, 0)


def _last_readers(network: Network) -> dict[str, int]:
    """The step of the last node that reads each value; the network's outputs are read at the end."""
    last = {path: step for step, node in enumerate(network.nodes) for path in node.inputs}
    return last | dict.fromkeys(network.outputs.values(), len(network.nodes))
