"""One answer against everything that it can be: right, rounded, carried forward, or a known mistake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from cnncalc.analysis.misconceptions.explain import Explainer, Explanation, fits
from cnncalc.analysis.misconceptions.table import MISTAKES
from cnncalc.analysis.misconceptions.terms import Value
from cnncalc.homework.answers import Reading
from cnncalc.homework.counts import rounding
from cnncalc.shapes import Shape

State = Literal["right", "rounded", "swapped", "follows", "wrong", "blank", "unreadable"]

STATES: dict[State, str] = {
    "right": "the right value",
    "rounded": "the right value, rounded",
    "swapped": "the right shape, its sizes in another order than those of the sheet",
    "follows": "right for the earlier answers, which are not (error carried forward)",
    "wrong": "none of these",
    "blank": "no answer",
    "unreadable": "an answer that is no number or shape",
}
"""What a mark can say."""

LEAST_ROUNDED = 1000
"""A number below this is not rounded to zeros at its end."""


class Verdict(NamedTuple):
    """What an answer is.

    Attributes:
        state: a word of `STATES`.
        reading: how it was read.
        explanations: the mistakes that give it, most plausible first.
        own: whether they give it with the student's own earlier answers, not with the right ones.
    """

    state: State
    reading: Reading
    explanations: tuple[Explanation, ...] = ()
    own: bool = False


class Judge:
    """Judges the answers for one figure of one row.

    Args:
        figure: the figure.
        right: its right value.
        explainer: the row with its right inputs.
        own: the row with the student's own earlier answers, where they are others; the most
            plausible way to go on from them first.
    """

    def __init__(self, figure: str, right: Value, explainer: Explainer, own: Sequence[Explainer]) -> None:
        self._figure = figure
        self._right = right
        self._explainer = explainer
        self._own = own

    def verdict(self, readings: Sequence[Reading]) -> Verdict:
        """What an answer is, that can be read in several ways."""
        whole = [reading for reading in readings if not reading.partial]
        return (
            self._right_or_follows(whole)
            or self._misconceived(readings, pairs=False)
            or self._rounded(whole)
            or self._slipped(whole)
            or self._misconceived(readings, pairs=True)
            or Verdict("wrong", readings[0])
        )

    def _values(self) -> list[Value]:
        """What follows from the student's earlier answers."""
        values = (explainer.reckoner.value(self._figure) for explainer in self._own)
        return [value for value in values if value is not None]

    def _right_or_follows(self, readings: Sequence[Reading]) -> Verdict | None:
        own = self._values()
        for reading in readings:
            if fits(self._right, reading.value):
                return self._swapped(reading) if reading.other_order else Verdict("right", reading)
        for reading in readings:
            if reading.tolerance and fits(self._right, reading.value, reading.tolerance):
                return Verdict("rounded", reading)
        for reading in readings:
            if any(fits(value, reading.value, reading.tolerance) for value in own):
                return Verdict("follows", reading)
        return None

    @staticmethod
    def _swapped(reading: Reading) -> Verdict:
        explanation = Explanation((MISTAKES["hwc-for-chw"],), reading.value)
        return Verdict("swapped", reading, (explanation,))

    def _rounded(self, readings: Sequence[Reading]) -> Verdict | None:
        """A whole number with zeros at its end, which nothing else explains."""
        for reading in readings:
            if _is_rounded(reading.value, self._right):
                return Verdict("rounded", reading)
        for reading in readings:
            if any(_is_rounded(reading.value, value) for value in self._values()):
                return Verdict("follows", reading)
        return None

    def _misconceived(self, readings: Sequence[Reading], *, pairs: bool) -> Verdict | None:
        # Who has made a mistake before goes on with it: the own answers are tried first.
        for explainer, own in (*((one, True) for one in self._own), (self._explainer, False)):
            for reading in readings:
                found = self._explained(explainer, reading, pairs)
                if found:
                    return Verdict("wrong", reading, found, own and self._differs(explainer))
        return None

    def _differs(self, explainer: Explainer) -> bool:
        """Whether another value would be right here than that of the exercise."""
        return explainer.reckoner.value(self._figure) != self._right

    def _explained(self, explainer: Explainer, reading: Reading, pairs: bool) -> tuple[Explanation, ...]:
        if not reading.partial:
            return explainer.misconceptions(self._figure, reading.value, reading.tolerance, pairs=pairs)
        assert isinstance(reading.value, Shape)
        whole = Shape(explainer.reckoner.output.channels, reading.value.spatial)
        missing = MISTAKES["channels-left-out"]
        if whole == explainer.reckoner.value(self._figure):
            return (Explanation((missing,), reading.value),)
        # With the missing channels any other mistake is the second one.
        found = explainer.misconceptions(self._figure, whole) if pairs else ()
        return tuple(one._replace(mistakes=(missing, *one.mistakes)) for one in found)

    def _slipped(self, readings: Sequence[Reading]) -> Verdict | None:
        for explainer, own in ((self._explainer, False), *((one, True) for one in self._own)):
            for reading in readings:
                found = explainer.slips(self._figure, reading.value)
                if found and not reading.tolerance:
                    return Verdict("wrong", reading, found, own and self._differs(explainer))
        return None


def _is_rounded(given: Value, value: Value) -> bool:
    """Whether zeros at the end of a count are a rounding of a value, to two digits or more."""
    if type(given) is not int or type(value) is not int or given < LEAST_ROUNDED:
        return False
    return len(str(given).rstrip("0")) > 1 and abs(given - value) <= rounding(given)
