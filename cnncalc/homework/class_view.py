"""A class as tables: a row for each sheet, a row for each cell, and a summary for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cnncalc.analysis.misconceptions.table import MISTAKES
from cnncalc.explaining.verdict import STATES, State
from cnncalc.homework.feedback_view import shown
from cnncalc.homework.file_names import distinct_stems
from cnncalc.homework.keys import seed_of
from cnncalc.homework.marking import Marked
from cnncalc.homework.marks_view import points
from cnncalc.homework.roster import Entry
from cnncalc.homework.scheme import Scheme
from cnncalc.homework.statistics import ClassStatistics, ItemStatistics, mean
from cnncalc.render.grid import Cell, Grid, Header
from cnncalc.render.numbers import several

MOST_ROWS = 10
"""Cells and mistakes of the summary."""


def sheets_grid(sheets: Sequence[Marked], scheme: Scheme, missing: Sequence[Entry] = ()) -> Grid:
    """A row for each sheet: the points, and what each answer is; and one for each student without a sheet."""
    cells = list(dict.fromkeys((mark.layer, mark.figure) for marked in sheets for mark in marked.marks))
    names = (
        "sheet",
        "student",
        "id",
        "seed",
        "score",
        "max_score",
        "percent",
        *(f"{layer}.{what}" for layer, what in cells),
    )
    rows: list[tuple[Cell, ...]] = []
    for marked in sheets:
        score, maximum = scheme.total(marked)
        known = {(mark.layer, mark.figure): mark.state for mark in marked.marks}
        sheet = marked.sheet
        who: tuple[Cell, ...] = (sheet.file, sheet.student, sheet.facts.get("id"), seed_of(sheet))
        rows.append((*who, points(score), points(maximum), percent(score, maximum), *(known.get(c) for c in cells)))
    rows += [(None, entry.name, entry.id, *([None] * (len(names) - 3))) for entry in missing]
    return Grid("", tuple(Header(name, name) for name in names), tuple(rows))


def percent(part: Fraction, whole: Fraction) -> str:
    """A part in per cent, with one decimal."""
    return f"{float(100 * part / whole):.1f}" if whole else "0.0"


def items_grid(statistics: ClassStatistics) -> Grid:
    """A row for each cell: how many answers are what, and which mistakes were made."""
    names = ("layer", "figure", "answers", *STATES, "credit_percent", "mistakes")
    rows = tuple(_item(item) for item in statistics.items)
    return Grid("", tuple(Header(name, name) for name in names), rows)


def _item(item: ItemStatistics) -> tuple[Cell, ...]:
    made = "; ".join(f"{ids} ({count})" for ids, count in item.mistakes)
    credit = percent(item.credit, Fraction(1))
    return (item.layer, item.figure, item.answers, *item.states.values(), credit, made)


def summary_grids(sheets: Sequence[Marked], scheme: Scheme, statistics: ClassStatistics) -> list[Grid]:
    """For the terminal: the sheets, the cells with the least credit, and the most frequent mistakes."""
    parts = [score / maximum for score, maximum in map(scheme.total, sheets) if maximum]
    average = percent(mean(parts), Fraction(1))
    made = {mark.state for marked in sheets for mark in marked.marks}
    states = [state for state in STATES if state in made]
    headers = (
        Header("sheet", "sheet"), Header("points", "points", "right"), Header("percent", "%", "right"),
        *(Header(state, state, "right", priority=place) for place, state in enumerate(states)),
    )  # fmt: skip
    rows = tuple(_sheet(name, marked, scheme, states) for name, marked in zip(_names(sheets), sheets, strict=True))
    title = f"{several(len(sheets), 'sheet')}, {average} % of the points on average"
    return [Grid(title, headers, rows), _hardest(statistics), _frequent(statistics)]


def _names(sheets: Sequence[Marked]) -> list[str]:
    """Who handed in each sheet; where it does not say, the name of its file, with the folders that tell it apart."""
    stems = distinct_stems([marked.sheet.file for marked in sheets])
    return [shown(marked.sheet.facts.get("student") or stem) for marked, stem in zip(sheets, stems, strict=True)]


def _sheet(name: str, marked: Marked, scheme: Scheme, states: Sequence[State]) -> tuple[Cell, ...]:
    score, maximum = scheme.total(marked)
    counts = [sum(mark.state == state for mark in marked.marks) or None for state in states]
    return (name, f"{points(score)}/{points(maximum)}", percent(score, maximum), *counts)


def _hardest(statistics: ClassStatistics) -> Grid:
    """The cells with the least credit."""
    hardest = sorted((item for item in statistics.items if item.credit < 1), key=lambda item: item.credit)[:MOST_ROWS]
    headers = (
        Header("cell", "least credit"), Header("percent", "%", "right"), Header("wrong", "wrong", "right"),
        Header("blank", "blank", "right"), Header("mistake", "most frequent mistake", priority=1),
    )  # fmt: skip
    rows = tuple(
        (
            f"{item.layer} {item.figure}", percent(item.credit, Fraction(1)),
            item.states["wrong"] + item.states["unreadable"] or None, item.states["blank"] or None,
            f"{item.mistakes[0][0]} ({item.mistakes[0][1]})" if item.mistakes else None,
        )
        for item in hardest
    )  # fmt: skip
    return Grid("", headers, rows)


def _frequent(statistics: ClassStatistics) -> Grid:
    """The most frequent mistakes."""
    headers = (
        Header("mistake", "mistake"), Header("sheets", "sheets", "right"), Header("cells", "cells", "right"),
        Header("what", "what it is", priority=1),
    )  # fmt: skip
    rows = tuple((id_, sheets, cells, MISTAKES[id_].sentence) for id_, sheets, cells in statistics.mistakes[:MOST_ROWS])
    return Grid("", headers, rows)


def mistakes_grid() -> Grid:
    """Every mistake that is known, the most plausible first."""
    headers = (Header("mistake", "mistake"), Header("what", "what it is", priority=1))
    rows = tuple((mistake.id, mistake.sentence) for mistake in MISTAKES.values())
    return Grid("What goes wrong, the most plausible first", headers, rows)
