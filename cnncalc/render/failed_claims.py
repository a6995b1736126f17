"""Why something else comes out than was claimed: the arithmetic, and the way of counting that gives the claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from cnncalc.analysis.claim_wording import claimed_text
from cnncalc.analysis.claims import Comparison
from cnncalc.analysis.derivation import EXPLAINED, Derivation, derive
from cnncalc.analysis.derivation_lines import lines
from cnncalc.analysis.identify import DIRECT, SLIP, VARIANT, identify
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.figures import CLAIMABLE
from cnncalc.language.model import Claim
from cnncalc.layers.base import Step
from cnncalc.notation import PLAIN
from cnncalc.render.mistaken_claims import MistakenClaims
from cnncalc.shapes import AXIS_NAMES

COUNTS = [figure for figure in CLAIMABLE.values() if figure.unit in ("count", "operations") and not figure.handed_on]

STORED = [figure.name for figure in COUNTS if figure.stored]
"""Figures that are counted otherwise where norms or biases are."""

OPERATIONS = [figure.name for figure in COUNTS if not figure.stored]
"""Figures that are often told twice or half, and by the rules of other tools."""

MOST_PARTS = 4
"""Layers whose shares of a sum are told."""


def explainer_of(report: Report) -> Callable[[Comparison], Iterator[str]]:
    """Who says what is known about the claims of a report that do not hold, a few words each."""
    mistaken = MistakenClaims(report)

    def explain(comparison: Comparison) -> Iterator[str]:
        if comparison.actual is None:
            return
        yield from arithmetic(report, comparison)
        counted, mistake = counted_otherwise(report, comparison), mistaken.explain(comparison)
        # What is claimed of a layer was reckoned by hand; a total is as often another tool's.
        yield from _first_that_knows((mistake, counted) if comparison.claim.layer else (counted, mistake))
        yield from rounded(report, comparison)

    return explain


def _first_that_knows(explanations: Iterable[Iterator[str]]) -> list[str]:
    return next((told for explanation in explanations if (told := list(explanation))), [])


def arithmetic(report: Report, comparison: Comparison) -> Iterator[str]:
    """How the figure of a layer comes about: `params = 11·11·3·96 + 96 = 34,944`."""
    claim = comparison.claim
    if not claim.layer:
        return
    row = report[claim.layer]
    if CLAIMABLE[claim.figure].unit in ("shape", "sizes"):
        yield from _differing_axes(report, comparison, row.layers)
        return
    counted = [layer for layer in row.layers if _count(layer, claim.figure)]
    if len(counted) == 1 and claim.figure in EXPLAINED:
        derivation = derive(report, counted[0], (claim.figure,))
        steps = tuple(step for step in derivation.steps if step.label == claim.figure and step.formula)
        yield from _written(Derivation(counted[0], steps))
    elif 1 < len(counted) <= MOST_PARTS:
        yield " + ".join(f"{_count(layer, claim.figure):,} of {layer.path}" for layer in counted)


def _count(layer: LayerReport, figure: str) -> int:
    """What one layer adds to a figure of its row; 0 for a figure that does not add up."""
    adds_up = CLAIMABLE[figure].unit == "count" and not CLAIMABLE[figure].handed_on
    return int(getattr(layer, figure)) if adds_up else 0


def _differing_axes(report: Report, comparison: Comparison, layers: tuple[LayerReport, ...]) -> Iterator[str]:
    """The arithmetic of the axes that were claimed otherwise, where a single layer of a few makes them."""
    if len(layers) > MOST_PARTS:
        return
    kept = [(layer, steps) for layer in layers if (steps := _differing_steps(report, comparison, layer))]
    if len(kept) == 1:
        yield from _written(Derivation(*kept[0]))


def _differing_steps(report: Report, comparison: Comparison, layer: LayerReport) -> tuple[Step, ...]:
    figure, claimed = comparison.claim.figure, comparison.claim.value
    if not isinstance(claimed, tuple):
        return ()
    steps = derive(report, layer, () if figure == "out" else ("receptive_field",)).steps
    what = "" if figure == "out" else f", {figure.replace('_', ' ')}"
    labels = {f"{axis}{what}" for axis in AXIS_NAMES.values()}
    return tuple(step for step in steps if step.formula and step.label in labels and step.result not in claimed)


def _written(derivation: Derivation) -> Iterator[str]:
    for line in lines(derivation, PLAIN):
        if not line.arithmetic.startswith("the same"):
            yield f"{line.label} = {line.arithmetic}" + (f" ({line.note})" if line.note else "")


def counted_otherwise(report: Report, comparison: Comparison) -> Iterator[str]:
    """The way of counting that gives the number that was claimed: `34848 would be params without biases`."""
    claim = comparison.claim
    if claim.bound != "exact" or isinstance(claim.value, tuple) or not claim.value:
        return
    if claim.figure not in (*OPERATIONS, *STORED):
        return
    subject = replace(report, layers=report[claim.layer].layers) if claim.layer else report
    if not subject.layers:
        return
    # Of a single layer nearly any count is twice or four times some other.
    plausible = SLIP if claim.figure in OPERATIONS else DIRECT if claim.layer else VARIANT
    wanted = Fraction(claim.value)
    answer = identify(subject, wanted, claim.tolerance)
    of_params = [explanation for explanation in answer.fitting if explanation.what.startswith("params")]
    for explanation in (of_params if claim.figure in STORED else answer.fitting)[:1]:
        # An exact number that is only near a count would be a coincidence.
        if explanation.rank <= plausible and explanation.distance(wanted) <= claim.tolerance:
            yield f"{claimed_text(claim)} would be {explanation.what.replace(', not operations', '')}"


def rounded(report: Report, comparison: Comparison) -> Iterator[str]:
    """What to write where a rounded number was claimed in plain digits, which are exact."""
    claim, actual = comparison.claim, comparison.actual
    value = claim.value
    if isinstance(value, tuple) or isinstance(actual, tuple) or actual is None:
        return
    if claim.tolerance:
        yield from _rounded_alike(claim, Fraction(actual))
        return
    digits = str(value)
    zeros = len(digits) - len(digits.rstrip("0"))
    distance = abs(Fraction(actual) - Fraction(value))
    unit: int = 10**zeros
    if claim.bound == "exact" and zeros >= 3 and 2 * distance <= unit:
        yield f"plain digits are exact: write {_suffixed(int(value))} for a rounded number"


def _rounded_alike(claim: Claim, actual: Fraction) -> Iterator[str]:
    """What comes out, rounded as the claim is, where both look alike: `rounds to 351M`."""
    unit = 2 * claim.tolerance
    match = re.fullmatch(r"[\d,_]*(?:\.(\d+))? *([A-Za-z]*)", claim.at.text)
    if match is None or abs(actual - Fraction(str(claim.value))) > 10 * unit:
        return
    decimals = len(match[1] or "")
    units = round(actual / unit)
    digits = str(units).zfill(decimals + 1)
    shown = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    yield f"to as many digits it is {shown}{match[2]}"


def _suffixed(value: int) -> str:
    """A number of thousands with the suffix that keeps its digits: `61.1M`."""
    suffix, unit = next((s, u) for s, u in (("G", 10**9), ("M", 10**6), ("K", 10**3)) if value >= u)
    whole, rest = divmod(value, unit)
    decimals = str(rest).zfill(len(str(unit)) - 1).rstrip("0")
    return f"{whole}{'.' if decimals else ''}{decimals}{suffix}"
