"""Whether two specs are one network: the same layers, each reading the same."""

from __future__ import annotations

from collections import Counter

from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source
from cnncalc.layers.base import Layer
from cnncalc.network.build import build_network

ANY_ORDER = ("add", "mul")


def is_same_network(text: str, other: str) -> bool:
    """Whether two texts are specs of one network, whatever they call its layers.

    Raises:
        SpecError: one of them is wrong.
    """
    return _layers("flat", text) == _layers("folded", other)


def _plain(layer: Layer) -> Layer:
    """A layer whose padding of nothing is written in numbers: `half` of one pixel is none."""
    kernel = getattr(layer, "kernel", ())
    if getattr(layer, "padding", "") != "half" or set(kernel) != {1}:
        return layer
    return type(layer)(**{**vars(layer), "padding": ((0, 0),) * len(kernel)})


def _layers(file: str, text: str) -> tuple[Counter[int], list[int]]:
    """How often each layer is there, with all that it depends on; and what the outputs depend on."""
    network = build_network(read_spec(Source(file, text)))
    known = {name: hash((shape, number)) for number, (name, shape) in enumerate(network.inputs.items())}
    for node in network.nodes:
        read = [known[value] for value in node.inputs]
        known[node.path] = hash((_plain(node.layer), tuple(sorted(read) if node.layer.kind in ANY_ORDER else read)))
    return Counter(known.values()), sorted(known[value] for value in network.outputs.values())
