"""The same network on an input of another size."""

from __future__ import annotations

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.report import Report
from cnncalc.errors import ShapeError
from cnncalc.network.model import Network
from cnncalc.shapes import Shape

LEAST = 16
"""The first size that is tried on an axis."""


def resized(network: Network, inputs: dict[str, Shape]) -> Report | None:
    """The report on the same layers with other inputs; None if one of them cannot take its input."""
    try:
        return analyze_network(network._replace(inputs=inputs))
    except ShapeError:
        return None


def small_report(report: Report) -> Report:
    """The report on the same layers on a small input: twice the smallest that they take, so that maps remain.

    Sizes of one axis are tried from `LEAST` on, each half as large again; longer axes are as long as that.
    """
    network, size = report.network, LEAST
    largest = max((n for shape in network.inputs.values() for n in shape.spatial), default=0)
    while size < largest:
        if resized(network, _at_most(network, size)):
            return resized(network, _at_most(network, 2 * size)) or report
        size += size // 2
    return report


def _at_most(network: Network, size: int) -> dict[str, Shape]:
    """The inputs with axes that are no longer than that."""
    return {
        name: Shape(shape.channels, tuple(min(n, size) for n in shape.spatial))
        for name, shape in network.inputs.items()
    }
