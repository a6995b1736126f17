"""The columns of `show`: the words for a row, and its figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from cnncalc.analysis.report import DEFAULT_PROFILE, Report, RowReport, known_inputs
from cnncalc.figures import CLAIMABLE, FIGURES, MOST_USUAL, Figure, number_of
from cnncalc.network.model import Row
from cnncalc.render.document import Document
from cnncalc.render.grid import AtLeast, Cell, Grid, Header
from cnncalc.render.numbers import by, exact_or_rounded
from cnncalc.render.operations import row_operation
from cnncalc.render.views import view_cell


class Column(NamedTuple):
    """A column: its head, the function that fills a cell, and whether its cells add up to a total."""

    header: Header
    cell: Callable[[Any], Cell]
    summed: bool = False


def _operation(row: RowReport) -> str:
    """The operation of a row, with `?` in place of numbers that depend on sizes that are left open."""
    words = row_operation(row, row.layout)
    if row.other is None:
        return words
    others = row_operation(row.other, row.layout).split(" ")
    return " ".join(one if one == other else "?" for one, other in zip(words.split(" "), others, strict=False))


def _inputs(row: RowReport) -> str:
    """The shapes that enter a row's first layer."""
    if row.other is not None and row.layers and row.other.layers[0].input_shapes != row.layers[0].input_shapes:
        return row.needs
    return ", ".join(by(shape) for shape in row.layers[0].input_shapes) if row.layers else ""


def _weights(row: RowReport) -> str:
    """The weight tensors of a row that holds one layer with weights."""
    weighted = [layer for layer in row.layers if layer.facts.weights]
    if len(weighted) != 1:
        return ""
    return ", ".join(f"{name} {by(shape)}" for name, shape in weighted[0].weight_shapes.items())


def _column(figure: Figure[Any]) -> Column:
    """The column of a figure."""
    header = Header(figure.name, figure.heading, "right", figure.priority)
    if figure.unit == "sizes":
        return Column(header, lambda row: view_cell(row.views, figure))
    return Column(header, partial(_number, figure=figure), summed=figure.is_total)


def _number(row: RowReport, figure: Figure[Any]) -> Cell:
    """A number, as a lower bound if the report's profile has none for one of the row's layers; no 0."""
    unknown = any(layer.lacks(figure) for layer in row.layers)
    value = number_of(row, figure.name)
    if (other := row.other) is not None and number_of(other, figure.name) != value:
        return row.needs
    if unknown:
        return AtLeast(value) if isinstance(value, int) else "?"
    # A row without layers has the output of another row, which is not counted twice.
    return exact_or_rounded(value) if row.layers and value else None


COLUMNS: dict[str, Column] = {
    column.header.name: column
    for column in (
        Column(Header("layer", "layer"), lambda row: row.path),
        Column(Header("operation", "operation", priority=2), _operation),
        Column(Header("kind", "kind", priority=15), lambda row: row.kind),
        Column(Header("line", "line", "right", priority=16), lambda row: row.row.line),
        Column(Header("input", "input", "right", priority=13), _inputs),
        Column(Header("output", "output", "right"), lambda row: by(row.known_shape)),
        _column(FIGURES["elements"]),
        Column(Header("weights", "weights", priority=14), _weights),
        *(_column(figure) for figure in CLAIMABLE.values() if figure.priority and not figure.only_network),
    )
}

DEFAULT_COLUMNS = tuple(name for name, column in COLUMNS.items() if column.header.priority <= MOST_USUAL)


def report_document(
    name: str, report: Report, names: tuple[str, ...] = DEFAULT_COLUMNS, depth: int | None = 1
) -> Document:
    """A report as a table and as plain data; for `name` see `Document`, for the others `report_grid`."""

    def data() -> dict[str, Any]:
        from cnncalc.render.report_data import report_data

        return report_data(report)

    return Document(lambda: [report_grid(report, names, depth)], data, name, by_key=True)


def report_grid(report: Report, names: tuple[str, ...] = DEFAULT_COLUMNS, depth: int | None = 1) -> Grid:
    """A report as a table.

    Args:
        report: the figures.
        names: the columns, in order.
        depth: how far rows are unfolded: 1 for the lines of the spec, None for single layers.
    """
    columns = [COLUMNS[name] for name in names]
    rows = [report.row_report(row) for row in visible_rows(report.network.rows, depth)]
    cells = [[column.cell(row) for row in rows] for column in columns]
    totals: list[Cell] = [
        total_cell(down) if column.summed else None for column, down in zip(columns, cells, strict=True)
    ]
    if columns and not columns[0].summed:
        totals[0] = "total"
    return Grid(
        title=report_title(report),
        headers=tuple(_header(column, report) for column in columns),
        rows=tuple(zip(*cells, strict=True)),
        totals=tuple(totals),
        notes=report_notes(report, names),
        choice=" (choose with --columns)" if len(names) < len(COLUMNS) else " (csv and json have all)",
    )


def _header(column: Column, report: Report) -> Header:
    """The head of a column; flops have the name of the report's profile for them."""
    if column.header.name != "flops" or report.profile == DEFAULT_PROFILE:
        return column.header
    # A named profile is wanted: other columns are left out first if the terminal is narrow.
    return column.header._replace(title=flops_title(report.unit, report.profile), priority=1)


def total_cell(cells: list[Cell]) -> Cell:
    """The sum of a column; a lower bound if one of its cells is, or is not known."""
    total = sum(cell for cell in cells if isinstance(cell, int))
    unknown = next((cell for cell in cells if isinstance(cell, str)), "")
    if unknown and not total:
        return unknown
    return AtLeast(total) if unknown or any(isinstance(cell, AtLeast) for cell in cells) else total


def visible_rows(rows: tuple[Row, ...], depth: int | None) -> list[Row]:
    """The rows to print: folded below `depth`, which is None for no folding."""
    visible: list[Row] = []
    for row in rows:
        if depth == 1 or not row.children:
            visible.append(row)
        else:
            visible += visible_rows(row.children, None if depth is None else depth - 1)
    return visible


BUNDLED = " · bundled architecture"
"""The words in the title of a spec that comes with cnncalc."""


def report_title(report: Report, *, origin: bool = True) -> str:
    """The title of a table: name, `origin` if it is given, input."""
    network = report.network
    shapes = [*known_inputs(report).values()]
    several = len(shapes) > 1
    named = [f"{name} {by(s)}" if several else by(s) for name, s in zip(network.inputs, shapes, strict=True)]
    return f"{network.name}{BUNDLED if network.bundled and origin else ''} · input {', '.join(named)}"


def report_notes(report: Report, names: tuple[str, ...]) -> tuple[str, ...]:
    """The convention of the figures, and the totals that no column shows."""
    totals, notes = report.totals, []
    if totals.buffers and "buffers" not in names and "params" in names:
        both = totals.params + totals.buffers
        notes.append(f"params are learned; bn also stores {totals.buffers:,} buffers (together {both:,})")
    macs, flops = FIGURES["macs"], FIGURES["flops"]
    attends = any(layer.kind == "attention" for layer in report.layers)
    factors = "a weight, or of two activations in attention" if attends else "a weight"
    counted = {"macs": f"1 MAC = one multiply–accumulate of {factors}", "flops": f"{flops.title} = {flops.what}"}
    if report.profile != DEFAULT_PROFILE:
        del counted["flops"]
    said = [text for name, text in counted.items() if name in names]
    if said:
        notes.append(f"{'; '.join(said)}; {macs.omits} not counted")
    if not {"weights_memory", "output_memory"}.isdisjoint(names):
        memory = f"peak {totals.peak_memory:,} B of activations in inference"
        training = f"{totals.training_memory:,} B for training with {report.optimizer}"
        notes.append(f"memory in {report.dtype}: {memory}; {training}")
    if "receptive_field" in names:
        notes.append("field: receptive field in input pixels per axis; all: the whole input")
    if "flops" in names and report.profile != DEFAULT_PROFILE:
        notes += _profile_notes(report)
    multiplied = " (multiplies elements, MACs and FLOPs)" if report.batch > 1 else ""
    notes.append(f"batch {report.batch}{multiplied}")
    return tuple(notes)


def _profile_notes(report: Report) -> list[str]:
    """The notes on the counting of flops under a profile, and on things left out."""
    from cnncalc.analysis.profiles import PROFILES

    title = flops_title(report.unit, report.profile)
    return [f"{title}: {PROFILES[report.profile].source}", *(f"≥: {reason}" for reason in report.uncounted)]


def flops_title(unit: str, profile: str) -> str:
    """The name of a profile's count: `MACs (thop)`."""
    return f"{unit}{'' if unit == 'weighted' else 's'} ({profile})"
