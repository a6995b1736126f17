"""receptive-field-too-small: a global pool averages over positions that each see a small part of the picture."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.receptive_field import View
from cnncalc.check.axes import by_axis
from cnncalc.check.chains import POOLING
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.shapes import Shape

PARTS = 4
"""Of an axis the part that a position must see at least: a quarter."""


def find(subject: Subject) -> Iterator[Remark]:
    """Report last global pools over maps whose positions see less than a part of the input, along every axis."""
    inputs = subject.report.network.inputs
    for layer in _last_pools(subject):
        views = subject.report.views[layer.node.inputs[0]]
        if all(_is_small(view, inputs[view.input]) for view in views):
            yield Remark(layer.node, _message(layer, views[0], inputs[views[0].input]))


def _is_small(view: View, shape: Shape) -> bool:
    """Whether the field of a value is a small part of the input; a field that is the whole input has no axes."""
    fields = zip(view.axes, shape.spatial, strict=False)
    return bool(view.axes) and all(PARTS * field.extent < size for field, size in fields)


def _last_pools(subject: Subject) -> list[LayerReport]:
    """The pools that leave one position of a map, and that no map follows (unlike squeeze-and-excitation)."""
    leads_to_map: dict[str, bool] = {}
    found = []
    for layer in reversed(subject.report.layers):
        readers = subject.readers.get(layer.path, ())
        leads_to_map[layer.path] = any(
            max(r.facts.output.spatial, default=1) > 1 or leads_to_map[r.path] for r in readers
        )
        before, after = layer.inputs[0].spatial, layer.facts.output.spatial
        if layer.kind in POOLING and max(before) > 1 and max(after) == 1 and not leads_to_map[layer.path]:
            found.append(layer)
    return found[::-1]


def _message(layer: LayerReport, view: View, shape: Shape) -> str:
    seen, size = by_axis([field.extent for field in view.axes]), by_axis(shape.spatial)
    return (
        f"each position that this {layer.kind} joins sees {seen} of the {size} pixels of '{view.input}', less than a "
        "quarter along every axis: the network can only count small parts; add layers, strides or dilation, or flatten"
    )


RULE = Rule(
    id="receptive-field-too-small",
    severity="note",
    summary="A global pool joins positions that each see less than a quarter of the picture along every axis.",
    reason=(
        "A global average treats the picture as a bag of its parts, each as large as the receptive field before it; "
        "where these lie to one another is lost. Araujo et al. find that accuracy on ImageNet grows with the logarithm "
        "of the field, and BagNets show what a small one costs: ResNet-50 with fields of 17 of 224 pixels is as good "
        "as AlexNet, with 33 it reaches 87.6 % top-5. Textures and sounds are bags of parts, so that this is a note. "
        "An fc on a flattened map sees everything in its place and is no finding. Sources: Araujo, Norris, Sim 2019, "
        "doi:10.23915/distill.00021; Brendel & Bethge 2019, arXiv:1904.00760."
    ),
    bad=(
        "input: {C: 3, H: 64, W: 64}\ndefaults:\n  conv: {padding: half, activation: relu}\nlayers:\n"
        "- {conv: 32, kernel: 3}\n- {maxpool: 2}\n- {conv: 64, kernel: 3}\n- global_avgpool\n- flatten\n- {fc: 10}\n"
    ),
    good=(
        "input: {C: 3, H: 32, W: 32}\ndefaults:\n  conv: {padding: half, activation: relu}\nlayers:\n"
        "- {conv: 32, kernel: 3}\n- {maxpool: 2}\n- {conv: 64, kernel: 3}\n- global_avgpool\n- flatten\n- {fc: 10}\n"
    ),
    find=find,
)
