"""Numbers of a spec: `4*c`, `in/2`, `round_to(32*width, 8)`. Exact rationals; no `eval`.

number := 12 | 0.25 | name | number op number | (number) | min(a, b) | max(a, b) | round_to(x, n)
op     := + - * /  (exact)  // (rounds down)  %
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final

MAX_LENGTH: Final = 200
MAX_PARENTHESES: Final = 20
MAX_MAGNITUDE: Final = 10**18
"""No size, count or intermediate result of a real network comes near it."""

Number = int | Fraction

# Patterns are compiled when they are needed: most specs need none, and each costs as much as a layer kind.
_TOKEN = r"\s*(?:(?P<number>\d[\d_]*(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<op>//|[-+*/%(),]))"


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
    """The whole number that `text` is: `0`, or digits without a leading zero, with optional `_`.

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
    """The number that `text` is, without names or operators: `12`, `0.25`.

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


def evaluate(text: str, value_of: Callable[[str], Number]) -> Number:
    """The exact value of an expression.

    Args:
        text: the expression.
        value_of: gives the number behind a name, or raises ExpressionError.

    Raises:
        ExpressionError: the text is not an expression, divides by zero or becomes too large.
        UnknownName: a name has no value.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression of {len(text)} characters; {MAX_LENGTH} are allowed")
    return _Evaluation(_tokens(text), value_of).whole()


def _tokens(text: str) -> list[tuple[str, str]]:
    pattern = re.compile(_TOKEN, re.ASCII)
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = pattern.match(text, position)
        if match is None:
            bad = text[position:].lstrip()[0]
            raise ExpressionError(f"'{bad}' has no meaning in a number")
        tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
        position = match.end()
    return [*tokens, ("end", "")]


class _Evaluation:
    """Recursive descent over the tokens, computing as it goes."""

    def __init__(self, tokens: list[tuple[str, str]], value_of: Callable[[str], Number]) -> None:
        self._tokens = iter(tokens)
        self._kind, self._token = next(self._tokens)
        self._value_of = value_of
        self._depth = 0

    def whole(self) -> Number:
        value = self._sum()
        if self._kind != "end":
            raise ExpressionError(f"'{self._token}' is not expected here")
        return value

    def _take(self) -> tuple[str, str]:
        taken = self._kind, self._token
        self._kind, self._token = next(self._tokens, ("end", ""))
        return taken

    def _expect(self, token: str) -> None:
        if self._token != token:
            found = f"'{self._token}'" if self._token else "the end"
            raise ExpressionError(f"'{token}' is expected where {found} stands")
        self._take()

    def _sum(self) -> Number:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Number:
        return self._chain(("*", "/", "//", "%"), self._atom)

    def _chain(self, operators: tuple[str, ...], operand: Callable[[], Number]) -> Number:
        value = operand()
        while self._kind == "op" and self._token in operators:
            _, operator = self._take()
            value = bounded(_apply(operator, value, operand()))
        return value

    def _atom(self) -> Number:
        kind, token = self._take()
        if kind == "number":
            return literal(token)
        if token == "(":
            return self._nested(")")
        if kind == "name" and token in FUNCTIONS and self._token == "(":
            return bounded(FUNCTIONS[token](*self._arguments()))
        if kind == "name":
            return self._value_of(token)
        if token in ("+", "-"):
            raise ExpressionError(f"a number has no sign here; '{token}' stands between two")
        raise ExpressionError(f"a number is expected where {repr(token) if token else 'the end'} stands")

    def _arguments(self) -> tuple[Number, Number]:
        self._expect("(")
        return self._nested(","), self._nested(")")

    def _nested(self, closing: str) -> Number:
        self._depth += 1
        if self._depth > MAX_PARENTHESES:
            raise ExpressionError(f"more than {MAX_PARENTHESES} parentheses inside one another")
        value = self._sum()
        self._expect(closing)
        self._depth -= 1
        return value


def _apply(operator: str, a: Number, b: Number) -> Number:
    if b == 0 and operator in ("/", "//", "%"):
        raise ExpressionError(f"{a} {operator} 0: division by zero")
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return Fraction(a) / b
        case "//":
            return a // b
        case _:
            return a % b


def round_to(x: Number, n: Number) -> Number:
    """The multiple of n nearest to x, never below 90 % of x, at least n (the MobileNet rule).

    Raises:
        ExpressionError: n is not positive.
    """
    if n <= 0:
        raise ExpressionError("round_to needs a positive second value")
    nearest = max(n, (x + Fraction(n) / 2) // n * n)
    return nearest + n if nearest < Fraction(9, 10) * x else nearest


FUNCTIONS: Final[dict[str, Callable[[Number, Number], Number]]] = {"min": min, "max": max, "round_to": round_to}


def decimal_text(value: Number) -> str:
    """A number for a message: `1.5`, or `10/3` where no short decimal is exact."""
    if value.denominator == 1:
        return str(value.numerator)
    as_float = value.numerator / value.denominator
    return repr(as_float) if Fraction(repr(as_float)) == value else f"{value.numerator}/{value.denominator}"
