"""The bundled architectures as a table and as plain data. To show another figure of them, add it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.claim_wording import claimed_text
from cnncalc.analysis.report import Report
from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, Header
from cnncalc.render.numbers import by
from cnncalc.render.report_document import inputs_data


class Architecture(NamedTuple):
    """One architecture: the name to call it by, the year of its publication if known, and its report."""

    name: str
    year: int | None
    report: Report


class Column(NamedTuple):
    """A column: its head, and how an architecture fills it."""

    header: Header
    cell: Callable[[Architecture], Cell]


TOTALS = ("params", "macs", "flops", "buffers")
"""The totals that are shown, each with what the spec claims."""


def claimed(entry: Architecture, figure: str) -> str | None:
    """What the spec's `expect:` says about a figure of the whole network, as it is written there."""
    claims = [claim for claim in entry.report.network.claims if claim.figure == figure and not claim.layer]
    return ", ".join(map(claimed_text, claims)) or None


def _total(figure: str, title: str, priority: int) -> Column:
    return Column(Header(figure, title, "right", priority), lambda entry: getattr(entry.report.totals, figure))


def _claimed(figure: str, title: str, priority: int) -> Column:
    header = Header(f"claimed_{figure}", f"claimed {title}", "right", priority)
    return Column(header, lambda entry: claimed(entry, figure))


def _year(entry: Architecture) -> str | None:
    """The year as a word: it is no count, so it has no comma."""
    return None if entry.year is None else str(entry.year)


def _input(entry: Architecture) -> str:
    network = entry.report.network
    return ", ".join(by(shape.sizes(network.layout)) for shape in network.inputs.values())


COLUMNS: dict[str, Column] = {
    column.header.name: column
    for column in (
        Column(Header("name", "name"), lambda entry: entry.name),
        Column(Header("family", "family", priority=4), lambda entry: entry.report.network.family),
        Column(Header("year", "year", "right", priority=3), _year),
        Column(Header("title", "title", priority=7), lambda entry: entry.report.network.name),
        Column(Header("input", "input", "right", priority=10), _input),
        _total("params", "params", 1),
        _claimed("params", "params", 5),
        _total("macs", "MACs", 2),
        _claimed("macs", "MACs", 6),
        _total("flops", "FLOPs", 11),
        _claimed("flops", "FLOPs", 12),
        _total("buffers", "buffers", 8),
        _claimed("buffers", "buffers", 13),
        Column(Header("source", "source", priority=9), lambda entry: " ".join(entry.report.network.source.split())),
    )
}

DEFAULT_COLUMNS = (
    "name", "family", "year", "title", "params", "claimed_params", "macs", "claimed_macs", "buffers", "source",
)  # fmt: skip


def catalogue_document(entries: Sequence[Architecture], names: Sequence[str], of: int) -> Document:
    """Architectures; as for `catalogue_grid`."""
    return Document(
        blocks=lambda: [catalogue_grid(entries, names, of)], data=lambda: [_data(entry) for entry in entries]
    )


def catalogue_grid(entries: Sequence[Architecture], names: Sequence[str], of: int) -> Grid:
    """Architectures as a table.

    Args:
        entries: the rows, in order.
        names: the columns of `COLUMNS` to show, in order.
        of: how many there are in all.
    """
    columns = [COLUMNS[name] for name in names]
    found = str(of) if len(entries) == of else f"{len(entries)} of {of}"
    return Grid(
        title=f"{found} bundled architectures",
        headers=tuple(column.header for column in columns),
        rows=tuple(tuple(column.cell(entry) for column in columns) for entry in entries),
        notes=_notes(names),
        choice=" (choose with --columns)",
    )


def _notes(names: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if "macs" in names:
        notes.append("MACs: multiply–accumulates of the network's weights, at the input of its spec")
    if any(name.startswith("claimed_") for name in names):
        notes.append("claimed: as expect: says in the spec; --check compares every claim")
    return tuple(notes)


def _data(entry: Architecture) -> dict[str, Any]:
    """An architecture as plain data; what is claimed stands there as it is written, null where nothing is."""
    network, totals = entry.report.network, entry.report.totals
    return {
        "name": entry.name,
        "family": network.family,
        "year": entry.year,
        "title": network.name,
        "source": network.source,
        "inputs": inputs_data(network),
        **{figure: getattr(totals, figure) for figure in TOTALS},
        **{f"claimed_{figure}": claimed(entry, figure) for figure in TOTALS},
    }
