"""asymmetric-same: `padding: same` pads one side more, which not every framework can say."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.axes import axis_names, listed
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.convolution import Conv, Depthwise
from cnncalc.layers.pooling import Pool
from cnncalc.layers.transposed import Deconv
from cnncalc.shapes import AXES

Padded = Conv | Depthwise | Deconv | Pool

Pairs = dict[str, tuple[int, int]]
"""(before, after) of the axes whose two sides differ, by letter."""


def find(subject: Subject) -> Iterator[Remark]:
    """Report SAME paddings whose two sides differ and that PyTorch's own layers cannot make."""
    for report in subject.report.layers:
        layer, shape = report.layer, report.inputs[0]
        if not isinstance(layer, Padded) or layer.padding not in ("same", "same_lower") or _pytorch_can(layer):
            continue
        axes = zip(AXES[shape.rank], layer.padding_pairs(shape), strict=True)
        uneven = {letter: pair for letter, pair in axes if pair[0] != pair[1] and max(pair) > 0}
        if uneven:
            yield Remark(report.node, _message(report, str(layer.padding), uneven), "padding", inherited=True)


def _pytorch_can(layer: Padded) -> bool:
    """Whether PyTorch's own `padding='same'` does it: at stride 1, and with the larger half behind."""
    return isinstance(layer, Conv | Depthwise) and max(layer.stride) == 1 and layer.padding == "same"


def _message(layer: LayerReport, padding: str, uneven: Pairs) -> str:
    shape = layer.inputs[0].text(layer.layout)
    alike = {pair: [letter for letter, other in uneven.items() if other == pair] for pair in uneven.values()}
    crops = isinstance(layer.layer, Deconv)
    verb = "crops" if crops else "pads"
    sides = [f"{before} before and {after} after in {axis_names(axes)}" for (before, after), axes in alike.items()]
    way = "a crop of its output" if crops else "a padding layer before it"
    fill = " (filled with -inf)" if layer.kind == "maxpool" else ""
    half = "" if crops or isinstance(layer.layer, Pool) else "; 'padding: half' is not the same"
    return f"{padding} {verb} {shape} by {listed(sides)}: PyTorch needs {way}{fill}{half}"


RULE = Rule(
    id="asymmetric-same",
    severity="note",
    summary="`padding: same` pads one side more than the other, which PyTorch can only say with a padding layer.",
    reason=(
        "SAME pads as much as the size of the map asks for, and an odd amount goes behind: a 3x3 window with stride 2 "
        "pads an even map by 0 before and 1 after. PyTorch's layers pad both sides alike, and a port with padding 1 "
        "has the same sizes but every window one pixel further up and left: pretrained weights lose accuracy, and no "
        "shape tells why. Keras's own ResNet pads in a layer, 3 on both sides, where SAME would pad 2 and 3. At stride "
        "1 PyTorch's padding='same' does what TensorFlow does, and is no finding. Source: pytorch/pytorch issues 3867 "
        "and 67551."
    ),
    bad="input: {C: 3, H: 224, W: 224}\nlayers:\n- {conv: 32, kernel: 3, stride: 2, padding: same}\n",
    good="input: {C: 3, H: 225, W: 225}\nlayers:\n- {conv: 32, kernel: 3, stride: 2, padding: same}\n",
    find=find,
)
