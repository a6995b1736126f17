"""The mistakes by which a claim comes about: `34848 is the count without the biases`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.analysis.claim_wording import claimed_text
from cnncalc.analysis.claims import Comparison
from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.layer_figures import FIGURES, SUMMED
from cnncalc.analysis.misconceptions.rows import ReportExplainer
from cnncalc.analysis.misconceptions.slips import Slip
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.analysis.report import Report
from cnncalc.homework.following_claims import FollowingClaims
from cnncalc.language.claims import FIGURES as CLAIMABLE
from cnncalc.shapes import Shape

MOST_LAYERS = 1000
"""Layers of a row, or of a network for its totals, up to which mistakes are looked for."""

MOST_TOLD = 3
"""Mistakes told of those that give one number, the most plausible."""


NEAR = 20
"""Times the half unit of a rounded number's last digit: ten units."""


class MistakenClaims:
    """Finds the mistakes behind the claims of one report.

    Args:
        report: the report that the claims are about.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._explainer = ReportExplainer(report)
        self._following = FollowingClaims(report)

    def explain(self, comparison: Comparison) -> Iterator[str]:
        """The mistakes that give the claimed value, in one sentence; nothing where none does."""
        claim = comparison.claim
        value = self._value(comparison)
        if value is None or claim.bound != "exact" or claim.figure not in FIGURES or _is_near(comparison):
            return
        if source := self._following.source(comparison):
            yield f"{claimed_text(claim)} follows from what is claimed of {source}"
            return
        mark = self._following.mark(comparison)
        found = mark.explanations if mark else self._found(claim.layer, claim.figure, value, claim.tolerance)
        own = mark is not None and mark.own
        # A slip of the pen is seen by looking at the two figures, which the message has.
        if found and not any(isinstance(mistake, Slip) for mistake in found[0].mistakes):
            others = (explanation.phrase for explanation in found[1:MOST_TOLD])
            told = ", or ".join([found[0].what(claim.figure), *others])
            yield f"{claimed_text(claim)} is {told}{', by the claims above' if own else ''}"

    def _found(self, layer: str, figure: str, value: Value, tolerance: Fraction) -> tuple[Explanation, ...]:
        if layer:
            row = self._report[layer].row
            return self._explainer.row(row, figure, value, tolerance) if row.stop - row.start <= MOST_LAYERS else ()
        few = len(self._report.network.nodes) <= MOST_LAYERS
        return self._explainer.total(figure, value, tolerance) if few and figure in SUMMED else ()

    def _value(self, comparison: Comparison) -> Value | None:
        """What is claimed as mistakes give it: a count, a shape, a number for each axis."""
        claimed, actual = comparison.claim.value, comparison.actual
        if not isinstance(claimed, tuple):
            return claimed if type(claimed) is int and CLAIMABLE[comparison.claim.figure] != "shape" else None
        sizes = tuple(size for size in claimed if type(size) is int)
        if len(sizes) != len(claimed) or not isinstance(actual, tuple):
            return None
        if comparison.claim.figure == "out":
            return Shape.of(sizes, self._report.network.layout)
        return sizes * len(actual) if len(sizes) == 1 else sizes


def _is_near(comparison: Comparison) -> bool:
    """Whether a rounded number is so near that any mistake of a few biases would give it, too."""
    value, actual = comparison.claim.value, comparison.actual
    if isinstance(value, tuple) or isinstance(actual, tuple) or actual is None or not comparison.claim.tolerance:
        return False
    return abs(Fraction(actual) - Fraction(value)) <= NEAR * comparison.claim.tolerance
