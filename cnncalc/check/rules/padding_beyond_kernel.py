"""padding-beyond-kernel: so much padding that whole windows see nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.check.words import axis_names, counted, leaving
from cnncalc.layers.windows import Window
from cnncalc.notation import listed
from cnncalc.shapes import shorthand


@rule("warning")
def padding_beyond_kernel(subject: Subject) -> Iterator[Complaint]:
    """Report windows that lie in the padding altogether; those of pools cannot, they are padded by half at most."""
    for layer, axes in subject.sliding:
        empty = {letter: window for letter, window in axes if blind(window)}
        if empty:
            yield Complaint(layer.node, _message(layer, empty), "padding")


def blind(window: Window) -> int:
    """The number of windows that are in the padding as a whole."""
    if max(window.before, window.after) < window.effective:
        return 0
    outputs = window.outputs()
    before = (window.before - window.effective) // window.stride + 1 if window.before >= window.effective else 0
    after = -(-(window.before + window.size) // window.stride)
    return min(before, outputs) + max(outputs - max(after, before), 0)


def _message(layer: LayerReport, empty: dict[str, Window]) -> str:
    lines = listed([counted(blind(window), letter) for letter, window in empty.items()])
    paddings = dict.fromkeys((window.before, window.after) for window in empty.values())
    given = listed([str(before) if before == after else f"{before} + {after}" for before, after in paddings])
    extents = [window.effective for window in empty.values()]
    return (
        f"nothing but padding enters {lines} of the output {leaving(layer)}: padding {given} in "
        f"{axis_names(list(empty))} is not smaller than the window {shorthand(extents)}; "
        f"at most {shorthand([extent - 1 for extent in extents])} is useful"
    )
