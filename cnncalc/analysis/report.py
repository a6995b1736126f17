"""The report: every figure of every layer, and of the whole network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.memory import DTYPES, OPTIMIZERS, peak_elements
from cnncalc.analysis.receptive_field import Views, receptive_fields
from cnncalc.figures import Figure, Figured, plain_numbers
from cnncalc.network.model import Network, Row, find_row
from cnncalc.shapes import Layout, Shape

DEFAULT_PROFILE = "cnncalc"
"""The counting profile whose flops are 2 · macs."""


class RowReport(Figured):
    """A line of the spec, or one of its copies or parts, with the sums over its layers.

    Attributes:
        row: the row of the network.
        layers: the layers that it stands for.
        output: the shape that it hands on.
        batch, layout, value_bytes: as for a layer.
    """

    def __init__(self, report: Report, row: Row) -> None:
        self._report = report
        self.row = row
        self.layers = report.layers[row.start : row.stop]
        self.output = report.shapes[row.output]
        self.batch = report.batch
        self.layout: Layout = report.network.layout
        self.value_bytes = report.value_bytes

    def sum_of(self, figure: Figure[Any]) -> Any:
        return figure.value(self) if figure.handed_on else figure.over(self.layers)

    @property
    def other(self) -> RowReport | None:
        """The same row with other sizes of the network's inputs, if the spec leaves some open."""
        return RowReport(self._report.other, self.row) if self._report.other is not None else None

    @property
    def known_shape(self) -> tuple[int | None, ...]:
        """Sizes of the output in the spec's layout, without batch; None for one that depends on a size left open."""
        return _known(self.output_shape, self.other.output_shape if self.other is not None else None)

    @property
    def needs(self) -> str:
        """The words in place of a figure that depends on sizes that are left open."""
        return self._report.needs

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
        """The views of the output into each input of the network: receptive field, jump and start."""
        return self._report.views[self.row.output]


class Totals(Figured):
    """The whole network.

    Attributes:
        layers: all its layers.
        value_bytes: bytes of one value.
        state: the number of values that the optimizer keeps for each learned one.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self.layers = report.layers
        self.value_bytes = report.value_bytes
        self.state = OPTIMIZERS[report.optimizer]

    def sum_of(self, figure: Figure[Any]) -> Any:
        return figure.over(self.layers)

    @property
    def peak(self) -> int:
        """The most values of activations alive at once in inference, layers in the listed order."""
        return peak_elements(self._report.network, self._report.shapes) * self._report.batch

    def values(self) -> dict[str, int | float | dict[str, int]]:
        """All numbers by name, as plain data."""
        return plain_numbers(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Totals) and self.values() == other.values()

    def __hash__(self) -> int:
        return hash((self.params, self.macs, self.elements))

    def __repr__(self) -> str:
        return f"Totals({', '.join(f'{name}={value!r}' for name, value in self.values().items())})"


@dataclass(frozen=True, repr=False)
class Report:
    """Every figure of a network.

    `report["conv1"]` is the row of that name, with the layers that it stands for. If a row holds
    one conv with norm and activation, its params include those of the norm, as in the table.

    Attributes:
        network: the analysed one.
        layers: every layer in execution order.
        shapes: shape of every value by path, the network's inputs included.
        batch: the number of inputs at once.
        profile: the counting profile of `flops`.
        unit: the profile's word for one of them.
        other: the same network with other sizes, if the spec leaves sizes open: figures that differ depend on them.
        open_sizes: the sizes that are left open: `H`, `W`.
        uncounted: the reasons why `flops` are lower bounds: layers for which the profile has no rule.
        dtype: the number format that figures in bytes are for, one of `memory.DTYPES`.
        optimizer: the one whose state counts in `training_memory`, one of `memory.OPTIMIZERS`.
    """

    # Set in cnncalc/__init__.py, because `render` and `pages` rank above.
    _repr_html_: ClassVar[Callable[[Report], str]]
    _text: ClassVar[Callable[[Report], str]]

    network: Network
    layers: tuple[LayerReport, ...]
    shapes: Mapping[str, Shape]
    batch: int = 1
    profile: str = DEFAULT_PROFILE
    unit: str = "FLOP"
    dtype: str = "fp32"
    optimizer: str = "sgd"
    uncounted: tuple[str, ...] = ()
    other: Report | None = None
    open_sizes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self._text()

    def __repr__(self) -> str:
        totals = self.totals
        return f"<Report on {self.network.name}: {totals.params:,} params, {totals.macs:,} MACs>"

    @property
    def needs(self) -> str:
        """The words in place of a figure that depends on sizes that are left open."""
        return f"needs {', '.join(self.open_sizes)}"

    @property
    def incomplete(self) -> tuple[str, ...]:
        """The figures that are not known, with the reasons; empty if all are known."""
        unknown: dict[str, str] = {}
        for path, views in self.views.items():
            for view in views:
                if view.unknown:
                    unknown.setdefault(view.unknown, path)
        fields = (f"receptive field from {path} on: {why}" for why, path in unknown.items())
        lacking = (f"{layer.path} does not say its {' and '.join(said)}" for layer, said in self._undeclared())
        left = (f"the sizes {', '.join(self.open_sizes)} are left open",) if self.open_sizes else ()
        return (*left, *self.uncounted, *lacking, *fields)

    def _undeclared(self) -> Iterator[tuple[LayerReport, list[str]]]:
        """The layers with undeclared figures that nothing can compute, with the figures that a spec could declare."""
        for layer in self.layers:
            said = [figure for figure in layer.layer.declared if figure in layer.layer.unknown]
            if said:
                yield layer, said

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
        return RowReport(self, row)

    @property
    def totals(self) -> Totals:
        """The figures of the whole network."""
        return Totals(self)

    @property
    def value_bytes(self) -> int:
        """Bytes of one value."""
        return DTYPES[self.dtype]

    @cached_property
    def lacking(self) -> bool:
        """Whether some figure of some layer is not known."""
        return any(layer.lacking for layer in self.layers)

    @cached_property
    def views(self) -> dict[str, Views]:
        """The views of every value into the network's inputs, by path."""
        return receptive_fields(self.network, [layer.facts for layer in self.layers])

    def __getitem__(self, path: str) -> RowReport:
        """The row of this path at any depth: `conv3`, `conv3.2`, `conv3.2/residual/conv1`.

        Raises:
            KeyError: there is no such row.
        """
        row = self._rows.get(path) or (find_row(self.network.rows, path) if isinstance(path, str) else None)
        if row is None:
            raise KeyError(path)
        return self.row_report(row)

    @cached_property
    def _rows(self) -> dict[str, Row]:
        """The outermost row of every path; `find_row` knows its other spellings."""
        known: dict[str, Row] = {}
        rows = list(self.network.rows)
        while rows:
            for row in rows:
                known.setdefault(row.path, row)
            rows = [child for row in rows for child in row.children]
        return known

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and find_row(self.network.rows, path) is not None

    def __iter__(self) -> Iterator[LayerReport]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)


def _known(sizes: tuple[int, ...], others: tuple[int, ...] | None) -> tuple[int | None, ...]:
    """Sizes, with None for those that differ from the other ones."""
    if others is None:
        return sizes
    return tuple(size if size == other else None for size, other in zip(sizes, others, strict=True))


def known_inputs(report: Report) -> dict[str, tuple[int | None, ...]]:
    """The sizes of every input in the spec's layout; None for one that is left open."""
    layout, others = report.network.layout, report.other.network.inputs if report.other is not None else {}
    return {
        name: _known(shape.sizes(layout), others[name].sizes(layout) if others else None)
        for name, shape in report.network.inputs.items()
    }
