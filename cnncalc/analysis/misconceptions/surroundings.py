"""Numbers around a layer that a mistake may take: of the layers beside it, and of the input that it sees."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.memory import DTYPES
from cnncalc.analysis.misconceptions.borrowing import Others
from cnncalc.analysis.misconceptions.layer_figures import Context
from cnncalc.analysis.receptive_field import Field, View, Views, composed
from cnncalc.analysis.report import Report
from cnncalc.layers.base import Layer
from cnncalc.layers.linear import FullyConnected
from cnncalc.layers.merging import Concat
from cnncalc.layers.rearrangement import Flatten
from cnncalc.network.model import Node
from cnncalc.shapes import Shape

TWINS = {224: (227, 299), 227: (224,), 28: (32,), 32: (28,), 299: (224,)}
"""Input sizes that are mistaken for one another: AlexNet's two, MNIST and LeNet-5, ImageNet and Inception."""


class Seen(NamedTuple):
    """The part of the network's input that every element of a value sees, if that is simple.

    Attributes:
        field: the receptive field along each axis.
        jump: the distance between neighbours along each axis, in pixels.
    """

    field: tuple[int, ...]
    jump: tuple[int, ...]


def simply_seen(views: Views) -> Seen | None:
    """The input that a value sees; None for several inputs, the whole input, or a pattern that repeats."""
    axes = views[0].axes if len(views) == 1 else ()
    if not axes or any(len(field.intervals) != 1 for field in axes):
        return None
    return Seen(tuple(field.extent for field in axes), tuple(int(field.jump) for field in axes))


def seen_in(report: Report) -> dict[str, Seen | None]:
    """The part of the input that every value of a network sees."""
    return {path: simply_seen(views) for path, views in report.views.items()}


def seen_through(layer: Layer, inputs: tuple[Shape, ...], seen: Seen | None) -> Seen | None:
    """The input that the output of a layer sees; None if that is not simple."""
    if seen is None or layer.sees_everything or len(inputs) > 1 or inputs[0].rank != len(seen.field):
        return None
    axes = [composed(Field(((0, r - 1),), j), reach) for reach, r, j in zip(layer.reach(inputs[0]), *seen, strict=True)]
    known = tuple(field for field in axes if field is not None and field.extent)
    return simply_seen((View("", known),)) if len(known) == len(axes) else None


class Place(NamedTuple):
    """The place of a layer in its network.

    Attributes:
        above, below: the layers with a window before and after it; None for a layer without one.
        unflattened: the path of the value that the flatten above an fc reads; empty for none.
        towers: whether the network is split in two, by groups or by branches.
        first: whether the layer reads an input of the network.
        channels: those of the network's input; 0 if it has several.
        batch, value_bytes: as of the report.
        others: the settings of all layers.
    """

    above: Any = None
    below: Any = None
    unflattened: str = ""
    towers: bool = False
    first: bool = False
    channels: int = 0
    batch: int = 1
    value_bytes: int = DTYPES["fp32"]
    others: Others | None = None

    def context(self, x: Shape, shapes: Mapping[str, Shape], seen: Seen | None) -> Context:
        """The numbers around the layer, by the symbols of edits.

        Args:
            x: the shape that enters the layer.
            shapes: the shape of every known value by path.
            seen: the part of the network's input that the layer's input sees.
        """
        context: dict[str, int | tuple[int, ...]] = {"bytes": self.value_bytes}
        context |= {"r_in": seen.field, "j_in": seen.jump} if seen else {}
        context |= {"towers": 2} if self.towers else {}
        context |= {"C_network": self.channels} if self.channels else {}
        for word, other in (("above", self.above), ("below", self.below)):
            context |= {f"K_{word}": other.kernel, f"S_{word}": other.stride} if other is not None else {}
        if self.first and len(set(x.spatial)) == 1:
            context |= {f"twin_{number}": n for number, n in enumerate(TWINS.get(x.spatial[0], ()), start=1)}
        map_ = shapes.get(self.unflattened)
        if map_ is not None and map_.rank:
            context |= {"map": map_.spatial, "map_channels": map_.channels, "map_last": map_.spatial[-1]}
            context["map_positions"] = prod(map_.spatial)
        return context


def places(report: Report) -> dict[str, Place]:
    """The place of each layer in a network, by its path."""
    network, others = report.network, Others(report)
    channels = [shape.channels for shape in network.inputs.values()]
    around = (channels[0] if len(channels) == 1 else 0, report.batch, report.value_bytes)
    nodes = {node.path: node for node in network.nodes}
    sliding = [node for node in network.nodes if hasattr(node.layer, "kernel")]
    layers = [None, *(node.layer for node in sliding), None]
    beside = {node.path: (layers[number], layers[number + 2]) for number, node in enumerate(sliding)}
    halved = [node for node in network.nodes if getattr(node.layer, "groups", 1) == 2]
    towers = len(halved) > 1 or any(_joins_towers(node, nodes) for node in network.nodes)
    found = {}
    for node in network.nodes:
        first = any(path in network.inputs for path in node.inputs)
        found[node.path] = Place(
            *beside.get(node.path, (None, None)), _flattened(node, nodes), towers, first, *around, others
        )
    return found


def _joins_towers(node: Node, nodes: Mapping[str, Node]) -> bool:
    """Whether a layer joins two towers: two inputs that the same layers make, from the last kernels on.

    A skip of a U-Net and the map that it is joined with come from different layers.
    """
    if not isinstance(node.layer, Concat) or len(node.inputs) != 2:
        return False
    one, other = (nodes.get(path) for path in node.inputs)
    while one is not None and other is not None and one is not other and one.layer == other.layer:
        if hasattr(one.layer, "filters"):
            return True
        one, other = nodes.get(one.inputs[0]), nodes.get(other.inputs[0])
    return False


def _flattened(node: Node, nodes: Mapping[str, Node]) -> str:
    """The path of the value that the flatten above an fc reads, through layers that keep the vector."""
    if not isinstance(node.layer, FullyConnected):
        return ""
    above = nodes.get(node.inputs[0])
    while above is not None and not isinstance(above.layer, Flatten | FullyConnected):
        above = nodes.get(above.inputs[0]) if len(above.inputs) == 1 else None
    return above.inputs[0] if above is not None and isinstance(above.layer, Flatten) else ""
