"""Rows of a network as tasks to be reckoned: what they read, and what stands around their layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.analysis.misconceptions.layer_terms import Around, Sight
from cnncalc.analysis.misconceptions.reckoner import Task
from cnncalc.analysis.receptive_field import Views
from cnncalc.analysis.report import Report
from cnncalc.layers.base import Layer
from cnncalc.layers.linear import FullyConnected
from cnncalc.layers.merging import Concat
from cnncalc.layers.parameters import Size
from cnncalc.layers.rearrangement import Flatten
from cnncalc.network.model import Network, Node
from cnncalc.shapes import Shape


def simple_sight(views: Views) -> Sight | None:
    """What a value sees; None for several inputs, the whole input, or a pattern that repeats."""
    if len(views) != 1 or not views[0].axes or any(len(field.intervals) != 1 for field in views[0].axes):
        return None
    axes = views[0].axes
    return Sight(tuple(field.extent for field in axes), tuple(int(field.jump) for field in axes))


def sight_behind(layer: Layer, inputs: tuple[Shape, ...], sight: Sight | None) -> Sight | None:
    """What the output of a layer sees; None where that is not simple."""
    if sight is None or layer.sees_everything or len(inputs) > 1 or inputs[0].rank != len(sight.field):
        return None
    field, jump = [], []
    for reach, r, j in zip(layer.reach(inputs[0]), *sight, strict=True):
        if len(reach.ranges) != 1 or reach.ranges[0] is None:
            return None
        first, last = reach.ranges[0]
        field.append(r + (last - first) * j)
        jump.append(j * reach.advance)
    return Sight(tuple(field), tuple(jump))


def right_sights(report: Report) -> dict[str, Sight | None]:
    """What every value of a network sees."""
    return {path: simple_sight(views) for path, views in report.views.items()}


class Neighbourhood(NamedTuple):
    """What stands around a layer, before any shape is known.

    Attributes:
        windows: as of `Around`.
        unflattened: the path of what the flatten above an fc reads; empty for none.
        towers, first: as of `Around`.
    """

    windows: tuple[tuple[Size, Size], ...]
    unflattened: str
    towers: bool
    first: bool

    def around(self, shapes: Mapping[str, Shape], sight: Sight | None) -> Around:
        """What stands around the layer, with these shapes and with what it sees through its input."""
        return Around(
            windows=self.windows,
            unflattened=shapes.get(self.unflattened),
            towers=self.towers,
            first=self.first,
            sight=sight,
        )


def neighbourhoods(network: Network) -> dict[str, Neighbourhood]:
    """What stands around each layer of a network, by its path."""
    nodes = {node.path: node for node in network.nodes}
    sliding = [node for node in network.nodes if hasattr(node.layer, "kernel")]
    place = {node.path: number for number, node in enumerate(sliding)}
    halved = [node for node in network.nodes if getattr(node.layer, "groups", 1) == 2]
    towers = len(halved) > 1 or any(_joins_towers(node, nodes) for node in network.nodes)
    found = {}
    for node in network.nodes:
        number = place.get(node.path)
        beside = [] if number is None else [*sliding[max(number - 1, 0) : number], *sliding[number + 1 : number + 2]]
        windows = tuple((_size(other, "kernel"), _size(other, "stride")) for other in beside)
        first = any(path in network.inputs for path in node.inputs)
        found[node.path] = Neighbourhood(windows, _flattened(node, nodes), towers, first)
    return found


def _size(node: Node, setting: str) -> Size:
    size: Size = getattr(node.layer, setting)
    return size


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
    """The path of what the flatten above an fc reads, through layers that keep the vector."""
    if not isinstance(node.layer, FullyConnected):
        return ""
    above = nodes.get(node.inputs[0])
    while above is not None and not isinstance(above.layer, Flatten | FullyConnected):
        above = nodes.get(above.inputs[0]) if len(above.inputs) == 1 else None
    return above.inputs[0] if above is not None and isinstance(above.layer, Flatten) else ""


def make_task(
    nodes: tuple[Node, ...],
    output: str,
    shapes: Mapping[str, Shape],
    sights: Mapping[str, Sight | None],
    neighbours: Mapping[str, Neighbourhood],
    stated: Shape | None = None,
) -> Task:
    """The task of reckoning some layers.

    Args:
        nodes: the layers, in order.
        output: the path of the value that they hand on; empty for a sum over them.
        shapes: shapes of the values that they read, and perhaps others.
        sights: what these values see.
        neighbours: what stands around each layer of the network.
        stated: the output's shape, where it is not to be reckoned.

    Raises:
        ShapeError: a layer cannot take its inputs.
    """
    inside = {node.path for node in nodes}
    outside = {path: shapes[path] for node in nodes for path in node.inputs if path not in inside}
    # Only what the row reads is kept: with all values of the network in every row, rows would be squared.
    unflattened = {neighbours[node.path].unflattened for node in nodes} & shapes.keys()
    known = outside | {path: shapes[path] for path in unflattened}
    seen = {path: sights.get(path) for path in outside}
    arounds = {}
    for node in nodes:
        inputs, sight = tuple(known[path] for path in node.inputs), seen[node.inputs[0]]
        arounds[node.path] = neighbours[node.path].around(known, sight)
        known[node.path] = node.layer.output_shape(*inputs)
        seen[node.path] = sight_behind(node.layer, inputs, sight)
    return Task(nodes, output, outside, arounds, stated, seen)
