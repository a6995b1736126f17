"""The table of `show` beside the text, with the rows that are unfolded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer, Request, number_in, words_in
from cnncalc.network.model import Row
from cnncalc.pages.layers import name_inside
from cnncalc.render.columns import COLUMNS, DEFAULT_COLUMNS, report_grid
from cnncalc.render.grid import Cell, cell_text

FIRST = "layer"
"""The column that every table has."""

MAX_ROWS = 500
"""The most rows that a page shows at once: more make it slow."""


class UnfoldedRow(NamedTuple):
    """A row of the table.

    Attributes:
        row: of the network.
        cells: its figures.
        around: the rows that it is in, outermost first.
    """

    row: Row
    cells: Sequence[Cell]
    around: tuple[Row, ...] = ()


def table(text: OpenText, request: Request) -> Answer:
    """The table.

    `unfolded` are the paths of the rows that show their parts, `columns` the names of the columns, none for the usual.
    Of many rows `first_row` is the first to show, or the last one above or on `line` is shown.
    """
    report, unfolded = text.report, frozenset(words_in(request, "unfolded"))
    names = _columns(request)
    grid = report_grid(report, names)
    outermost = zip(report.network.rows, grid.rows, strict=True)
    rows = [
        one
        for row, cells in outermost
        for one in (UnfoldedRow(row, cells), *(_inside(report, row, (), names, unfolded)))
    ]
    first = min(_first(text, request, rows), max(len(rows) - 1, 0)) // MAX_ROWS * MAX_ROWS
    return {
        "title": grid.title,
        "columns": [{"key": head.name, "title": head.title, "align": head.align} for head in grid.headers],
        "choice": [
            {"key": name, "title": column.header.title, "shown": name in names}
            for name, column in COLUMNS.items()
            if name != FIRST
        ],
        "rows": [_row(text, one, unfolded) for one in rows[first : first + MAX_ROWS]],
        "totals": _texts(grid.totals),
        "notes": list(grid.notes),
        "part": _part(first, len(rows)) if len(rows) > MAX_ROWS else None,
    }


def _first(text: OpenText, request: Request, rows: Sequence[UnfoldedRow]) -> int:
    """The number of a row that is to be shown."""
    first = number_in(request, "first_row", 0)
    if "line" not in request:
        return first
    line = text.edited.then(text.positions.from_client(number_in(request, "line"), 0).line)
    lines = [0 if one.around else one.row.line for one in rows]  # lines of blocks are above all
    above = [number for number, its in enumerate(lines) if line is not None and 0 < its <= line + 1]
    return above[-1] if above else first


def _inside(
    report: Report, row: Row, around: tuple[Row, ...], names: Sequence[str], unfolded: Collection[str]
) -> Iterator[UnfoldedRow]:
    """The rows that a row unfolds to."""
    around = (*around, row)
    for child in row.children if row.path in unfolded else ():
        yield UnfoldedRow(child, [COLUMNS[name].cell(report.row_report(child)) for name in names], around)
        yield from _inside(report, child, around, names, unfolded)


def _part(first: int, count: int) -> Answer:
    """The rows that are shown, and the starts of those to ask for."""
    last = min(first + MAX_ROWS, count)
    return {
        "first": first,
        "text": f"rows {first + 1:,} to {last:,} of {count:,}",
        "before": first - MAX_ROWS if first else None,
        "after": last if last < count else None,
    }


def _columns(request: Request) -> tuple[str, ...]:
    """The columns that are shown, in the order of `COLUMNS`; the layer is always one."""
    wanted = words_in(request, "columns") or DEFAULT_COLUMNS
    return tuple(name for name in COLUMNS if name in wanted or name == FIRST)


def _row(text: OpenText, shown: UnfoldedRow, unfolded: Collection[str]) -> Answer:
    row = shown.row
    return {
        "path": row.path,
        "cells": [name_inside(row, shown.around), *_texts(shown.cells[1:])],
        "line": text.line(text.edited.now(row.line - 1)),
        "depth": len(shown.around),
        "unfolded": row.path in unfolded if row.children else None,
    }


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [cell_text(cell, "exact") for cell in cells]
