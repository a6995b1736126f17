"""Rows of cells → a sheet: which row is the head, what stands in its columns, and what stands above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from cnncalc.errors import Problem
from cnncalc.explaining.figures import FIGURES
from cnncalc.homework.sheet import (
    FACTS,
    Cell,
    Sheet,
    SheetRow,
    column_meaning,
    is_settings,
    plain,
    problem,
    unreadable,
)

MAX_ROWS = 20_000
MAX_COLUMNS = 200

MAX_ABOVE = 200
"""Rows among which the head is looked for."""


class TableRow(NamedTuple):
    """One row of a table, before anybody knows what its columns mean."""

    line: int
    cells: tuple[str, ...]


def read_table(file: str, rows: Iterable[TableRow]) -> Sheet | None:
    """The sheet in a table; None where no row is a head with `layer` and a figure.

    Args:
        file: the sheet's name.
        rows: the rows; those above the head may say something about the sheet.
    """
    facts: dict[str, str] = {}
    remaining = iter(rows)
    for row in islice(remaining, MAX_ABOVE):
        meanings = [column_meaning(cell) for cell in row.cells]
        if "layer" in meanings and not set(meanings).isdisjoint(FIGURES):
            return _below(file, facts, row, meanings, remaining)
        _note_fact(facts, row.cells)
    return None


def _note_fact(facts: dict[str, str], cells: tuple[str, ...]) -> None:
    """Keep what a line above the table says: `seed, 17` or `seed: 17`."""
    words = [cell.strip() for cell in cells if cell.strip()]
    if len(words) == 1 and ":" in words[0]:
        words = [part.strip() for part in words[0].lstrip("#-* ").split(":", 1)]
    if len(words) > 1 and words[0].lower().rstrip(":") in FACTS:
        facts.setdefault(words[0].lower().rstrip(":"), words[1].removeprefix("'"))


def _below(file: str, facts: Mapping[str, str], head: TableRow, meanings: list[str], rows: Iterable[TableRow]) -> Sheet:
    problems = _column_problems(head, meanings)
    columns: dict[str, int] = {}
    for number, meaning in enumerate(meanings):
        if meaning or plain(head.cells[number]) == "operation":
            columns.setdefault(meaning or "operation", number)
    read: list[SheetRow] = []
    for row in rows:
        if any(cell.strip() for cell in row.cells):
            read.append(_row(row, columns))
            _note_surplus(row, head, problems)
        if len(read) > MAX_ROWS:
            raise unreadable(file, f"more than {MAX_ROWS:,} rows; a sheet has one row for each layer", row.line)
    figures = tuple(figure for figure in FIGURES if figure in columns)
    return Sheet(file, facts, figures, tuple(read), tuple(problems))


def _column_problems(head: TableRow, meanings: list[str]) -> list[Problem]:
    problems, seen = [], set()
    for number, (cell, meaning) in enumerate(zip(head.cells, meanings, strict=True), start=1):
        text = " ".join(cell.split())[:40]
        if meaning and meaning in seen:
            message = f"column '{text}' is there twice; the first one is marked"
            problems.append(problem(head.line, number, message))
        elif text and not meaning and not is_settings(cell):
            message = f"column '{text}' is not asked for and is left out; figures are {', '.join(FIGURES)}"
            problems.append(problem(head.line, number, message))
        seen.add(meaning)
    return problems


def _row(row: TableRow, columns: Mapping[str, int]) -> SheetRow:
    def cell(meaning: str) -> Cell:
        number = columns[meaning]
        text = row.cells[number] if number < len(row.cells) else ""
        return Cell(text.strip().removeprefix("'"), row.line, number + 1)  # a spreadsheet's mark for text

    cells = {figure: cell(figure) for figure in FIGURES if figure in columns}
    working = cell("working") if "working" in columns else None
    operation = cell("operation").text if "operation" in columns else ""
    return SheetRow(cell("layer").text, row.line, cells, working if working and working.text else None, operation)


def _note_surplus(row: TableRow, head: TableRow, problems: list[Problem]) -> None:
    """Note answers that stand behind the last column: a shape with unquoted commas has moved them."""
    surplus = [cell.strip() for cell in row.cells[len(head.cells) :] if cell.strip()]
    if surplus:
        message = (
            f"{len(row.cells)} cells where the head has {len(head.cells)}: has a value commas of its own? "
            "write shapes as 96x55x55 and numbers without commas, or in quotes"
        )
        problems.append(problem(row.line, len(head.cells) + 1, message))
