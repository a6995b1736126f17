"""Which mistakes give a number: the matching of one value with everything that can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.misconceptions.entry import Misconception
from cnncalc.analysis.misconceptions.reckoner import Reckoner, total
from cnncalc.analysis.misconceptions.slips import SLIPS, Slip
from cnncalc.analysis.misconceptions.table import MISCONCEPTIONS, MISTAKES
from cnncalc.analysis.misconceptions.terms import SUMMED, Terms, Value, figure_of
from cnncalc.shapes import Shape

MOST_ALONE = 8
"""Layers of a row up to which a mistake is looked for in each of them alone."""

FAR_FETCHED = 30
"""Misconceptions of this rank or above are not combined with others."""

ROUNDING = {"ceil-for-floor", "floor-for-ceil"}
"""Misconceptions that may show only together with another, which leaves a remainder."""

NOUNS = {"out": "shape", "receptive_field": "field", "jump": "jump"}
"""What a figure is called in a sentence; any other is a count."""


class Explanation(NamedTuple):
    """A mistake, or two of them, that give a number.

    Attributes:
        mistakes: what went wrong.
        value: the number that they give.
        terms: the misread terms of the layer, for its arithmetic; None for a slip or several layers.
    """

    mistakes: tuple[Misconception | Slip, ...]
    value: Value
    terms: Terms | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the mistakes."""
        return tuple(mistake.id for mistake in self.mistakes)

    @property
    def rank(self) -> tuple[int, int]:
        """How far-fetched it is: the number of mistakes, and the sum of their ranks."""
        return len(self.mistakes), sum(mistake.rank for mistake in self.mistakes)

    @property
    def phrase(self) -> str:
        """How the number comes about: `without the biases`."""
        return " and ".join(mistake.phrase for mistake in self.mistakes)

    def what(self, figure: str) -> str:
        """What the number is: `the count without the biases`."""
        return f"the {NOUNS.get(figure, 'count')} {self.phrase}"


class Explainer:
    """Matches values with the mistakes that can be made in one row; what they give is reckoned once."""

    def __init__(self, reckoner: Reckoner) -> None:
        self.reckoner = reckoner
        self._known: dict[tuple[str, bool], list[Explanation]] = {}

    def misconceptions(
        self, figure: str, given: Value, tolerance: Fraction = Fraction(0), *, pairs: bool = False
    ) -> tuple[Explanation, ...]:
        """The misconceptions that give a value, most plausible first.

        Args:
            figure: a word of `terms.FIGURES`.
            given: the value.
            tolerance: how far a count may be from it: half a unit of its last digit.
            pairs: whether to look for two at once, instead of one.
        """
        if is_coarse(given, tolerance):
            tolerance = Fraction(0)  # one or two digits fit anything
        best: dict[frozenset[str], Explanation] = {}
        for explanation in self.wrong(figure, pairs=pairs):
            if fits(explanation.value, given, tolerance):
                best.setdefault(frozenset(explanation.ids), explanation)
        return tuple(sorted(best.values(), key=lambda explanation: explanation.rank))

    def slips(self, figure: str, given: Value) -> tuple[Explanation, ...]:
        """The slips that make a value of the right one."""
        right = self.reckoner.value(figure)
        return slips(given, right) if right is not None else ()

    def wrong(self, figure: str, *, pairs: bool = False) -> list[Explanation]:
        """Every wrong value with the misconception, or the two of them, that give it."""
        if (figure, pairs) not in self._known:
            right = self.reckoner.value(figure)
            made = self._pairs(figure) if pairs else self._singles(figure)
            self._known[figure, pairs] = [explanation for explanation in made if explanation.value != right]
        return self._known[figure, pairs]

    def _singles(self, figure: str) -> Iterator[Explanation]:
        layers, is_row = self.reckoner.working, bool(self.reckoner.task.output)
        # Of a sum over all layers nobody forgets the bias of a single one: that stands in its own row.
        if is_row and len(layers) <= MOST_ALONE:
            for index in layers:
                yield from self._alone(index, figure)
        if figure in SUMMED and (len(layers) > 1 or not is_row):
            yield from self._everywhere(figure)

    def _alone(self, index: int, figure: str) -> Iterator[Explanation]:
        for misconception, terms in self._misread(index, self.reckoner.terms[index]):
            value = self.reckoner.value_with(index, terms, figure)
            if value is not None:
                yield Explanation((misconception,), value, terms)

    def _misread(
        self, index: int, terms: Terms, misconceptions: tuple[Misconception, ...] = MISCONCEPTIONS
    ) -> Iterator[tuple[Misconception, Terms]]:
        around = self.reckoner.around(self.reckoner.task.nodes[index])
        for misconception in misconceptions:
            for wrong in misconception.wrong(terms, around):
                if wrong != terms:
                    yield misconception, wrong

    def _everywhere(self, figure: str) -> Iterator[Explanation]:
        """The same misconception in every layer, each with its right inputs."""
        wrong: dict[tuple[str, int], dict[int, Value | None]] = {}
        for index in self.reckoner.working:
            counts: dict[str, int] = {}
            for misconception, terms in self._misread(index, self.reckoner.terms[index]):
                variant = counts[misconception.id] = counts.get(misconception.id, -1) + 1
                wrong.setdefault((misconception.id, variant), {})[index] = figure_of(terms, figure)
        for (id_, _), values in wrong.items():
            sum_ = total(values.get(index, value) for index, value in enumerate(self.reckoner.values(figure)))
            if sum_ is not None:
                yield Explanation((MISTAKES[id_],), sum_)

    def _pairs(self, figure: str) -> Iterator[Explanation]:
        layers, right = self.reckoner.working, self.reckoner.value(figure)
        is_row = bool(self.reckoner.task.output)
        for index in layers if is_row and len(layers) <= MOST_ALONE else ():
            alone = [one for one in self._alone(index, figure) if one.value != right]
            alone = [one for one in alone if one.mistakes[0].rank < FAR_FETCHED]
            seen = {one.ids[0] for one in alone} | ROUNDING
            for first in alone:
                yield from self._and_another(index, first, seen, figure)

    def _and_another(self, index: int, first: Explanation, seen: set[str], figure: str) -> Iterator[Explanation]:
        """A second misconception on top: one that is seen alone, too, or a rounding that matters only now."""
        assert first.terms is not None
        (mistake,) = first.mistakes
        later = (m for m in MISCONCEPTIONS if m.id in ROUNDING or (m.rank, m.id) > (mistake.rank, mistake.id))
        others = tuple(m for m in later if m.id in seen and m is not mistake)
        for misconception, terms in self._misread(index, first.terms, others):
            value = self.reckoner.value_with(index, terms, figure)
            if value is not None and value != first.value:
                yield Explanation((mistake, misconception), value, terms)


def fits(value: Value, given: Value, tolerance: Fraction = Fraction(0)) -> bool:
    """Whether a value is the one that is given, to the digits that were written."""
    one, other = count_in(value), count_in(given)
    if tolerance and one is not None and other is not None and type(value) is type(given):
        return abs(one - other) <= tolerance
    return type(value) is type(given) and value == given


def count_in(value: Value) -> int | None:
    """The single number of a count or of a vector; None for a map and for sizes."""
    if isinstance(value, Shape):
        return None if value.rank else value.channels
    return None if isinstance(value, tuple) else value


def is_coarse(given: Value, tolerance: Fraction) -> bool:
    """Whether a rounded number has fewer than three digits, given half a unit of its last one."""
    count = count_in(given)
    return bool(tolerance) and count is not None and count < 200 * tolerance


def slips(given: Value, right: Value) -> tuple[Explanation, ...]:
    """The slips that make one value of another, most plausible first."""
    if given == right or isinstance(given, Shape) != isinstance(right, Shape):
        return ()
    return tuple(Explanation((slip,), given) for slip in SLIPS if slip.fits(given, right))
