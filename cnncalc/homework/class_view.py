"""A class as tables: a row for each sheet, a row for each cell, and a summary of right and wrong answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from cnncalc.analysis.misconceptions.table import MISTAKES
from cnncalc.errors import SpecError, printable
from cnncalc.explaining.verdict import STATES, State
from cnncalc.homework.feedback_view import shown
from cnncalc.homework.marking import Mark, Marked
from cnncalc.homework.marks_view import VERSION
from cnncalc.homework.points import exact_points, out_of, percent, points
from cnncalc.homework.roster import Student, distinct_stems
from cnncalc.homework.scheme import Scheme
from cnncalc.notation import several
from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, Header, headers

MOST_ROWS = 10
"""How many cells and mistakes the summary shows."""


def sheets_grid(
    sheets: Sequence[Marked], scheme: Scheme, missing: Sequence[Student] = (), unread: Sequence[SpecError] = ()
) -> Grid:
    """A row for each sheet: the points, and the state of each answer.

    One without points for each file that is not marked, and for each student without a sheet.
    """
    cells = list(dict.fromkeys((mark.layer, mark.figure) for marked in sheets for mark in marked.marks))
    has_late = any(marked.sheet.is_late for marked in sheets)
    names = ("sheet", "student", "id", "seed", "score", "max_score", "percent", *["late"] * has_late)
    rows: list[tuple[Cell, ...]] = []
    for marked in sheets:
        score, maximum = scheme.total(marked)
        known = {(mark.layer, mark.figure): mark.state for mark in marked.marks}
        sheet = marked.sheet
        who: tuple[Cell, ...] = (sheet.file, sheet.student, sheet.id or None, sheet.seed)
        late = ["yes" if sheet.is_late else None] * has_late
        total = (exact_points(score), exact_points(maximum), percent(score, maximum))
        rows.append((*who, *total, *late, *(known.get(c) for c in cells)))
    rows += [(error.file, *([None] * (len(names) + len(cells) - 1))) for error in unread]
    rows += [(None, student.name, student.id, *([None] * (len(names) + len(cells) - 3))) for student in missing]
    return Grid("", headers(*names, *(f"{layer}.{figure}" for layer, figure in cells)), tuple(rows))


def items_grid(sheets: Sequence[Marked], scheme: Scheme) -> Grid:
    """A row for each cell: how many answers have each state, and which mistakes were made."""
    names = ("layer", "figure", "answers", *STATES, "credit_percent", "mistakes")
    return Grid("", headers(*names), tuple(map(_item, cell_statistics(sheets, scheme))))


def _item(cell: CellStatistics) -> tuple[Cell, ...]:
    made = "; ".join(f"{ids} ({count})" for ids, count in cell.mistakes)
    credit = percent(cell.credit, Fraction(1))
    return (cell.layer, cell.figure, cell.answers, *cell.states.values(), credit, made)


OVERRIDES = ("sheet", "student", "layer", "figure", "answer", "mark", "score", "max_score", "points", "reason")


def overrides_grid(sheets: Sequence[Marked], scheme: Scheme) -> Grid:
    """A row for each cell without all its points, with `points` left open; points given by hand are kept."""
    rows = []
    for sheet, mark in ((marked.sheet, mark) for marked in sheets for mark in marked.marks):
        score, most = scheme.score(mark), scheme.maximum(mark)
        if score < most or mark.given is not None:
            cell = (mark.layer, mark.figure, mark.answer, mark.state, exact_points(score), exact_points(most))
            given = (points(mark.given.points), mark.given.reason) if mark.given is not None else (None, None)
            rows.append((sheet.file, sheet.student, *cell, *given))
    return Grid("", headers(*OVERRIDES), tuple(rows))


def records_document(grid: Grid) -> Document:
    """A table of a class for spreadsheets."""
    return Document(blocks=lambda: [grid], data=lambda: None)


def summary_document(sheets: Sequence[Marked], scheme: Scheme, unread: Sequence[SpecError] = ()) -> Document:
    """A summary for people: sheets, hardest cells, frequent mistakes, files that are not marked; no empty table."""
    grids = [grid for grid in (*_summary(sheets, scheme), _not_marked(unread)) if grid.rows]
    return Document(blocks=lambda: grids, data=lambda: None)


def _summary(sheets: Sequence[Marked], scheme: Scheme) -> list[Grid]:
    parts = [score / maximum for score, maximum in map(scheme.total, sheets) if maximum]
    average = percent(mean(parts), Fraction(1))
    made = {mark.state for marked in sheets for mark in marked.marks}
    states = [state for state in STATES if state in made]
    heads = (
        Header("sheet", "sheet"), Header("points", "points", "right"), Header("percent", "%", "right"),
        *(Header(state, state, "right", priority=place) for place, state in enumerate(states)),
    )  # fmt: skip
    rows = tuple(_sheet(name, marked, scheme, states) for name, marked in zip(_names(sheets), sheets, strict=True))
    title = f"{several(len(sheets), 'sheet')}, {average} % of the points on average"
    return [Grid(title, heads, rows), _hardest(cell_statistics(sheets, scheme)), _frequent(sheets)]


def _not_marked(unread: Sequence[SpecError]) -> Grid:
    heads = (Header("file", "not marked", folds=True), Header("why", "why", priority=1, folds=True))
    return Grid("", heads, tuple((printable(error.file), error.problems[0].message) for error in unread))


def _names(sheets: Sequence[Marked]) -> list[str]:
    """The student of each sheet; if it does not say, the name of its file, with the folders that distinguish it."""
    stems = distinct_stems([marked.sheet.file for marked in sheets])
    return [shown(marked.sheet.named or stem) for marked, stem in zip(sheets, stems, strict=True)]


def _sheet(name: str, marked: Marked, scheme: Scheme, states: Sequence[State]) -> tuple[Cell, ...]:
    score, maximum = scheme.total(marked)
    counts = [sum(mark.state == state for mark in marked.marks) or None for state in states]
    return (name, out_of(score, maximum), percent(score, maximum), *counts)


def _hardest(cells: Sequence[CellStatistics]) -> Grid:
    """The cells with the least credit."""
    hardest = sorted((cell for cell in cells if cell.credit < 1), key=lambda cell: cell.credit)[:MOST_ROWS]
    heads = (
        Header("cell", "least credit"), Header("percent", "%", "right"), Header("wrong", "wrong", "right"),
        Header("blank", "blank", "right"), Header("mistake", "most frequent mistake", priority=1),
    )  # fmt: skip
    rows = tuple(
        (
            f"{cell.layer} {cell.figure}", percent(cell.credit, Fraction(1)),
            cell.states["wrong"] + cell.states["unreadable"] or None, cell.states["blank"] or None,
            f"{cell.mistakes[0][0]} ({cell.mistakes[0][1]})" if cell.mistakes else None,
        )
        for cell in hardest
    )  # fmt: skip
    return Grid("", heads, rows)


def _frequent(sheets: Sequence[Marked]) -> Grid:
    """The most frequent mistakes."""
    heads = (
        Header("mistake", "mistake"), Header("sheets", "sheets", "right"), Header("cells", "cells", "right"),
        Header("what", "what it is", priority=1, folds=True),
    )  # fmt: skip
    return Grid("", heads, tuple((*row, MISTAKES[row[0]].sentence) for row in frequent_mistakes(sheets)[:MOST_ROWS]))


def mistakes_document() -> Document:
    """A list of all known mistakes, the most plausible first."""
    heads = (Header("mistake", "mistake"), Header("what", "what it is", priority=1, folds=True))
    rows = tuple((mistake.id, mistake.sentence) for mistake in MISTAKES.values())
    grid = Grid("What goes wrong, the most plausible first", heads, rows)
    data = {"cnncalc": VERSION, "mistakes": [{"id": id_, "sentence": sentence} for id_, sentence in rows]}
    return Document(blocks=lambda: [grid], data=lambda: data)


def page() -> str:
    """Every mistake as a page of the manual."""
    rows = "".join(f"| {mistake.id} | {mistake.sentence} |\n" for mistake in MISTAKES.values())
    about = "What goes wrong in answers, by the names that `grade` gives it."
    return (
        f"# Mistakes\n\n{about}\n\nThe most plausible comes first.\n\n| mistake | what it is |\n| --- | --- |\n{rows}"
    )


class CellStatistics(NamedTuple):
    """One cell over all sheets.

    Attributes:
        layer, figure: of the cell.
        states: how many answers have each state.
        credit: the average part of its points that sheets got.
        mistakes: the most plausible mistake of each wrong answer, with how many made it, most frequent first.
    """

    layer: str
    figure: str
    states: dict[State, int]
    credit: Fraction
    mistakes: tuple[tuple[str, int], ...]

    @property
    def answers(self) -> int:
        """The sheets that were asked for it."""
        return sum(self.states.values())


def cell_statistics(sheets: Sequence[Marked], scheme: Scheme) -> tuple[CellStatistics, ...]:
    """The statistics of every cell, in the order of the sheets."""
    places: dict[tuple[str, str], list[Mark]] = {}
    for mark in chain.from_iterable(marked.marks for marked in sheets):
        places.setdefault((mark.layer, mark.figure), []).append(mark)
    return tuple(_cell(layer, figure, marks, scheme) for (layer, figure), marks in places.items())


def _cell(layer: str, figure: str, marks: Sequence[Mark], scheme: Scheme) -> CellStatistics:
    found = Counter(mark.state for mark in marks)
    made = Counter(" + ".join(mark.made) for mark in marks if mark.made)
    states = {state: found[state] for state in STATES}
    frequent = sorted(made.items(), key=lambda pair: (-pair[1], pair[0]))
    return CellStatistics(layer, figure, states, mean(map(scheme.credit, marks)), tuple(frequent))


def frequent_mistakes(sheets: Sequence[Marked]) -> list[tuple[str, int, int]]:
    """Each mistake with the number of sheets and of cells in which it was made, the most frequent first."""
    made = [[id_ for mark in marked.marks for id_ in mark.made] for marked in sheets]
    cells, files = Counter(chain.from_iterable(made)), Counter(chain.from_iterable(map(set, made)))
    frequent = sorted(files, key=lambda id_: (-files[id_], -cells[id_], id_))
    return [(id_, files[id_], cells[id_]) for id_ in frequent]


def mean(numbers: Iterable[Fraction]) -> Fraction:
    """The average; 0 if there are no numbers."""
    listed = list(numbers)
    return sum(listed, Fraction(0)) / len(listed) if listed else Fraction(0)
