"""tiny-map: a window so much larger than the map that most of its taps only ever meet padding."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.axes import shorthand
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.windows import Window


def find(subject: Subject) -> Iterator[Remark]:
    """Report windows larger than the map, of whose taps fewer than half ever see it."""
    for path, pairs in subject.windows.items():
        axes = [window for _, window in pairs]
        if all(window.effective <= window.size for window in axes):
            continue
        taps, useful = prod(w.kernel for w in axes), prod(useful_taps(w) for w in axes)
        if 2 * useful < taps:
            layer = subject.layers[path]
            yield Remark(layer.node, _message(layer, axes, taps, useful), "kernel")


def useful_taps(window: Window) -> int:
    """How many taps along one axis see a value of the map in some window.

    Tap t of window o looks at o*s + t*d - b. The last window is the first chance of the early taps
    to get past the padding before, the first window the last chance of the late ones.
    """
    furthest = (window.outputs() - 1) * window.stride
    first = max(0, -(-(window.before - furthest) // window.dilation))
    last = min(window.kernel - 1, (window.size - 1 + window.before) // window.dilation)
    return max(last - first + 1, 0)


def _message(layer: LayerReport, axes: list[Window], taps: int, useful: int) -> str:
    weights = layer.facts.weights.get("weight")
    idle = prod(weights.shape) * (taps - useful) // taps if weights is not None else 0
    unused = f", so that {idle:,} weights do nothing" if idle else ""
    blind = f"{taps - useful:,} of the {taps:,} taps of kernel {shorthand([window.kernel for window in axes])}"
    enough = shorthand([max(useful_taps(window), 1) for window in axes])
    return (
        f"on {layer.inputs[0].text(layer.layout)} {blind} only ever see padding{unused}; use kernel {enough}, a larger "
        "input, or fewer strides before it"
    )


RULE = Rule(
    id="tiny-map",
    severity="warning",
    summary="The map is so small that most taps of the window only ever see padding.",
    reason=(
        "A 3x3 window on a map of 1x1 sees one pixel and eight zeros: it is a 1x1 convolution that stores nine times "
        "its weights, of which eight never get a gradient. It happens when a network for 224 pixels gets 32, or "
        "one pooling too many. A window is counted as too large when fewer than half of its taps see the map in any "
        "of its places; a 3x3 on 2x2 uses all of them."
    ),
    bad="input: {C: 64, H: 1, W: 1}\nlayers:\n- {conv: 64, kernel: 3, padding: 1}\n",
    good="input: {C: 64, H: 2, W: 2}\nlayers:\n- {conv: 64, kernel: 3, padding: 1}\n",
    find=find,
)
