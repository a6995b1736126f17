"""Figures as claims say them: of the whole network, or of one row."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.analysis.claims import Sizes, UnknownFigure, figure_of
from cnncalc.analysis.report import Report
from cnncalc.language.expressions import Number

Amount = int | Fraction | tuple[int, ...]
"""A count, a quotient, or a shape or size."""


def amount_of(report: Report, layer: str, figure: str) -> Amount | None:
    """A figure of a row, or of the whole network; None where there is none that a claim could say.

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
    """A figure as a claim can say it; None for sizes that are not whole, as the jump of an upsampling."""
    if not isinstance(figure, tuple):
        return figure
    sizes = tuple(int(size) for size in figure if size.denominator == 1)
    return sizes if len(sizes) == len(figure) else None


def amount_text(amount: Amount) -> str:
    """An amount as a claim says it: `62378344`, `96x55x55`, `34.4444`."""
    if isinstance(amount, tuple):
        return "x".join(map(str, amount))
    return str(amount) if amount.denominator == 1 else f"{float(amount):.4f}"
