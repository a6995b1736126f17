"""Formulas of derivations as text and as LaTeX, in symbols or with the numbers put in.

A formula is an expression in Python syntax over symbols: `floor((H + 2*P - K)/S) + 1`.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction

_SUM, _PRODUCT, _ATOM = 1, 2, 3


class Notation(ABC):
    """How operators, functions, symbols and numbers are written."""

    def formula(self, text: str, values: Mapping[str, int] | None = None) -> str:
        """A formula in symbols, or with each symbol replaced by its value."""
        return self._write(ast.parse(text, mode="eval").body, values)[0]

    def _write(self, node: ast.expr, values: Mapping[str, int] | None) -> tuple[str, int]:
        """The text of an expression, and how tightly it binds."""
        match node:
            case ast.Constant(value=int(number)):
                return self.number(number), _ATOM
            case ast.Name(id=name):
                if values is None:
                    return self.symbol(name), _ATOM
                return self.number(values[name]), _ATOM if values[name] >= 0 else _SUM
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.function(name, [self._write(argument, values)[0] for argument in arguments]), _ATOM
            case ast.BinOp(left=left, op=operator, right=right):
                return self._operation(operator, left, right, values)
        raise ValueError(f"no notation for {ast.dump(node)}")

    def _operation(
        self, operator: ast.operator, left: ast.expr, right: ast.expr, values: Mapping[str, int] | None
    ) -> tuple[str, int]:
        if isinstance(operator, ast.Div):
            return self.quotient(self._write(left, values), self._write(right, values)), _PRODUCT
        if isinstance(operator, ast.Mult):
            close = values is None and isinstance(left, ast.Constant) and _one_letter(right)
            sign = "" if close else self.times
            return self._within(left, values, _PRODUCT) + sign + self._within(right, values, _ATOM), _PRODUCT
        sign = " + " if isinstance(operator, ast.Add) else self.minus
        return self._within(left, values, _SUM) + sign + self._within(right, values, _PRODUCT), _SUM

    def _within(self, node: ast.expr, values: Mapping[str, int] | None, least: int) -> str:
        """An operand, in parentheses where it binds less tightly than its surroundings."""
        text, binding = self._write(node, values)
        return text if binding >= least else self.parentheses(text)

    times: str
    by: str
    minus: str

    @abstractmethod
    def words(self, text: str) -> str:
        """Words beside a formula."""

    @abstractmethod
    def number(self, value: int | Fraction) -> str:
        """A number; one that is not whole with two decimals."""

    @abstractmethod
    def symbol(self, name: str) -> str:
        """A symbol or a word."""

    @abstractmethod
    def parentheses(self, text: str) -> str:
        """An expression in parentheses."""

    @abstractmethod
    def quotient(self, above: tuple[str, int], below: tuple[str, int]) -> str:
        """A division, of texts with their binding."""

    @abstractmethod
    def function(self, name: str, arguments: list[str]) -> str:
        """floor, ceil or max."""


def _one_letter(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and len(node.id) == 1


def _digits(value: int | Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.2f}"


class PlainNotation(Notation):
    """Signs of Unicode: `⌊(H + 2P − K)/S⌋ + 1`."""

    times = "·"
    by = "×"
    minus = " − "

    def words(self, text: str) -> str:
        return text

    def number(self, value: int | Fraction) -> str:
        return _digits(value).replace("-", "−")

    def symbol(self, name: str) -> str:
        return name

    def parentheses(self, text: str) -> str:
        return f"({text})"

    def quotient(self, above: tuple[str, int], below: tuple[str, int]) -> str:
        left = above[0] if above[1] >= _PRODUCT else self.parentheses(above[0])
        right = below[0] if below[1] >= _ATOM else self.parentheses(below[0])
        return f"{left}/{right}"

    def function(self, name: str, arguments: list[str]) -> str:
        brackets = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}
        opening, closing = brackets.get(name, (f"{name}(", ")"))
        return f"{opening}{', '.join(arguments)}{closing}"


class LatexNotation(Notation):
    r"""LaTeX mathematics: `\left\lfloor\frac{H + 2P - K}{S}\right\rfloor + 1`."""

    times = r" \cdot "
    by = r" \times "
    minus = " - "

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

    def function(self, name: str, arguments: list[str]) -> str:
        brackets = {"floor": (r"\left\lfloor ", r"\right\rfloor"), "ceil": (r"\left\lceil ", r"\right\rceil")}
        opening, closing = brackets.get(name, (rf"\{name}\left(", r"\right)"))
        return f"{opening}{', '.join(arguments)}{closing}"


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


def symbols_in(formula: str) -> dict[str, str]:
    """The symbols of a formula that need explaining, with their meanings."""
    names = [node.id for node in ast.walk(ast.parse(formula, mode="eval")) if isinstance(node, ast.Name)]
    meanings = {name: SYMBOLS[name] for name in SYMBOLS if name in names}
    inputs = [name for name in sorted(set(names)) if name.startswith("C_") and name[2:].isdigit()]
    return meanings | {name: f"channels of input {name[2:]}" for name in inputs}
