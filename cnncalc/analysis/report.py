"""The report: every figure of every layer, and of the whole network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from cnncalc.analysis.figures import RowReport, Totals
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.memory import DTYPES
from cnncalc.analysis.receptive_field import Views, receptive_fields
from cnncalc.network.model import Network, Row, find_row
from cnncalc.shapes import Shape

DEFAULT_PROFILE = "cnncalc"
"""The counting profile whose flops are 2 · macs."""


@dataclass(frozen=True)
class Report:
    """Every figure of a network.

    `report["conv1"]` is the row of that name, with the layers that it stands for. Where a row holds
    one conv with norm and activation, its params include those of the norm, as in the table.

    Attributes:
        network: what was analysed.
        layers: every layer in execution order.
        shapes: shape of every value by path, the network's inputs included.
        batch: the number of inputs at once.
        profile: the counting profile of `flops`.
        unit: what the profile calls one of them.
        uncounted: why `flops` are lower bounds: the layers for which the profile has no rule.
        dtype: the number format that figures in bytes are for, one of `memory.DTYPES`.
        optimizer: whose state `training_memory` holds, one of `memory.OPTIMIZERS`.
    """

    _repr_html_: ClassVar[Callable[[Report], str]]  # set in cnncalc/__init__.py: `render` ranks above

    network: Network
    layers: tuple[LayerReport, ...]
    shapes: Mapping[str, Shape]
    batch: int = 1
    profile: str = DEFAULT_PROFILE
    unit: str = "FLOP"
    dtype: str = "fp32"
    optimizer: str = "sgd"
    uncounted: tuple[str, ...] = ()

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Which figures are not known, with the reason; empty where every figure is."""
        unknown: dict[str, str] = {}
        for path, views in self.views.items():
            for view in views:
                if view.unknown:
                    unknown.setdefault(view.unknown, path)
        fields = (f"receptive field from {path} on: {why}" for why, path in unknown.items())
        return (*self.uncounted, *fields)

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
        return RowReport(
            row=row,
            layers=self.layers[row.start : row.stop],
            output=self.shapes[row.output],
            batch=self.batch,
            layout=self.network.layout,
            value_bytes=self.value_bytes,
            views=lambda: self.views[row.output],
        )

    @property
    def totals(self) -> Totals:
        """The figures of the whole network."""
        return Totals(self.network, self.layers, self.shapes, self.batch, self.value_bytes, self.optimizer)

    @property
    def value_bytes(self) -> int:
        """Bytes of one value."""
        return DTYPES[self.dtype]

    @cached_property
    def views(self) -> dict[str, Views]:
        """What every value sees of the network's inputs, by path."""
        return receptive_fields(self.network, self.shapes)

    def __getitem__(self, path: str) -> RowReport:
        """The row of this path at any depth: `conv3`, `conv3.2`, `conv3.2/residual/conv1`.

        Raises:
            KeyError: there is none.
        """
        row = self._rows.get(path) or (find_row(self.network.rows, path) if isinstance(path, str) else None)
        if row is None:
            raise KeyError(path)
        return self.row_report(row)

    @cached_property
    def _rows(self) -> dict[str, Row]:
        """The outermost row of every path; `find_row` knows the other spellings of one."""
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
