"""A line of prose or LaTeX as plain signs, each with the column that it came from."""

from __future__ import annotations

import re
from typing import NamedTuple

COMMANDS = {
    "times": " × ", "cdot": "*", "ast": "*", "div": "/", "to": " → ", "rightarrow": " → ", "Rightarrow": " → ",
    "longrightarrow": " → ", "implies": " → ", "approx": " ≈ ", "lfloor": "floor(", "rfloor": ")", "lceil": "ceil(",
    "rceil": ")", "left": "", "right": "", "_": "_", "%": "%", "#": "#", "text": "", "mathrm": "", "mathit": "",
    "mathbf": "", "textbf": "", "textit": "", "operatorname": "", "bf": "", "rm": "", "displaystyle": "",
}  # fmt: skip
"""Commands of LaTeX that become something else than a blank; after `text` and its like the braces stay."""

SIGNS = {
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "−": "-", "–": "-", "·": "*", "∗": "*", "⋅": "*", "÷": "/",
    "⟶": "→", "⇒": "→", "➔": "→", "{": "(", "}": ")", "[": "(", "]": ")", "$": " ", "\u00a0": " ", "\u2009": " ",
}  # fmt: skip

_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_THOUSANDS = re.compile(r"(?<=\d)(?:\{,\}|\\[,;])(?=\d{3}(?!\d))")
_FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac")
MAX_DEPTH = 20
MAX_FRACTIONS = 40
"""Fractions of one line; in a line with more they stay as they are."""


class Plain(NamedTuple):
    """Plain text.

    Attributes:
        text: the signs.
        columns: the column of each sign in the line, from 0.
    """

    text: str
    columns: tuple[int, ...]

    def length(self, start: int, end: int) -> int:
        """The columns that the signs from one place up to another take in the line."""
        return max(self.column(end - 1) - self.column(start) + 1, 1)

    def column(self, place: int) -> int:
        """The column of the sign at this place, from 1."""
        return self.columns[min(place, len(self.columns) - 1)] + 1 if self.columns else 1


def plain(line: str) -> Plain:
    """The plain text of a line: fractions as quotients, x between numbers and LaTeX's times as ×, arrows as →."""
    signs: list[tuple[str, int]] = []
    _convert(line, 0, len(line), signs, 0)
    text = "".join(sign for sign, _ in signs)
    text = re.sub(r"(?<=[\d)])(\s*)[xX](\s*)(?=[\d(])", r"\1×\2", text)
    text = text.replace("->", " →").replace("=>", " →")
    return Plain(text, tuple(column for sign, column in signs for _ in sign))


def _convert(line: str, start: int, end: int, signs: list[tuple[str, int]], depth: int) -> None:
    place = start
    while place < end:
        if line.startswith("**", place):
            place += 2
        elif (thousands := _THOUSANDS.match(line, place, end)) is not None:
            signs.append((",", place))
            place = thousands.end()
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
        while place < end and line[place] == " ":
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
