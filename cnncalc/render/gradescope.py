"""A marked sheet as Gradescope's autograder takes it: `results.json`.

Source: Gradescope's autograder specification, section "Output format".
"""

from __future__ import annotations

from typing import Any, Literal

from cnncalc.errors import SpecError
from cnncalc.homework.exercise import TOTAL
from cnncalc.homework.mark import Mark
from cnncalc.homework.marking import Marked
from cnncalc.homework.scheme import Scheme
from cnncalc.render.feedback import Level, feedback, remarked
from cnncalc.render.marks import headline

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]

VISIBILITIES: tuple[Visibility, ...] = ("visible", "after_due_date", "after_published", "hidden")


def results(marked: Marked, scheme: Scheme, level: Level, visibility: Visibility) -> dict[str, Any]:
    """The results of one sheet: a test for each cell."""
    problems = [f"line {problem.line}: {problem.message}" for problem in marked.problems]
    remarks = [f"{remark.layer or 'sheet'}: {remarked(remark, level)}" for remark in marked.remarks]
    numbers = _numbers(marked)
    return {
        "output": "\n".join([headline(marked, scheme), *problems, *remarks]),
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": [_test(marked, mark, scheme, level, visibility, numbers) for mark in marked.marks],
    }


def _numbers(marked: Marked) -> dict[str, int]:
    """The number of each row, from 1."""
    layers = dict.fromkeys(mark.layer for mark in marked.marks)
    return {layer: number for number, layer in enumerate(layers, start=1)}


def _test(
    marked: Marked, mark: Mark, scheme: Scheme, level: Level, visibility: Visibility, numbers: dict[str, int]
) -> dict[str, Any]:
    score, maximum = scheme.score(mark), scheme.maximum(mark)
    figures = [other.figure for other in marked.marks if other.layer == mark.layer]
    answer = mark.answer or "(blank)"
    return {
        "score": float(score),
        "max_score": float(maximum),
        "status": "passed" if score == maximum else "failed",
        "name": f"{mark.layer} {mark.figure}" if mark.layer != TOTAL else f"{mark.figure} of all layers",
        "number": f"{numbers[mark.layer]}.{figures.index(mark.figure) + 1}",
        "output": "\n".join([f"your answer: {answer}", *feedback(marked, mark, level)]),
        "tags": [mark.state, *(mark.explanations[0].ids if mark.explanations else ())],
        "visibility": visibility,
    }


def broken(error: SpecError, visibility: Visibility) -> dict[str, Any]:
    """The results of a sheet that cannot be read: no points, and what is wrong with it."""
    return {"score": 0.0, "output": "\n".join(error.lines()), "visibility": visibility, "stdout_visibility": "hidden"}
