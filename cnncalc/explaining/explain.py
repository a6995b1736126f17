"""The one question for a claim, a cell of a sheet, and another tool's total: what is this number?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cnncalc.analysis.misconceptions.explain import (
    FAR_FETCHED,
    PLAUSIBLE,
    Explainer,
    Explanation,
    Search,
)
from cnncalc.analysis.misconceptions.table import MISTAKES
from cnncalc.analysis.misconceptions.values import Value, count_in, fits, is_coarse
from cnncalc.analysis.report import Report
from cnncalc.explaining.answers import Answers, Case, case_alone
from cnncalc.explaining.exercise import Exercise
from cnncalc.explaining.statement import Reading, Statement, rounding
from cnncalc.explaining.verdict import State, Verdict
from cnncalc.explaining.ways import identify, ways_of_counting
from cnncalc.shapes import Shape

LEAST_ROUNDED = 1000
"""Zeros at the end of a number below this are not a rounding."""

NEAR = 20
"""A claim is near the right value within so many half units of its last digit: any few biases give that, too."""


MOST_SEARCHES = 20
"""Statements for which two mistakes at once are looked for: in a sheet of noise that would take seconds."""


def explain(exercise: Exercise, statement: Statement, answers: Answers | None = None) -> Verdict:
    """The verdict on a number: what it is.

    Args:
        exercise: the report that it is about, and what can go wrong in its rows.
        statement: what somebody says.
        answers: what was said before, in the order of the rows; None if nothing was.
    """
    if not statement.figure and statement.quantity:
        ways, nearest = identify(exercise.report, *statement.quantity)
        return Verdict("wrong", ways=ways, nearest=nearest)
    case = None
    if statement.readings:
        case = answers.case(statement) if answers is not None else case_alone(exercise, statement)
    first = statement.readings[0] if statement.readings else None
    unknown = Verdict("wrong", first, first.value if first else None)
    pairs = answers is None or answers.searches < MOST_SEARCHES
    return next(filter(None, _ranking(exercise.report, statement, case, pairs)), unknown)


def _ranking(report: Report, statement: Statement, case: Case | None, pairs: bool) -> Iterator[Verdict | None]:
    """The verdicts on a number, the most plausible first; each is looked for only if none before it fits."""
    if case is None:
        yield _counted(report, statement)
        return
    question = _Question(case, statement.readings)
    yield question.exact()
    yield question.rounded(question.roundings, _is_rounding, _is_cut_off)
    # A total is as often another tool's; what is claimed of a layer was calculated by hand.
    yield None if statement.layer else _counted(report, statement)
    by_mistake = not _is_near(statement, case)
    yield question.misconceived("single") if by_mistake else None
    yield question.misconceived("near") if by_mistake else None
    # Zeros at the end of a number written in full are a rounding if nothing else explains them.
    yield question.rounded(question.with_zeros, _is_rounding)
    slip = question.slipped() or question.without_a_row()
    yield _counted(report, statement) if slip and statement.layer else None
    yield slip
    yield question.in_the_head() if pairs and by_mistake else None
    yield question.misconceived("far") if by_mistake else None
    yield question.misconceived("pair") if pairs and by_mistake else None
    yield _counted(report, statement) if statement.layer else None


def _counted(report: Report, statement: Statement) -> Verdict | None:
    """Another way of counting."""
    ways = ways_of_counting(report, statement)
    reading = statement.readings[0] if statement.readings else None
    return Verdict("wrong", reading, reading.value if reading else None, ways=ways) if ways else None


def _is_near(statement: Statement, case: Case) -> bool:
    """Whether a rounded claim is near the right value."""
    if statement.quantity is None or not statement.quantity.tolerance or not isinstance(case.right, int):
        return False
    return abs(case.right - statement.quantity.value) <= NEAR * statement.quantity.tolerance


class _Question:
    """The ways to read a number against everything that is known of its row."""

    def __init__(self, case: Case, readings: Sequence[Reading]) -> None:
        self._case = case
        self._readings = readings
        self._whole = [reading for reading in readings if not reading.partial]
        self.roundings = [reading for reading in self._whole if reading.tolerance]

    @property
    def with_zeros(self) -> list[Reading]:
        """Numbers in full as rounded to the zeros at their ends."""
        return [_with_zeros(reading) for reading in self._whole if not reading.tolerance]

    def exact(self) -> Verdict | None:
        """The right value, or one that follows from earlier answers."""
        for value, _, own in self._case.expected:
            for reading in self._whole:
                if fits(value, reading.value):
                    is_right = value == self._case.right
                    if is_right and reading.other_order:
                        explanation = Explanation((MISTAKES["hwc-for-chw"],), reading.value)
                        return Verdict("swapped", reading, reading.value, (explanation,))
                    return Verdict("right" if is_right else "follows", reading, value, own=own)
        return None

    def rounded(self, readings: Sequence[Reading], *ways: Callable[[Reading, Value], bool]) -> Verdict | None:
        """A rounding of an expected value, with the mistakes that round to the same: the doubt is in its favour."""
        for stands_for in ways:
            for value, explainer, own in self._case.expected:
                for reading in readings:
                    if stands_for(reading, value):
                        coarse = is_coarse(reading.value, reading.tolerance)
                        state: State = "coarse" if coarse else "rounded" if value == self._case.right else "follows"
                        # The mistakes that a rounded total may hide are seen in its rows.
                        shown = explainer if self._case.layer or state != "rounded" else None
                        return Verdict(state, reading, value, self._hidden(reading, shown), own)
        return None

    def _hidden(self, reading: Reading, explainer: Explainer | None) -> tuple[Explanation, ...]:
        """The mistakes whose value is written the same when it is rounded."""
        if explainer is None:
            return ()
        found = explainer.misconceptions(self._case.figure, reading.value, reading.tolerance)
        return tuple(one for one in found if one.mistakes[0].rank < FAR_FETCHED)

    def misconceived(self, search: Search) -> Verdict | None:
        """A misconception, or two of them. A mistake goes on in later rows, so the student's own answers come first."""
        for explainer in (*self._case.own, self._case.explainer):
            for reading in self._readings:
                found = self._misconceptions(explainer, reading, search)
                if search == "near":
                    found = tuple(sorted((*found, *self._of_later_row(reading)), key=lambda one: one.rank))
                # The settings of other layers are tried before an unlikely mistake.
                if found and (search != "single" or found[0].rank < (1, PLAUSIBLE)):
                    return self._mistaken(reading, found, explainer)
        return None

    def _of_later_row(self, reading: Reading) -> Iterator[Explanation]:
        """The explanation by the output of a row below: two steps at once."""
        mistake = MISTAKES["later-row"]
        for row, shape in self._case.below:
            if shape != self._case.right and reading.says(shape):
                sentence = f"This is the output of {row}: two steps were made at once."
                yield Explanation((mistake._replace(phrase=f"after {row}", sentence=sentence),), reading.value)

    def _mistaken(self, reading: Reading, found: tuple[Explanation, ...], explainer: Explainer) -> Verdict:
        """The verdict for mistakes, in a row whose right value may be another one by the earlier answers."""
        own = explainer is not self._case.explainer and explainer.row.value(self._case.figure) != self._case.right
        return Verdict("wrong", reading, reading.value, found, own)

    def _misconceptions(self, explainer: Explainer, reading: Reading, search: Search) -> tuple[Explanation, ...]:
        figure = self._case.figure
        if not reading.partial:
            return explainer.misconceptions(figure, reading.value, reading.tolerance, search)
        assert isinstance(reading.value, Shape)
        whole = Shape(explainer.row.output.channels, reading.value.spatial)
        missing = MISTAKES["channels-left-out"]
        if whole == explainer.row.value(figure):
            return (Explanation((missing,), reading.value),)
        # With the missing channels any other mistake is the second one.
        found = explainer.misconceptions(figure, whole) if search == "pair" else ()
        return tuple(one._replace(mistakes=(missing, *one.mistakes)) for one in found)

    def in_the_head(self) -> Verdict | None:
        """A mistake in a row before it that was not answered."""
        unanswered = self._case.unanswered
        for reading in self._readings if unanswered is not None else ():
            found = unanswered.explanations(self._case.figure, reading) if unanswered is not None else ()
            if found:
                return Verdict("wrong", reading, reading.value, found)
        return None

    def slipped(self) -> Verdict | None:
        """A slip of the pen."""
        for explainer in (self._case.explainer, *self._case.own):
            for reading in self._whole:
                found = explainer.slips(self._case.figure, reading.value)
                if found and (not reading.tolerance or found[0].ids == ("magnitude",)):
                    return self._mistaken(reading, found, explainer)
        return None

    def without_a_row(self) -> Verdict | None:
        """A sum of the answers in the rows that lacks one of them."""
        reading, slip = self._readings[0], MISTAKES["row-left-out"]
        sum_ = sum(one.meant for one in self._case.column)
        missing = [one.layer for one in self._case.column if one.meant and sum_ - one.meant == reading.value]
        found = tuple(
            Explanation(
                (slip._replace(phrase=f"without {layer}", sentence=f"{layer} is left out of the sum."),), reading.value
            )
            for layer in missing
        )
        return Verdict("wrong", reading, reading.value, found) if found else None


def _with_zeros(reading: Reading) -> Reading:
    """The reading of a number in full as one that is rounded to the zeros at its end."""
    count = count_in(reading.value)
    return reading._replace(tolerance=rounding(count)) if count is not None and count >= LEAST_ROUNDED else reading


def _is_rounding(reading: Reading, value: Value) -> bool:
    return bool(reading.tolerance) and fits(value, reading.value, reading.tolerance)


def _is_cut_off(reading: Reading, value: Value) -> bool:
    """Whether digits were left out after those that are written: 34.6K for 34,656."""
    given, exact = count_in(reading.value), count_in(value)
    if given is None or exact is None or type(value) is not type(reading.value):
        return False
    return 0 <= exact - given < 2 * reading.tolerance
