"""One layer in its place, with its figures."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.figures import Figure, Figured
from cnncalc.layers.base import Layer
from cnncalc.layers.facts import Facts
from cnncalc.network.model import Node
from cnncalc.shapes import Layout, Shape


class _Fields(NamedTuple):
    node: Node
    row: str
    inputs: tuple[Shape, ...]
    facts: Facts
    batch: int
    layout: Layout
    value_bytes: int
    counted: int | None = None
    unknown: str = ""


class LayerReport(_Fields, Figured):
    """One layer in its place, with its figures.

    Attributes:
        node: its path, layer and inputs.
        row: the path of the table row that it belongs to.
        inputs: shapes that enter, without batch.
        facts: those for a batch of one.
        batch: the number of inputs at once.
        layout: the order of `input_shapes` and `output_shape`.
        value_bytes: bytes of one value.
        counted: flops under a counting profile, for the whole batch; None for the default one.
        unknown: says why the profile has no number for this layer; empty if it has one.
    """

    __slots__ = ()

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
    def output(self) -> Shape:
        """The output's shape."""
        return self.facts.output

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
    def lacking(self) -> bool:
        """Whether some figure is not known."""
        return bool(self.unknown or self.layer.unknown)

    def lacks(self, figure: Figure[Any]) -> str:
        """The reason why a figure is not known; empty if it is known."""
        if self.unknown and figure.by_profile:
            return self.unknown
        missing = sorted(unknown & figure.depends_on) if (unknown := self.layer.unknown) else ()
        return f"{self.path} does not say its {missing[0]}" if missing else ""

    def sum_of(self, figure: Figure[Any]) -> Any:
        return figure.value(self)
