"""What the lines of a source are called: those of its file, of a cell of a notebook, or of another file."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import final

from cnncalc.importing.model import ModelGraph, ModelPlace


@final
class LineNames:
    """The lines of all files that a source consists of; those of each file are numbered after those before it.

    Args:
        lines: how many the first file has.
        cells: for each of them, what it is called; empty if that is its number.
    """

    def __init__(self, lines: int = 0, cells: list[str] | None = None) -> None:
        self._cells = cells or []
        self._ends = [lines]
        self._files: list[str] = []

    def add(self, file: str, lines: int) -> int:
        """How many lines are before those of another file."""
        self._files.append(file)
        self._ends.append(self._ends[-1] + lines)
        return self._ends[-2]

    def at(self, place: ModelPlace) -> ModelPlace:
        """A place with the name of its line."""
        text = place.text or self._called(place.line)
        return ModelPlace(text=text) if place.line > self._ends[0] else place._replace(text=text)

    def told(self, message: str) -> str:
        """A message with the names of lines in the place of their numbers."""
        return re.sub(r"\bline (\d{1,7})\b", lambda found: self._called(int(found[1])) or found[0], message)

    def placed(self, graph: ModelGraph) -> ModelGraph:
        """A graph with the names of lines."""
        nodes = tuple(node._replace(at=self.at(node.at)) for node in graph.nodes)
        return graph._replace(nodes=nodes, notes=tuple(map(self.told, graph.notes)))

    def _called(self, line: int) -> str:
        """What a line is called; empty if it is one of the file that is read."""
        number = bisect_right(self._ends, line - 1)
        if 0 < number <= len(self._files):
            return f"{self._files[number - 1]} line {line - self._ends[number - 1]}"
        return self._cells[line - 1] if 0 < line <= len(self._cells) else ""
