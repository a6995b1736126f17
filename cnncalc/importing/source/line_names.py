"""Names of a source's lines: in its file, in a cell of a notebook, or in another file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple, final

from cnncalc.importing.model import ModelGraph, ModelPlace
from cnncalc.language.origins import with_lines


class BesideFile(NamedTuple):
    """Another file: its path, empty if nobody can open it; its path from the folder of the source; its text."""

    path: str
    name: str
    text: str


@final
class LineNames:
    """The lines of all files of a source; those of each file are numbered after those of the files before.

    Args:
        lines: the number of the first file's lines.
        cells: for each of them, its place in a notebook; empty if that is its number.
    """

    def __init__(self, lines: int = 0, cells: Sequence[ModelPlace] = ()) -> None:
        self._cells = cells
        self._ends = [lines]
        self._files: list[BesideFile] = []

    def add(self, file: BesideFile) -> int:
        """The number of lines before those of another file, which is added."""
        self._files.append(file)
        self._ends.append(self._ends[-1] + file.text.count("\n") + 2)
        return self._ends[-2]

    def at(self, place: ModelPlace) -> ModelPlace:
        """A place in its file, with the name of its line."""
        found = self._place(place.line)
        if found is None:
            return place
        return found._replace(column=place.column, text=place.text or found.text)

    def message(self, text: str) -> str:
        """A message with the names of lines in the place of their numbers."""
        return with_lines(text, lambda line: (place := self._place(line)) and place.text)

    def placed(self, graph: ModelGraph) -> ModelGraph:
        """A graph with the names of lines."""
        nodes = tuple(node._replace(at=self.at(node.at)) for node in graph.nodes)
        claims = tuple(claim._replace(at=self.at(claim.at)) for claim in graph.claims)
        texts = {file.path: file.text for file in self._files if file.path}
        slips = tuple((text, self.at(place)) for text, place in graph.slips)
        notes = tuple(map(self.message, graph.notes))
        return graph._replace(nodes=nodes, notes=notes, claims=claims, texts=texts, slips=slips)

    def _place(self, line: int) -> ModelPlace | None:
        """The place of a line; None if it is in the file that is read."""
        number = bisect_right(self._ends, line - 1)
        if 0 < number <= len(self._files):
            inside, file = line - self._ends[number - 1], self._files[number - 1]
            return ModelPlace(inside if file.path else 1, 1, f"{file.name} line {inside}", file.path)
        return self._cells[line - 1] if 0 < line <= len(self._cells) else None
