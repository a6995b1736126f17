"""Changes to a text at places of its tree; all other bytes stay."""

from __future__ import annotations

import re


class Edits:
    """Collects changes; none may overlap another.

    Args:
        original: the text, with its own ends of lines; the changes have the offsets of its tree.
    """

    def __init__(self, original: str) -> None:
        self._original = original
        self._changes: list[tuple[int, int, str]] = []

    def replace(self, start: int, stop: int, text: str) -> None:
        """Put a text in place of another."""
        self._changes.append((start, stop, text))

    def insert(self, at: int, text: str) -> None:
        """Insert a text at a place, after those that were inserted there before."""
        self.replace(at, at, text)

    def applied(self) -> str:
        """The text with all changes."""
        original, end, done, parts = self._original, line_end(self._original), 0, []
        # What is one place of the tree's text, an end of line, may be two signs of the original.
        places = [index for index, sign in enumerate(original) if sign != "\n" or original[index - 1 : index] != "\r"]
        places.append(len(original))
        for start, stop, text in sorted(self._changes, key=lambda change: change[:2]):
            parts += [original[done : places[start]], text.replace("\n", end)]
            done = places[stop]
        return "".join([*parts, original[done:]])


def line_end(text: str) -> str:
    """The end that most lines of a text have."""
    ends = re.findall("\r\n|\r|\n", text)
    return max(("\n", "\r\n", "\r"), key=ends.count)
