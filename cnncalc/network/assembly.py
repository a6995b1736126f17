"""The network while it is put together: its nodes, and the shape of every value so far."""

from __future__ import annotations

from typing import NoReturn

from cnncalc.errors import ShapeError
from cnncalc.language.nodes import ScalarNode
from cnncalc.language.problems import Problems
from cnncalc.layers.base import Layer
from cnncalc.network.model import Node, Row
from cnncalc.network.naming import numbered
from cnncalc.network.numbers import Context
from cnncalc.network.scope import Scope
from cnncalc.shapes import Layout, Shape

MAX_LAYERS = 100_000

MAX_ELEMENTS = 10**36
"""Values in one output; 4 sizes of at most 10^18 can exceed it, nothing real comes near it."""


class TooLarge(Exception):
    """The network exceeds a limit; the problem is noted."""


class Assembly:
    """Collects nodes and follows shapes; notes each layer that cannot take its input.

    Attributes:
        problems: where problems are noted.
        layout: the order in which messages write shapes.
        nodes: the nodes so far.
        sources: the node that a value comes from, by path; the network's inputs have none.
        shapes: the shape of every value by path; None where a problem left it unknown.
        rows: the paths of lines that stand for several layers.
    """

    def __init__(self, problems: Problems, layout: Layout, inputs: dict[str, Shape | None]) -> None:
        self.problems = problems
        self.layout = layout
        self.nodes: list[Node] = []
        self.sources: dict[str, Node] = {}
        self.shapes = inputs
        self.rows: set[str] = set()
        self._outputs: dict[tuple[int, tuple[Shape | None, ...]], Shape] = {}

    def add(self, path: str, layer: Layer, operands: tuple[str, ...], at: ScalarNode, scope: Scope) -> str:
        """Add a node and follow its shape.

        Args:
            path: the node's name.
            layer: what it is.
            operands: the paths of the values that it reads.
            at: the place of a problem.
            scope: the uses of blocks around it.

        Returns:
            The path; with a number where a value has that name already.
        """
        path = self.unused(path)
        inputs = tuple([self.shapes[operand] for operand in operands])
        key = (id(layer), inputs)
        shape = self._outputs.get(key)
        if shape is None and None not in inputs:
            try:
                shape = self._outputs[key] = layer.output_shape(*inputs)  # type: ignore[arg-type]  # None is ruled out above
            except ShapeError as error:
                self.note(at, error.about(layer.kind, self.layout), "shape", scope)
        if shape is not None and shape.elements > MAX_ELEMENTS:
            self.too_large(at, f"{layer.kind}: the output has more than {MAX_ELEMENTS:.0e} values")
        self.shapes[path] = shape
        self.sources[path] = node = Node(path, layer, operands, at.line + 1, at.column + 1)
        self.nodes.append(node)
        if len(self.nodes) > MAX_LAYERS:
            self.too_large(at, f"more than {MAX_LAYERS:,} layers after expansion")
        return path

    def add_layer(
        self,
        path: str,
        layer: Layer,
        followers: tuple[Layer, ...],
        operands: tuple[str, ...],
        at: ScalarNode,
        scope: Scope,
    ) -> tuple[tuple[Row, ...], str]:
        """Add the nodes of a layer and its followers: the rows to unfold, and the value at the end."""
        start = len(self.nodes)
        output = self.add(path, layer, operands, at, scope)
        if not followers:
            return (), output
        for follower in followers:
            output = self.add(f"{path}/{follower.kind}", follower, (output,), at, scope)
        added = enumerate(self.nodes[start:], start)
        return tuple(Row(node.path, "", node.line, i, i + 1, node.path) for i, node in added), output

    def unused(self, path: str) -> str:
        """The path, or the first with a number behind it that no value has: `residual/add2`."""
        number, unused = 2, path
        while unused in self.shapes or unused in self.rows:
            unused, number = numbered(path, number), number + 1
        return unused

    def unknown(self, path: str) -> str:
        """Record that a problem left the shape of a value unknown; returns the path."""
        self.shapes[path] = None
        return path

    def context(self, scope: Scope, operand: str) -> Context:
        """What a value may refer to where `operand` enters; empty for nothing."""
        shape = self.shapes[operand] if operand else None
        return Context(scope, shape.channels if shape is not None else None, self.layout, entered=bool(operand))

    def note(self, at: ScalarNode, message: str, rule: str, scope: Scope) -> None:
        """Note a problem, with the uses of the blocks around it."""
        self.problems.add(at, message, rule, scope.where)

    def too_large(self, at: ScalarNode, message: str) -> NoReturn:
        """Note that a limit is exceeded, and give up."""
        self.problems.add(at, message, "too-large")
        raise TooLarge
