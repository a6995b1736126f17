"""The figures of several layers together: of a table row, and of the whole network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.memory import OPTIMIZERS, peak_elements
from cnncalc.analysis.receptive_field import Views
from cnncalc.layers.base import OPERATIONS
from cnncalc.network.model import Network, Row
from cnncalc.shapes import Layout, Shape


class Figures:
    """The figures that add up, over some layers. All are exact integers, but for `intensity`.

    A batch multiplies all but params, buffers and weights_memory.

    Args:
        layers: the layers, in execution order.
        value_bytes: bytes of one value.
    """

    def __init__(self, layers: tuple[LayerReport, ...], value_bytes: int) -> None:
        self.layers = layers
        self.value_bytes = value_bytes

    @property
    def params(self) -> int:
        """Learned values."""
        return sum(layer.facts.params for layer in self.layers)

    @property
    def buffers(self) -> int:
        """Stored values that are not learned."""
        return sum(layer.facts.buffers for layer in self.layers)

    @property
    def macs(self) -> int:
        """Multiply–accumulates of conv, deconv, depthwise and fc."""
        return sum(layer.macs for layer in self.layers)

    @property
    def flops(self) -> int:
        """Arithmetic operations by the report's profile; `cnncalc` counts 2 for each of macs."""
        return sum(layer.flops for layer in self.layers)

    @property
    def connections(self) -> int:
        """MACs, one for each output value with a bias, and the window of each pooled value (LeNet's counting)."""
        return sum(layer.connections for layer in self.layers)

    @property
    def ops(self) -> dict[str, int]:
        """Every operation by what it is."""
        return added(layer.ops for layer in self.layers)

    @property
    def weights_memory(self) -> int:
        """Bytes of params and buffers."""
        return (self.params + self.buffers) * self.value_bytes

    @property
    def intensity(self) -> Fraction:
        """FLOPs for each byte moved: every layer's inputs, weights and outputs once."""
        moved = sum(layer.values_moved for layer in self.layers) * self.value_bytes
        return Fraction(self.flops, moved) if moved else Fraction(0)


def added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Numbers of operations added up, in the order of `OPERATIONS`."""
    total: dict[str, int] = {}
    for count in counts:
        for operation, number in count.items():
            total[operation] = total.get(operation, 0) + number
    return {operation: total[operation] for operation in OPERATIONS if operation in total}


def operation_total(ops: Mapping[str, int]) -> int:
    """All operations; a multiply–accumulate is two of them."""
    return sum(ops.values()) + ops.get("mac", 0)


class RowReport(Figures):
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
        super().__init__(layers, value_bytes)
        self.row = row
        self.output = output
        self.batch = batch
        self.layout: Layout = layout
        self._views = views

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
    def elements(self) -> int:
        """Values in the output that it hands on, for the whole batch."""
        return self.output.elements * self.batch

    @property
    def output_memory(self) -> int:
        """Bytes of the output that it hands on, for the whole batch."""
        return self.elements * self.value_bytes

    @property
    def views(self) -> Views:
        """What the output sees of each input of the network: receptive field, jump and start."""
        return self._views()


class Totals(Figures):
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
        super().__init__(layers, value_bytes)
        self._network = network
        self._shapes = shapes
        self._batch = batch
        self._optimizer = optimizer

    @property
    def elements(self) -> int:
        """Values in the outputs of all layers."""
        return sum(layer.elements for layer in self.layers)

    @property
    def output_memory(self) -> int:
        """Bytes of the outputs of all layers."""
        return self.elements * self.value_bytes

    @property
    def peak_memory(self) -> int:
        """The most bytes of activations alive at once in inference, layers in the listed order."""
        return peak_elements(self._network, self._shapes) * self._batch * self.value_bytes

    @property
    def training_memory(self) -> int:
        """Bytes of weights, gradients, the optimizer's state, and every output kept for the backward pass."""
        kept = self.params * (1 + OPTIMIZERS[self._optimizer])
        return self.weights_memory + kept * self.value_bytes + self.output_memory

    def values(self) -> dict[str, int | float | dict[str, int]]:
        """All of them by name, as plain data."""
        return {
            "params": self.params,
            "buffers": self.buffers,
            "macs": self.macs,
            "flops": self.flops,
            "elements": self.elements,
            "connections": self.connections,
            "ops": self.ops,
            "weights_memory": self.weights_memory,
            "output_memory": self.output_memory,
            "peak_memory": self.peak_memory,
            "training_memory": self.training_memory,
            "intensity": float(self.intensity),
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Totals) and self.values() == other.values()

    def __hash__(self) -> int:
        return hash((self.params, self.macs, self.elements))

    def __repr__(self) -> str:
        return f"Totals({', '.join(f'{name}={value!r}' for name, value in self.values().items())})"
