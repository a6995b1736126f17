"""Numbers of a spec: `4*c`, `in/2`, `round_to(32*width, 8)`. Exact rationals; no `eval`.

number := 12 | 0.25 | name | number op number | (number) | min(a, b) | max(a, b) | round_to(x, n)
op     := + - * /  (exact)  // (rounds down)  %
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Final

from cnncalc.formula import Evaluation, FormulaError, compiled, parse

MAX_LENGTH: Final = 200
MAX_MAGNITUDE: Final = 10**18
"""A bound that no size, count or intermediate result of a real network comes near."""

Number = int | Fraction


class ExpressionError(Exception):
    """The text is not a number; the message says why."""


class UnknownName(ExpressionError):
    """A name in the expression has no value."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"unknown name '{name}'")


def is_name(text: str) -> bool:
    """Whether a text can be a name in an expression: letters, digits and _, no digit first."""
    return text.isascii() and text.isidentifier()


def integer(text: str) -> int:
    """The whole number in `text`: `0`, or digits without a leading zero, with optional `_`.

    Raises:
        ExpressionError: it is something else, or larger than `MAX_MAGNITUDE`.
    """
    if not (text.isascii() and all(map(str.isdigit, text.split("_")))):
        raise ExpressionError(f"'{text}' is not a whole number")
    if text[0] == "0" and text != "0":
        raise ExpressionError(f"'{text}' has a leading zero; write {text.lstrip('0_') or '0'}")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(_TOO_LARGE)
    value = int(text)
    return int(bounded(value))


def literal(text: str) -> Number:
    """The number in `text`, without names or operators: `12`, `0.25`.

    Raises:
        ExpressionError: it is something else.
    """
    whole, point, decimals = text.partition(".")
    if not point:
        if not text[:1].isdigit():
            raise ExpressionError(f"'{text}' is not a number of 0 or more")
        return integer(text)
    if not (decimals.isascii() and decimals.isdigit() and len(decimals) <= MAX_LENGTH):
        raise ExpressionError(f"'{text}' is not a number")
    return bounded(integer(whole) + Fraction(int(decimals), 10 ** len(decimals)))


_TOO_LARGE = f"the value is larger than any size here ({MAX_MAGNITUDE:,})"


def bounded(value: Number) -> Number:
    """The value, if it is not larger than any size here.

    Raises:
        ExpressionError: it is.
    """
    if not -MAX_MAGNITUDE <= value <= MAX_MAGNITUDE:
        raise ExpressionError(_TOO_LARGE)
    if value.denominator > MAX_MAGNITUDE:
        raise ExpressionError("the value is a fraction of more digits than any figure here has")
    return value


FUNCTIONS: Final = ("min", "max", "round_to")
"""The functions that an expression may use."""


def evaluate(text: str, value_of: Callable[[str], Number]) -> Number:
    """The exact value of an expression.

    Args:
        text: the expression.
        value_of: gives the number of a name, or raises ExpressionError.

    Raises:
        ExpressionError: the text is not an expression, divides by zero or becomes too large.
        UnknownName: a name has no value.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression of {len(text)} characters; {MAX_LENGTH} are allowed")
    try:
        return _evaluation(text)(_Names(value_of))
    except FormulaError as error:
        for name in error.names:
            value_of(name)  # an unknown name is a better message than an error after it
        raise ExpressionError(str(error)) from None


@lru_cache(maxsize=1024)
def _evaluation(text: str) -> Evaluation:
    """The evaluation of an expression, kept: a block uses it again for each use, a sweep for each variant."""
    return compiled(parse(text, FUNCTIONS, literal), checked=bounded)


class _Names(dict[str, Number]):
    """The numbers of names, looked up as they are needed."""

    def __init__(self, value_of: Callable[[str], Number]) -> None:
        self._value_of = value_of

    def __missing__(self, name: str) -> Number:
        return self._value_of(name)


def decimal_text(value: Number) -> str:
    """A number for a message: `1.5`, or `10/3` if no short decimal is exact."""
    if value.denominator == 1:
        return str(value.numerator)
    as_float = value.numerator / value.denominator
    return repr(as_float) if Fraction(repr(as_float)) == value else f"{value.numerator}/{value.denominator}"
