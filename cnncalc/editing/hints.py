"""The figures beside a line: its row as `show` has it; in a block those of the first use, and all in the tooltip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.check.configuration import Configuration
from cnncalc.editing.edited_text import EditedText
from cnncalc.language.origins import Origins
from cnncalc.network.model import Row
from cnncalc.notation import several
from cnncalc.render.columns import COLUMNS, total_cell
from cnncalc.render.grid import Cell, Grid, cell_text
from cnncalc.render.markdown import markdown_text

HINTED = Configuration().hints
"""The columns of `show` whose cells are hints if nothing else is asked for; they need no name."""

MAX_USES = 20
"""The most rows of a tooltip: nobody reads more."""

SHOWN = ("layer", "operation", "output", "params", "macs")


class Hint(NamedTuple):
    """The hint at the end of a line.

    Attributes:
        line: its number, from 0.
        label: `96×55×55 · 34,944`.
        tooltip: the rows that the line stands for, in Markdown.
    """

    line: int
    label: str
    tooltip: str


def hints(
    edited: EditedText, columns: Sequence[str] = HINTED, first: int = 0, last: int | None = None
) -> Iterator[Hint]:
    """The hints of some lines; of a broken text those of the last good one, at the lines that it still has.

    Args:
        edited: the text.
        columns: those whose cells they have.
        first: the first line (from 0) that is wanted.
        last: the last one; None for that of the text.
    """
    good = edited.good
    if good is None or good.report is None:
        return
    for line, uses in good.uses.items():
        now = edited.now(line)
        if now is not None and first <= now and (last is None or now <= last):
            yield _hint(good.report, now, uses, columns)


def code_hints(edited: EditedText, columns: Sequence[str] = HINTED) -> Iterator[Hint]:
    """The hints of a file of code, each at the line of it that a layer comes from."""
    origins, found = edited.source.origins or Origins(), dict[int, list[list[Row]]]()
    report = edited.report
    last = -1
    for row in _leaves(report.network.rows) if report is not None else ():
        at = origins.layers.get(row.path)
        line = at.line - 1 if at is not None and at.file == edited.source.file else -1
        if line >= 0 and line == last:  # several calls on one line
            found[line][-1].append(row)
        elif line >= 0:
            found.setdefault(line, []).append([row])
        last = line
    if report is not None:
        yield from (_hint(report, line, uses, columns) for line, uses in found.items())


def _leaves(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        yield from _leaves(row.children) if row.children else (row,)


def _hint(report: Report, line: int, uses: Sequence[Sequence[Row]], columns: Sequence[str]) -> Hint:
    return Hint(line, label(report, uses[0], columns), _tooltip(report, uses))


def label(report: Report, rows: Sequence[Row], columns: Sequence[str] = HINTED) -> str:
    """The figures of one use of a line: `96×55×55 · 34,944`."""
    return " · ".join(filter(None, (_cell(report, rows, name) for name in columns)))


def _cell(report: Report, rows: Sequence[Row], name: str) -> str:
    """The text of some rows of one line in a column: the sum of numbers, else that of the last row."""
    column = COLUMNS[name]
    cells = [column.cell(report.row_report(row)) for row in rows]
    known: list[Cell] = [cell for cell in cells if cell is not None]
    text = cell_text(total_cell(known) if column.summed and len(known) > 1 else known[-1] if known else None, "exact")
    return text if name in HINTED or not text else f"{text} {column.header.title}"


def _tooltip(report: Report, uses: Sequence[Sequence[Row]]) -> str:
    """The rows of all uses as a table."""
    rows = [report.row_report(row) for use in uses for row in use]
    grid = Grid(
        title=several(len(uses), "use") if len(uses) > 1 else rows[0].path,
        headers=tuple(COLUMNS[name].header for name in SHOWN),
        rows=tuple(tuple(COLUMNS[name].cell(row) for name in SHOWN) for row in rows[:MAX_USES]),
        notes=(f"and {len(rows) - MAX_USES:,} more",) if len(rows) > MAX_USES else (),
    )
    return markdown_text(grid)
