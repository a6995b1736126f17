"""The figures that can be asked for: how answers are written, what is right, and where there is something to know."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.analysis.figures import RowReport
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.misconceptions.surroundings import simply_seen
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.layers.pooling import GlobalPool, Pool
from cnncalc.layers.rearrangement import Flatten

FIGURES: dict[str, str] = {
    "out": "shape",
    "elements": "count",
    "params": "count",
    "buffers": "count",
    "weights": "count",
    "macs": "count",
    "flops": "count",
    "receptive_field": "sizes",
    "jump": "sizes",
    "weights_memory": "bytes",
    "output_memory": "bytes",
}
"""The figures that can be asked for, and how their answers are written."""

DEFAULT_FIGURES = ("out", "params")

TOTALLED = ("elements", "params", "buffers", "weights", "macs", "flops")
"""The figures whose sum over all layers can be asked for, too."""


def _field(row: RowReport) -> tuple[int, ...] | None:
    seen = simply_seen(row.views)
    return seen.field if seen else None


def _jump(row: RowReport) -> tuple[int, ...] | None:
    seen = simply_seen(row.views)
    return seen.jump if seen else None


RIGHT: dict[str, Callable[[RowReport], Value | None]] = {
    "out": lambda row: row.output,
    "elements": lambda row: row.elements,
    "params": lambda row: row.params,
    "buffers": lambda row: row.buffers,
    "weights": lambda row: row.params + row.buffers,
    "macs": lambda row: row.macs,
    "flops": lambda row: row.flops,
    "receptive_field": _field,
    "jump": _jump,
    "weights_memory": lambda row: row.weights_memory,
    "output_memory": lambda row: row.output_memory,
}
"""How a row's report gives each figure."""


def is_asked(row: RowReport, figure: str) -> bool:
    """Whether there is something to know: nobody asks for the params of a relu, but for those of a pool."""
    match figure:
        case "params" | "weights" | "weights_memory":
            return any(_may_have_weights(layer) for layer in row.layers)
        case "buffers":
            return row.buffers > 0
        case "macs" | "flops":
            return row.macs > 0
        case "receptive_field" | "jump":
            return simply_seen(row.views) is not None
        case _:
            return True


def _may_have_weights(layer: LayerReport) -> bool:
    """Whether a layer has weights, or is one for which students invent some."""
    return bool(layer.facts.weights) or isinstance(layer.layer, Pool | GlobalPool | Flatten)
