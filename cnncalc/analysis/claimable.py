"""Figures as claims say them: of the whole network, or of one row."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cnncalc.analysis.figures import RowReport, operation_total
from cnncalc.analysis.receptive_field import Field, Views
from cnncalc.analysis.report import Report
from cnncalc.spec.claims import FIGURES
from cnncalc.spec.model import Claim

Amount = int | Fraction | tuple[int, ...]
"""A count, a quotient, or a shape or size."""

FIELD: dict[str, Callable[[Field], int | Fraction]] = {
    "receptive_field": lambda field: field.extent,
    "jump": lambda field: field.jump,
    "start": lambda field: field.start,
}


def network_amount(report: Report, figure: str) -> Amount | None:
    """A figure of the whole network; None where there is none that a claim could say.

    The shape and the receptive field are those of its output, and there is none of several.
    """
    if FIGURES[figure] in ("shape", "sizes"):
        if len(report.network.outputs) != 1:
            return None
        ((name, path),) = report.network.outputs.items()
        return report.output_shapes[name] if figure == "out" else _field(report, report.views[path], figure)
    if figure == "ops":
        return operation_total(report.totals.ops)
    value: int | Fraction = getattr(report.totals, figure)
    return value


def row_amount(report: Report, row: RowReport, figure: str) -> Amount | None:
    """A figure of one row; None where rows have none, or none that a claim could say."""
    if figure == "out":
        return row.output_shape
    if FIGURES[figure] == "sizes":
        return _field(report, row.views, figure)
    if figure == "ops":
        return operation_total(row.ops)
    return getattr(row, figure, None)


def _field(report: Report, views: Views, figure: str) -> tuple[int, ...] | None:
    """A figure of the receptive field, in whole numbers; None for several inputs, or for a jump of the whole input."""
    if len(views) != 1 or views[0].unknown:
        return None
    (view,) = views
    if view.everything:
        return report.network.inputs[view.input].spatial or None if figure == "receptive_field" else None
    numbers = [FIELD[figure](field) for field in view.axes]
    return tuple(map(int, numbers)) if all(number.denominator == 1 for number in numbers) and numbers else None


def amount_text(amount: Amount) -> str:
    """An amount as a claim says it: `62378344`, `96x55x55`, `34.4444`."""
    if isinstance(amount, tuple):
        return "x".join(map(str, amount))
    return str(amount) if amount.denominator == 1 else f"{float(amount):.4f}"


def holds(claim: Claim, amount: Amount) -> bool:
    """Whether an amount is what a claim says, to the digits that it writes; one size is that of every axis."""
    said = claim.value
    if isinstance(amount, tuple) or isinstance(said, tuple):
        is_same = isinstance(said, tuple) and len(said) == 1 and FIGURES[claim.figure] == "sizes"
        return amount == (said * len(amount) if is_same and isinstance(amount, tuple) else said)
    exact, claimed = Fraction(amount), Fraction(said)
    match claim.bound:
        case "max":
            return exact <= claimed
        case "min":
            return exact >= claimed
        case _:
            return abs(exact - claimed) <= claim.tolerance
