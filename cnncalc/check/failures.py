"""Claims, limits and expectations that do not hold, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cnncalc.analysis.claim_wording import actual_text, amount_text, count_text, failure_text, sayable
from cnncalc.analysis.claims import Comparison, compare_claims
from cnncalc.analysis.memory import find_peak
from cnncalc.analysis.report import Report
from cnncalc.check.findings import Finding, Fix
from cnncalc.figures import FIGURES, number_of
from cnncalc.language.expressions import Number
from cnncalc.language.model import Claim, Spec

MAX_EXPLAINED = 100
"""The most failed claims of one spec that are explained: more than anybody reads, few enough for a hostile spec."""


def claim_findings(report: Report, comparisons: Iterable[Comparison]) -> Iterator[Finding]:
    """The claims of a spec that do not hold, each at its value."""
    yield from _findings(report, comparisons, "claim")


def expected_findings(report: Report, claims: tuple[Claim, ...], file: str) -> Iterator[Finding]:
    """The claims of another file that do not hold for a spec, each at its place in that other file.

    Args:
        report: the report on the spec.
        claims: those that it should fulfil.
        file: the name of the spec, which the message needs.
    """
    expected = claiming(report, claims)
    yield from _findings(expected, compare_claims(expected), "expect", f"{file}: ")


def _findings(report: Report, comparisons: Iterable[Comparison], rule: str, subject: str = "") -> Iterator[Finding]:
    failed = [comparison for comparison in comparisons if not comparison.holds]
    if not failed:
        return
    from cnncalc.explaining.claims import FailedClaims  # most specs need no explanation

    claims = FailedClaims(report)
    for number, comparison in enumerate(failed):
        reasons = claims.reasons(comparison) if number < MAX_EXPLAINED else ()
        yield _failed(comparison, rule, subject + failure_text(comparison), reasons)


def _failed(comparison: Comparison, rule: str, text: str, reasons: Iterable[str]) -> Finding:
    at = comparison.claim.at
    return Finding(
        line=comparison.line,
        column=comparison.column,
        message="; ".join((text, *reasons)),
        rule=rule,
        severity="error",
        length=max(len(at.text) + 2 * at.quote, 1),
        layer=comparison.claim.layer,
        key=actual_text(comparison),
        fixes=tuple(_fixes(comparison)) if rule == "claim" else (),
    )


def _fixes(comparison: Comparison) -> Iterator[Fix]:
    """The fix that claims today's value; none for a budget, which is not about that."""
    amount = sayable(comparison.actual) if comparison.actual is not None else None
    if amount is not None and comparison.claim.bound == "exact":
        text = amount_text(amount)
        yield Fix(f"claim {text}, as it is today", comparison.line, comparison.column, text)


def limit_findings(spec: Spec, report: Report, limits: tuple[Claim, ...]) -> Iterator[Finding]:
    """The totals that are over their limits, each at the line of the spec that contributes most."""
    for comparison in compare_claims(claiming(report, limits)):
        if not comparison.holds:
            yield _limit_finding(spec, report, comparison)


def _limit_finding(spec: Spec, report: Report, comparison: Comparison) -> Finding:
    index, why = _to_blame(report, comparison)
    line, row = spec.layers[index], report.network.rows[index]
    message = "; ".join(filter(None, (failure_text(comparison, "allowed"), why)))
    return Finding(line.line + 1, line.column + 1, message, "budget", "error", layer=row.path if why else "")


def _to_blame(report: Report, comparison: Comparison) -> tuple[int, str]:
    """The number of the row to look at first, with the reason; the first row without one if none is to blame."""
    figure, rows = comparison.claim.figure, report.network.rows
    if figure == "peak_memory":
        index = _row_of_peak(report)
        return index, f"most is held while {rows[index].path} runs"
    if comparison.actual is None or FIGURES[figure].only_network:
        return 0, ""
    index, share = _heaviest_row(report, figure)
    return index, f"{rows[index].path} alone has {count_text(figure, share)}" if share else ""


def _row_of_peak(report: Report) -> int:
    """The row in which most values are alive."""
    step = find_peak(report.network, report.shapes).step
    return next((index for index, row in enumerate(report.network.rows) if step < row.stop), 0)


def _heaviest_row(report: Report, figure: str) -> tuple[int, Number]:
    """The row that contributes most to a total, with its share."""
    # A row hands on one value; the total has the outputs of all layers.
    shares = [sum(number_of(layer, figure) for layer in row.layers) for row in report.rows()]
    index = max(range(len(shares)), key=shares.__getitem__)
    return index, shares[index]


def claiming(report: Report, claims: tuple[Claim, ...]) -> Report:
    """The same report with other claims."""
    return replace(report, network=report.network._replace(claims=claims))
