"""The mistakes that give a number: one value is compared with everything that can go wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import Literal, NamedTuple

from cnncalc.analysis.misconceptions.borrowing import Borrowing
from cnncalc.analysis.misconceptions.forms import Form, form
from cnncalc.analysis.misconceptions.layer_figures import LayerFigures
from cnncalc.analysis.misconceptions.layer_formulas import RIGHT, Candidate, Edited
from cnncalc.analysis.misconceptions.misconception import Misconception
from cnncalc.analysis.misconceptions.row_figures import RowFigures
from cnncalc.analysis.misconceptions.slips import SLIPS, Slip
from cnncalc.analysis.misconceptions.table import ANOTHER, MISTAKES
from cnncalc.analysis.misconceptions.values import Value, first_number, fits, is_coarse
from cnncalc.figures import FIGURES
from cnncalc.formula import Constant, Formula, evaluate

MOST_ALONE = 8
"""The most layers of a row in which a mistake is looked for in each of them alone."""

FAR_FETCHED = 30
"""Misconceptions of this rank or above are not combined with others."""

PLAUSIBLE = 18
"""Below this rank a misconception is more plausible than any setting of another layer."""

ROUNDING = {"ceil-for-floor", "floor-for-ceil"}
"""Misconceptions that may show only together with another, which leaves a remainder."""


Search = Literal["single", "near", "far", "pair"]
"""The extent of a search: one misconception; or a setting of the family; or of any layer; two misconceptions."""


class Explanation(NamedTuple):
    """A mistake, or two of them, that give a number.

    Attributes:
        mistakes: those that were made.
        value: the number that they give.
        parts: the layers in which they were made, and their formulas after them; none for a slip.
        row: the row in which they were made, if that is another one, without an answer.
        then: the row that has the number, correctly calculated from there.
    """

    mistakes: tuple[Misconception | Slip, ...]
    value: Value
    parts: tuple[tuple[LayerFigures, Edited], ...] = ()
    row: str = ""
    then: RowFigures | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the mistakes."""
        return tuple(mistake.id for mistake in self.mistakes)

    @property
    def rank(self) -> tuple[int, int]:
        """Its rank, which says how unlikely it is: the number of mistakes, and the sum of their ranks."""
        return len(self.mistakes), sum(mistake.rank for mistake in self.mistakes)

    @property
    def phrase(self) -> str:
        """The words for the way to the number: `without the biases`."""
        return " and ".join(mistake.phrase for mistake in self.mistakes)

    def what(self, figure: str) -> str:
        """The words for the number: `the count without the biases`."""
        entry = FIGURES[figure]
        noun = {"shape": "shape", "sizes": entry.heading}.get(entry.unit, "count")
        return f"the {noun} {self.phrase}"

    def calculation(self, figure: str) -> Formula | None:
        """The wrong formula with the numbers put in; for sizes that of the first axis: `floor((224 + 2*0 - 11)/4) + 1`.

        None if there is nothing to calculate, and for a row of several layers, of which it is not the number.
        """
        parts = self.parts if self.then is None else tuple((layer, RIGHT) for layer in self.then.layers)
        if len(parts) != 1:
            return None
        layer, edited = parts[0]
        calculated = layer.calculation(figure, edited)
        return calculated if calculated is not None and evaluate(calculated, {}) == first_number(self.value) else None

    def step(self) -> Formula | None:
        """The wrong formula of the size in a row without an answer; None if none is calculated."""
        if not self.row or len(self.parts) != 1:
            return None
        layer, edited = self.parts[0]
        calculated = layer.calculation("out", edited)
        return None if isinstance(calculated, Constant) else calculated

    def forms(self, figure: str) -> tuple[Form, ...]:
        """The forms of the wrong formulas with the numbers put in, for each wrong part of the figure."""
        made = "out" if self.row else figure
        return tuple(form(one) for layer, edited in self.parts for one in layer.changed_calculations(made, edited))


def distinct(explanations: Iterable[Explanation], figure: str) -> tuple[Explanation, ...]:
    """The explanations with different formulas: the first of those that share one."""
    found = tuple(explanations)
    if len(found) < 2:
        return found
    by_form: dict[object, Explanation] = {}
    for explanation in found:
        by_form.setdefault(explanation.forms(figure) or explanation.ids, explanation)
    return tuple(by_form.values())


class Explainer:
    """Compares values with the mistakes that can be made in one row; their results are calculated once."""

    def __init__(self, row: RowFigures) -> None:
        self.row = row
        self._known: dict[tuple[str, Search], list[Explanation]] = {}
        self._made: dict[tuple[int, str], list[tuple[Candidate, Value]]] = {}

    def misconceptions(
        self, figure: str, given: Value, tolerance: Fraction = Fraction(0), search: Search = "single"
    ) -> tuple[Explanation, ...]:
        """The misconceptions that give a value, most plausible first.

        Args:
            figure: its name in `cnncalc.figures.FIGURES`.
            given: the value.
            tolerance: the largest distance of a count from it: half a unit of its last digit.
            search: which are looked for.
        """
        if is_coarse(given, tolerance):
            tolerance = Fraction(0)  # one or two digits fit anything
        fitting = (one for one in self.wrong(figure, search) if fits(one.value, given, tolerance))
        best: dict[frozenset[str], Explanation] = {}
        for explanation in sorted(fitting, key=lambda explanation: explanation.rank):
            best.setdefault(frozenset(explanation.ids), explanation)
        return distinct(best.values(), figure)

    def slips(self, figure: str, given: Value) -> tuple[Explanation, ...]:
        """The slips that make a value of the right one."""
        right = self.row.value(figure)
        return slips(given, right) if right is not None else ()

    def wrong(self, figure: str, search: Search = "single") -> list[Explanation]:
        """Every wrong value with the misconception, or the two of them, that give it."""
        if (figure, search) not in self._known:
            right = self.row.value(figure)
            made: Iterable[Explanation]
            match search:
                case "single":
                    made = self._singles(figure)
                case "near":
                    made = chain(self.wrong(figure), self._borrowed(figure, far=False))
                case "far":
                    made = self._borrowed(figure, far=True)
                case "pair":
                    made = self._pairs(figure)
            self._known[figure, search] = [explanation for explanation in made if explanation.value != right]
        return self._known[figure, search]

    def _singles(self, figure: str) -> Iterator[Explanation]:
        for index in self._alone_in():
            for candidate, value in self._alone(index, figure):
                yield Explanation((candidate.misconception,), value, ((self.row.layers[index], candidate.edited),))
        if self.row.adds_up(figure) and (len(self.row.working) > 1 or self.row.is_sum):
            yield from self._everywhere(figure)

    def _alone_in(self) -> tuple[int, ...]:
        """The layers in which a mistake may be made alone."""
        # Nobody forgets the bias of a single layer in a sum over all layers: that is a mistake in the layer's own row.
        return () if self.row.is_sum or len(self.row.working) > MOST_ALONE else self.row.working

    def _alone(self, index: int, figure: str) -> list[tuple[Candidate, Value]]:
        """Every single mistake in a layer with the value that it gives."""
        if (index, figure) not in self._made:
            candidates = self.row.layers[index].candidates(figure)
            values = ((one, self.row.value_with(index, one.edited, figure)) for one in candidates)
            self._made[index, figure] = [(one, value) for one, value in values if value is not None]
        return self._made[index, figure]

    def _borrowed(self, figure: str, *, far: bool) -> Iterator[Explanation]:
        """The settings of other layers taken for a layer's own: of its family, or those of any."""
        for index in self._alone_in():
            for borrowing in self.row.borrowings(index):
                if borrowing.is_far == far:
                    row = self.row.beside(index, borrowing)
                    for candidate in row.layers[index].candidates(figure, borrowing.symbol):
                        value = row.value_with(index, candidate.edited, figure)
                        if value is not None:
                            mistake = _of(candidate.misconception, borrowing)
                            yield Explanation((mistake,), value, ((row.layers[index], candidate.edited),))

    def _everywhere(self, figure: str) -> Iterator[Explanation]:
        """The same misconception in every layer, each with its right inputs."""
        right, rights = self.row.value(figure), self.row.values(figure)
        more: dict[tuple[str, str], list[int | None]] = {}
        parts: dict[tuple[str, str], list[tuple[LayerFigures, Edited]]] = {}
        for index in self.row.working:
            layer, before = self.row.layers[index], rights[index]
            for candidate in layer.candidates(figure):
                value = layer.value(figure, candidate.edited)
                difference = value - before if isinstance(value, int) and isinstance(before, int) else None
                key = candidate.misconception.id, candidate.edit
                more.setdefault(key, []).append(difference)
                if difference:
                    parts.setdefault(key, []).append((layer, candidate.edited))
        for key, differences in more.items():
            known = [difference for difference in differences if difference is not None]
            if isinstance(right, int) and len(known) == len(differences):
                yield Explanation((MISTAKES[key[0]],), right + sum(known), tuple(parts.get(key, ())))

    def _pairs(self, figure: str) -> Iterator[Explanation]:
        right = self.row.value(figure)
        for index in self._alone_in():
            alone = [one for one in self._alone(index, figure) if one[1] != right]
            alone = [one for one in alone if one[0].misconception.rank < FAR_FETCHED]
            seen = {candidate.misconception.id for candidate, _ in alone} | ROUNDING
            for first, value in alone:
                yield from self._and_another(index, first, value, seen, figure)

    def _and_another(
        self, index: int, first: Candidate, given: Value, seen: set[str], figure: str
    ) -> Iterator[Explanation]:
        """A second misconception on top: one that also shows alone, or a rounding that matters only now."""
        layer, one = self.row.layers[index], first.misconception
        later = {id_ for id_ in seen if id_ in ROUNDING or (MISTAKES[id_].rank, id_) > (one.rank, one.id)}
        for other, edited in layer.with_another(first, later - {one.id}, figure):
            value = self.row.value_with(index, edited, figure)
            if value is not None and value != given:
                yield Explanation((one, other), value, ((layer, edited),))


def in_row(made: Explanation, row: str) -> Explanation:
    """The explanation of a number further down by a mistake in a row without an answer."""
    mistakes = (
        mistake._replace(
            phrase=f"{mistake.phrase} in {row}",
            sentence=f"In {row}, which has no answer: {mistake.sentence}",
            hint=f"Look at {row}, which has no answer. {mistake.hint}",
        )
        for mistake in made.mistakes
    )
    return made._replace(mistakes=tuple(mistakes), row=row)


def _of(misconception: Misconception, borrowing: Borrowing) -> Misconception:
    """A misconception about another layer, which is named."""
    phrase, sentence = (
        text.replace(ANOTHER, borrowing.owner) for text in (misconception.phrase, misconception.sentence)
    )
    return misconception._replace(rank=misconception.rank + borrowing.rank, phrase=phrase, sentence=sentence)


def slips(given: Value, right: Value) -> tuple[Explanation, ...]:
    """The slips that make one value of another, most plausible first."""
    return tuple(Explanation((slip,), given) for slip in SLIPS if slip.fits(given, right))
