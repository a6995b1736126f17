"""receptive-field-too-small: a global pool averages over positions that each see a small part of the picture."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.receptive_field import View
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import POOLING, Subject
from cnncalc.shapes import Shape, by_axis

PARTS = 4
"""The least part of an axis that a position must see: a quarter."""


@rule("note")
def receptive_field_too_small(subject: Subject) -> Iterator[Complaint]:
    """Report last global pools over maps whose positions see less than a part of the input, along every axis."""
    inputs = subject.report.network.inputs
    for layer in _last_pools(subject):
        views = subject.report.views[layer.node.inputs[0]]
        if all(_is_small(view, inputs[view.input]) for view in views):
            name, size = views[0].input, by_axis(inputs[views[0].input].spatial)
            message = (
                f"each position that this {layer.kind} joins sees {by_axis([field.extent for field in views[0].axes])} "
                f"of the {size} pixels of '{name}', less than a quarter along every axis: the network can only count "
                "small parts; add layers, strides or dilation, or flatten"
            )
            yield Complaint(layer.node, message)


def _is_small(view: View, shape: Shape) -> bool:
    """Whether the field of a value is a small part of the input; a field that is the whole input has no axes."""
    fields = zip(view.axes, shape.spatial, strict=False)
    return bool(view.axes) and all(PARTS * field.extent < size for field, size in fields)


def _last_pools(subject: Subject) -> list[LayerReport]:
    """The pools that leave one position of a map, and that no map follows (unlike squeeze-and-excitation)."""
    pools = [
        layer for layer in subject.layers_of(POOLING) if max(layer.inputs[0].spatial) > 1 == max(layer.output.spatial)
    ]
    leads_to_map: dict[str, bool] = {}
    first = subject.report.layers.index(pools[0]) if pools else len(subject.report.layers)
    for layer in reversed(subject.report.layers[first:]):
        readers = subject.readers.get(layer.path, ())
        leads_to_map[layer.path] = any(max(r.output.spatial, default=1) > 1 or leads_to_map[r.path] for r in readers)
    return [pool for pool in pools if not leads_to_map[pool.path]]
