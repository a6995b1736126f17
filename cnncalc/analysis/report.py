"""The report: every figure of every layer, and of the whole network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from cnncalc.layers.base import Layer, Weight
from cnncalc.network.model import Network, Node, Row, find_row
from cnncalc.shapes import Layout, Shape

DEFAULT_PROFILE = "cnncalc"
"""The counting profile whose flops are 2 · macs."""


class Facts(NamedTuple):
    """What follows from a layer and the shapes that enter it, for a batch of one."""

    output: Shape
    elements: int
    weights: Mapping[str, Weight]
    params: int
    buffers: int
    macs: int


class Figures(NamedTuple):
    """The figures that add up. All are exact; a batch multiplies all but params and buffers.

    Attributes:
        elements: values in the outputs.
        params: learned values.
        buffers: stored values that are not learned.
        macs: multiply–accumulates of conv, deconv, depthwise and fc.
        flops: arithmetic operations by the report's profile; `cnncalc` counts 2 for each of macs.
    """

    elements: int = 0
    params: int = 0
    buffers: int = 0
    macs: int = 0
    flops: int = 0


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


class RowReport(NamedTuple):
    """A line of the spec, or one of its copies or parts, with the sums over its layers.

    Attributes:
        row: path, label and children.
        layers: the layers that it stands for, in execution order.
        input: the shape that enters.
        output: the shape that it hands on.
        elements: values in that output, for the whole batch.
        params, buffers, macs, flops: sums over `layers`.
        layout: the order of `output_shape`.
    """

    row: Row
    layers: tuple[LayerReport, ...]
    output: Shape
    elements: int
    params: int
    buffers: int
    macs: int
    flops: int
    layout: Layout

    @property
    def path(self) -> str:
        """The row's name."""
        return self.row.path

    @property
    def kind(self) -> str:
        """The kind of its first layer; empty for a row that holds none."""
        return self.layers[0].kind if self.layers else ""

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Sizes of the output in the spec's layout, without batch."""
        return self.output.sizes(self.layout)


@dataclass(frozen=True)
class Report:
    """Every figure of a network.

    `report["conv1"]` is the row of that name, with the layers that it stands for. Where a row holds
    one conv with norm and activation, its params include those of the norm, as in the table.

    Attributes:
        network: what was analysed.
        layers: every layer in execution order.
        shapes: shape of every value by path, the network's inputs included.
        totals: sums over `layers`.
        batch: the number of inputs at once.
        profile: the counting profile of `flops`.
        unit: what the profile calls one of them.
        dtype: the number format that figures in bytes are for.
        incomplete: why totals are only lower bounds; empty where every figure is known.
    """

    _repr_html_: ClassVar[Callable[[Report], str]]  # set in cnncalc/__init__.py: `render` ranks above

    network: Network
    layers: tuple[LayerReport, ...]
    shapes: Mapping[str, Shape]
    totals: Figures
    batch: int = 1
    profile: str = DEFAULT_PROFILE
    unit: str = "FLOP"
    dtype: str = "fp32"
    incomplete: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every figure of every layer is known."""
        return not self.incomplete

    @property
    def output_shapes(self) -> dict[str, tuple[int, ...]]:
        """Sizes of each output in the spec's layout, without batch."""
        layout = self.network.layout
        return {name: self.shapes[path].sizes(layout) for name, path in self.network.outputs.items()}

    def rows(self) -> tuple[RowReport, ...]:
        """The rows of the table: one for each line of `layers:`."""
        return tuple(self.row_report(row) for row in self.network.rows)

    def row_report(self, row: Row) -> RowReport:
        """A row of the network with the sums over its layers."""
        layers = self.layers[row.start : row.stop]
        output = self.shapes[row.output]
        return RowReport(
            row=row,
            layers=layers,
            output=output,
            elements=output.elements * self.batch,
            params=sum(layer.facts.params for layer in layers),
            buffers=sum(layer.facts.buffers for layer in layers),
            macs=sum(layer.facts.macs for layer in layers) * self.batch,
            flops=sum(layer.flops for layer in layers),
            layout=self.network.layout,
        )

    def __getitem__(self, path: str) -> RowReport:
        """The row of this path at any depth: `conv3`, `conv3.2`, `conv3.2/residual/conv1`.

        Raises:
            KeyError: there is none.
        """
        row = find_row(self.network.rows, path)
        if row is None:
            raise KeyError(path)
        return self.row_report(row)

    def __len__(self) -> int:
        return len(self.layers)
