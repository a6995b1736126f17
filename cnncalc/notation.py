"""Formulas as text and as LaTeX, in symbols or with the numbers put in; numbers and lists in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar

from cnncalc import formula
from cnncalc.formula import Notation


class PrintedNotation(Notation):
    """A notation for people, for use with words and products that are not formulas.

    Attributes:
        by: the text between the sizes of a shape.
    """

    close = ""
    by: ClassVar[str]

    def formula(self, text: str, values: Mapping[str, int] | None = None) -> str:
        """A formula in symbols, or with each symbol replaced by its value."""
        return formula.write(formula.parse(text), self, values) if values else _in_symbols(text, self)

    def calculation(self, text: str, values: Mapping[str, int], result: int | Fraction) -> list[str]:
        """A formula, the numbers put in, the steps of a rounding, and the result; nothing twice in a row."""
        parsed = formula.parse(text)
        middle = (formula.write(step, self, values) for step in formula.roundings(parsed, values))
        parts = [self.formula(text), self.formula(text, values), *middle, self.number(result)]
        return [part for i, part in enumerate(parts) if i == 0 or part != parts[i - 1]]

    @property
    def times(self) -> str:
        """The sign of a product."""
        return self.signs["*"]

    def words(self, text: str) -> str:
        """Words next to a formula."""
        return text


@lru_cache(maxsize=1024)
def _in_symbols(text: str, notation: Notation) -> str:
    """A formula in symbols, kept: many layers have the same."""
    return formula.write(formula.parse(text), notation)


MOST_DECIMALS = 9


def digits(value: int | Fraction) -> str:
    """A number with commas between thousands; two decimals if it is not whole, and more if it would look whole."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    decimals = next((n for n in range(2, MOST_DECIMALS) if round(Fraction(value), n).denominator != 1), MOST_DECIMALS)
    return f"{float(value):,.{decimals}f}".rstrip("0").rstrip(".")


def several(count: int, word: str) -> str:
    """A number of things: `1 file`, `2,000 files`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Words in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


class PlainNotation(PrintedNotation):
    """Signs of Unicode: `⌊(H + 2P − K)/S⌋ + 1`; a number that is not whole has two decimals."""

    signs = {"+": " + ", "-": " − ", "*": "·", "//": " // ", "%": " % "}
    by = "×"
    brackets = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}

    def number(self, value: int | Fraction) -> str:
        return digits(value).replace("-", "−")


class LatexNotation(PrintedNotation):
    r"""LaTeX mathematics: `\left\lfloor\frac{H + 2P - K}{S}\right\rfloor + 1`."""

    signs = {"+": " + ", "-": " - ", "*": r" \cdot "}
    by = r" \times "
    brackets = {
        "floor": (r"\left\lfloor ", r"\right\rfloor"),
        "ceil": (r"\left\lceil ", r"\right\rceil"),
        "min": (r"\min\left(", r"\right)"),
        "max": (r"\max\left(", r"\right)"),
    }

    def words(self, text: str) -> str:
        return rf"\text{{{text}}}"

    def number(self, value: int | Fraction) -> str:
        return digits(value).replace(",", "{,}")

    def symbol(self, name: str) -> str:
        base, _, index = name.partition("_")
        word = base if len(base) == 1 else rf"\mathrm{{{base}}}"
        return rf"{word}_{{\mathrm{{{index.replace('_', '')}}}}}" if index else word

    def parentheses(self, text: str) -> str:
        return rf"\left({text}\right)"

    def quotient(self, above: tuple[str, int], below: tuple[str, int]) -> str:
        return rf"\frac{{{above[0]}}}{{{below[0]}}}"


PLAIN = PlainNotation()
LATEX = LatexNotation()
