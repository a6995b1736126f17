"""asymmetric-same: `padding: same` pads one side more, which not every framework can say."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.check.words import axis_names, entering
from cnncalc.layers import LAYERS
from cnncalc.layers.convolution import Conv, Depthwise
from cnncalc.layers.pooling import Pool
from cnncalc.layers.transposed import Deconv
from cnncalc.notation import listed
from cnncalc.shapes import AXES

Padded = Conv | Depthwise | Deconv | Pool
PADDED = frozenset(kind for kind, layer in LAYERS.items() if issubclass(layer, Padded))


@rule("note")
def asymmetric_same(subject: Subject) -> Iterator[Complaint]:
    """Report SAME paddings whose two sides differ and that PyTorch's own layers cannot make."""
    for report in subject.layers_of(PADDED):
        layer, shape = report.layer, report.inputs[0]
        if not isinstance(layer, Padded) or layer.padding not in ("same", "same_lower") or _pytorch_can(layer):
            continue
        uneven: dict[tuple[int, int], list[str]] = {}
        for letter, (before, after) in zip(AXES[shape.rank], layer.padding_pairs(shape), strict=True):
            if before != after and max(before, after) > 0:
                uneven.setdefault((before, after), []).append(letter)
        if uneven:
            sides = [
                f"{before} before and {after} after in {axis_names(axes)}" for (before, after), axes in uneven.items()
            ]
            yield Complaint(report.node, _message(report, layer, listed(sides)), "padding", inherited=True)


def _pytorch_can(layer: Padded) -> bool:
    """Whether PyTorch's own `padding='same'` does it: at stride 1, and with the larger half after the map."""
    return isinstance(layer, Conv | Depthwise) and max(layer.stride) == 1 and layer.padding == "same"


def _message(report: LayerReport, layer: Padded, sides: str) -> str:
    crops = isinstance(layer, Deconv)
    way = "a crop of its output" if crops else "a padding layer before it"
    fill = " (filled with -inf)" if layer.kind == "maxpool" else ""
    half = "" if crops or isinstance(layer, Pool) else "; 'padding: half' is not the same"
    verb = "crops" if crops else "pads"
    return f"{layer.padding} {verb} {entering(report)} by {sides}: PyTorch needs {way}{fill}{half}"
