"""dead-pixels: the stride steps over pixels between the windows, and nothing else reads them."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.check.words import LINES, entering
from cnncalc.layers.windows import Window
from cnncalc.notation import listed


@rule("warning")
def dead_pixels(subject: Subject) -> Iterator[Complaint]:
    """Report values of which every reader steps over something, once, at the first reader."""
    skipping = {layer.path: {letter for letter, w in axes if skipped(w)} for layer, axes in subject.strided}
    for path, readers in subject.readers.items() if any(skipping.values()) else ():
        dead = set.intersection(*(skipping.get(reader.path, set()) for reader in readers))
        if dead and path not in subject.outputs:
            first = readers[0]
            windows = {letter: window for letter, window in first.facts.windows if letter in dead}
            parts = [f"{skipped(w):,} of every {w.stride:,} {LINES[letter]}s" for letter, w in windows.items()]
            nothing = "no layer reads" if len(readers) > 1 else f"{first.kind} never reads"
            cause = _cause(next(iter(windows.values())))
            yield Complaint(first.node, f"{nothing} {listed(parts)} of {entering(first)}: {cause}", "stride")


def skipped(window: Window) -> int:
    """The number of every `stride` values that no tap reads; 0 if there is only one window.

    Tap t of window o reads o*s + t*d - b, so that the taps reach s/gcd(s, d) different places of
    every s at most, and one each.
    """
    if window.stride == 1 or window.outputs() == 1:
        return 0
    return window.stride - min(window.kernel, window.stride // gcd(window.stride, window.dilation))


def _cause(window: Window) -> str:
    """The reason why a window skips values, and what to do about it."""
    stride, causes, remedies = window.stride, [], []
    if window.kernel < stride:
        causes.append(f"is larger than kernel {window.kernel}")
        remedies.append(f"a kernel of at least {stride}")
    if window.kernel > 1 and gcd(stride, window.dilation) > 1:
        causes.append(f"has a common factor with dilation {window.dilation}")
        remedies.append("a dilation without it")
    return f"stride {stride} {listed(causes)}; use {listed(remedies)}, or stride 1 and pool"
