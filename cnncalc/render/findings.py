"""What a number may be, as lines, a table or a document."""

from __future__ import annotations

from fractions import Fraction
from textwrap import wrap
from typing import Any

from cnncalc.analysis.identify import MIXTURE, Answer, Explanation
from cnncalc.analysis.report import Report
from cnncalc.render.columns import report_title
from cnncalc.render.grid import Cell, Grid, Header, cell_text

ANSWERS = (Header("number", "number", "right"), Header("off", "off by", "right"), Header("what", "what it is"))


def answer_text(report: Report, written: str, wanted: Fraction, answer: Answer, width: int) -> str:
    """The explanations, or the nearest totals, one below another and no wider than `width`."""
    cells = [_cells(explanation, wanted) for explanation in answer.fitting or answer.nearest]
    rows = [[cell_text(cell, "exact") for cell in row] for row in cells]
    numbers, offs = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [report_title(report), heading(written, answer)]
    for number, off, what in rows:
        start = f"  {number:>{numbers}}  {off:>{offs}}  "
        lines += wrap(what, max(width, 60), initial_indent=start, subsequent_indent=" " * len(start))
    return "\n".join(lines) + "\n"


def heading(written: str, answer: Answer) -> str:
    """What is listed below it."""
    if not answer.fitting:
        return f"{written} is none of the totals that are known here; the nearest are"
    if answer.fitting[0].rank >= MIXTURE and len(answer.fitting) > 1:
        return f"{written} is no tool's total; these mixtures fit, and more digits would tell them apart"
    return f"{written} is"


def answer_grid(report: Report, written: str, wanted: Fraction, answer: Answer) -> Grid:
    """The explanations as a table."""
    rows = tuple(_cells(explanation, wanted) for explanation in answer.fitting or answer.nearest)
    return Grid(f"{report_title(report)} · {heading(written, answer)}", ANSWERS, rows)


def _cells(explanation: Explanation, wanted: Fraction) -> tuple[Cell, ...]:
    return _number(explanation.value), _off(explanation.value, wanted), explanation.what


def _number(value: Fraction) -> Cell:
    """A count, or a half of one: `2,053,402.5`."""
    return value.numerator if value.denominator == 1 else f"{float(value):,.1f}"


def _off(value: Fraction, wanted: Fraction) -> str:
    """How far a value is from the number: `0.04 % more`, `exact`."""
    if value == wanted:
        return "exact"
    percent = abs(float(100 * (value - wanted) / wanted))
    text = f"{percent:.{2 if percent >= 0.005 else 4}f}" if percent >= 0.0001 else "< 0.0001"
    return f"{text} % {'more' if value > wanted else 'less'}"


def answer_document(report: Report, written: str, wanted: Fraction, answer: Answer) -> dict[str, Any]:
    """The explanations as plain data."""
    return {
        "cnncalc": 1,
        "name": report.network.name,
        "batch": report.batch,
        "find": written,
        "found": bool(answer.fitting),
        "explanations": [_explanation(e) for e in answer.fitting],
        "nearest": [_explanation(e) for e in answer.nearest],
    }


def _explanation(explanation: Explanation) -> dict[str, Any]:
    value = explanation.value
    return {"value": value.numerator if value.denominator == 1 else float(value), "what": explanation.what}
