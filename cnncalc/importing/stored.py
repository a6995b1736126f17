"""The number of values that a node of a graph stores."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

from cnncalc.importing.model import ModelGraph
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make


class StoredValues(NamedTuple):
    """The values that a node learns, and those that it keeps besides."""

    learned: int
    kept: int

    @property
    def all(self) -> int:
        """Both."""
        return self.learned + self.kept


def stored_values(graph: ModelGraph) -> Mapping[str, StoredValues]:
    """The values that each node stores; none if it uses the weights of another one, or has no kind."""
    shapes = {**graph.inputs, **{node.name: node.shape for node in graph.nodes}}
    found = {}
    for node in graph.nodes:
        inputs = [shape for name in node.inputs if (shape := shapes[name]) is not None]
        found[node.name] = StoredValues(0, 0)
        if node.kind and len(inputs) == len(node.inputs) and not node.shares:
            weights = make(LAYERS[node.kind], inputs[0].rank, **node.settings).weight_shapes(*inputs).values()
            learned = sum(prod(one.shape) for one in weights if one.learned)
            found[node.name] = StoredValues(learned, sum(prod(one.shape) for one in weights) - learned)
    return found
