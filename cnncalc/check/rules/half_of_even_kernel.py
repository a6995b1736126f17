"""half-of-even-kernel: `padding: half` keeps the size for odd kernels only."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.check.words import axis_names, leaving
from cnncalc.shapes import shorthand


@rule("warning")
def half_of_even_kernel(subject: Subject) -> Iterator[Complaint]:
    """Report layers of stride 1 whose half padding makes the map one smaller."""
    for layer, axes in subject.sliding:
        shrunk = {letter: w for letter, w in axes if w.stride == 1 and w.effective % 2 == 0}
        if shrunk and getattr(layer.layer, "padding", None) == "half":
            extent = shorthand([window.effective for window in shrunk.values()])
            padding = shorthand([window.before for window in shrunk.values()])
            message = (
                f"half of the even window {extent} is {padding} on both sides, 1 too few in "
                f"{axis_names(list(shrunk))}: the output is {leaving(layer)}; 'padding: same' keeps the size, as half "
                "does for odd kernels"
            )
            yield Complaint(layer.node, message, "padding")
