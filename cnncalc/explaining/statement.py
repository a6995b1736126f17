"""Statements about a figure: a claim of a spec, a cell of a sheet, or a number from another tool."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.misconceptions.values import Value, fits
from cnncalc.shapes import MAX_RANK, OTHER_LAYOUT, Layout, Shape


class Reading(NamedTuple):
    """One way to read what was written.

    Attributes:
        value: what it says.
        tolerance: half a unit of the last digit written, for a rounded count.
        other_order: whether a shape was read in the other order than the sheet's.
        partial: whether a shape has no channels, only sizes; they are 0 then.
    """

    value: Value
    tolerance: Fraction = Fraction(0)
    other_order: bool = False
    partial: bool = False

    def says(self, value: Value) -> bool:
        """Whether it says a value, to the digits and sizes that were written."""
        if self.partial and isinstance(value, Shape) and isinstance(self.value, Shape):
            return value.spatial == self.value.spatial
        return fits(value, self.value, self.tolerance)


class Quantity(NamedTuple):
    """A number that may be counted as some tool counts, and half a unit of its last digit."""

    value: Fraction
    tolerance: Fraction


class Statement(NamedTuple):
    """A statement about a figure: somebody says what it is.

    Attributes:
        layer: the path of the row that it is about; empty for the whole network.
        figure: a word of figures; empty for a number without a name.
        text: as it was written.
        readings: the ways to read it, most plausible first.
        quantity: the number, if a way of counting may explain it; None for the answer in a sheet.
    """

    layer: str
    figure: str
    text: str
    readings: tuple[Reading, ...] = ()
    quantity: Quantity | None = None


def shape_readings(sizes: tuple[int, ...], rank: int, layout: Layout) -> tuple[Reading, ...]:
    """The ways to read sizes as a shape, in the order `layout` first; none for another number of them.

    Args:
        sizes: one or more.
        rank: the number of spatial axes that it should have.
        layout: the order in which sizes are expected.
    """
    other = OTHER_LAYOUT[layout]
    if len(sizes) == rank + 1:
        first, second = Shape.of(sizes, layout), Shape.of(sizes, other)
        return (Reading(first),) if first == second else (Reading(first), Reading(second, other_order=True))
    if len(sizes) > 1 and sorted(sizes)[:-1] == [1] * (len(sizes) - 1):
        return (Reading(Shape(max(sizes), (1,) * rank)),)  # 1x1x4096 is the vector, or a map of one pixel
    if not rank and 2 <= len(sizes) <= MAX_RANK + 1:
        return (Reading(Shape.of(sizes, layout)), Reading(Shape.of(sizes, other), other_order=True))
    if len(sizes) == 1 and rank:
        one_pixel = Reading(Shape(sizes[0], (1,) * rank))
        return (one_pixel, Reading(Shape(0, sizes * rank), partial=True))
    return (Reading(Shape(0, sizes), partial=True),) if len(sizes) == rank else ()


def rounding(value: int) -> Fraction:
    """Half a unit of the last digit that is not 0: 105,000,000 is 105 million, perhaps rounded."""
    digits = str(value)
    zeros = len(digits) - len(digits.rstrip("0"))
    return Fraction(10**zeros, 2) if 0 < zeros < len(digits) else Fraction(0)
