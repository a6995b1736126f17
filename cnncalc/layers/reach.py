"""The inputs that one output can see, along one axis: the arithmetic of the receptive field.

A layer maps output index o to the input indices first(o) to last(o). Along an axis this repeats: for
a convolution with stride s every output looks like the one before, s inputs further on; a transposed
convolution or an upsampling repeats only every s outputs. Indices outside the input are padding.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.layers.windows import Window

MAX_PERIOD = 1024
"""The most outputs after which the pattern must repeat; real networks need 32."""


class Reach(NamedTuple):
    """The inputs that outputs see along one axis.

    Output o, with q the number of ranges, sees the inputs first + advance·(o//q) to
    last + advance·(o//q), where (first, last) = ranges[o % q]. An output that no input reaches, in
    the gaps of a transposed convolution, has the range None.

    Attributes:
        ranges: for the first outputs, until it repeats; empty if that takes too long to list.
        advance: the number of inputs by which each repetition moves on.
    """

    ranges: tuple[tuple[int, int] | None, ...]
    advance: int


SAME_PLACE = Reach(((0, 0),), 1)
"""Output o sees input o: every layer that works value by value or across channels."""

UNREACHED = Reach((None,), 1)
"""No output sees an input."""

UNLISTED = Reach((), 0)
"""The pattern repeats only after more than `MAX_PERIOD` outputs."""


def shifted(offset: int) -> Reach:
    """Output o sees input o + offset: positive for a crop, negative for padding."""
    return Reach(((offset, offset),), 1)


def window_reach(window: Window) -> Reach:
    """The reach of a convolution or pool: the window's extent, from -before on."""
    return Reach(((-window.before, window.effective - 1 - window.before),), window.stride)


def repeated(factor: int) -> Reach:
    """The reach of an upsampling: `factor` neighbouring outputs see one input."""
    return Reach(((0, 0),) * factor, 1) if factor <= MAX_PERIOD else UNLISTED


def transposed_reach(kernel: int, stride: int, dilation: int, before: int) -> Reach:
    """The reach of a transposed convolution: input i reaches the outputs i·s - b + t·d, for each tap t < k."""
    if max(kernel, stride) > MAX_PERIOD:
        return UNLISTED
    ranges: list[tuple[int, int] | None] = []
    for output in range(stride):
        positions = [output + before - tap * dilation for tap in range(kernel)]
        inputs = [position // stride for position in positions if position % stride == 0]
        ranges.append((min(inputs), max(inputs)) if inputs else None)
    return Reach(tuple(ranges), 1)


def unpooled_reach(window: Window) -> Reach:
    """The reach of an unpooling into the pool's input: the whole window around the output, which may be its maximum."""
    around = transposed_reach(window.kernel, window.stride, window.dilation, window.before)
    starts = [None if seen is None else seen[0] * window.stride - window.before for seen in around.ranges]
    ranges = (None if start is None else (start, start + window.effective - 1) for start in starts)
    return Reach(tuple(ranges), window.stride)


def adaptive_reach(size: int, outputs: int) -> Reach:
    """The reach of an adaptive pool: output o of m sees floor(o·n/m) to ceil((o+1)·n/m) - 1."""
    if outputs > MAX_PERIOD:
        return UNLISTED
    return Reach(tuple((o * size // outputs, -(-(o + 1) * size // outputs) - 1) for o in range(outputs)), size)
