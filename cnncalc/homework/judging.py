"""One answer against everything that it can be: right, rounded, carried forward, or a known mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from cnncalc.analysis.misconceptions.explain import (
    FAR_FETCHED,
    Explainer,
    Explanation,
)
from cnncalc.analysis.misconceptions.table import MISTAKES
from cnncalc.analysis.misconceptions.values import Value, count_in, fits, is_coarse
from cnncalc.homework.answers import Reading
from cnncalc.homework.counts import rounding
from cnncalc.shapes import Shape

State = Literal["right", "rounded", "coarse", "swapped", "follows", "wrong", "blank", "unreadable"]

STATES: dict[State, str] = {
    "right": "the right value",
    "rounded": "the right value, rounded",
    "coarse": "the right value, rounded to fewer than three digits",
    "swapped": "the right shape, its sizes in another order than those of the sheet",
    "follows": "right for the earlier answers, which are not (error carried forward)",
    "wrong": "none of these",
    "blank": "no answer",
    "unreadable": "an answer that is no number or shape",
}
"""What a mark can say."""

MISTAKEN: tuple[State, ...] = ("wrong", "swapped")
"""The states whose explanations are mistakes that were made; those of a rounded answer may have been."""

LEAST_ROUNDED = 1000
"""A number below this is not rounded to zeros at its end."""


class Verdict(NamedTuple):
    """What an answer is.

    Attributes:
        state: a word of `STATES`.
        reading: how it was read.
        meant: the value that it stands for: the exact one of what is rounded, else what was read.
        explanations: the mistakes that give it, most plausible first; of a rounded answer those that it hides.
        own: whether they give it with the student's own earlier answers, not with the right ones.
    """

    state: State
    reading: Reading
    meant: Value
    explanations: tuple[Explanation, ...] = ()
    own: bool = False

    @property
    def is_single(self) -> bool:
        """Whether one mistake alone gives the answer."""
        return bool(self.explanations) and len(self.explanations[0].mistakes) == 1


class Judge:
    """Judges the answers for one figure of one row.

    Args:
        figure: the figure.
        right: its right value.
        explainer: the row with its right inputs.
        own: the row with the student's own earlier answers, where they are others; the most
            plausible way to go on from them first.
        carried: what follows from other answers without a formula of the layer.
    """

    def __init__(
        self, figure: str, right: Value, explainer: Explainer, own: Sequence[Explainer], carried: Sequence[Value] = ()
    ) -> None:
        self._figure = figure
        self._right = right
        self._explainer = explainer
        self._own = own
        self._carried = carried

    def verdict(self, readings: Sequence[Reading], *, pairs: bool = True) -> Verdict:
        """What an answer is, that can be read in several ways.

        Args:
            readings: the ways to read it.
            pairs: whether two mistakes at once are looked for where nothing else gives it, which takes long.
        """
        whole = [reading for reading in readings if not reading.partial]
        return (
            self._exact(whole)
            or self._rounded([reading for reading in whole if reading.tolerance], _is_rounding, _is_cut_off)
            or self._misconceived(readings, pairs=False)
            # Zeros at the end of a number written in full are a rounding where nothing else explains them.
            or self._rounded([_with_zeros(reading) for reading in whole if not reading.tolerance], _is_rounding)
            or self._slipped(whole)
            or (self._misconceived(readings, pairs=True) if pairs else None)
            or Verdict("wrong", readings[0], readings[0].value)
        )

    def _expected(self) -> list[tuple[Value, Explainer | None]]:
        """The right value and those that follow from the student's answers, with how they are calculated."""
        calculated = [(explainer.row.value(self._figure), explainer) for explainer in self._own]
        follow = [(value, explainer) for value, explainer in calculated if value is not None]
        return [(self._right, self._explainer), *follow, *((value, None) for value in self._carried)]

    def _exact(self, readings: Sequence[Reading]) -> Verdict | None:
        for value, _ in self._expected():
            for reading in readings:
                if fits(value, reading.value):
                    swapped = reading.other_order and value == self._right
                    return self._swapped(reading) if swapped else self._fitting(value, reading)
        return None

    def _fitting(self, value: Value, reading: Reading) -> Verdict:
        return Verdict("right" if value == self._right else "follows", reading, value)

    def _rounded(self, readings: Sequence[Reading], *ways: Callable[[Reading, Value], bool]) -> Verdict | None:
        """A rounding of an expected value, with the mistakes that round to the same: the doubt is in its favour."""
        for stands_for in ways:
            for value, explainer in self._expected():
                for reading in readings:
                    if stands_for(reading, value):
                        coarse = is_coarse(reading.value, reading.tolerance)
                        state: State = "coarse" if coarse else "rounded" if value == self._right else "follows"
                        return Verdict(state, reading, value, self._hidden(reading, explainer))
        return None

    def _hidden(self, reading: Reading, explainer: Explainer | None) -> tuple[Explanation, ...]:
        """The mistakes whose value is written the same when it is rounded."""
        if explainer is None:
            return ()
        found = explainer.misconceptions(self._figure, reading.value, reading.tolerance)
        return tuple(one for one in found if one.mistakes[0].rank < FAR_FETCHED)

    @staticmethod
    def _swapped(reading: Reading) -> Verdict:
        explanation = Explanation((MISTAKES["hwc-for-chw"],), reading.value)
        return Verdict("swapped", reading, reading.value, (explanation,))

    def _misconceived(self, readings: Sequence[Reading], *, pairs: bool) -> Verdict | None:
        # Who has made a mistake before goes on with it: the own answers are tried first.
        for explainer, own in (*((one, True) for one in self._own), (self._explainer, False)):
            for reading in readings:
                found = self._explained(explainer, reading, pairs)
                if found:
                    return Verdict("wrong", reading, reading.value, found, own and self._differs(explainer))
        return None

    def _differs(self, explainer: Explainer) -> bool:
        """Whether another value would be right here than that of the exercise."""
        return explainer.row.value(self._figure) != self._right

    def _explained(self, explainer: Explainer, reading: Reading, pairs: bool) -> tuple[Explanation, ...]:
        if not reading.partial:
            return explainer.misconceptions(self._figure, reading.value, reading.tolerance, pairs=pairs)
        assert isinstance(reading.value, Shape)
        whole = Shape(explainer.row.output.channels, reading.value.spatial)
        missing = MISTAKES["channels-left-out"]
        if whole == explainer.row.value(self._figure):
            return (Explanation((missing,), reading.value),)
        # With the missing channels any other mistake is the second one.
        found = explainer.misconceptions(self._figure, whole) if pairs else ()
        return tuple(one._replace(mistakes=(missing, *one.mistakes)) for one in found)

    def _slipped(self, readings: Sequence[Reading]) -> Verdict | None:
        for explainer, own in ((self._explainer, False), *((one, True) for one in self._own)):
            for reading in readings:
                found = explainer.slips(self._figure, reading.value)
                if found and (not reading.tolerance or found[0].ids == ("magnitude",)):
                    return Verdict("wrong", reading, reading.value, found, own and self._differs(explainer))
        return None


def _with_zeros(reading: Reading) -> Reading:
    """The reading of a number in full as one that is rounded to the zeros at its end."""
    count = count_in(reading.value)
    return reading._replace(tolerance=rounding(count)) if count is not None and count >= LEAST_ROUNDED else reading


def _is_rounding(reading: Reading, value: Value) -> bool:
    return bool(reading.tolerance) and fits(value, reading.value, reading.tolerance)


def _is_cut_off(reading: Reading, value: Value) -> bool:
    """Whether the digits behind those that are written were left out: 34.6K for 34,656."""
    given, exact = count_in(reading.value), count_in(value)
    if given is None or exact is None or type(value) is not type(reading.value):
        return False
    return 0 <= exact - given < 2 * reading.tolerance
