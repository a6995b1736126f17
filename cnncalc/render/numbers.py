"""Numbers and settings as people read them."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

Units = Literal["exact", "human"]

_SUFFIXES = ("", "K", "M", "G", "T", "P", "E")


def number_text(value: int, units: Units = "exact") -> str:
    """A count: `105,415,200`, or `105.4M` (four significant digits, 1K = 1,000) for human."""
    if units == "exact" or abs(value) < 1000:
        return f"{value:,}"
    digits = len(str(abs(value)))
    leading = _rounded(abs(value), digits - 4)
    if leading == 10_000:
        digits, leading = digits + 1, 1000
    power = (digits - 1) // 3
    sign = "-" if value < 0 else ""
    if power >= len(_SUFFIXES):
        return f"{sign}{leading // 1000}.{leading % 1000:03}e+{digits - 1}"
    whole = str(leading)[: digits - 3 * power]
    decimals = str(leading)[len(whole) :]
    return f"{sign}{whole}{'.' if decimals else ''}{decimals}{_SUFFIXES[power]}"


def exact_or_rounded(value: int | Fraction) -> int | str:
    """A number for a cell: whole ones as they are, a quotient with two decimals."""
    return value if isinstance(value, int) else f"{float(value):.2f}"


def plain_number(value: int | Fraction) -> int | float:
    """A number as JSON has it."""
    return value.numerator if value.denominator == 1 else float(value)


def _rounded(value: int, places: int) -> int:
    """The value over 10^places, half rounded up; exact, unlike a float."""
    if places <= 0:
        return value * int(10**-places)
    unit = int(10**places)
    return (2 * value + unit) // (2 * unit)


def by(sizes: tuple[int | Fraction | None, ...]) -> str:
    """Sizes with a sign between them: `11×11`; `?` for one that is not known."""
    return "×".join("?" if size is None else str(size) for size in sizes)


def size_text(sizes: tuple[int | Fraction, ...]) -> str:
    """A size per axis, as one number if all axes agree: `4`, `1×7`."""
    return str(sizes[0]) if len(set(sizes)) == 1 else by(sizes)


def padding_text(padding: str | tuple[tuple[int, int], ...]) -> str:
    """A padding as a spec would say it: `same`, `2`, `0×3`, `[[0, 1], [0, 1]]`."""
    if isinstance(padding, str):
        return padding
    if all(before == after for before, after in padding):
        return size_text(tuple(before for before, _ in padding))
    return str([list(pair) for pair in padding])
