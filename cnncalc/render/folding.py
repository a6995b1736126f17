"""Texts on lines that a terminal has room for, broken between words only."""

from __future__ import annotations

import re

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
    """The lines of a text of one line; a word that is longer than a line, as the path of a file, stays whole."""
    from textwrap import wrap  # show has no need of it

    return wrap(text, max(width, 20), subsequent_indent=hanging, break_on_hyphens=False, break_long_words=False)


def _glued(words: str, room: int) -> str:
    """Words in which each chain of equations folds before its signs only, as far as each side of one has room."""
    return "".join(_glued_chain(clause, room) for clause in re.split(r"((?<=[,;:.]) +| {3,})", words))


def _glued_chain(clause: str, room: int) -> str:
    first, *sides = clause.split(" = ")
    if len(sides) < 2:
        return clause
    parts = (first, *(f"= {side}" for side in sides))
    return " ".join(part.replace(" ", GLUE) if len(part) <= room else part for part in parts)
