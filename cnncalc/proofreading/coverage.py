"""How much of a write-up is understood, and what is passed over: nothing may be found because nothing is read."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from cnncalc.notation import listed, several

MOST_NAMED = 5
"""How many lines of one sort are named."""


class TextPart(NamedTuple):
    """A sort of parts of a text.

    Attributes:
        noun: the word for one.
        reason: why it is passed over, in words after the noun; empty if it is understood.
    """

    noun: str
    reason: str = ""


CALCULATION = TextPart("calculation")
LAYER = TextPart("layer")
ROW = TextPart("table row")
NO_TABLE = TextPart("table", "without columns of layers and outputs")
TOO_FEW = TextPart("table", "of which too few rows follow from their settings and the row above")
NO_WINDOW = TextPart("row", "of another kind than convolution or pool")
NO_MAP = TextPart("row", "without a map that enters or leaves")
UNUSUAL = TextPart("layer", "of a kind that is not judged")
SUPPOSED = TextPart("sentence", "that only supposes")
UNKNOWN = TextPart("sentence", "with numbers that are not understood")
PARTS = (CALCULATION, LAYER, ROW, NO_TABLE, TOO_FEW, NO_WINDOW, NO_MAP, UNUSUAL, SUPPOSED, UNKNOWN)


class Coverage:
    """Collects the lines of the parts of a text.

    Attributes:
        rows: the lines of tables, which have no sentences.
    """

    def __init__(self) -> None:
        self.rows: Container[int] = ()
        self._lines: dict[TextPart, list[int]] = {}

    def add(self, part: TextPart, line: int) -> None:
        """Add a part of the text."""
        if part not in (SUPPOSED, UNKNOWN) or line not in self.rows:
            self._lines.setdefault(part, []).append(line)

    def words(self, places: Sequence[str] = ()) -> str:
        """The numbers of parts that are understood, then of those that are passed over, with the reasons.

        Args:
            places: for each line the words for its place, if that is not its number.
        """
        found = [part for part in PARTS if part in self._lines]
        understood = listed([several(len(self._lines[part]), part.noun) for part in found if not part.reason])
        passed = ", ".join(self._passed(part, places) for part in found if part.reason)
        return f"understood: {understood or 'nothing'}" + (f"; passed over: {passed}" if passed else "")

    def _passed(self, part: TextPart, places: Sequence[str]) -> str:
        lines = sorted(set(self._lines[part]))
        named = [places[line - 1] if places else str(line) for line in lines[:MOST_NAMED]]
        more = ["..."] * (len(lines) > MOST_NAMED)
        word = "" if places else "line " if len(lines) == 1 else "lines "
        where = ("; " if places else ", ").join([*named, *more])
        return f"{several(len(self._lines[part]), part.noun)} {part.reason} ({word}{where})"
