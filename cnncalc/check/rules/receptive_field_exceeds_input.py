"""receptive-field-exceeds-input: convolutions that can see nothing that the layers before them did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.receptive_field import View, Views, narrowest, receptive_fields
from cnncalc.analysis.report import Report
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.layers.pooling import Pool
from cnncalc.shapes import by_axis


@rule("note")
def receptive_field_exceeds_input(subject: Subject) -> Iterator[Complaint]:
    """Report the first unproductive convolution, with those after it."""
    report = subject.report
    different = {id(views): views for views in report.views.values()}  # most layers see what their input sees
    if not any(_sees_all(report, views) for views in different.values()):
        return  # the union of all paths sees the most; most small networks end here
    joined = any(len(layer.inputs) > 1 for layer in report.layers)
    facts = (layer.facts for layer in report.layers)
    fields = receptive_fields(report.network, facts, narrowest) if joined else report.views
    layers = [layer for layer in _before_upsampling(report, fields) if _is_convolution(layer)]
    unproductive = [layer for layer in layers if _sees_all(report, fields[layer.node.inputs[0]])]
    if unproductive:
        first = unproductive[0]
        yield Complaint(first.node, _message(report, unproductive, fields[first.node.inputs[0]][0]))


def _sees_all(report: Report, views: Views) -> bool:
    """Whether the field of a value is larger than every input that it sees, along every axis."""
    for view in views:
        sizes = report.network.inputs[view.input].spatial
        if not view.axes or any(field.extent <= size for field, size in zip(view.axes, sizes, strict=True)):
            return False
    return True


def _before_upsampling(report: Report, fields: dict[str, Views]) -> Iterator[LayerReport]:
    """The layers up to the first that makes the map finer: a decoder draws, and need not see more."""
    for layer in report.layers:
        if _finer(fields[layer.node.inputs[0]], fields[layer.path]):
            return
        yield layer


def _finer(before: Iterable[View], after: Iterable[View]) -> bool:
    """Whether neighbouring values lie closer together after a layer than before it."""
    return any(
        field.advance * len(source.intervals) < source.advance * len(field.intervals)  # advance/len is the jump
        for one, other in zip(before, after, strict=False)
        for source, field in zip(one.axes, other.axes, strict=False)
    )


def _is_convolution(layer: LayerReport) -> bool:
    """Whether a layer looks at more than one position, and learns how."""
    return not isinstance(layer.layer, Pool) and any(window.effective > 1 for _, window in layer.facts.windows)


def _message(report: Report, layers: list[LayerReport], view: View) -> str:
    seen = by_axis([field.extent for field in view.axes])
    size = by_axis(report.network.inputs[view.input].spatial)
    count, params = len(layers), sum(layer.params for layer in layers)
    these = f"this layer and {count - 1} of the convolutions after it" if count > 1 else "this layer"
    return (
        f"what enters {layers[0].path} sees {seen} pixels of an input of {size}: {these}, with {params:,} of "
        f"{report.totals.params:,} params, can add no context; take a larger input, fewer layers, or strides further "
        "down"
    )
