"""The bundled architectures as a table and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.claim_wording import claimed_text
from cnncalc.analysis.report import Report
from cnncalc.figures import NUMBERS, Figure, number_of, plain_numbers
from cnncalc.render.columns import Column
from cnncalc.render.document import Document
from cnncalc.render.grid import Grid, Header
from cnncalc.render.numbers import by, exact_or_rounded
from cnncalc.render.report_data import inputs_data


class Architecture(NamedTuple):
    """One architecture: the name to call it by, the year of its publication if known, and its report."""

    name: str
    year: int | None
    report: Report


TOTALS = sorted((figure for figure in NUMBERS if figure.listed), key=lambda figure: figure.priority)
"""The totals that are shown, each with the claim of the spec."""

MOST_LISTED = 9
"""The priority up to which columns are shown by default."""


def claimed(entry: Architecture, figure: str) -> str | None:
    """The claim of the spec's `expect:` about a figure of the whole network, as it is written there."""
    claims = [claim for claim in entry.report.network.claims if claim.figure == figure and not claim.layer]
    return ", ".join(map(claimed_text, claims)) or None


def _total(figure: Figure[Any]) -> tuple[Column, Column]:
    """The columns of a total, and of its claim."""
    name, (own, of_claim) = figure.name, figure.listed
    return (
        Column(
            Header(name, figure.heading, "right", own),
            lambda entry: exact_or_rounded(number_of(entry.report.totals, name)),
        ),
        Column(
            Header(f"claimed_{name}", f"claimed {figure.heading}", "right", of_claim),
            lambda entry: claimed(entry, name),
        ),
    )


def _year(entry: Architecture) -> str | None:
    """The year as a word: it is not a count, so it has no comma."""
    return None if entry.year is None else str(entry.year)


def _input(entry: Architecture) -> str:
    network = entry.report.network
    return ", ".join(by(shape.sizes(network.layout)) for shape in network.inputs.values())


LIST_COLUMNS: dict[str, Column] = {
    column.header.name: column
    for column in (
        Column(Header("name", "name"), lambda entry: entry.name),
        Column(Header("family", "family", priority=4), lambda entry: entry.report.network.family),
        Column(Header("year", "year", "right", priority=3), _year),
        Column(Header("title", "title", priority=7), lambda entry: entry.report.network.name),
        Column(Header("input", "input", "right", priority=10), _input),
        *(column for figure in TOTALS for column in _total(figure)),
        Column(Header("source", "source", priority=9), lambda entry: " ".join(entry.report.network.source.split())),
    )
}

DEFAULT_COLUMNS = tuple(name for name, column in LIST_COLUMNS.items() if column.header.priority <= MOST_LISTED)


def catalogue_document(entries: Sequence[Architecture], names: Sequence[str], of: int) -> Document:
    """Architectures; as for `catalogue_grid`."""
    return Document(
        blocks=lambda: [catalogue_grid(entries, names, of)], data=lambda: [_data(entry) for entry in entries]
    )


def catalogue_grid(entries: Sequence[Architecture], names: Sequence[str], of: int) -> Grid:
    """Architectures as a table.

    Args:
        entries: the rows, in order.
        names: the columns of `LIST_COLUMNS` to show, in order.
        of: the number of all architectures.
    """
    columns = [LIST_COLUMNS[name] for name in names]
    found = str(of) if len(entries) == of else f"{len(entries)} of {of}"
    return Grid(
        title=f"{found} bundled architectures",
        headers=tuple(column.header for column in columns),
        rows=tuple(tuple(column.cell(entry) for column in columns) for entry in entries),
        notes=_notes(names),
        choice=" (choose with --columns)" if len(names) < len(LIST_COLUMNS) else " (csv and json have all)",
    )


def _notes(names: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if "macs" in names:
        notes.append("MACs: multiply–accumulates, at the input of its spec")
    if any(name.startswith("claimed_") for name in names):
        notes.append("claimed: as expect: says in the spec; --check compares every claim")
    return tuple(notes)


def _data(entry: Architecture) -> dict[str, Any]:
    """An architecture as plain data; claims are there as written, null if there is none."""
    network = entry.report.network
    return {
        "name": entry.name,
        "family": network.family,
        "year": entry.year,
        "title": network.name,
        "source": network.source,
        "inputs": inputs_data(network),
        **plain_numbers(entry.report.totals, TOTALS),
        **{f"claimed_{figure.name}": claimed(entry, figure.name) for figure in TOTALS},
    }
