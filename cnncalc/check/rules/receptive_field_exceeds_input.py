"""receptive-field-exceeds-input: convolutions that can see nothing that the layers before them did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.receptive_field import View, Views, narrowest, receptive_fields
from cnncalc.analysis.report import Report
from cnncalc.check.axes import by_axis
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.pooling import Pool


def find(subject: Subject) -> Iterator[Remark]:
    """Report the first unproductive convolution, with those behind it."""
    report = subject.report
    if not any(_sees_all(report, views) for views in report.views.values()):
        return  # the union of all paths sees the most; most small networks end here
    fields = receptive_fields(report.network, report.shapes, narrowest)
    layers = [layer for layer in _before_upsampling(report, fields) if _is_convolution(subject, layer)]
    unproductive = [layer for layer in layers if _sees_all(report, fields[layer.node.inputs[0]])]
    if unproductive:
        first = unproductive[0]
        yield Remark(first.node, _message(report, unproductive, fields[first.node.inputs[0]][0]))


def _sees_all(report: Report, views: Views) -> bool:
    """Whether the field of a value is larger than every input that it sees, along every axis."""
    return all(
        view.axes
        and all(f.extent > n for f, n in zip(view.axes, report.network.inputs[view.input].spatial, strict=True))
        for view in views
    )


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


def _is_convolution(subject: Subject, layer: LayerReport) -> bool:
    """Whether a layer looks at more than one position, and learns how."""
    axes = subject.windows.get(layer.path, ())
    return not isinstance(layer.layer, Pool) and any(window.effective > 1 for _, window in axes)


def _message(report: Report, layers: list[LayerReport], view: View) -> str:
    seen = by_axis([field.extent for field in view.axes])
    size = by_axis(report.network.inputs[view.input].spatial)
    count, params = len(layers), sum(layer.params for layer in layers)
    these = f"this layer and {count - 1} of the convolutions behind it" if count > 1 else "this layer"
    share = f"{params:,} of {report.totals.params:,} params"
    return (
        f"what enters {layers[0].path} sees {seen} pixels of an input of {size}: {these}, with {share}, can add no "
        "context; take a larger input, fewer layers, or strides further down"
    )


RULE = Rule(
    id="receptive-field-exceeds-input",
    severity="note",
    summary="Convolutions whose input sees more than the whole picture already can add no context.",
    reason=(
        "Once the receptive field of a layer's input is larger than the picture, every position sees all of it, and "
        "what a further 3x3 window adds is padding. Richter et al. call these layers unproductive: probes on what they "
        "compute show that accuracy no longer grows from there on, and leaving them out costs nothing. It happens when "
        "a network for 224 pixels is used on 32. The field is taken along the narrowest path, because a shortcut "
        "carries small fields past a block; layers behind an upsampling are left out. "
        "Source: Richter, Schöning, Wiedenroth, Krumnack 2021, Should you go deeper?, arXiv:2106.12307."
    ),
    bad=(
        "input: {C: 3, H: 12, W: 12}\ndefaults:\n  conv: {padding: half, activation: relu}\nlayers:\n"
        "- {conv: 16, kernel: 5}\n- {maxpool: 2}\n- {conv: 32, kernel: 5}\n- {conv: 32, kernel: 3}\n"
    ),
    good=(
        "input: {C: 3, H: 32, W: 32}\ndefaults:\n  conv: {padding: half, activation: relu}\nlayers:\n"
        "- {conv: 16, kernel: 5}\n- {maxpool: 2}\n- {conv: 32, kernel: 5}\n- {conv: 32, kernel: 3}\n"
    ),
    find=find,
)
