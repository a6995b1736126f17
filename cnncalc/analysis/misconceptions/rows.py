"""Which mistakes explain a figure that someone gave for a row of a network."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from cnncalc.analysis.misconceptions.explain import Explainer, Explanation
from cnncalc.analysis.misconceptions.row_figures import RowFigures
from cnncalc.analysis.misconceptions.surroundings import Place, Seen, places, seen_in
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.analysis.report import Report
from cnncalc.network.model import Row


class ReportExplainer:
    """Explains figures of one report; what is known of its layers and rows is calculated once.

    Args:
        report: the report on the network.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._rows: dict[tuple[int, int, str], Explainer] = {}

    def row(self, row: Row, figure: str, value: Value, tolerance: Fraction = Fraction(0)) -> tuple[Explanation, ...]:
        """The mistakes that give a value for a figure of a row, most plausible first; empty for none.

        Args:
            row: the row; one without layers has nothing to explain.
            figure: `out`, `params`, `macs` or another word of `layer_figures.FIGURES`.
            value: what someone gave: a count, a `Shape`, or one number for each axis.
            tolerance: half a unit of the last digit written; 0 where all digits were.
        """
        if row.start == row.stop:
            return ()
        key = row.start, row.stop, row.output
        if key not in self._rows:
            self._rows[key] = Explainer(self.figures(row.start, row.stop, row.output))
        return explained(self._rows[key], figure, value, tolerance)

    def total(self, figure: str, value: Value, tolerance: Fraction = Fraction(0)) -> tuple[Explanation, ...]:
        """The mistakes that give a value for the sum of a figure over all layers, if made in every layer."""
        if not self._report.network.nodes:
            return ()
        return self.sums.misconceptions(figure, value, tolerance) or self.sums.slips(figure, value)

    def figures(self, start: int = 0, stop: int | None = None, output: str = "") -> RowFigures:
        """The figures of some layers with their right inputs; without an output their sums."""
        nodes = self._report.network.nodes[start:stop]
        return RowFigures(nodes, output, self._report.shapes, self._seen, self._places)

    @cached_property
    def sums(self) -> Explainer:
        """The sums over all layers."""
        return Explainer(self.figures())

    @cached_property
    def _seen(self) -> dict[str, Seen | None]:
        return seen_in(self._report)

    @cached_property
    def _places(self) -> dict[str, Place]:
        return places(self._report.network)


def explained(explainer: Explainer, figure: str, value: Value, tolerance: Fraction) -> tuple[Explanation, ...]:
    """Single misconceptions, else slips of the pen, else two misconceptions at once."""
    return (
        explainer.misconceptions(figure, value, tolerance)
        or explainer.slips(figure, value)
        or explainer.misconceptions(figure, value, tolerance, pairs=True)
    )
