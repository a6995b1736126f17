"""Whether the operations that a sheet shows are those of the network that it is marked by."""

from __future__ import annotations

import re

from cnncalc.errors import Problem
from cnncalc.homework.marking import Marked
from cnncalc.homework.sheet import plain, problem
from cnncalc.render.worksheets import settings_text


def other_operations(marked: Marked) -> list[Problem]:
    """What is to be said where rows show other numbers than their layers have: the sheet is for other ones."""
    exercise = marked.exercise
    expected = {plain(item.name): settings_text(exercise.report.row_report(item.row)) for item in exercise.items}
    differing = [
        (row, expected[plain(row.name)])
        for row in marked.sheet.rows
        if row.operation and _numbers(row.operation) != _numbers(expected.get(plain(row.name), row.operation))
    ]
    if not differing:
        return []
    (row, right), rows = differing[0], "row shows" if len(differing) == 1 else "rows show"
    message = (
        f"{len(differing)} {rows} other settings than the network that the sheet is marked by, first {row.name[:40]}: "
        f"'{row.operation[:60]}', not '{right}'; has the sheet lost its seed, or been changed?"
    )
    return [problem(row.line, 1, message)]


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)
