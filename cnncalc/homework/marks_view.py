"""A marked sheet as text, as plain data, and in Gradescope's format.

Source of `results`: Gradescope's autograder specification, section "Output format".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal, get_args

from cnncalc.errors import Problem, SpecError, printable
from cnncalc.explaining.exercise import TOTAL
from cnncalc.homework.feedback_view import Level, feedback, remarked, shown
from cnncalc.homework.marking import Mark, Marked
from cnncalc.homework.points import points
from cnncalc.homework.scheme import Scheme
from cnncalc.homework.worksheet import NOT_ASKED, value_text
from cnncalc.render.document import Block, Document
from cnncalc.render.grid import Grid, Header

VERSION = 1

STYLES: dict[str, str] = {
    **dict.fromkeys(("right", "rounded"), "green"),
    **dict.fromkeys(("follows", "coarse", "swapped"), "magenta"),
    **dict.fromkeys(("wrong", "unreadable"), "red"),
    "blank": "dim",
}
"""How a terminal shows each of `STATES`, in rich's words."""


def headline(marked: Marked, scheme: Scheme) -> str:
    """The line above a sheet: `AlexNet · Ada Lovelace (ada.csv) · 31 of 34 points`."""
    score, maximum = scheme.total(marked)
    sheet = marked.sheet
    file = printable(sheet.file)
    who = f"{shown(sheet.student)} ({file})" if sheet.named else file
    return f"{marked.exercise.report.network.name} · {who} · {points(score)} of {points(maximum)} points"


def marks_grid(marked: Marked, scheme: Scheme) -> Grid:
    """The answers with their states."""
    figures = list(dict.fromkeys(mark.figure for mark in marked.marks))
    cells = {(mark.layer, mark.figure): mark for mark in marked.marks}
    headers = [Header("layer", "layer")]
    for figure in figures:
        headers += [Header(figure, figure, "right"), Header(f"{figure} mark", "", styles=STYLES)]
    rows = []
    for layer in dict.fromkeys(mark.layer for mark in marked.marks):
        row = [layer]
        for figure in figures:
            mark = cells.get((layer, figure))
            row += [NOT_ASKED, ""] if mark is None else [shown(mark.answer), _word(mark)]
        rows.append(tuple(row))
    return Grid(headline(marked, scheme), tuple(headers), tuple(rows))


def _word(mark: Mark) -> str:
    return mark.state if mark.given is None else f"{mark.state}, by hand {points(mark.given.points)}"


def marks_document(marked: Marked, scheme: Scheme, level: Level) -> Document:
    """A marked sheet: the table, then the feedback on its cells."""
    blocks = partial(_blocks, marked, scheme, level)
    return Document(blocks=blocks, data=lambda: _data(marked, scheme, level))


def unread_document(error: SpecError) -> Document:
    """A sheet that cannot be read, as plain data: no points, no cells, and its problem."""
    data = {
        "cnncalc": VERSION,
        "sheet": error.file,
        "score": None,
        "max_score": None,
        "cells": [],
        "problems": _problems(error.problems),
    }
    return Document(blocks=list, data=lambda: data)


def _blocks(marked: Marked, scheme: Scheme, level: Level) -> list[Block]:
    text = "".join(f"{line}\n" for line in said(marked, level))
    return [marks_grid(marked, scheme), *([text] if text else [])]


def said(marked: Marked, level: Level) -> list[str]:
    """The feedback on the cells of a sheet, and on its working; cells that follow from earlier ones share a line."""
    lines: list[str] = ["", marked.why] if marked.why else []
    for mark in marked.marks:
        own = feedback(marked, mark, level)
        if not own or (mark.given is None and mark.state in ("follows", "rounded", "blank")):
            continue
        lines += ["", f"{mark.layer}, {mark.figure}: {shown(mark.answer)}", *(f"  {line}" for line in own)]
    for state, what in (("follows", "from earlier answers"), ("blank", "no answer")):
        cells = [f"{mark.layer} {mark.figure}" for mark in marked.marks if mark.state == state and not mark.given]
        lines += ["", f"{what}: {', '.join(cells)}"] if cells else []
    for remark in marked.remarks:
        lines += ["", f"{f'{remark.layer}, working' if remark.layer else 'sheet'}: {remarked(remark, level)}"]
    return lines


def _data(marked: Marked, scheme: Scheme, level: Level) -> dict[str, Any]:
    """A marked sheet as plain data; it has right values for the level `answer` only."""
    score, maximum = scheme.total(marked)
    sheet, exercise = marked.sheet, marked.exercise
    return {
        "cnncalc": VERSION,
        "name": exercise.report.network.name,
        "sheet": sheet.file,
        "student": sheet.student,
        "seed": sheet.seed,
        "layout": exercise.layout,
        **({"why": marked.why} if marked.why else {}),
        "score": float(score),
        "max_score": float(maximum),
        "cells": [_cell(marked, mark, scheme, level) for mark in marked.marks],
        "remarks": [remark._asdict() for remark in marked.remarks],
        "problems": _problems(marked.problems),
    }


def _problems(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [{"line": one.line, "column": one.column, "message": one.message} for one in problems]


def _cell(marked: Marked, mark: Mark, scheme: Scheme, level: Level) -> dict[str, Any]:
    right = {"right": value_text(mark.right, marked.exercise.layout)} if level == "answer" else {}
    return {
        "layer": mark.layer,
        "figure": mark.figure,
        "line": mark.line or None,
        "answer": mark.answer,
        "mark": mark.state,
        "score": float(scheme.score(mark)),
        "max_score": float(scheme.maximum(mark)),
        "mistakes": [list(explanation.ids) for explanation in mark.explanations],
        "again": mark.again,
        **({"by_hand": mark.given.reason} if mark.given is not None else {}),
        **right,
        "feedback": feedback(marked, mark, level),
    }


Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]

VISIBILITIES: tuple[Visibility, ...] = get_args(Visibility)


def results(marked: Marked, scheme: Scheme, level: Level, visibility: Visibility) -> dict[str, Any]:
    """The results of one sheet: a test for each cell, numbered by its row and its place there."""
    problems = [f"line {problem.line}: {problem.message}" for problem in marked.problems]
    remarks = [f"{remark.layer or 'sheet'}: {remarked(remark, level)}" for remark in marked.remarks]
    rows: dict[str, list[Mark]] = {}
    for mark in marked.marks:
        rows.setdefault(mark.layer, []).append(mark)
    return {
        "output": "\n".join([headline(marked, scheme), *filter(None, [marked.why]), *problems, *remarks]),
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": [
            _test(marked, mark, scheme, level, f"{row}.{place}") | {"visibility": visibility}
            for row, marks in enumerate(rows.values(), start=1)
            for place, mark in enumerate(marks, start=1)
        ],
    }


def _test(marked: Marked, mark: Mark, scheme: Scheme, level: Level, number: str) -> dict[str, Any]:
    score, maximum = scheme.score(mark), scheme.maximum(mark)
    return {
        "score": float(score),
        "max_score": float(maximum),
        "status": "passed" if score == maximum else "failed",
        "name": f"{mark.layer} {mark.figure}" if mark.layer != TOTAL else f"{mark.figure} of all layers",
        "number": number,
        "output": "\n".join([f"your answer: {mark.answer or '(blank)'}", *feedback(marked, mark, level)]),
        "tags": [mark.state, *(mark.explanations[0].ids if mark.explanations else ())],
    }


def broken(error: SpecError, visibility: Visibility) -> dict[str, Any]:
    """The results of a sheet that cannot be read: no points, and its problem."""
    return {"score": 0.0, "output": "\n".join(error.lines()), "visibility": visibility, "stdout_visibility": "hidden"}
