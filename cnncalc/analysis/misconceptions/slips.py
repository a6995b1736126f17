"""Slips of the pen: numbers that are near the right one without a wrong rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cnncalc.analysis.misconceptions.values import Value
from cnncalc.shapes import Shape

FEWEST_DIGITS = 3
"""The fewest digits of a number in which one wrong digit is a slip; a shorter one could be anything."""


WRONG_DIGIT = "wrong-digit"
"""A slip without a rule, right or wrong: nobody makes it twice in the same place."""


class Slip(NamedTuple):
    """One way of slipping.

    Attributes:
        id, rank, phrase, sentence, hint: as of a `Misconception`.
        fits: whether a given value is a slip for a right one.
    """

    id: str
    rank: int
    phrase: str
    sentence: str
    hint: str
    fits: Callable[[Value, Value], bool]


def _numbers(value: Value) -> tuple[int, ...]:
    """The numbers that a value is written with."""
    if isinstance(value, int):
        return (value,)
    return value.sizes() if isinstance(value, Shape) else value


def _off_by_one(given: Value, right: Value) -> bool:
    """Whether all numbers that differ do so by 1 in the same direction."""
    numbers, rights = _numbers(given), _numbers(right)
    if len(numbers) != len(rights):
        return False
    return {n - r for n, r in zip(numbers, rights, strict=True) if n != r} in ({1}, {-1})


def _wrong_digit(given: Value, right: Value) -> bool:
    """Whether one number differs, in one digit or by two neighbours that are swapped."""
    pairs = [(str(n), str(r)) for n, r in zip(_numbers(given), _numbers(right), strict=False) if n != r]
    if len(pairs) != 1 or len(_numbers(given)) != len(_numbers(right)):
        return False
    (written, wanted) = pairs[0]
    if len(written) != len(wanted) or len(wanted) < FEWEST_DIGITS:
        return False
    wrong = [i for i, (a, b) in enumerate(zip(written, wanted, strict=True)) if a != b]
    swapped = len(wrong) == 2 and wrong[1] - wrong[0] == 1 and written[wrong[0]] == wanted[wrong[1]]
    return len(wrong) == 1 or (swapped and written[wrong[1]] == wanted[wrong[0]])


def _lost_zeros(given: Value, right: Value) -> bool:
    """Whether a count is ten, a hundred, ... times too large or too small."""
    if isinstance(given, tuple) or isinstance(right, tuple) or min(given, right) < 1:
        return False
    factor, rest = divmod(max(given, right), min(given, right))
    return not rest and factor > 1 and str(factor).strip("0") == "1"


SLIPS: tuple[Slip, ...] = (
    Slip(
        "magnitude", 50, "with the wrong magnitude",
        "The digits are right, but the magnitude is not: zeros or a suffix are missing or too many.",
        "Look at the magnitude: how many digits should the number have?",
        _lost_zeros,
    ),
    Slip(
        "row-left-out", 55, "without one of the rows",
        "A row is left out of the sum.",
        "Add the column up again: is every row in your sum?",
        lambda given, right: False,  # only a column shows it
    ),
    Slip(
        "off-by-one", 60, "with one too many or too few",
        "The number is off by one.",
        "Calculate it again: you are close.",
        _off_by_one,
    ),
    Slip(
        WRONG_DIGIT, 70, "with a wrong digit",
        "One digit differs, or two are swapped: this looks like an error in copying.",
        "Compare the digits with your calculation: were they copied correctly?",
        _wrong_digit,
    ),
)  # fmt: skip
"""All of them, most plausible first."""
