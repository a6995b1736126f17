"""The figures that can be asked for: how answers are written, what is right, and when there is something to know."""

from __future__ import annotations

from cnncalc import figures
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.misconceptions.surroundings import simply_seen
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.analysis.report import RowReport
from cnncalc.layers.pooling import GlobalPool, Pool
from cnncalc.layers.rearrangement import Flatten

ASKED = {
    figure.name: figure.unit
    for figure in sorted(figures.FIGURES.values(), key=lambda figure: figure.unit == "bytes")
    if figure.heads
}
"""The figures that can be asked for, and how their answers are written; bytes, which follow from counts, come last."""

USUALLY_ASKED = ("out", "params")

TOTALLED = tuple(name for name, unit in ASKED.items() if unit == "count")
"""The figures whose sum over all layers can be asked for, too."""


def right_value(row: RowReport, name: str) -> Value | None:
    """The right value of a figure."""
    match ASKED[name]:
        case "shape":
            return row.output
        case "sizes":
            seen = simply_seen(row.views)
            return seen and (seen.field if name == "receptive_field" else seen.jump)
        case _:
            value: int = getattr(row, name)
            return value


def is_asked(row: RowReport, name: str) -> bool:
    """Whether there is something to know: nobody asks for the params of a relu, but for those of a pool."""
    match name:
        case "params":
            return any(_may_have_weights(layer) for layer in row.layers)
        case "buffers" | "macs":
            return bool(getattr(row, name))
        case "receptive_field" | "jump":
            return simply_seen(row.views) is not None
    sources = [source.name for source in figures.FIGURES[name].sources]
    return not sources or any(is_asked(row, source) for source in sources)


def _may_have_weights(layer: LayerReport) -> bool:
    """Whether a layer has weights, or is one for which students invent some."""
    return bool(layer.facts.weights) or isinstance(layer.layer, Pool | GlobalPool | Flatten)
