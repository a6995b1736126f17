"""The memory that an execution of a network holds at once, by its claims: checked before anything is allocated."""

from __future__ import annotations

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report

VALUE_BYTES = 4
"""The bytes of a value: executions compute in fp32, for any report."""


def execution_memory(report: Report, *, inputs: int = 1, weights_kept: bool = False) -> int:
    """The bytes that an execution of a network holds at once.

    Args:
        report: the network's claims.
        inputs: the number of inputs that run one after another; their values and their outputs are all kept.
        weights_kept: whether all weights are in memory, or only those of the layer at work.
    """
    entering = sum(shape.elements for shape in report.network.inputs.values())
    leaving = sum(report.shapes[path].elements for path in report.network.outputs.values())
    values = report.totals.peak_memory // (report.batch * report.value_bytes) + (inputs - 1) * (entering + leaving)
    values += max((_working_values(layer, weights_kept) for layer in report.layers), default=0)
    if weights_kept:
        values += report.totals.params + report.totals.buffers
    return values * VALUE_BYTES


def _working_values(layer: LayerReport, weights_kept: bool) -> int:
    """The number of values that a layer needs besides its input and output, with its weights."""
    made = not weights_kept and layer.kind != "fc"  # weights of fc are made some rows at a time
    return layer.layer.held_at_work(*layer.inputs) + (layer.params if made else 0)
