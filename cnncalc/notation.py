"""Formulas of derivations as text and as LaTeX, in symbols or with the numbers put in."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from cnncalc import formula
from cnncalc.formula import Notation


class PrintedNotation(Notation):
    """A notation for people, beside words and products that are no formula.

    Attributes:
        by: what is between the sizes of a shape.
    """

    close = ""
    by: ClassVar[str]

    def formula(self, text: str, values: Mapping[str, int] | None = None) -> str:
        """A formula in symbols, or with each symbol replaced by its value."""
        return formula.write(formula.parse(text), self, values)

    @property
    def times(self) -> str:
        """The sign of a product."""
        return self.signs["*"]

    def words(self, text: str) -> str:
        """Words beside a formula."""
        return text


def _digits(value: int | Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.2f}"


class PlainNotation(PrintedNotation):
    """Signs of Unicode: `⌊(H + 2P − K)/S⌋ + 1`; a number that is not whole has two decimals."""

    signs = {"+": " + ", "-": " − ", "*": "·"}
    by = "×"
    brackets = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}

    def number(self, value: int | Fraction) -> str:
        return _digits(value).replace("-", "−")


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
        return _digits(value).replace(",", "{,}")

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
