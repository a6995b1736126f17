"""The collector of everything that is wrong in one spec."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from cnncalc.errors import Problem, SpecError

MAX_PROBLEMS = 100
"""After this many, a file is not a spec with mistakes but something else."""


class Positioned(Protocol):
    """Anything with a place in the text; line and column count from 0."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class TooManyProblems(Exception):
    """Raised to end the reading of a file once `MAX_PROBLEMS` are collected."""


class Problems:
    """Collects the problems of one file. Reading goes on after a problem wherever it can."""

    def __init__(self, file: str, text: str, found: Iterable[Problem] = ()) -> None:
        self.file = file
        self.text = text
        self._found = {(p.line, p.column, p.message): p for p in found}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, at: Positioned, message: str, rule: str, where: str = "") -> None:
        """Note a problem at the start of `at`.

        Args:
            at: the node or line that is wrong.
            message: what is wrong, what was expected and what to do.
            rule: the id of the rule that it breaks.
            where: how the place is reached, for a block; a problem of a block is noted for the
                first use only.
        """
        line, column = at.line + 1, at.column + 1
        if (line, column, message) not in self._found:
            length = max(len(getattr(at, "text", "")), 1)
            self._found[line, column, message] = Problem(line, column, message + where, rule, length)
        if len(self._found) >= MAX_PROBLEMS:
            raise TooManyProblems

    @property
    def found(self) -> tuple[Problem, ...]:
        """All problems so far."""
        return tuple(self._found.values())

    def error(self) -> SpecError:
        """The error that carries all problems."""
        return SpecError(self.file, self.found, self.text)

    def raise_if_any(self) -> None:
        """Raise SpecError if there are problems."""
        if self._found:
            raise self.error()


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'kernel'?` where a known word is near, else the empty string."""
    from difflib import get_close_matches

    if len(word) > 40:
        return ""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""
