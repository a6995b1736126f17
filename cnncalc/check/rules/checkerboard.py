"""checkerboard: a transposed convolution whose windows overlap unevenly."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd, prod

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.layers.transposed import Deconv
from cnncalc.shapes import shorthand


@rule("warning")
def checkerboard(subject: Subject) -> Iterator[Complaint]:
    """Report transposed convolutions whose outputs get different numbers of taps."""
    for layer in subject.layers_of((Deconv.kind,)):
        if isinstance(layer.layer, Deconv):
            axes = zip(layer.layer.kernel, layer.layer.stride, layer.layer.dilation, strict=True)
            fewest, most = zip(*(taps_per_output(*axis) for axis in axes), strict=True)
            if fewest != most:
                yield Complaint(layer.node, _message(layer.layer, prod(fewest), prod(most)), "kernel")


def taps_per_output(kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """The fewest and the most taps that reach an output along one axis, away from the border.

    Tap t reaches the outputs that are t*d past a multiple of s: the taps go round s/gcd(s, d)
    places of every s, and the other places get none.
    """
    places = stride // gcd(stride, dilation)
    return 0 if places < stride else kernel // stride, -(-kernel // places)


def _message(deconv: Deconv, fewest: int, most: int) -> str:
    stride = shorthand(deconv.stride)
    even = [(max(k // s, 1) * s, -(-k // s) * s) for k, s in zip(deconv.kernel, deconv.stride, strict=True)]
    kernels = dict.fromkeys(shorthand(kernel) for kernel in zip(*even, strict=True))
    cause = f"kernel {shorthand(deconv.kernel)} is not a multiple of stride {stride}"
    advice = f"kernel {' or '.join(kernels)}"
    if any(gcd(s, d) > 1 for s, d in zip(deconv.stride, deconv.dilation, strict=True)):
        cause = f"dilation {shorthand(deconv.dilation)} has a common factor with stride {stride}"
        advice = f"dilation 1 and {advice}"
    return f"{cause}: outputs get {fewest} to {most} taps, a checkerboard; use {advice}, or upsample and a conv"
