"""Reasons why a claim does not hold: its arithmetic, what gives the claimed number, how to write a rounded one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from cnncalc.analysis.claim_wording import claimed_text
from cnncalc.analysis.claims import Comparison
from cnncalc.analysis.derivation import EXPLAINED, Derivation
from cnncalc.analysis.derivation_lines import axis_of, lines, steps_to
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.misconceptions.slips import Slip
from cnncalc.analysis.report import Report
from cnncalc.explaining.answers import Answers
from cnncalc.explaining.exercise import Exercise
from cnncalc.explaining.explain import explain
from cnncalc.explaining.figures import ASKED
from cnncalc.explaining.statement import Quantity, Reading, Statement, rounding, shape_readings
from cnncalc.explaining.verdict import MISTAKEN, Verdict
from cnncalc.figures import CLAIMABLE, number_of
from cnncalc.language.model import Claim
from cnncalc.layers.base import Step
from cnncalc.notation import PLAIN

MOST_PARTS = 4
"""How many layers are named with their shares of a sum."""

MOST_LAYERS = 1000
"""The most layers of a row, or of the network, for which mistakes are looked for and claims are followed."""

MOST_CLAIMS = 300
"""The most claims of a spec that are followed."""

MOST_NAMED = 3
"""How many mistakes are named of those that give one number, the most plausible first."""


class FailedClaims:
    """Says why the claims of one report do not hold.

    Args:
        report: the report that the claims are about, and which carries them.
    """

    def __init__(self, report: Report) -> None:
        self._report = report

    def reasons(self, comparison: Comparison) -> Iterator[str]:
        """The reasons why a claim does not hold, a few words each."""
        if comparison.actual is not None:
            yield from arithmetic(self._report, comparison)
            if comparison.claim.bound == "exact":
                yield from self._explained(comparison.claim)
            yield from rounded(comparison)

    def _explained(self, claim: Claim) -> Iterator[str]:
        """The explanation of the claimed value in one sentence; nothing if none is known."""
        verdict = self._verdicts.get(claim) or explain(self._exercise, self._statement(claim))
        found, text = verdict.explanations, claimed_text(claim)
        if verdict.ways:
            yield f"{text} would be {verdict.ways[0].short}"
        elif verdict.state == "follows":
            source = self._source(claim, verdict.own)
            yield from [f"{text} follows from {source}"] if source else ()
        # A slip of the pen is seen by looking at the two figures, which the message has.
        elif found and verdict.state in MISTAKEN and not any(isinstance(one, Slip) for one in found[0].mistakes):
            phrases = ", or ".join([found[0].what(claim.figure), *(one.phrase for one in found[1:MOST_NAMED])])
            yield f"{text} is {phrases}{', by the claims above' if verdict.own else ''}"

    @cached_property
    def _followed(self) -> tuple[Claim, ...]:
        """The claims that others may follow from; none if too many would have to be looked at."""
        network = self._report.network
        return network.claims if len(network.nodes) <= MOST_LAYERS and len(network.claims) <= MOST_CLAIMS else ()

    @cached_property
    def _exercise(self) -> Exercise:
        return Exercise(self._report, also=frozenset(map(self._path, self._followed)))

    @cached_property
    def _verdicts(self) -> dict[Claim, Verdict]:
        """The verdict on every claim, given the claims above it."""
        claims: dict[tuple[str, str], list[Claim]] = {}
        for claim in self._followed:
            if claim.bound == "exact":
                claims.setdefault((self._path(claim), claim.figure), []).append(claim)
        answers, verdicts = Answers(self._exercise), dict[Claim, Verdict]()
        for layer in (*(item.name for item in self._exercise.items), ""):
            for claim in (claim for figure in ASKED for claim in claims.get((layer, figure), ())):
                statement = self._statement(claim)
                verdicts[claim] = explain(self._exercise, statement, answers)
                answers.keep(statement, verdicts[claim])
        return verdicts

    def _path(self, claim: Claim) -> str:
        """The path of the row that a claim is about, of which there are several spellings."""
        try:
            return self._report[claim.layer].row.path if claim.layer else ""
        except KeyError:
            return claim.layer

    def _statement(self, claim: Claim) -> Statement:
        value, layer = claim.value, self._path(claim)
        quantity = None if isinstance(value, tuple) else Quantity(Fraction(value), claim.tolerance)
        return Statement(layer, claim.figure, claimed_text(claim), self._readings(claim, layer), quantity)

    def _readings(self, claim: Claim, layer: str) -> tuple[Reading, ...]:
        """The ways to read a claim; none if its row has too many layers to look for mistakes."""
        value = claim.value
        row = self._report[layer].row if layer else None
        layers = row.stop - row.start if row else len(self._report.layers)
        if layers > MOST_LAYERS:
            return ()
        if not isinstance(value, tuple):
            return (Reading(value, claim.tolerance),) if isinstance(value, int) else ()
        rank = self._report.shapes[row.output].rank if row else 0
        if claim.figure == "out":
            return shape_readings(value, rank, self._report.network.layout) if min(value) > 0 else ()
        return (Reading(value * rank if len(value) == 1 else value),)

    def _source(self, claim: Claim, own: bool) -> str:
        """The words for the wrong claims that a claim follows from; empty if it follows from none."""
        if not claim.layer:
            return "what is claimed of the layers above" if own else "what else is claimed of the network"
        path, makers = self._path(claim), self._exercise.makers
        wrong = {self._path(other) for other, verdict in self._verdicts.items() if _misleads(other, verdict)}
        if not own or (path in wrong and claim.figure != "out"):
            return f"what else is claimed of {path}"
        item = self._exercise.item(path)
        while item is not None and (item.name not in wrong or item.name == path):
            item = next((makers[path] for path in item.reads if path in makers), None)
        return f"what is claimed of {item.name}" if item else ""


def _misleads(claim: Claim, verdict: Verdict) -> bool:
    """Whether other rows follow from a claim that is wrong itself."""
    return claim.figure == "out" and verdict.state in ("wrong", "follows")


def arithmetic(report: Report, comparison: Comparison) -> Iterator[str]:
    """The arithmetic of a layer's figure: `params = 11·11·3·96 + 96 = 34,944`."""
    claim = comparison.claim
    if not claim.layer:
        return
    row = report[claim.layer]
    if CLAIMABLE[claim.figure].unit in ("shape", "sizes"):
        yield from _differing_axes(report, comparison, row.layers)
        return
    counted = [layer for layer in row.layers if _count(layer, claim.figure)]
    if len(counted) == 1 and claim.figure in EXPLAINED:
        yield from _written(Derivation(counted[0], steps_to(report, counted[0], claim.figure)))
    elif 1 < len(counted) <= MOST_PARTS:
        yield " + ".join(f"{_count(layer, claim.figure):,} of {layer.path}" for layer in counted)


def _count(layer: LayerReport, figure: str) -> int:
    """The part of one layer in a figure of its row; 0 for a figure that does not add up."""
    adds_up = CLAIMABLE[figure].is_total and not CLAIMABLE[figure].handed_on
    return int(number_of(layer, figure)) if adds_up else 0


def _differing_axes(report: Report, comparison: Comparison, layers: tuple[LayerReport, ...]) -> Iterator[str]:
    """The arithmetic of the axes that were claimed with another size, if one layer gives them."""
    if len(layers) > MOST_PARTS:
        return
    kept = [(layer, steps) for layer in layers if (steps := _differing_steps(report, comparison, layer))]
    if len(kept) == 1:
        yield from _written(Derivation(*kept[0]))


def _differing_steps(report: Report, comparison: Comparison, layer: LayerReport) -> tuple[Step, ...]:
    claimed = comparison.claim.value
    if not isinstance(claimed, tuple):
        return ()
    figure = comparison.claim.figure
    of_axes = [step for step in steps_to(report, layer, figure) if axis_of(step)[0]]
    return tuple(step for step in of_axes if axis_of(step)[1] in ("", figure) and step.result not in claimed)


def _written(derivation: Derivation) -> Iterator[str]:
    for line in lines(derivation, PLAIN):
        if not line.arithmetic.startswith("the same"):
            yield f"{line.label} = {line.arithmetic}" + (f" ({line.note})" if line.note else "")


def rounded(comparison: Comparison) -> Iterator[str]:
    """The number to write if a rounded one was claimed in plain digits, which are exact."""
    claim, actual = comparison.claim, comparison.actual
    value = claim.value
    if isinstance(value, tuple) or isinstance(actual, tuple) or actual is None:
        return
    if claim.tolerance:
        yield from _rounded_alike(claim, Fraction(actual))
        return
    half = rounding(int(value))
    if claim.bound == "exact" and half >= 500 and abs(Fraction(actual) - value) <= half:
        yield f"plain digits are exact: write {_suffixed(int(value))} for a rounded number"


def _rounded_alike(claim: Claim, actual: Fraction) -> Iterator[str]:
    """The right value, rounded like the claim, if both look alike: `rounds to 351M`."""
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
