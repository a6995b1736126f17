"""dead-pixels: the stride steps over pixels between the windows, and nothing else reads them."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.axes import LINES, listed
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.windows import Window


def find(subject: Subject) -> Iterator[Remark]:
    """Report values of which every reader steps over something, once, at the first reader."""
    for path, readers in subject.readers.items():
        if path in subject.outputs:
            continue
        skipping = [{letter for letter, w in subject.windows.get(reader.path, ()) if skipped(w)} for reader in readers]
        dead = set.intersection(*skipping)
        if dead:
            first = readers[0]
            axes = {letter: window for letter, window in subject.windows[first.path] if letter in dead}
            yield Remark(first.node, _message(first, axes, len(readers)), "stride")


def skipped(window: Window) -> int:
    """How many of every `stride` values no tap reads; 0 where there is only one window.

    Tap t of window o reads o*s + t*d - b, so that the taps reach s/gcd(s, d) different places of
    every s at most, and one each.
    """
    if window.stride == 1 or window.outputs() == 1:
        return 0
    return window.stride - min(window.kernel, window.stride // gcd(window.stride, window.dilation))


def _message(layer: LayerReport, dead: dict[str, Window], readers: int) -> str:
    parts = [f"{skipped(w):,} of every {w.stride:,} {LINES[letter]}s" for letter, w in dead.items()]
    nothing = "no layer reads" if readers > 1 else f"{layer.kind} never reads"
    shape, window = layer.inputs[0].text(layer.layout), next(iter(dead.values()))
    return f"{nothing} {listed(parts)} of {shape}: {_cause(window)}"


def _cause(window: Window) -> str:
    """Why a window skips values, and what to do about it."""
    stride, causes, remedies = window.stride, [], []
    if window.kernel < stride:
        causes.append(f"is larger than kernel {window.kernel}")
        remedies.append(f"a kernel of at least {stride}")
    if window.kernel > 1 and gcd(stride, window.dilation) > 1:
        causes.append(f"has a common factor with dilation {window.dilation}")
        remedies.append("a dilation without it")
    return f"stride {stride} {listed(causes)}; use {listed(remedies)}, or stride 1 and pool"


RULE = Rule(
    id="dead-pixels",
    severity="warning",
    summary="The stride is larger than the window, so that pixels between the windows are never read.",
    reason=(
        "A 1x1 convolution with stride 2 reads a quarter of the map and throws away what the layers before it computed "
        "for the other three quarters. ResNet's first bottlenecks did so; later ones have the stride in the 3x3 "
        "convolution, which gained half a point. A dilation that shares a factor with the stride skips pixels "
        "in the same way. It is no finding where another layer reads the same map whole, as beside a 1x1 shortcut. "
        "Source: He et al. 2018, Bag of tricks, arXiv:1812.01187, section 4.2 (ResNet-B)."
    ),
    bad="input: {C: 64, H: 56, W: 56}\nlayers:\n- {conv: 128, kernel: 1, stride: 2}\n",
    good="input: {C: 64, H: 56, W: 56}\nlayers:\n- {conv: 128, kernel: 3, stride: 2, padding: 1}\n",
    find=find,
)
