"""Texts on lines that a terminal has room for, broken between words only."""

from __future__ import annotations

import re
from itertools import pairwise

from cnncalc.render.screen import cell_width

LEAST = 20
"""The fewest columns of a line, however narrow a terminal says it is."""

GLUE = "\N{NO-BREAK SPACE}"


def folded(text: str, width: int) -> str:
    """A text whose lines are no longer than a width: what goes on below is indented as far as the words above it."""
    if max(map(len, text.splitlines()), default=0) <= width:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        words = re.match(r" *(\S+(?: \S+)*  +)?", line)
        indent = words.end() if words and words[1] else len(line) - len(line.lstrip()) + 2
        hanging = " " * (indent if indent <= width // 2 else 4)
        glued = line[:indent] + _glued(line[indent:], width - len(hanging))
        lines += wrapped(glued, width, hanging) or [""]
    return "\n".join(lines).replace(GLUE, " ")


def wrapped(text: str, width: int, hanging: str = "") -> list[str]:
    """The lines of a paragraph; a word that is longer than a line, as the path of a file, stays whole."""
    bare = text.translate({ord(sign): " " for sign in "\n\t"})
    offsets = [0, *breaks(bare, max(width, LEAST), len(hanging)), len(bare)]
    lines = [bare[start:stop].rstrip(" ") for start, stop in pairwise(offsets)]
    return [line if number == 0 else f"{hanging}{line}" for number, line in enumerate(lines)] if bare.strip() else []


def breaks(text: str, width: int, hanging: int) -> list[int]:
    """The starts of a text's lines, without the first; those have so many blanks before them, and no word is broken."""
    offsets, start, room = list[int](), 0, width
    for word in re.finditer(rf"(?:\S|{GLUE})+", text):
        if text[start : word.start()].strip() and cell_width(text[start : word.end()]) > room:
            start, room = word.start(), width - hanging
            offsets.append(start)
    return offsets


def _glued(words: str, room: int) -> str:
    """Words in which each chain of equations folds before its signs only, as far as each side of one has room."""
    return "".join(_glued_chain(clause, room) for clause in re.split(r"((?<=[,;:.]) +| {3,})", words))


def _glued_chain(clause: str, room: int) -> str:
    first, *sides = clause.split(" = ")
    if len(sides) < 2:
        return clause
    parts = (first, *(f"= {side}" for side in sides))
    return " ".join(part.replace(" ", GLUE) if len(part) <= room else part for part in parts)
