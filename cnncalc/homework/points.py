"""Points, read and written: never rounded up, so that nobody sees full marks without having them."""

from __future__ import annotations

import re
from fractions import Fraction

from cnncalc.language.expressions import ExpressionError, literal

LARGEST_PART = 100
"""The largest denominator that people write."""


def read_points(text: str) -> Fraction:
    """The number in `2`, `0.5`, `1/3` or `2 1/3`.

    Raises:
        ExpressionError: it is not a number.
    """
    match = re.fullmatch(r"(?:(\d{1,6}) +)?(\d{1,6}) ?/ ?(\d{1,6})", text.strip(), re.ASCII)
    if match is None:
        return Fraction(literal(text.strip()))
    whole, part, parts = (int(number or 0) for number in match.groups())
    if not parts:
        raise ExpressionError(f"'{text.strip()}' is divided by 0")
    return whole + Fraction(part, parts)


def points(number: Fraction) -> str:
    """Points as people write them: `31`, `2.5`, `7.999`, `2 1/3`."""
    if 1000 % number.denominator == 0:
        return _decimal(number, 3)
    if number.denominator > LARGEST_PART:
        return _decimal(number, 2)
    whole, part = divmod(number.numerator, number.denominator)
    return f"{f'{whole} ' if whole else ''}{part}/{number.denominator}"


def exact_points(number: Fraction) -> str:
    """Points as a spreadsheet adds them up: `7.999`, `2.333333333333`."""
    return _decimal(number, 12)


def out_of(score: Fraction, maximum: Fraction) -> str:
    """Points with their maximum: `6/8`, `2 1/3 of 4`."""
    texts = points(score), points(maximum)
    return (" of " if "/" in "".join(texts) else "/").join(texts)


def percent(part: Fraction, whole: Fraction) -> str:
    """A part in per cent, with one decimal; 100.0 only for all."""
    text = f"{float(100 * part / whole):.1f}" if whole else "0.0"
    return "99.9" if text == "100.0" and part < whole else text


def _decimal(number: Fraction, places: int) -> str:
    """A number with at most so many decimals; further ones are cut off."""
    digits = f"{number.numerator * 10**places // number.denominator:0{places + 1}d}"
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
