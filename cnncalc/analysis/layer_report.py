"""One layer in its place, with its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.layers.base import OPERATIONS, Layer, Weight
from cnncalc.network.model import Node
from cnncalc.shapes import Layout, Shape


class Facts(NamedTuple):
    """What follows from a layer and the shapes that enter it, for a batch of one."""

    output: Shape
    elements: int
    weights: Mapping[str, Weight]
    params: int
    buffers: int
    macs: int


class LayerReport(NamedTuple):
    """One layer in its place, with its figures.

    Attributes:
        node: its path, layer and inputs.
        row: the path of the table row that it belongs to.
        inputs: shapes that enter, without batch.
        facts: what follows for a batch of one.
        batch: the number of inputs at once.
        layout: the order of `input_shapes` and `output_shape`.
        counted: flops under a counting profile, for the whole batch; None for the default one.
        unknown: why the profile has no number for this layer; empty where it has one.
    """

    node: Node
    row: str
    inputs: tuple[Shape, ...]
    facts: Facts
    batch: int
    layout: Layout
    counted: int | None = None
    unknown: str = ""

    @property
    def path(self) -> str:
        """The layer's unique name."""
        return self.node.path

    @property
    def layer(self) -> Layer:
        """The layer's settings."""
        return self.node.layer

    @property
    def kind(self) -> str:
        """The layer's kind."""
        return self.node.layer.kind

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Sizes of the output in the spec's layout, without batch."""
        return self.facts.output.sizes(self.layout)

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Sizes of each input in the spec's layout, without batch."""
        return tuple(shape.sizes(self.layout) for shape in self.inputs)

    @property
    def weight_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each stored tensor by name."""
        return {name: weight.shape for name, weight in self.facts.weights.items()}

    @property
    def elements(self) -> int:
        """Values in the output, for the whole batch."""
        return self.facts.elements * self.batch

    @property
    def params(self) -> int:
        """Learned values."""
        return self.facts.params

    @property
    def buffers(self) -> int:
        """Stored values that are not learned."""
        return self.facts.buffers

    @property
    def macs(self) -> int:
        """Multiply–accumulates, for the whole batch."""
        return self.facts.macs * self.batch

    @property
    def flops(self) -> int:
        """2 · macs, or what the report's counting profile counts; 0 where it is unknown."""
        return 2 * self.macs if self.counted is None else self.counted

    @property
    def connections(self) -> int:
        """MACs, plus one for each output value with a bias (LeNet's counting), for the whole batch."""
        return self.layer.connection_count(*self.inputs) * self.batch

    @property
    def ops(self) -> dict[str, int]:
        """Every operation by what it is, for the whole batch; only those that occur."""
        counts = self.layer.ops(*self.inputs)
        return {operation: counts[operation] * self.batch for operation in OPERATIONS if counts.get(operation)}

    @property
    def values_moved(self) -> int:
        """Values read and written once each: inputs and outputs of the whole batch, and weights."""
        read = sum(shape.elements for shape in self.inputs)
        return (read + self.facts.elements) * self.batch + self.params + self.buffers
