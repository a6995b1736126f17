"""Claims and what comes out, in words."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.analysis.claims import Comparison
from cnncalc.figures import FIGURES
from cnncalc.language.expressions import Number
from cnncalc.language.model import Claim

BOUNDS = {"exact": "", "max": "at most ", "min": "at least "}


def claimed_text(claim: Claim) -> str:
    """What is claimed, as it is written in the spec: `60965224`, `at most 5M`, `96x55x55`."""
    value = claim.value
    written = "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return BOUNDS[claim.bound] + (claim.at.text or written)


def actual_text(comparison: Comparison) -> str:
    """What comes out: `60,965,224`, `96x55x55`, `2,323,200 B`; empty where it is not known."""
    actual = comparison.actual
    if actual is None:
        return ""
    if isinstance(actual, tuple):
        return "x".join(map(str, actual))
    return count_text(comparison.claim.figure, actual)


def count_text(figure: str, value: Number) -> str:
    """A value of a figure with its unit: `60,965,224`, `2,323,200 B`, `10.333333`."""
    unit = " B" if FIGURES[figure].unit == "bytes" else ""
    return (f"{float(value):,.8g}" if isinstance(value, Fraction) else f"{value:,}") + unit


def failure_text(comparison: Comparison, verb: str = "claimed") -> str:
    """A claim that does not hold: `conv1: params: 34945 claimed, 34,944 found`.

    Args:
        comparison: the claim beside what comes out.
        verb: what is done to the figure: `claimed`, or `allowed` for a limit.
    """
    claim = comparison.claim
    about = f"{claim.layer}: {claim.figure}" if claim.layer else claim.figure
    found = f"but {comparison.reason}" if comparison.actual is None else f"{actual_text(comparison)} found"
    return f"{about}: {claimed_text(claim)} {verb}, {found}"
