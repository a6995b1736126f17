"""Equations of a line: `(W - K + 2P)/S + 1 = (224 - 11 + 2(2))/4 + 1 = 55` has three sides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.formula import Call, Constant, Formula, FormulaError, Number, Operation, evaluate, parse, symbols
from cnncalc.language.expressions import ExpressionError, bounded
from cnncalc.proofreading.plain import Plain

_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?!\d|,\d)|\d+(?:\.\d+)?)|(?P<name>[A-Za-z_](?:[\w.]*\w)?(?:\[-?\d\])?)"
    r"|(?P<word>[万亿千百兆])|(?P<op>//|[-+*/%×()^])|(?P<equals>(?<![=<>!:+*/%-])=(?!=))|(?P<gap>[ ]+)|(?P<other>.)",
    re.DOTALL,
)
_ROUNDINGS = ("floor", "ceil")
_SIGNS = ("+", "-", "*", "/", "//", "%", "×", "(", "^")
_POWER = re.compile(r"(\d+) \^ (?:(\d+)|\( (\d+) \))")
MAX_POWER = 12
MAX_TOKENS = 60
"""The most words and signs of one side; a longer one is not a calculation of a write-up."""


MAX_FORMULAS = 20
"""The most formulas of one line that are looked at."""


class Token(NamedTuple):
    """A word or sign of a line: its class, its text, and its place in the plain text."""

    kind: str
    text: str
    place: int


class Term(NamedTuple):
    """One side of an equation.

    Attributes:
        text: as it was written, in plain signs.
        formula: its formula.
        place: where it begins in the plain text.
        end: where it ends there.
        after: the word after it, as `million`; empty if there is none.
    """

    text: str
    formula: Formula
    place: int
    end: int
    after: str = ""

    @property
    def value(self) -> Number | None:
        """Its value; None if it has names, or no value."""
        if symbols(self.formula):
            return None
        try:
            return evaluate(self.formula, {}, bounded)
        except (FormulaError, ExpressionError):
            return None

    @property
    def is_calculation(self) -> bool:
        """Whether there is something to compute."""
        return not isinstance(self.formula, Constant)

    @property
    def is_size(self) -> bool:
        """Whether it may be a size, as 55 × 55 × 96."""
        return isinstance(self.formula, Operation) and "×" in self.text and set(self.formula.signs) == {"*"}


def tokens(text: str) -> list[Token]:
    """The words and signs of a text, without blanks."""
    found = (Token(str(match.lastgroup), match[0], match.start()) for match in _TOKEN.finditer(text))
    return [token for token in found if token.kind != "gap"]


def equations(line: Plain) -> Iterator[list[Term]]:
    """The sides of each equation, from left to right; what is not a formula ends one."""
    words = tokens(line.text)
    ends = [index for index, token in enumerate(words) if token.kind == "equals"]
    sides: list[Term] = []
    start = 0
    for stop in [*ends, len(words)] if ends else []:
        first = _first_side(line.text, words, start, stop) if sides else None
        if first is not None:
            sides.append(first)
        last = _last_side(line.text, words, start, stop)
        if first is None or last is None or (first.place, first.text) != (last.place, last.text):
            if len(sides) > 1:
                yield sides
            sides = [last] if last is not None else []
        start = stop + 1
    if len(sides) > 1:
        yield sides


def formulas(line: Plain) -> Iterator[Term]:
    """The formulas in parentheses that are in no equation, as (W - K + 2P)/S + 1 in a sentence."""
    words = tokens(line.text)
    if sum(token.kind == "name" for token in words) < 2:
        return
    tried = 0
    for place, token in enumerate(words):
        if token.text != "(" or is_argument(words, place) or (place and words[place - 1].kind in ("op", "equals")):
            continue
        start = place - 1 if place and words[place - 1].text in _ROUNDINGS else place
        stop = next((i for i in range(start, len(words)) if words[i].kind in ("equals", "other")), len(words))
        tried += 1
        if tried > MAX_FORMULAS or (stop < len(words) and words[stop].kind == "equals"):
            continue
        side = _first_side(line.text, words, start, stop)
        if side is not None and symbols(side.formula):
            yield side


def _first_side(text: str, words: list[Token], start: int, stop: int) -> Term | None:
    """The longest side that begins with the first word."""
    length = 0
    while start + length < stop and length < MAX_TOKENS and words[start + length].kind in ("number", "name", "op"):
        length += 1
    for end in range(start + length, start, -1):
        if end < len(words) and words[end].text == "^":
            continue
        if side := _side(text, words[start:end], words[end] if end < len(words) else None):
            return side
    return None


def _last_side(text: str, words: list[Token], start: int, stop: int) -> Term | None:
    """The side that ends with the last word: the longest one, without the words of a sentence before it."""
    begin = stop
    while begin > start and stop - begin < MAX_TOKENS and words[begin - 1].kind in ("number", "name", "op"):
        begin -= 1
    for first in range(begin, stop):
        before = words[first - 1] if first > begin else None
        if before is not None and (before.kind != "name" or words[first].text != "(" and words[first].kind == "op"):
            continue  # the words before belong to the calculation
        if is_argument(words, first) or (first and words[first - 1].text in ("^", *_ROUNDINGS)):
            continue
        if side := _side(text, words[first:stop], words[stop] if stop < len(words) else None):
            return side
    return None


def is_argument(words: Sequence[Token], place: int) -> bool:
    """Whether a parenthesis belongs to the name before it, as in f(3), a[4] or sqrt(2)."""
    if not place or words[place].text != "(" or words[place - 1].kind != "name":
        return False
    name = words[place - 1]
    return name.text not in _ROUNDINGS and name.place + len(name.text) == words[place].place


def _side(text: str, words: list[Token], after: Token | None) -> Term | None:
    signs = [token.text for token in words]
    if not words or signs.count("(") != signs.count(")") or words[-1].text in _SIGNS:
        return None
    try:
        formula = parse(written_formula(words), _ROUNDINGS)
    except FormulaError:
        return None
    end = words[-1].place + len(words[-1].text)
    follows = after.text if after is not None and (after.kind in ("name", "word") or after.text == "%") else ""
    return Term(" ".join(text[words[0].place : end].split()), formula, words[0].place, end, follows)


def written_formula(words: list[Token]) -> str:
    """The formula in its own language: 2(P) as 2*(P), 2P as 2*P; two names side by side are not a formula."""
    parts: list[str] = []
    for index, token in enumerate(words):
        before = words[index - 1] if index else None
        if before is not None and (before.kind == "number" or before.text == ")"):
            touches = before.place + len(before.text) == token.place
            is_letter = token.kind == "name" and len(token.text) == 1
            if (token.text == "(" and before.text == ")") or (touches and (is_letter or token.text == "(")):
                parts.append("*")
        word = token.text.replace(",", "") if token.kind == "number" else token.text.replace("×", "*")
        parts.append(re.sub(r"\W", "_", word) if token.kind == "name" else word)
    return _POWER.sub(_product, " ".join(parts))


def _product(power: re.Match[str]) -> str:
    """3 ^ 2 as a product; a power that is too high stays, and is not a formula."""
    base, times = power[1], int(power[2] or power[3])
    return f"( {' * '.join([base] * times)} )" if 1 < times <= MAX_POWER else power[0]


class WindowNumbers(NamedTuple):
    """A calculation of an output size: (size - kernel + padded)/stride + 1.

    Attributes:
        size, kernel, padded, stride: the numbers; `padded` on both sides together.
        added: what is added to the quotient, 1 if it is right.
    """

    size: Number
    kernel: Number
    padded: Number
    stride: Number
    added: Number


def as_window(formula: Formula) -> WindowNumbers | None:
    """The numbers of a window's calculation; None if it calculates something else."""
    if isinstance(formula, Call) and formula.function == "floor":
        formula = formula.arguments[0]
    if not (isinstance(formula, Operation) and formula.is_sum and len(formula.operands) == 2):
        return None
    quotient, added = formula.operands
    if isinstance(quotient, Call) and quotient.function == "floor":
        quotient = quotient.arguments[0]
    if not (isinstance(added, Constant) and isinstance(quotient, Operation) and quotient.signs in (("/",), ("//",))):
        return None
    above, below = quotient.operands
    if not (isinstance(below, Constant) and isinstance(above, Operation) and above.is_sum):
        return None
    return _window(above, below.number, added.number * (1 if formula.signs == ("+",) else -1))


def _window(above: Operation, stride: Number, added: Number) -> WindowNumbers | None:
    signs = ("+", *above.signs)
    values = [Term("", operand, 0, 0).value for operand in above.operands]
    if None in values or not isinstance(above.operands[0], Constant) or signs.count("-") != 1:
        return None
    numbers = [value for value in values if value is not None]
    kernel = numbers[signs.index("-")]
    padded = sum(value for sign, value in zip(signs[1:], numbers[1:], strict=True) if sign == "+")
    return WindowNumbers(numbers[0], kernel, padded, stride, added)
