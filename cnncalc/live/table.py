"""The table of `show` beside the text, with the rows that are unfolded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer, Request, number_in, words_in
from cnncalc.network.model import Row
from cnncalc.pages.layers import NAMES, name_inside
from cnncalc.render.columns import COLUMNS, report_grid
from cnncalc.render.grid import Cell, cell_text

MAX_ROWS = 500
"""Rows that a page shows at once: more make it slow."""


class ShownRow(NamedTuple):
    """A row with those that it stands in, outermost first."""

    row: Row
    around: tuple[Row, ...]


def table(text: OpenText, request: Request) -> Answer:
    """The table; `unfolded` are the paths of the rows that show their parts, `first_row` is the first to show."""
    report, unfolded = text.report, frozenset(words_in(request, "unfolded"))
    grid = report_grid(report, NAMES)
    rows = [*_shown(report.network.rows, (), unfolded)]
    first = min(number_in(request, "first_row", 0), max(len(rows) - 1, 0)) // MAX_ROWS * MAX_ROWS
    outermost = dict(zip((row.path for row in report.network.rows), grid.rows, strict=True))
    return {
        "title": grid.title,
        "columns": [{"key": head.name, "title": head.title, "align": head.align} for head in grid.headers],
        "rows": [_row(text, one, outermost.get(one.row.path), unfolded) for one in rows[first : first + MAX_ROWS]],
        "totals": _texts(grid.totals),
        "notes": list(grid.notes),
        "part": _part(first, len(rows)) if len(rows) > MAX_ROWS else None,
    }


def _shown(rows: Sequence[Row], around: tuple[Row, ...], unfolded: Collection[str]) -> Iterator[ShownRow]:
    for row in rows:
        yield ShownRow(row, around)
        if row.path in unfolded:
            yield from _shown(row.children, (*around, row), unfolded)


def _part(first: int, count: int) -> Answer:
    """Which rows are shown, and from where the others are asked for."""
    last = min(first + MAX_ROWS, count)
    return {
        "text": f"rows {first + 1:,} to {last:,} of {count:,}",
        "before": first - MAX_ROWS if first else None,
        "after": last if last < count else None,
    }


def _row(text: OpenText, shown: ShownRow, cells: Sequence[Cell] | None, unfolded: Collection[str]) -> Answer:
    row, around = shown
    if cells is None:
        cells = [COLUMNS[name].cell(text.report.row_report(row)) for name in NAMES]
    return {
        "path": row.path,
        "cells": [name_inside(row, around), *_texts(cells[1:])],
        "line": text.line(text.edited.now(row.line - 1)),
        "depth": len(around),
        "unfolded": row.path in unfolded if row.children else None,
    }


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [cell_text(cell, "exact") for cell in cells]
