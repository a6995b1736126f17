"""A sheet and its exercise → marks, cell by cell, with errors carried forward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.errors import Problem
from cnncalc.explaining.answers import Answers
from cnncalc.explaining.exercise import TOTAL, Exercise, Item
from cnncalc.explaining.explain import explain
from cnncalc.explaining.figures import ASKED, TOTALLED
from cnncalc.explaining.statement import Reading, Statement
from cnncalc.explaining.verdict import MISTAKEN, State
from cnncalc.figures import FIGURES
from cnncalc.homework.answer_parts import answer_parts
from cnncalc.homework.cells import is_blank, not_a_value, read_cell, read_shape
from cnncalc.homework.counts import NotAnAnswer, read_count
from cnncalc.homework.matching import Matching
from cnncalc.homework.sheet import Cell, Sheet, SheetRow, problem
from cnncalc.homework.working import Remark, check_working, is_slip, shown_by
from cnncalc.shapes import OTHER_LAYOUT, Layout, Shape, letters_of

MOST_PROBLEMS = 20
"""How many problems of a sheet are reported one by one."""


OPERATIONS = ("macs", "flops")
"""Figures of only some kinds of layers; students count them for others, too."""


class ByHand(NamedTuple):
    """Points that a teacher gives by hand, and why."""

    points: Fraction
    reason: str


class Mark(NamedTuple):
    """The mark for one cell.

    Attributes:
        layer: the row's name.
        figure: the word of the figure.
        answer: what was written.
        line: where, from 1; 0 for a row that is missing.
        state: a word of `STATES`.
        right: the right value.
        explanations: the mistakes that give a wrong answer, most plausible first.
        own: whether they do so with the student's own earlier answers.
        again: whether the most plausible of them was already made above.
        given: the points that a teacher gives in place of the scheme's.
    """

    layer: str
    figure: str
    answer: str
    line: int
    state: State
    right: Value
    explanations: tuple[Explanation, ...] = ()
    own: bool = False
    again: bool = False
    given: ByHand | None = None

    @property
    def made(self) -> tuple[str, ...]:
        """The mistakes of the most plausible explanation of a wrong answer."""
        return self.explanations[0].ids if self.explanations and self.state in MISTAKEN else ()


class Marked(NamedTuple):
    """A marked sheet.

    Attributes:
        sheet: the sheet that was handed in.
        exercise: what was asked.
        marks: one for each cell with a question, row by row.
        remarks: on the working and on the order of sizes; they cost nothing.
        problems: those of the sheet.
        why: says which network was taken for a sheet that names none.
    """

    sheet: Sheet
    exercise: Exercise
    marks: tuple[Mark, ...]
    remarks: tuple[Remark, ...] = ()
    problems: tuple[Problem, ...] = ()
    why: str = ""


def mark_sheet(exercise: Exercise, sheet: Sheet, figures: Sequence[str] = ()) -> Marked:
    """Mark a sheet.

    Args:
        exercise: what was asked.
        sheet: the answers.
        figures: the figures that are marked, also those without a claim in a spec; by default those
            that the sheet has a place for.
    """
    return _Marking(exercise, sheet, tuple(figures) or sheet.figures, asked=bool(figures)).marked()


def with_problems(marked: Marked, problems: Sequence[Problem]) -> Marked:
    """A marked sheet with more problems."""
    return marked._replace(problems=tuple(sorted({*marked.problems, *problems})))


class _Marking:
    """The marking of one sheet, row by row: what the student answered before is known."""

    def __init__(self, exercise: Exercise, sheet: Sheet, figures: tuple[str, ...], *, asked: bool) -> None:
        self._has_blanks = asked or sheet.network is None
        self._exercise = exercise
        self._sheet = sheet
        # The output comes first: other figures of the same row may follow from it.
        self._figures = tuple(figure for figure in ASKED if figure in figures)
        self._matching = Matching(exercise, sheet)
        self._layout, self._remarks = _size_order(exercise, sheet, self._matching.rows)
        self._counts_buffers = _counts_buffers(exercise, self._matching.rows)
        if self._counts_buffers:
            message = "params include the running statistics of norms, as in Keras, and are read that way"
            self._remarks = [*self._remarks, Remark(1, "", "params", message)]
        self._answers = Answers(exercise)
        self._problems = [*sheet.problems, *self._matching.problems]
        self._seen: set[tuple[str, str]] = set()

    def marked(self) -> Marked:
        marks: list[Mark] = []
        for item in self._exercise.items:
            row = self._matching.rows.get(item.name)
            marks += self._row(item, row)
            if row is not None:
                self._remarks += [*self._of_working(item, row), *self._uncounted(item, row)]
        marks += self._totals()
        return Marked(self._sheet, self._exercise, tuple(marks), tuple(self._remarks), _most(self._problems))

    def _of_working(self, item: Item, row: SheetRow) -> list[Remark]:
        """The remarks on the working of a row, in a column of its own and in the cells of its answers."""
        explainer = self._exercise.explainer(item)
        found = check_working(item.name, row.working, explainer) if row.working is not None else []
        for figure in self._figures:
            cell = row.cells.get(figure)
            if cell is not None and len(answer_parts(cell.text)) > 1:
                found += check_working(item.name, cell, explainer, figure)
        return found

    def _uncounted(self, item: Item, row: SheetRow) -> Iterator[Remark]:
        """Remarks on operations that are not counted, such as a pool's."""
        for figure in OPERATIONS:
            cell = row.cells.get(figure) if figure in self._figures else None
            if cell is not None and self._exercise.right(item, figure) is None and _is_counted(cell.text):
                said = f"{cell.text} is not marked: {figure} are counted without {FIGURES[figure].omits}"
                yield Remark(cell.line, "", "not-counted", f"{item.name}, {figure}: {said}")

    def _row(self, item: Item, row: SheetRow | None) -> Iterator[Mark]:
        for figure in self._figures:
            right = self._exercise.right(item, figure)
            cell = self._cell(item, row, figure, right) if right is not None else None
            if right is not None and cell is not None:
                yield self._mark(item.name, figure, cell, right, row.working if row else None)

    def _cell(self, item: Item, row: SheetRow | None, figure: str, right: Value) -> Cell | None:
        """The cell of a figure; an empty one if the row is missing, none if nothing was asked.

        In a student's own table a count of 0 may be left blank.
        In a spec nobody claims that a pool has no params, or claims layers of a block that is claimed as a whole.
        """
        if row is not None and figure in row.cells:
            is_answered = any(cell.text for cell in row.cells.values()) and "worksheet" not in self._sheet.facts
            is_left = is_answered and right == 0 and not row.cells[figure].text
            return None if is_left else row.cells[figure]
        in_block = any(item.name.startswith((f"{name}/", f"{name}.")) for name in self._matching.rows)
        is_claimed = self._sheet.network is None or not (right == 0 or in_block)
        if row is None and item.name in self._matching.implied:
            return None
        return Cell("", row.line if row else 0) if self._has_blanks and is_claimed else None

    def _totals(self) -> Iterator[Mark]:
        """The sums, if the sheet has a row for them."""
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
            state: State = "blank" if is_blank(cell.text, figure) else "unreadable"
            return Mark(name, figure, cell.text, cell.line, state, right)
        if self._counts_buffers and figure == "params":
            stored = _stored(self._exercise, layer)
            if stored != right and stored in [reading.value for reading in readings]:
                return Mark(name, figure, cell.text, cell.line, "right", stored)
        statement = Statement(layer, figure, cell.text, readings)
        verdict = explain(self._exercise, statement, self._answers)
        self._answers.keep(statement, verdict)
        if is_slip(cell.text, figure, right):
            verdict = verdict._replace(explanations=())  # the numbers put in are right
        for text in (cell.text, *([working.text] if working is not None else [])):
            if len(verdict.explanations) > 1:
                verdict = verdict._replace(explanations=shown_by(text, verdict.explanations, figure))
        mark = Mark(name, figure, cell.text, cell.line, verdict.state, right, verdict.explanations, verdict.own)
        first = {(figure, id_) for id_ in mark.made[:1]}
        again = not self._seen.isdisjoint(first)
        self._seen |= first
        return mark._replace(again=True) if again else mark

    def _readings(self, layer: str, figure: str, cell: Cell, right: Value) -> tuple[Reading, ...]:
        """The ways to read an answer; none if it is blank or cannot be read."""
        if is_blank(cell.text, figure):
            return ()
        try:
            if wrong := not_a_value(cell.text):
                raise NotAnAnswer(wrong)
            return read_cell(cell.text, figure, right, self._layout)
        except NotAnAnswer as error:
            self._problems.append(problem(cell.line, cell.column, f"{layer}, {figure}: {error}"))
            return ()


def _is_counted(text: str) -> bool:
    """Whether an answer is a number that is not 0."""
    try:
        return any(reading.value for reading in read_count(text))
    except NotAnAnswer:
        return False


def _most(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of their lines; if there are very many, the first and the number of the others."""
    found = sorted(set(problems))
    if len(found) <= MOST_PROBLEMS:
        return tuple(found)
    more = problem(found[MOST_PROBLEMS].line, 1, f"{len(found) - MOST_PROBLEMS:,} more problems from here on")
    return (*found[:MOST_PROBLEMS], more)


def _stored(exercise: Exercise, layer: str) -> Value | None:
    """The params of a row, or of all, with the statistics that its norms keep."""
    item = exercise.item(layer) if layer else None
    return exercise.value(item, "weights") if item is not None else exercise.right_total("weights")


def _counts_buffers(exercise: Exercise, rows: Mapping[str, SheetRow]) -> bool:
    """Whether a sheet counts the statistics of norms as params: most of its norms do, and not one alone."""
    votes = {"params": 0, "weights": 0}
    for item in exercise.items:
        cell = rows[item.name].cells.get("params") if item.name in rows else None
        if cell is None or not exercise.value(item, "buffers"):
            continue
        for figure in votes:
            try:
                values = [reading.value for reading in read_count(cell.text)]
            except NotAnAnswer:
                break
            votes[figure] += exercise.value(item, figure) in values
    return votes["weights"] > max(votes["params"], 1)


def _size_order(exercise: Exercise, sheet: Sheet, rows: Mapping[str, SheetRow]) -> tuple[Layout, list[Remark]]:
    """The order in which a sheet writes shapes: as it says, unless most of them have the other one.

    There is a remark if the sheet asked for another order.
    """
    stated = sheet.facts.get("layout", "").strip().upper()
    expected: Layout = "HWC" if stated == "HWC" else "CHW" if stated == "CHW" else exercise.layout
    other = OTHER_LAYOUT[expected]
    votes = [_order(exercise, item, rows) for item in exercise.items if item.name in rows]
    if votes.count(other) <= votes.count(expected):
        return expected, []
    if not stated and "worksheet" not in sheet.facts:
        return other, []
    read, not_ = ("×".join(letters_of(2, layout)) for layout in (other, expected))
    message = f"the shapes are written {read}, not {not_}, and are read that way"
    return other, [Remark(1, "", "order", message)]


def _order(exercise: Exercise, item: Item, rows: Mapping[str, SheetRow]) -> Layout | None:
    """The order in which an answer has the right channels; None if both orders do, or neither."""
    right, cell = exercise.report.shapes[item.row.output], rows[item.name].cells.get("out")
    if cell is None or not right.rank:
        return None
    try:
        readings = read_shape(cell.text, right.rank, "CHW")
    except NotAnAnswer:
        return None
    shapes = [(reading.value, reading.other_order) for reading in readings if not reading.partial]
    fitting = [swapped for shape, swapped in shapes if isinstance(shape, Shape) and shape.channels == right.channels]
    return None if len(fitting) != 1 else "HWC" if fitting[0] else "CHW"
