"""What an answer can be before it is known whether it is right."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from cnncalc import formula
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.language.expressions import ExpressionError, Number, bounded

MAX_LENGTH = 200
"""Characters of an answer; a longer one is no number."""

BLANK = ("", "?", "...", "…", "n/a", "tbd", "todo")
"""What is written where nothing is answered."""

SIGNS = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-", "–": "-", "·": "*", "∗": "*", "⋅": "*", "’": "'"}
)  # fmt: skip
"""Signs of word processors that mean the same as plain ones."""

REMARK = re.compile(r"\s*\(([^()\d]*)\)")
"""Words in parentheses, as in `896 (with bias)`."""


class NotAnAnswer(Exception):
    """What is written is no number or shape; the message says what was expected."""


class Reading(NamedTuple):
    """One way to read an answer.

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


def is_blank(text: str) -> bool:
    """Whether nothing was answered."""
    return text.strip().lower() in BLANK


def check_length(text: str) -> None:
    """Raise NotAnAnswer where a text is too long to be an answer."""
    if len(text) > MAX_LENGTH:
        raise NotAnAnswer(f"{len(text):,} characters are no answer; at most {MAX_LENGTH} are read")


def last_result(text: str) -> str:
    """What stands behind the last equals sign: `11*11*3*96 + 96 = 34944` says 34944."""
    return text.rsplit("=", 1)[-1].strip()


def calculated(text: str) -> Number | None:
    """The value of a calculation with numbers only; None where it is none, or has no value."""
    try:
        return formula.evaluate(formula.parse(text), {}, bounded)
    except (formula.FormulaError, ExpressionError, KeyError):
        return None


def shortened(text: str) -> str:
    """A text that fits into a message."""
    return text if len(text) <= 40 else f"{text[:37]}..."
