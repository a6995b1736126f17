"""A report as the boxes of a picture: rows folded to a depth, equal copies drawn once, and the values read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from cnncalc.analysis.report import Report, known_inputs
from cnncalc.drawing.palette import role_of
from cnncalc.network.model import Row
from cnncalc.render.columns import COLUMNS, report_title, visible_rows
from cnncalc.render.grid import cell_text
from cnncalc.render.numbers import by, number_text
from cnncalc.render.operations import row_operation


class Tile(NamedTuple):
    """A box: a row of the spec, several equal copies of one, or an input.

    Attributes:
        path: the row's name.
        operation: its words; empty for an input.
        shape: of its output, as text.
        params: its parameters, as text; empty for none.
        role: the word for its colour.
        start, stop: it stands for `nodes[start:stop]` of the network.
        output: the path of the value that it hands on.
        copies: the number of copies that it stands for.
        reads: the values from outside that it reads.
        parts: the boxes inside of it; empty if it is folded.
    """

    path: str
    operation: str
    shape: str
    params: str
    role: str
    start: int
    stop: int
    output: str
    copies: int = 1
    reads: tuple[str, ...] = ()
    parts: tuple[Tile, ...] = ()

    @property
    def does(self) -> str:
        """The operation, unless the name says it, as `flatten` and `relu2` do."""
        name = self.path.rpartition("/")[2]
        return "" if name.rstrip("0123456789") == self.operation else self.operation

    @property
    def facts(self) -> str:
        """The shape and the parameters."""
        return self.shape + (f" · {self.params} params" if self.params else "")


class Diagram(NamedTuple):
    """The contents of a report's picture.

    Attributes:
        title: the line above.
        notes: the lines below.
        units: the boxes, those of the inputs first.
        places: the number of each node by its path.
    """

    title: str
    notes: tuple[str, ...]
    units: tuple[Tile, ...]
    places: dict[str, int]

    def maker(self, units: Sequence[Tile], value: str) -> int | None:
        """The number of the box among some that has a value inside; None if none has."""
        place = self.places.get(value, -1)
        if place < 0:
            return next((n for n, unit in enumerate(units) if unit.role == "input" and unit.output == value), None)
        number = bisect_right(units, place, key=lambda unit: unit.start) - 1
        return number if number >= 0 and place < units[number].stop else None

    def leaf(self, value: str) -> Tile | None:
        """The innermost box that has a value inside."""
        units, found = self.units, None
        while (number := self.maker(units, value)) is not None:
            found = units[number]
            units = found.parts
        while found is not None and found.parts:  # of a later copy, which is not drawn
            found = found.parts[-1]
        return found

    def edges(self) -> Iterator[tuple[Tile, Tile]]:
        """Each pair of innermost boxes in which the second reads the first."""
        for unit in leaves(self.units):
            for source in dict.fromkeys(map(self.leaf, unit.reads)):
                if source is not None:
                    yield source, unit


def leaves(units: Sequence[Tile]) -> Iterator[Tile]:
    """The innermost boxes, in order."""
    for unit in units:
        yield from leaves(unit.parts) if unit.parts else (unit,)


def readers(unit: Tile, value: str) -> Iterator[Tile]:
    """The innermost boxes of one that read a value."""
    return (leaf for leaf in leaves([unit]) if value in leaf.reads)


def diagram(report: Report, depth: int | None = 1) -> Diagram:
    """The diagram of a report, with rows unfolded as by `columns.visible_rows`."""
    places = {node.path: number for number, node in enumerate(report.network.nodes)}
    inputs = [
        Tile(name, "", by(shape), "", "input", -1, -1, name) for name, shape in known_inputs(report).items()
    ]  # fmt: skip
    units = (*inputs, *_units(report, report.network.rows, depth))
    return Diagram(report_title(report, origin=False), (totals_text(report),), units, places)


def flat_diagram(report: Report, depth: int | None) -> Diagram:
    """The diagram with a box for each row of a table, in its order; copies are not joined."""
    drawn = diagram(report)
    inputs = tuple(unit for unit in drawn.units if unit.role == "input")
    rows = visible_rows(report.network.rows, depth)
    return drawn._replace(units=(*inputs, *(_unit(report, row, 1) for row in rows)))


def totals_text(report: Report) -> str:
    """The totals below a picture."""
    totals = report.totals
    return f"{number_text(totals.params)} parameters · {number_text(totals.macs)} MACs · batch {report.batch}"


def _units(report: Report, rows: Sequence[Row], depth: int | None) -> Iterator[Tile]:
    """The boxes of rows; a row without layers has none, and the paths of branches have no frame."""
    for row in rows:
        if row.children and row.label.startswith("path "):
            yield from _units(report, row.children, depth)
        elif row.start < row.stop:
            yield _unit(report, row, depth)


def _unit(report: Report, row: Row, depth: int | None, copies: int = 1) -> Tile:
    parts = () if depth == 1 else tuple(_parts(report, row, depth))
    repeats = _repeats(row)
    if repeats and not parts:
        copies = len(row.children)
    cells = report.row_report(row)
    layer = not row.label or _is_layer(row)
    return Tile(
        row.path, row_operation(cells, cells.layout), by(cells.known_shape), _cell(cells, "params"),
        role_of(cells.kind) if layer else "block", row.start, row.stop, row.output, copies, _reads(report, row), parts,
    )  # fmt: skip


def _parts(report: Report, row: Row, depth: int | None) -> Iterator[Tile]:
    """The boxes inside of a row, without levels of one row, and, unless single layers are drawn, a layer's norm."""
    inner = row
    while len(inner.children) == 1:
        inner = inner.children[0]
    if depth is None:
        yield from _units(report, inner.children, None)
    elif inner.label:
        yield from (_copies if _repeats(inner) else _units_of)(report, inner, depth - 1)


def _units_of(report: Report, row: Row, depth: int) -> Iterator[Tile]:
    return _units(report, row.children, depth)


def _repeats(row: Row) -> bool:
    """Whether the rows below a row are its copies."""
    return bool(row.children) and row.children[0].path == f"{row.path}.1"


def _is_layer(row: Row) -> bool:
    """Whether a row is one layer, or copies of one."""
    return row.label.startswith("×")


def _cell(row: Any, column: str) -> str:
    return cell_text(COLUMNS[column].cell(row), "exact")


def _reads(report: Report, row: Row) -> tuple[str, ...]:
    nodes = report.network.nodes[row.start : row.stop]
    inside = {node.path for node in nodes}
    return tuple(dict.fromkeys(value for node in nodes for value in node.inputs if value not in inside))


def _copies(report: Report, row: Row, depth: int) -> Iterator[Tile]:
    """The copies of a repeated row; equal ones in a row are one box."""

    def same(copy: Row) -> tuple[Any, ...]:
        return tuple((layer.layer, layer.output) for layer in report.layers[copy.start : copy.stop])

    for _, equal in groupby(row.children, same):
        first, *others = equal
        if not others:
            yield _unit(report, first, depth)
            continue
        last = others[-1]
        path = f"{first.path}–{last.path.rpartition('.')[2]}"
        both = first._replace(path=path, stop=last.stop, output=last.output)
        yield _unit(report, both, depth, 1 + len(others))
