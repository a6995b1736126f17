"""A worksheet as it is handed out: its words, and its cells with their use; not a page or a workbook yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

CellKind = Literal["words", "none", "shape", "number", "working"]
"""The use of a cell: printed words, no answer, or an answer of one of three kinds."""


class HandoutCell(NamedTuple):
    """One cell; an answer's text is empty unless it is a key's."""

    text: str
    kind: CellKind = "words"

    @property
    def is_answer(self) -> bool:
        """Whether a student writes into it."""
        return self.kind not in ("words", "none")


class Solution(NamedTuple):
    """The worked solution of one layer: its name, what it does, and a line for each step."""

    layer: str
    what: str
    steps: tuple[str, ...]


class Handout(NamedTuple):
    """A worksheet or a key, ready for a page or a workbook.

    Attributes:
        title: the words at its top.
        facts: what it says about itself, by a word of `sheet.FACTS`.
        how: says how to write answers.
        heads: the heads of the columns, with units.
        rows: the cells below them.
        solutions: the worked solutions; none unless it is a key.
    """

    title: str
    facts: Mapping[str, str]
    how: str
    heads: tuple[str, ...]
    rows: tuple[tuple[HandoutCell, ...], ...]
    solutions: tuple[Solution, ...] = ()
