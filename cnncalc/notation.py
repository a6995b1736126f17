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

SYMBOLS = {
    "H": "height of the input",
    "W": "width of the input",
    "D": "depth of the input",
    "L": "length of the input",
    "C": "channels",
    "K": "kernel size",
    "S": "stride",
    "P": "padding on each side",
    "E": "effective kernel, the kernel with its gaps",
    "d": "dilation",
    "A": "output_padding",
    "P_before": "padding before",
    "P_after": "padding after",
    "K_h": "kernel height",
    "K_w": "kernel width",
    "K_d": "kernel depth",
    "K_l": "kernel length",
    "C_in": "channels of the input, or its length where it is a vector",
    "filters": "channels of the output",
    "out": "values in the output",
    "inputs": "values in the input",
    "features": "outputs of the layer",
    "to": "the first channel that is not taken",
    "start": "the first channel that is taken",
    "factor": "how often each value is repeated",
    "size": "the size asked for",
    "block_size": "values of a block along the axis",
    "cells": "values of a block",
    "multiplier": "filters for each channel",
    "per_input": "MACs of one input",
    "batch": "inputs at once",
    "groups": "parts that the channels are split into",
    "links": "pairs of a filter and an input map that it sees",
    "r_in": "receptive field of the layer's input",
    "j_in": "jump of the layer's input: pixels from one value to the next",
    "start_in": "first pixel that the layer's input sees",
    "moved": "values read and written",
    "bytes": "bytes of one value",
    "positions": "places of the window in the output",
}
"""What each symbol means, for a reader who has not met it."""


def symbols_in(text: str) -> dict[str, str]:
    """The symbols of a formula that need explaining, with their meanings."""
    names = formula.symbols(formula.parse(text))
    meanings = {name: SYMBOLS[name] for name in SYMBOLS if name in names}
    inputs = [name for name in sorted(names) if name.startswith("C_") and name[2:].isdigit()]
    return meanings | {name: f"channels of input {name[2:]}" for name in inputs}
