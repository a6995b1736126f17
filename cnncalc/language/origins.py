"""The origins of an imported text's lines, so that findings in it are about the file that people have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cnncalc.errors import Problem, SpecError


class Origin(NamedTuple):
    """A place in the file that a text was made of.

    Attributes:
        file: its name.
        line, column: from 1.
        length: the characters that it covers.
        words: the name of the place there, as `cell 3 line 2`; empty if the line is enough.
    """

    file: str
    line: int
    column: int = 1
    length: int = 1
    words: str = ""

    def message(self, text: str) -> str:
        """A message about this place."""
        return f"{self.words}: {text}" if self.words else text


class Origins(NamedTuple):
    """The places that a text comes from.

    Attributes:
        texts: the files, by their names.
        lines: by the line of the text, from 1.
        layers: by the path of a layer.
    """

    texts: Mapping[str, str] = {}
    lines: Mapping[int, Origin] = {}
    layers: Mapping[str, Origin] = {}

    def message(self, text: str) -> str:
        """A message with the lines of the file in the place of those of the text."""
        return with_lines(text, lambda line: (at := self.lines.get(line)) and (at.words or f"line {at.line}"))


def with_lines(message: str, called: Callable[[int], str | None]) -> str:
    """A message with the names of its lines in place of their numbers; a number stays if its name is None."""

    def moved(found: re.Match[str]) -> str:
        name = called(int(found[2]))
        on = found[1] or ""
        return found[0] if name is None else f"{on if name.startswith('line ') else on.replace('on', 'in')}{name}"

    return re.sub(r"\b(on )?line (\d{1,7})\b", moved, message)


def relocated_error(error: SpecError, origins: Origins | None) -> SpecError:
    """The same error with the places of the file that the text was made from, if there is one."""
    if origins is None:
        return error
    problems = []
    for problem in error.problems:
        at = origins.lines.get(problem.line)
        moved = at and Problem(
            at.line, at.column, at.message(origins.message(problem.message)), problem.rule, at.length
        )
        problems.append(moved or problem)
    return SpecError(error.file, problems, origins.texts.get(error.file, error.text))
