"""padding-beyond-kernel: so much padding that whole windows see nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.axes import axis_names, counted, listed, shorthand
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.windows import Window


def find(subject: Subject) -> Iterator[Remark]:
    """Report windows that lie in the padding altogether; those of pools cannot, they are padded by half at most."""
    for path, axes in subject.windows.items():
        layer = subject.layers[path]
        empty = {letter: window for letter, window in axes if blind(window)}
        if empty:
            yield Remark(layer.node, _message(layer, empty), "padding")


def blind(window: Window) -> int:
    """How many windows lie in the padding altogether."""
    if max(window.before, window.after) < window.effective:
        return 0
    outputs = window.outputs()
    before = (window.before - window.effective) // window.stride + 1 if window.before >= window.effective else 0
    behind = -(-(window.before + window.size) // window.stride)
    return min(before, outputs) + max(outputs - max(behind, before), 0)


def _message(layer: LayerReport, empty: dict[str, Window]) -> str:
    lines = listed([counted(blind(window), letter) for letter, window in empty.items()])
    paddings = dict.fromkeys((window.before, window.after) for window in empty.values())
    given = listed([str(before) if before == after else f"{before} + {after}" for before, after in paddings])
    extent = [window.effective for window in empty.values()]
    return (
        f"nothing but padding enters {lines} of the output {layer.facts.output.text(layer.layout)}: padding {given} in "
        f"{axis_names(list(empty))} is not smaller than the window {shorthand(extent)}; "
        f"at most {shorthand([e - 1 for e in extent])} is useful"
    )


RULE = Rule(
    id="padding-beyond-kernel",
    severity="warning",
    summary="A convolution is padded by as much as its window or more, so that whole windows see only padding.",
    reason=(
        "A window that lies in the padding altogether gives the bias, whatever the picture shows: the border of the "
        "map is constant, and later layers and a global pool take it for content. Most often a padding of 1 was left "
        "over when a kernel became 1, or 3 is meant for a 7x7. FCN pads its first convolution by 100 on purpose, so "
        "that its output can be aligned with a picture of any size, and crops the rest away at the end."
    ),
    bad="input: {C: 64, H: 28, W: 28}\nlayers:\n- {conv: 128, kernel: 1, padding: 1}\n",
    good="input: {C: 64, H: 28, W: 28}\nlayers:\n- {conv: 128, kernel: 1}\n",
    find=find,
)
