"""A sheet and its exercise → marks, cell by cell, with errors carried forward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.analysis.misconceptions.values import Value
from cnncalc.errors import Problem
from cnncalc.homework.answers import NotAnAnswer, Reading
from cnncalc.homework.carried import carried
from cnncalc.homework.cells import is_blank_cell, not_a_value, read_cell
from cnncalc.homework.exercise import TOTAL, Exercise, Item
from cnncalc.homework.figures import FIGURES, TOTALLED
from cnncalc.homework.judging import MISTAKEN, Judge, State, Verdict
from cnncalc.homework.mark import Mark
from cnncalc.homework.matching import Matching
from cnncalc.homework.sheet import Cell, Sheet, SheetRow, problem
from cnncalc.homework.size_order import size_order
from cnncalc.homework.student import OwnRow, Student
from cnncalc.homework.sums import sums_of, without_a_row
from cnncalc.homework.working import Remark, check_working, shown_by

MOST_PROBLEMS = 20
"""Problems of a sheet that are told one by one."""

MOST_SEARCHES = 20
"""Cells of a sheet for which two mistakes at once are looked for: in a sheet of noise that would take seconds."""


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
        self._student = Student(exercise)
        self._problems = [*sheet.problems, *self._matching.problems]
        self._searches = 0
        self._seen: set[tuple[str, str]] = set()

    def marked(self) -> Marked:
        marks: list[Mark] = []
        for item in self._exercise.items:
            row = self._matching.rows.get(item.name)
            marks += self._row(item, row)
            if row is not None and row.working is not None:
                self._remarks += check_working(item.name, row.working, self._exercise.explainer(item))
        marks += self._totals(marks)
        return Marked(self._sheet, self._exercise, tuple(marks), tuple(self._remarks), _most(self._problems))

    def _row(self, item: Item, row: SheetRow | None) -> Iterator[Mark]:
        own = OwnRow(self._student, item)
        for figure in self._figures:
            right = self._exercise.right(item, figure)
            cell = self._cell(item, row, figure, right) if right is not None else None
            if right is None or cell is None:
                continue
            readings = self._readings(item.name, figure, cell, right)
            if not readings:
                yield self._unanswered(item.name, figure, cell, right)
                continue
            judge = Judge(figure, right, own.right, own.explainers(figure), own.carried(figure))
            verdict = judge.verdict(readings, pairs=self._searches < MOST_SEARCHES)
            self._searches += verdict.state == "wrong" and not verdict.is_single
            if row is not None and row.working is not None:
                shown = shown_by(row.working.text, verdict.explanations, figure)
                verdict = verdict._replace(explanations=shown)
            own.answer(figure, verdict)
            yield self._mark(item.name, figure, cell, right, verdict)
        self._student.leave(own)

    def _cell(self, item: Item, row: SheetRow | None, figure: str, right: Value) -> Cell | None:
        """The cell of a figure; an empty one where the row is missing, none where nothing was asked.

        Nobody claims that a pool has no params, or the layers of a block whose whole is claimed.
        """
        if row is not None and figure in row.cells:
            return row.cells[figure]
        in_block = any(item.name.startswith((f"{name}/", f"{name}.")) for name in self._matching.rows)
        is_claimed = self._sheet.network is None or not (right == 0 or in_block)
        return Cell("", row.line if row else 0) if self._has_blanks and is_claimed else None

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

    @staticmethod
    def _unanswered(layer: str, figure: str, cell: Cell, right: Value) -> Mark:
        state: State = "blank" if is_blank_cell(cell.text, figure) else "unreadable"
        return Mark(layer, figure, cell.text, cell.line, state, right)

    def _mark(self, layer: str, figure: str, cell: Cell, right: Value, verdict: Verdict) -> Mark:
        again = False
        if verdict.explanations and verdict.state in MISTAKEN:
            made = (figure, verdict.explanations[0].ids[0])
            again = made in self._seen
            self._seen.add(made)
        return Mark(
            layer, figure, cell.text, cell.line, verdict.state, right, verdict.reading.value, verdict.meant,
            verdict.explanations, verdict.own, again,
        )  # fmt: skip

    def _totals(self, marks: Sequence[Mark]) -> Iterator[Mark]:
        """The sums, where the sheet has a row for them."""
        row, answers = self._matching.rows.get(TOTAL), dict[str, Value]()
        explainer = self._exercise.total_explainer
        for figure in self._figures:
            if row is None or figure not in TOTALLED or figure not in row.cells:
                continue
            cell, right = row.cells[figure], self._exercise.right_total(figure)
            readings = self._readings(TOTAL, figure, cell, right)
            if not readings:
                yield self._unanswered(TOTAL, figure, cell, right)
                continue
            follow = [*sums_of(marks, figure, right), *carried(figure, answers, explainer.row)]
            verdict = Judge(figure, right, explainer, (), follow).verdict(readings)
            if verdict.state == "wrong" and not verdict.explanations:
                verdict = verdict._replace(explanations=without_a_row(verdict.meant, marks, figure))
            elif verdict.state == "rounded":
                verdict = verdict._replace(explanations=())  # its rows show what the rounding may hide
            answers[figure] = verdict.meant
            yield self._mark(TOTAL, figure, cell, right, verdict)


def _most(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of their lines; of very many the first, and how many more there are."""
    found = sorted(set(problems))
    if len(found) <= MOST_PROBLEMS:
        return tuple(found)
    more = problem(found[MOST_PROBLEMS].line, 1, f"{len(found) - MOST_PROBLEMS:,} more problems from here on")
    return (*found[:MOST_PROBLEMS], more)
