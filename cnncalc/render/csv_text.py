"""A grid as CSV: exact numbers, no title and no totals, so that a spreadsheet can sum the columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from cnncalc.errors import printable
from cnncalc.render.document import Document
from cnncalc.render.grid import AtLeast, Cell, Grid
from cnncalc.render.writers import Style

_NUMBERS = re.compile(r"-?\d+(\.\d+)?(x-?\d+(\.\d+)?)*")
"""A negative number, or one for each axis, which is not a formula."""


_BEGINS_A_CELL = re.compile(r"(?:^|;\s*)(?=[=+\-@\t＝＋－＠])")
"""The place before a sign that makes a spreadsheet calculate."""


def written(documents: Iterable[Document], style: Style) -> Iterator[str]:
    """The records of all documents as one table; nothing if there is no document."""
    grids = [(document.name, document.records()) for document in documents]
    yield csv_text(grids) if grids else ""


def csv_text(grids: list[tuple[str, Grid]]) -> str:
    """Grids with the same columns as one CSV text.

    Args:
        grids: each with the name of its spec, which is the first column if there are several.
    """
    several = len(grids) > 1
    names = tuple(header.name for header in grids[0][1].headers)
    rows: list[tuple[Cell, ...]] = [("spec", *names) if several else names]
    rows += [(spec, *row) if several else row for spec, grid in grids for row in grid.rows]
    return csv_rows(rows)


def csv_rows(rows: Iterable[tuple[Cell, ...]], delimiter: str = ",") -> str:
    """Rows of cells as CSV, however many cells each has."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n", delimiter=delimiter).writerows(
        [_safe(cell) for cell in row] for row in rows
    )
    return buffer.getvalue()


def _safe(cell: Cell) -> Cell:
    """Shapes as a spec writes them; a text that a spreadsheet would run as a formula gets a quote."""
    if isinstance(cell, AtLeast):
        return f">={cell}"
    if type(cell) is not str:
        return cell
    text = cell.replace("×", "x")
    if not text.isprintable():
        text = "".join(sign if sign in "\t\r\n" else printable(sign) for sign in text)
    if _NUMBERS.fullmatch(text):
        return text
    # If the comma is the decimal point, spreadsheets open cells separated by semicolons, too.
    return _BEGINS_A_CELL.sub(r"\g<0>'", text)
