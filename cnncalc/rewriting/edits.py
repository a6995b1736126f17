"""Changes to a text at places of its tree; all other bytes stay."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.language.tree import Tree


class Edits:
    """Collects changes; none may overlap another.

    Args:
        tree: whose offsets the changes have.
        original: the text that it was read from, with its own ends of lines.
    """

    def __init__(self, tree: Tree, original: str) -> None:
        self._tree = tree
        self._original = original
        self._changes: list[tuple[int, int, str]] = []

    def replace(self, start: int, stop: int, text: str) -> None:
        """Put a text in place of another."""
        self._changes.append((start, stop, text))

    def insert(self, at: int, text: str) -> None:
        """Put a text in between, behind what was inserted there before."""
        self.replace(at, at, text)

    def applied(self) -> str:
        """The text with all changes."""
        original, places = self._places()
        end, done, parts = line_end(original), 0, []
        for start, stop, text in sorted(self._changes, key=lambda change: change[:2]):
            parts += [original[done : places[start]], text.replace("\n", end)]
            done = places[stop]
        return "".join([*parts, original[done:]])

    def _places(self) -> tuple[str, Sequence[int]]:
        """The original, and where in it each place of the tree is: there an end of line may be two signs."""
        original, text = self._original, self._tree.text
        if re.sub("\r\n?", "\n", original) != text:
            # Pairs of escapes for one sign were put together, and can't be counted apart again.
            return text, range(len(text) + 1)
        places = [index for index, sign in enumerate(original) if sign != "\n" or original[index - 1 : index] != "\r"]
        return original, [*places, len(original)]


def line_end(text: str) -> str:
    """How most lines of a text end."""
    ends = re.findall("\r\n|\r|\n", text)
    return max(("\n", "\r\n", "\r"), key=ends.count)
