"""Numbers as people round them: 61M, 1.2 million, 14万."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NamedTuple

from cnncalc.formula import Number

SCALES: Final = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mil": 10**6, "mio": 10**6, "mill": 10**6, "million": 10**6,
    "millions": 10**6, "b": 10**9, "g": 10**9, "billion": 10**9, "billions": 10**9, "万": 10**4, "百万": 10**6,
    "千万": 10**7, "亿": 10**8, "millionen": 10**6, "milliarden": 10**9,
}  # fmt: skip
"""Words after a number that multiply it."""

SCALE: Final = "|".join(sorted(SCALES, key=len, reverse=True))
_ROUNDED = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s*({SCALE})(?![A-Za-z])", re.IGNORECASE)


class Rounded(NamedTuple):
    """A number that stands for all that round to it.

    Attributes:
        value: as it was written.
        unit: that of its last digit; 0 for an exact number.
        text: as it was written.
        digits: the number without its scale, which may be that of the other side, too: 6 + 3 = 9 million.
    """

    value: Fraction
    unit: Fraction
    text: str
    digits: Number = 0

    def allows(self, exact: Number) -> bool:
        """Whether a number can be meant: rounded, cut off, or counted in 1,024."""
        return self._rounds(Fraction(exact)) or (self.unit > 0 and self._rounds(Fraction(exact) * 1000 / 1024))

    def _rounds(self, exact: Fraction) -> bool:
        return abs(exact - self.value) <= self.unit / 2 or 0 <= exact - self.value < self.unit


def rounded_number(text: str) -> Rounded | None:
    """A number with its scale; None if a text is something else."""
    match = _ROUNDED.fullmatch(text.strip())
    if match is None:
        return None
    scale = SCALES[match[2].lower()]
    digits = match[1].replace(",", "")
    _, _, decimals = digits.partition(".")
    zeros = len(digits) - len(digits.rstrip("0")) if not decimals else 0
    unit = Fraction(scale * int(10 ** min(zeros, len(digits) - 1)), int(10 ** len(decimals)))
    return Rounded(Fraction(digits) * scale, unit, match[0].strip(), Fraction(digits))
