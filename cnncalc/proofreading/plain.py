"""Prose or LaTeX as plain signs, each with the line and the column that it came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

COMMANDS = {
    "times": " × ", "cdot": "*", "ast": "*", "div": "/", "to": " → ", "rightarrow": " → ", "Rightarrow": " → ",
    "longrightarrow": " → ", "implies": " → ", "approx": " ≈ ", "lfloor": "floor(", "rfloor": ")", "lceil": "ceil(",
    "rceil": ")", "left": "", "right": "", "_": "_", "%": "%", "#": "#", "text": "", "mathrm": "", "mathit": "",
    "mathbf": "", "textbf": "", "textit": "", "operatorname": "", "bf": "", "rm": "", "displaystyle": "",
    "lbrack": "(", "rbrack": ")", "big": "", "Big": "", "bigl": "", "bigr": "", "Bigl": "", "Bigr": "", "bigg": "",
    "biggl": "", "biggr": "", "Biggl": "", "Biggr": "", "frac": "frac", "sqrt": "sqrt", "log": "log", "ln": "ln",
    "exp": "exp", "max": "max", "min": "min", "sum": "sum", "prod": "prod", "mod": "mod", "bmod": "mod",
}  # fmt: skip
"""Commands of LaTeX that become something other than a blank; after `text` and similar ones the braces stay.
Functions keep their names, so that their arguments are not taken for a calculation."""

SIGNS = {
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "−": "-", "–": "-", "·": "*", "∗": "*", "⋅": "*", "÷": "/",
    "⟶": "→", "⇒": "→", "➔": "→", "{": "(", "}": ")", "[": "(", "]": ")", "$": " ", "\u00a0": " ", "\u2009": " ",
    "²": "^2", "³": "^3", "\n": " ", "&": " ", "（": "(", "）": ")", "＋": "+", "＝": "=", "，": ", ", "：": ": ",
    "～": "~", "✕": "×", "╳": "×",
}  # fmt: skip

_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_THOUSANDS = re.compile(r"(?<=\d)(?:\{,\}|\\[,;])(?=\d{3}(?!\d))")
_NEW_LINE = re.compile(r"\\\\(?:\[[^\]\n]*\])?(?=\s*&?\s*(=)?)")
_FRAME = re.compile(r"\\(?:begin|end|tag|label)\{[^{}]*\}|\\q?quad")
_INDEX = re.compile(
    r"(?<=[A-Za-z])(?:\[\s*[a-z]\s*(?:[-+]\s*\d\s*)?\]|\^(?:[a-zA-Z]\b|\{[^{}]*(?:[A-Za-z]|\{)[^{}]*\}*\}))"
)
_FIXED = {_FRAME: " ; ", _NEW_LINE: " ; ", _THOUSANDS: ","}
"""Spellings of one sign; a new line is a blank if an equation goes on in it."""

_FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac")
MAX_DEPTH = 20
MAX_FRACTIONS = 40
"""The most fractions of one line; in a line with more they stay as they are."""


class Plain(NamedTuple):
    """Plain text.

    Attributes:
        text: the signs.
        places: line and column of each sign, from 1.
    """

    text: str
    places: tuple[tuple[int, int], ...]

    def at(self, place: int) -> tuple[int, int]:
        """Line and column of the sign at this place."""
        return self.places[min(place, len(self.places) - 1)] if self.places else (1, 1)

    def length(self, start: int, end: int) -> int:
        """The columns that the signs from one place up to another take in the line of the first."""
        line, column = self.at(start)
        return max(at - column + 1 for other, at in self.places[start:end] if other == line)


def plain(text: str, number: int = 1, column: int = 1) -> Plain:
    """The plain text of lines: fractions as quotients, x between numbers and LaTeX's times as ×, arrows as →.

    Args:
        text: one line, or the lines of one formula.
        number: of the first line.
        column: of the first sign.
    """
    signs: list[tuple[str, int]] = []
    _convert(text, 0, len(text), signs, 0)
    return _with_places(signs, text, number, column)


def _with_places(signs: list[tuple[str, int]], lines: str, number: int, column: int) -> Plain:
    text = "".join(sign for sign, _ in signs)
    text = re.sub(r"(?<=[\d)])(\s*)[xX](\s*)(?=[\d(])", r"\1×\2", text)
    text = text.replace("->", " →").replace("=>", " →")
    starts = [0, *accumulate(len(line) + 1 for line in lines.split("\n"))]
    places = []
    for sign, at in signs:
        line = bisect_right(starts, at) - 1
        places += [(number + line, at - starts[line] + (column if not line else 1))] * len(sign)
    kept = [index for index, sign in enumerate(text) if sign != " " or not text.startswith("  ", index)]
    return Plain("".join(text[index] for index in kept), tuple(places[index] for index in kept))


def _convert(line: str, start: int, end: int, signs: list[tuple[str, int]], depth: int) -> None:
    place = start
    while place < end:
        if line.startswith("**", place):
            place += 2
        elif (index := _INDEX.match(line, place, end)) is not None:
            place = index.end()
        elif (fixed := next(filter(None, (one.match(line, place, end) for one in _FIXED)), None)) is not None:
            goes_on = fixed.re is _NEW_LINE and fixed[1]
            signs.append((" " if goes_on else _FIXED[fixed.re], place))
            place = fixed.end()
        elif (command := _COMMAND.match(line, place, end)) is not None:
            name, after = command[1], command.end()
            if (
                name in _FRACTIONS
                and depth < (MAX_DEPTH if line.count("frac") < MAX_FRACTIONS else 0)
                and (groups := _two_groups(line, after, end))
            ):
                for sign, (first, last) in zip(("((", ")/("), groups, strict=True):
                    signs.append((sign, place))
                    _convert(line, first, last, signs, depth + 1)
                signs.append(("))", place))
                after = groups[1][1] + 1
            else:
                signs.append((COMMANDS.get(name, " "), place))
            place = after
        elif line.startswith("_{", place) and (closing := _closing(line, place + 1, end)) > 0:
            signs += [
                ("_", place),
                *((sign, at) for at, sign in enumerate(line[place:closing], place) if sign.isalnum()),
            ]
            place = closing + 1
        else:
            signs.append((SIGNS.get(line[place], line[place]), place))
            place += 1


def _two_groups(line: str, place: int, end: int) -> list[tuple[int, int]]:
    """The insides of two groups in braces; empty if there are no two."""
    groups = []
    for _ in range(2):
        while place < end and line[place] in " \n":
            place += 1
        if place >= end or line[place] != "{":
            return []
        closing = _closing(line, place, end)
        if closing < 0:
            return []
        groups.append((place + 1, closing))
        place = closing + 1
    return groups


def _closing(line: str, place: int, end: int) -> int:
    depth = 0
    for index in range(place, end):
        depth += {"{": 1, "}": -1}.get(line[index], 0)
        if not depth:
            return index
    return -1
