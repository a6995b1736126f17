"""The arithmetic of misread terms, with the numbers put in: what a student must have calculated."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from cnncalc.analysis.misconceptions.axis import Axis
from cnncalc.analysis.misconceptions.terms import Terms, figure_of, output_shape


def arithmetic(terms: Terms, figure: str) -> str:
    """A figure as a formula in numbers, in Python syntax: `floor((227 + 2*0 - 11)/4) + 1`.

    Of a shape it is the size of the first axis with a window. Empty where there is nothing to calculate,
    or where it is not one line.

    Args:
        terms: the terms, right or wrong.
        figure: a word of `terms.FIGURES`.
    """
    match figure:
        case "out":
            return _size(terms)
        case "params":
            return _params(terms)
        case "macs":
            return _macs(terms)
        case "flops":
            macs = _macs(terms)
            return f"2*{macs}" if macs and " + " not in macs else ""
        case "receptive_field":
            return _field(terms)
    return ""


def _size(t: Terms) -> str:
    if t.stated is not None or output_shape(t) is None:
        return ""
    if t.flat:
        sizes = [axis.size for axis in t.axes]
        return "*".join(map(str, (t.channels, *sizes) if t.channels > 1 else sizes))
    windows = t.windows()
    if not windows:
        return ""
    return _transposed(windows[0]) if windows[0].rule == "transposed" else _window(windows[0])


def _window(axis: Axis) -> str:
    rounded = "floor" if axis.rounding == "floor" else "ceil"
    before, after = axis.pads
    steps = axis.size + before + after - axis.effective
    quotient = steps // axis.stride if axis.rounding == "floor" else -(-steps // axis.stride)
    padded = f"{axis.size}{_padding(axis, ' + ')}{_signed(-axis.effective)}"
    # What a clipped last window takes away belongs to the term at the end.
    return f"{rounded}(({padded})/{axis.stride}){_signed((axis.outputs or 0) - quotient)}"


def _transposed(axis: Axis) -> str:
    return f"({axis.size} - 1)*{axis.stride}{_padding(axis, ' - ')}{_signed(axis.effective)}{_signed(axis.extra)}"


def _padding(axis: Axis, sign: str) -> str:
    before, after = axis.pads
    if before == after:
        return f"{sign}2*{before}"
    return "".join(f"{sign}{one}" for one in (before, after) if one) if min(before, after) >= 0 else ""


def _signed(number: int) -> str:
    """A summand with its sign; nothing for 0."""
    return "" if not number else f" {'+' if number > 0 else '-'} {abs(number)}"


def _weights(t: Terms) -> str:
    """The product of the weights; empty where a factor is no whole number."""
    if isinstance(t.depth, Fraction) or not t.taps:
        return ""
    kernel = [axis.kernel for axis in t.axes]
    taps = kernel if kernel and prod(kernel) == t.taps else [t.taps] if t.axes else []
    return "*".join(map(str, (*taps, t.depth, t.kernels or t.filters)))


def _params(t: Terms) -> str:
    weights, value = _weights(t), figure_of(t, "params")
    if t.taps and not weights:
        return ""
    per_channel = f"{t.learned}*{t.filters}" if t.learned else ""
    summands = [text for text in (weights, per_channel) if text]
    product = t.copies * t.taps * t.depth * (t.kernels or t.filters) + t.learned * t.filters
    rest = value - product if isinstance(value, int) and isinstance(product, int) else 0
    if weights and t.copies > 1:
        summands[0] = f"{t.copies}*{weights}"
    return " + ".join([*summands, *([str(rest)] if rest or not summands else [])])


def _macs(t: Terms) -> str:
    shape, weights = output_shape(t), _weights(t)
    if (
        shape is None
        or not weights
        or t.biased
        or t.more_macs
        or t.factor != 1
        or any(a.rule == "transposed" for a in t.axes)
    ):
        return ""
    if t.stated is not None and shape.channels != t.filters:
        return ""
    positions = shape.spatial if t.positions is None else (t.positions,) if t.positions != 1 else ()
    return "*".join((*map(str, positions), weights))


def _field(t: Terms) -> str:
    if not t.moving or not t.axes:
        return ""
    axis = t.axes[0]
    return f"{axis.field} + ({axis.effective}{_signed(-axis.less)})*{axis.jump}"
