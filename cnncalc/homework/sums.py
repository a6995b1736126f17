"""What a student's own column says about its sum."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.table import MISTAKES
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.homework.mark import Mark


def without_a_row(given: Value, marks: Sequence[Mark], figure: str) -> tuple[Explanation, ...]:
    """The mistake of a total in which one row of the student's column is missing."""
    column = {mark.layer: mark.meant for mark in marks if mark.figure == figure and type(mark.meant) is int}
    sum_ = sum(value for value in column.values() if type(value) is int)
    missing = [layer for layer, value in column.items() if type(value) is int and value and sum_ - value == given]
    slip = MISTAKES["row-left-out"]
    return tuple(
        Explanation((slip._replace(phrase=f"without {layer}", sentence=f"{layer} is left out of the sum."),), given)
        for layer in missing
    )


def sums_of(marks: Sequence[Mark], figure: str, right: int) -> list[Value]:
    """The sums of the student's own column: of what was written or of the exact values that it stands for.

    A cell without answer counts as 0 or as its right value.
    """
    column = [mark for mark in marks if mark.figure == figure]
    omitted = right - sum(mark.right for mark in column if mark.read is not None and type(mark.right) is int)
    sums = [
        sum(value for value in values if type(value) is int)
        for values in ([mark.read for mark in column], [mark.meant for mark in column])
    ]
    return [*sums, *(sum_ + omitted for sum_ in sums)] if any(sums) else []
