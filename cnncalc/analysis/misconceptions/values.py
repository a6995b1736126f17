"""Given values of figures: counts, shapes, and one number for each axis."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.shapes import Shape

Value = int | Shape | tuple[int, ...]
"""A count, a shape, or one number for each spatial axis."""


def fits(value: Value, given: Value, tolerance: Fraction = Fraction(0)) -> bool:
    """Whether a value is the given one, to the digits that were written."""
    one, other = count_in(value), count_in(given)
    if tolerance and one is not None and other is not None and type(value) is type(given):
        return abs(one - other) <= tolerance
    return type(value) is type(given) and value == given


def first_number(value: Value) -> int:
    """The number whose calculation is shown: for a map or for sizes that of the first axis."""
    if isinstance(value, Shape):
        return value.spatial[0] if value.spatial else value.channels
    return value[0] if isinstance(value, tuple) else value


def count_in(value: Value) -> int | None:
    """The single number of a count or of a vector; None for a map and for sizes."""
    if isinstance(value, Shape):
        return None if value.rank else value.channels
    return None if isinstance(value, tuple) else value


def is_coarse(given: Value, tolerance: Fraction) -> bool:
    """Whether a rounded number has fewer than three digits, given half a unit of its last one."""
    count = count_in(given)
    return bool(tolerance) and count is not None and count < 200 * tolerance
