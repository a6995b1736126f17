"""checkerboard: a transposed convolution whose windows overlap unevenly."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd, prod

from cnncalc.check.axes import shorthand
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.transposed import Deconv


def find(subject: Subject) -> Iterator[Remark]:
    """Report transposed convolutions whose outputs get different numbers of taps."""
    for layer in subject.report.layers:
        if isinstance(layer.layer, Deconv):
            axes = zip(layer.layer.kernel, layer.layer.stride, layer.layer.dilation, strict=True)
            taps = [taps_per_output(*axis) for axis in axes]
            if any(least != most for least, most in taps):
                yield Remark(layer.node, _message(layer.layer, taps), "kernel")


def taps_per_output(kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """The fewest and the most taps that reach an output along one axis, away from the border.

    Tap t reaches the outputs that are t*d past a multiple of s: the taps go round s/gcd(s, d)
    places of every s, and the other places get none.
    """
    places = stride // gcd(stride, dilation)
    return 0 if places < stride else kernel // stride, -(-kernel // places)


def _message(deconv: Deconv, taps: list[tuple[int, int]]) -> str:
    fewest, most = prod(low for low, _ in taps), prod(high for _, high in taps)
    stride = shorthand(deconv.stride)
    even = [(max(k // s, 1) * s, -(-k // s) * s) for k, s in zip(deconv.kernel, deconv.stride, strict=True)]
    kernels = dict.fromkeys(shorthand(kernel) for kernel in zip(*even, strict=True))
    cause = f"kernel {shorthand(deconv.kernel)} is no multiple of stride {stride}"
    advice = f"kernel {' or '.join(kernels)}"
    if any(gcd(s, d) > 1 for s, d in zip(deconv.stride, deconv.dilation, strict=True)):
        cause = f"dilation {shorthand(deconv.dilation)} has a common factor with stride {stride}"
        advice = f"dilation 1 and {advice}"
    return f"{cause}: outputs get {fewest} to {most} taps, a checkerboard; use {advice}, or upsample and a conv"


RULE = Rule(
    id="checkerboard",
    severity="warning",
    summary="The kernel of a transposed convolution is no multiple of its stride: its windows overlap unevenly.",
    reason=(
        "Where the stride does not divide the kernel, some outputs add up more products than their neighbours, in a "
        "pattern that repeats with the stride: pictures get a checkerboard that training hardly removes, and several "
        "such layers multiply it. A kernel that the stride divides (4 at stride 2) overlaps evenly; an upsample and a "
        "convolution never overlaps. DCGAN's 5x5 kernels at stride 2 are the article's example. "
        "Source: Odena, Dumoulin, Olah 2016, doi:10.23915/distill.00003."
    ),
    bad="input: {C: 64, H: 16, W: 16}\nlayers:\n- {deconv: 32, kernel: 3, stride: 2}\n",
    good="input: {C: 64, H: 16, W: 16}\nlayers:\n- {deconv: 32, kernel: 4, stride: 2, padding: 1}\n",
    find=find,
)
