"""A sheet and its exercise → marks, cell by cell, with errors carried forward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.analysis.misconceptions.terms import Value
from cnncalc.errors import Problem
from cnncalc.explaining.answers import Answers
from cnncalc.explaining.exercise import TOTAL, Exercise, Item
from cnncalc.explaining.explain import explain
from cnncalc.explaining.figures import FIGURES, TOTALLED
from cnncalc.explaining.statement import Reading, Statement
from cnncalc.explaining.verdict import MISTAKEN, State, Verdict
from cnncalc.homework.answers import NotAnAnswer
from cnncalc.homework.cells import is_blank_cell, not_a_value, read_cell
from cnncalc.homework.mark import Mark
from cnncalc.homework.matching import Matching
from cnncalc.homework.sheet import Cell, Sheet, SheetRow, problem
from cnncalc.homework.size_order import size_order
from cnncalc.homework.working import Remark, check_working, shown_by

MOST_PROBLEMS = 20
"""Problems of a sheet that are told one by one."""


class Marked(NamedTuple):
    """A marked sheet.

    Attributes:
        sheet: what was handed in.
        exercise: what was asked.
        marks: one for each cell that was asked for, row by row.
        remarks: on the working and on the order of sizes; they cost nothing.
        problems: what was wrong with the sheet.
    """

    sheet: Sheet
    exercise: Exercise
    marks: tuple[Mark, ...]
    remarks: tuple[Remark, ...] = ()
    problems: tuple[Problem, ...] = ()


def mark_sheet(exercise: Exercise, sheet: Sheet, figures: Sequence[str] = ()) -> Marked:
    """Mark a sheet.

    Args:
        exercise: what was asked.
        sheet: the answers.
        figures: the figures that are marked, and of a spec with claims also where it claims nothing; those
            that the sheet has a place for, where none is given.
    """
    return _Marking(exercise, sheet, tuple(figures) or sheet.figures, asked=bool(figures)).marked()


def with_problems(marked: Marked, problems: Sequence[Problem]) -> Marked:
    """A marked sheet with more to be said about it."""
    return marked._replace(problems=tuple(sorted({*marked.problems, *problems})))


class _Marking:
    """The marking of one sheet, row by row: what the student answered before is known."""

    def __init__(self, exercise: Exercise, sheet: Sheet, figures: tuple[str, ...], *, asked: bool) -> None:
        self._has_blanks = asked or sheet.network is None
        self._exercise = exercise
        self._sheet = sheet
        # The output comes first: other figures of the same row may follow from it.
        self._figures = tuple(figure for figure in FIGURES if figure in figures)
        self._matching = Matching(exercise, sheet)
        self._layout, self._remarks = size_order(exercise, sheet, self._matching.rows)
        self._answers = Answers(exercise)
        self._problems = [*sheet.problems, *self._matching.problems]
        self._seen: set[tuple[str, str]] = set()

    def marked(self) -> Marked:
        marks: list[Mark] = []
        for item in self._exercise.items:
            row = self._matching.rows.get(item.name)
            marks += self._row(item, row)
            if row is not None and row.working is not None:
                self._remarks += check_working(item.name, row.working, self._exercise.explainer(item))
        marks += self._totals()
        return Marked(self._sheet, self._exercise, tuple(marks), tuple(self._remarks), _most(self._problems))

    def _row(self, item: Item, row: SheetRow | None) -> Iterator[Mark]:
        for figure in self._figures:
            right = self._exercise.right(item, figure)
            cell = self._cell(item, row, figure, right) if right is not None else None
            if right is not None and cell is not None:
                yield self._mark(item.name, figure, cell, right, row.working if row else None)

    def _cell(self, item: Item, row: SheetRow | None, figure: str, right: Value) -> Cell | None:
        """The cell of a figure; an empty one where the row is missing, none where nothing was asked.

        Nobody claims that a pool has no params, or the layers of a block whose whole is claimed.
        """
        if row is not None and figure in row.cells:
            return row.cells[figure]
        in_block = any(item.name.startswith((f"{name}/", f"{name}.")) for name in self._matching.rows)
        is_claimed = self._sheet.network is None or not (right == 0 or in_block)
        return Cell("", row.line if row else 0) if self._has_blanks and is_claimed else None

    def _totals(self) -> Iterator[Mark]:
        """The sums, where the sheet has a row for them."""
        row = self._matching.rows.get(TOTAL)
        for figure in self._figures:
            asked = row is not None and figure in TOTALLED and figure in row.cells
            right = self._exercise.right_total(figure) if asked else None
            if row is not None and right is not None:
                yield self._mark("", figure, row.cells[figure], right)

    def _mark(self, layer: str, figure: str, cell: Cell, right: Value, working: Cell | None = None) -> Mark:
        name = layer or TOTAL
        readings = self._readings(name, figure, cell, right)
        if not readings:
            state: State = "blank" if is_blank_cell(cell.text, figure) else "unreadable"
            return Mark(name, figure, cell.text, cell.line, state, right)
        statement = Statement(layer, figure, cell.text, readings)
        verdict = explain(self._exercise, statement, self._answers)
        self._answers.keep(statement, verdict)
        if working is not None:
            verdict = verdict._replace(explanations=shown_by(working.text, verdict.explanations, figure))
        again = bool(verdict.explanations) and verdict.state in MISTAKEN and self._is_again(figure, verdict)
        read = verdict.reading.value if verdict.reading else None
        return Mark(
            name, figure, cell.text, cell.line, verdict.state, right, read, verdict.meant, verdict.explanations,
            verdict.own, again,
        )  # fmt: skip

    def _is_again(self, figure: str, verdict: Verdict) -> bool:
        """Whether a mistake was made further up in the same column."""
        made = (figure, verdict.explanations[0].ids[0])
        again = made in self._seen
        self._seen.add(made)
        return again

    def _readings(self, layer: str, figure: str, cell: Cell, right: Value) -> tuple[Reading, ...]:
        """The ways to read an answer; none where there is none, or it cannot be read."""
        if is_blank_cell(cell.text, figure):
            return ()
        try:
            if wrong := not_a_value(cell.text):
                raise NotAnAnswer(wrong)
            return read_cell(cell.text, figure, right, self._layout)
        except NotAnAnswer as error:
            self._problems.append(problem(cell.line, cell.column, f"{layer}, {figure}: {error}"))
            return ()


def _most(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of their lines; of very many the first, and how many more there are."""
    found = sorted(set(problems))
    if len(found) <= MOST_PROBLEMS:
        return tuple(found)
    more = problem(found[MOST_PROBLEMS].line, 1, f"{len(found) - MOST_PROBLEMS:,} more problems from here on")
    return (*found[:MOST_PROBLEMS], more)
