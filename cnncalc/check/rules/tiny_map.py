"""tiny-map: a window so much larger than the map that most of its taps only ever meet padding."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.check.words import entering
from cnncalc.layers.windows import Window
from cnncalc.shapes import shorthand


@rule("warning")
def tiny_map(subject: Subject) -> Iterator[Complaint]:
    """Report windows larger than the map, of whose taps fewer than half ever see it."""
    for layer, windows in subject.sliding:
        axes = [window for _, window in windows]
        if any(window.effective > window.size for window in axes):
            taps, useful = [w.kernel for w in axes], [useful_taps(w) for w in axes]
            if 2 * prod(useful) < prod(taps):
                yield Complaint(layer.node, _message(layer, taps, useful), "kernel")


def useful_taps(window: Window) -> int:
    """The number of taps along one axis that see a value of the map in some window.

    Tap t of window o looks at o*s + t*d - b. The last window is the first chance of the early taps
    to get past the padding before, the first window the last chance of the late ones.
    """
    furthest = (window.outputs() - 1) * window.stride
    first = max(0, -(-(window.before - furthest) // window.dilation))
    last = min(window.kernel - 1, (window.size - 1 + window.before) // window.dilation)
    return max(last - first + 1, 0)


def _message(layer: LayerReport, taps: list[int], useful: list[int]) -> str:
    blind, weights = prod(taps) - prod(useful), layer.facts.weights.get("weight")
    idle = prod(weights.shape) * blind // prod(taps) if weights is not None else 0
    unused = f", so that {idle:,} weights do nothing" if idle else ""
    return (
        f"on {entering(layer)} {blind:,} of the {prod(taps):,} taps of kernel {shorthand(taps)} only ever see padding"
        f"{unused}; use kernel {shorthand([max(n, 1) for n in useful])}, a larger input, or fewer strides before it"
    )
