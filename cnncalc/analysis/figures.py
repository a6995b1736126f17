"""The figures of several layers together: of a table row, and of the whole network."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.memory import OPTIMIZERS, peak_elements
from cnncalc.analysis.receptive_field import Views
from cnncalc.figures import Figure, Figured, V, plain_numbers
from cnncalc.network.model import Network, Row
from cnncalc.shapes import Layout, Shape


class RowReport(Figured):
    """A line of the spec, or one of its copies or parts.

    Args:
        row: the row of the network.
        layers: the layers that it stands for.
        output: the shape that it hands on.
        batch: the number of inputs at once.
        layout: the order of `output_shape`.
        value_bytes: bytes of one value.
        views: gives what the output sees of the network's inputs; only called when it is asked for.
    """

    def __init__(
        self,
        row: Row,
        layers: tuple[LayerReport, ...],
        output: Shape,
        batch: int,
        layout: Layout,
        value_bytes: int,
        views: Callable[[], Views],
    ) -> None:
        self.row = row
        self.layers = layers
        self.output = output
        self.batch = batch
        self.layout: Layout = layout
        self.value_bytes = value_bytes
        self._views = views

    def sum_of(self, figure: Figure[V]) -> V | None:
        return figure.value(self) if figure.handed_on else figure.over(self.layers)

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

    @property
    def views(self) -> Views:
        """What the output sees of each input of the network: receptive field, jump and start."""
        return self._views()


class Totals(Figured):
    """The whole network.

    Args:
        network: the network.
        layers: all its layers.
        shapes: the shape of every value by path.
        batch: the number of inputs at once.
        value_bytes: bytes of one value.
        optimizer: whose state `training_memory` holds.
    """

    def __init__(
        self,
        network: Network,
        layers: tuple[LayerReport, ...],
        shapes: Mapping[str, Shape],
        batch: int,
        value_bytes: int,
        optimizer: str,
    ) -> None:
        self.layers = layers
        self.value_bytes = value_bytes
        self.state = OPTIMIZERS[optimizer]
        self._network = network
        self._shapes = shapes
        self._batch = batch

    def sum_of(self, figure: Figure[V]) -> V | None:
        return figure.over(self.layers)

    @property
    def peak(self) -> int:
        """The most values of activations alive at once in inference, layers in the listed order."""
        return peak_elements(self._network, self._shapes) * self._batch

    def values(self) -> dict[str, int | float | dict[str, int]]:
        """All numbers by name, as plain data."""
        return plain_numbers(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Totals) and self.values() == other.values()

    def __hash__(self) -> int:
        return hash((self.params, self.macs, self.elements))

    def __repr__(self) -> str:
        return f"Totals({', '.join(f'{name}={value!r}' for name, value in self.values().items())})"
