"""half-of-even-kernel: `padding: half` keeps the size for odd kernels only."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.axes import axis_names, shorthand
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.windows import Window


def find(subject: Subject) -> Iterator[Remark]:
    """Report layers of stride 1 whose half padding makes the map one smaller."""
    for path, axes in subject.windows.items():
        layer = subject.layers[path]
        shrunk = {letter: w for letter, w in axes if w.stride == 1 and w.effective % 2 == 0}
        if shrunk and getattr(layer.layer, "padding", None) == "half":
            yield Remark(layer.node, _message(layer, shrunk), "padding")


def _message(layer: LayerReport, shrunk: dict[str, Window]) -> str:
    extent = shorthand([window.effective for window in shrunk.values()])
    padding = shorthand([window.before for window in shrunk.values()])
    output = layer.facts.output.text(layer.layout)
    return (
        f"half of the even window {extent} is {padding} on both sides, 1 too few in {axis_names(list(shrunk))}: the "
        f"output is {output}; 'padding: same' keeps the size, as half does for odd kernels"
    )


RULE = Rule(
    id="half-of-even-kernel",
    severity="warning",
    summary="`padding: half` of an even kernel makes the map one smaller.",
    reason=(
        "`half` is the idiom padding=k//2 of odd kernels, (k - 1)/2 on both sides, which keeps the size at stride 1. "
        "An even window has no middle: half of it rounds down, the map loses a row and a column in every layer, and a "
        "concat or a skip further down does not fit. `same` pads the odd one behind. Source: Dumoulin & Visin 2016, "
        "arXiv:1603.07285, section 2.2, which has half padding for odd kernels only."
    ),
    bad="input: {C: 16, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 4, padding: half}\n",
    good="input: {C: 16, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 4, padding: same}\n",
    find=find,
)
