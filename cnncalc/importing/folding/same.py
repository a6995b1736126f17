"""Whether a spec is the network of a graph: the same layers, each reading the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cnncalc.importing.model import ModelGraph
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, make
from cnncalc.network.build import build_network
from cnncalc.network.model import Network, Node
from cnncalc.shapes import Shape

ANY_ORDER = ("add", "mul")
"""Merges whose inputs may change places."""

Known = tuple[Counter[int], list[int]]
"""How often each layer is there, with all its dependencies; and the dependencies of the outputs."""


def is_same_network(graph: ModelGraph, text: str) -> bool:
    """Whether a text is a spec of a graph's network, with any names of layers.

    Raises:
        SpecError: the text is not a spec.
    """
    network = build_network(read_spec(Source("folded", text)))
    return _known(graph.inputs, _made(graph), graph.outputs) == _known(
        network.inputs, _built(network), [*network.outputs.values()]
    )


def _built(network: Network) -> Iterator[tuple[str, Layer, Sequence[str]]]:
    """The name, the layer and the inputs of each node."""
    return ((node.path, node.layer, node.inputs) for node in network.nodes)


def paired(graph: ModelGraph, network: Network) -> dict[str, Node]:
    """The node of a network for each node of the graph that it was made of.

    Pairs are found from the outputs back to the inputs: the values that a pair reads are pairs, too. A network that
    is not that of the graph, as one whose numbers are rounded, reads in the same order.
    """
    knows, known = _numbers(graph.inputs, _made(graph)), _numbers(network.inputs, _built(network))
    nodes, built = {node.name: node for node in graph.nodes}, {node.path: node for node in network.nodes}
    outputs = (name for name in graph.outputs if name in nodes)  # an input of a file may be an output, too
    waiting = list(zip(outputs, network.outputs.values(), strict=False))
    pairs: dict[str, str] = {}
    while waiting:
        name, path = waiting.pop()
        if name in pairs or name not in nodes or path not in built or nodes[name].kind != built[path].layer.kind:
            continue
        pairs[name] = path
        here, there = list(nodes[name].inputs), list(built[path].inputs)
        ordered = sorted(here, key=knows.__getitem__), sorted(there, key=known.__getitem__)
        if nodes[name].kind in ANY_ORDER and [knows[one] for one in ordered[0]] == [known[one] for one in ordered[1]]:
            here, there = ordered
        waiting += zip(here, there, strict=False)
    return {name: built[path] for name, path in pairs.items()}


def _made(graph: ModelGraph) -> Iterator[tuple[str, Layer, Sequence[str]]]:
    """The name, the layer and the inputs of each node."""
    shapes: dict[str, Shape | None] = {**graph.inputs}
    layers: dict[tuple[str, int, int], Layer] = {}
    for node in graph.nodes:
        entering = shapes[node.inputs[0]]
        shapes[node.name] = node.shape
        rank = entering.rank if entering else 2
        key = node.kind, rank, id(node.settings)  # the builder gives equal layers the same settings
        if key not in layers:
            layers[key] = make(LAYERS[node.kind], rank, **node.settings)
        yield node.name, layers[key], node.inputs


def _known(
    inputs: Mapping[str, Shape], nodes: Iterable[tuple[str, Layer, Sequence[str]]], outputs: Sequence[str]
) -> Known:
    known = _numbers(inputs, nodes)
    return Counter(known.values()), sorted(known[value] for value in outputs)


def _numbers(inputs: Mapping[str, Shape], nodes: Iterable[tuple[str, Layer, Sequence[str]]]) -> dict[str, int]:
    """A number for each value, equal for those that depend on equal layers in the same way."""
    known = {name: hash((shape, number)) for number, (name, shape) in enumerate(inputs.items())}
    layers: dict[int, tuple[Layer, int]] = {}
    for name, layer, values in nodes:
        read = [known[value] for value in values]
        if id(layer) not in layers:
            layers[id(layer)] = layer, hash(_plain(layer))  # kept with its hash, so that no other object gets its id
        known[name] = hash((layers[id(layer)][1], *(sorted(read) if layer.kind in ANY_ORDER else read)))
    return known


def _plain(layer: Layer) -> Layer:
    """A layer whose padding is in numbers if a spec may say `half`, or `same` of a pixel."""
    kernel, dilation = getattr(layer, "kernel", ()), getattr(layer, "dilation", ())
    words = ("half", "same") if set(kernel) == {1} else ("half",)
    if getattr(layer, "padding", "") not in words or len(dilation) != len(kernel):
        return layer
    sides = tuple((d * (k - 1) // 2,) * 2 for k, d in zip(kernel, dilation, strict=True))
    return type(layer)(**{**vars(layer), "padding": sides})
