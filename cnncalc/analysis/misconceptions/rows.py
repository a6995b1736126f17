"""The seam for others: which mistakes explain a figure that someone gave for a row of a network."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from cnncalc.analysis.misconceptions.explain import Explainer, Explanation
from cnncalc.analysis.misconceptions.layer_terms import NOTHING_AROUND, Around, Sight
from cnncalc.analysis.misconceptions.reckoner import Reckoner, Task
from cnncalc.analysis.misconceptions.tasks import Neighbourhood, make_task, neighbourhoods, right_sights
from cnncalc.analysis.misconceptions.terms import Value
from cnncalc.analysis.report import Report
from cnncalc.layers.base import Layer
from cnncalc.network.model import Node, Row
from cnncalc.shapes import Shape


def explain_value(
    layer: Layer,
    inputs: tuple[Shape, ...],
    figure: str,
    value: Value,
    tolerance: Fraction = Fraction(0),
    around: Around = NOTHING_AROUND,
) -> tuple[Explanation, ...]:
    """The mistakes that give a value for a figure of one layer, most plausible first; empty for none.

    Single misconceptions are tried first, then slips of the pen, then two misconceptions at once.

    Args:
        layer: the layer.
        inputs: the shapes that enter it.
        figure: `out`, `params`, `macs` or another word of `terms.FIGURES`.
        value: what someone gave: a count, a `Shape`, or one number for each axis.
        tolerance: half a unit of the last digit written; 0 where all digits were.
        around: what stands around the layer.

    Raises:
        ShapeError: the layer cannot take these inputs.

    Example:
        >>> from cnncalc.layers.base import make
        >>> from cnncalc.layers.convolution import Conv
        >>> conv1 = make(Conv, 2, filters=96, kernel=11, stride=4)
        >>> [found.what("params") for found in explain_value(conv1, (Shape(3, (227, 227)),), "params", 34848)]
        ['the count without the biases']
    """
    names = tuple(f"input {number}" for number in range(len(inputs)))
    node = Node("layer", layer, names, 1)
    task = Task((node,), "layer", dict(zip(names, inputs, strict=True)), {"layer": around})
    return explained(Explainer(Reckoner(task)), figure, value, tolerance)


class ReportExplainer:
    """Explains figures of one report; what is known of its layers and rows is reckoned once.

    Args:
        report: the report on the network.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._rows: dict[tuple[int, int, str], Explainer] = {}

    def row(self, row: Row, figure: str, value: Value, tolerance: Fraction = Fraction(0)) -> tuple[Explanation, ...]:
        """The mistakes that give a value for a figure of a row, as `explain_value`; empty for a row without layers."""
        if row.start == row.stop:
            return ()
        key = row.start, row.stop, row.output
        if key not in self._rows:
            self._rows[key] = Explainer(Reckoner(self.row_task(row)))
        return explained(self._rows[key], figure, value, tolerance)

    def total(self, figure: str, value: Value, tolerance: Fraction = Fraction(0)) -> tuple[Explanation, ...]:
        """The mistakes that give a value for the sum of a figure over all layers, if made in every layer."""
        if not self._report.network.nodes:
            return ()
        return self._sums.misconceptions(figure, value, tolerance) or self._sums.slips(figure, value)

    def row_task(self, row: Row) -> Task:
        """The task of reckoning a row with its right inputs."""
        return self._task(self._report.network.nodes[row.start : row.stop], row.output)

    def total_task(self) -> Task:
        """The task of adding up a figure over all layers."""
        return self._task(self._report.network.nodes, "")

    def _task(self, nodes: tuple[Node, ...], output: str) -> Task:
        return make_task(nodes, output, self._report.shapes, self._sights, self._neighbourhoods)

    @cached_property
    def _sums(self) -> Explainer:
        return Explainer(Reckoner(self.total_task()))

    @cached_property
    def _sights(self) -> dict[str, Sight | None]:
        return right_sights(self._report)

    @cached_property
    def _neighbourhoods(self) -> dict[str, Neighbourhood]:
        return neighbourhoods(self._report.network)


def explained(explainer: Explainer, figure: str, value: Value, tolerance: Fraction) -> tuple[Explanation, ...]:
    """Single misconceptions, else slips, else two misconceptions."""
    return (
        explainer.misconceptions(figure, value, tolerance)
        or explainer.slips(figure, value)
        or explainer.misconceptions(figure, value, tolerance, pairs=True)
    )
