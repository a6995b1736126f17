"""Claims and actual values in words, and figures as a claim would state them."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.analysis.claims import Comparison, Sizes, UnknownFigure, figure_of
from cnncalc.analysis.report import Report
from cnncalc.figures import FIGURES
from cnncalc.language.expressions import Number
from cnncalc.language.model import Claim
from cnncalc.shapes import by_axis

Amount = int | Fraction | tuple[int, ...]
"""A count, a quotient, or a shape or size."""

BOUNDS = {"exact": "", "max": "at most ", "min": "at least "}


def claimed_text(claim: Claim) -> str:
    """The claimed value, as it is written in the spec: `60965224`, `at most 5M`, `96x55x55`."""
    value = claim.value
    written = by_axis(value) if isinstance(value, tuple) else str(value)
    return BOUNDS[claim.bound] + (claim.at.text or written)


def actual_text(comparison: Comparison) -> str:
    """The actual value: `60,965,224`, `96x55x55`, `2,323,200 B`; empty if it is not known."""
    actual = comparison.actual
    if actual is None:
        return ""
    if isinstance(actual, tuple):
        return by_axis(actual)
    return count_text(comparison.claim.figure, actual)


def count_text(figure: str, value: Number) -> str:
    """A value of a figure with its unit: `60,965,224`, `2,323,200 B`, `10.333333`."""
    unit = " B" if FIGURES[figure].unit == "bytes" else ""
    return (f"{float(value):,.8g}" if isinstance(value, Fraction) else f"{value:,}") + unit


def failure_text(comparison: Comparison, verb: str = "claimed") -> str:
    """A claim that does not hold: `conv1: params: 34945 claimed, 34,944 found`.

    Args:
        comparison: the claim with the actual value.
        verb: `claimed`, or `allowed` for a limit.
    """
    claim = comparison.claim
    about = f"{claim.layer}: {claim.figure}" if claim.layer else claim.figure
    found = f"but {comparison.reason}" if comparison.actual is None else f"{actual_text(comparison)} found"
    return f"{about}: {claimed_text(claim)} {verb}, {found}"


def amount_of(report: Report, layer: str, figure: str) -> Amount | None:
    """A figure of a row, or of the whole network; None if there is none that a claim could state.

    Args:
        report: the report on the network.
        layer: the path of a row; empty for the whole network.
        figure: a word of `figures.CLAIMABLE`.
    """
    try:
        return sayable(figure_of(report, layer, figure))
    except UnknownFigure:
        return None


def sayable(figure: Number | Sizes) -> Amount | None:
    """A figure as a claim can state it; None for sizes that are not whole, as the jump of an upsampling."""
    if not isinstance(figure, tuple):
        return figure
    sizes = tuple(int(size) for size in figure if size.denominator == 1)
    return sizes if len(sizes) == len(figure) else None


def amount_text(amount: Amount) -> str:
    """An amount as a claim states it: `62378344`, `96x55x55`, `34.4444`."""
    if isinstance(amount, tuple):
        return by_axis(amount)
    return str(amount) if amount.denominator == 1 else f"{float(amount):.4f}"
