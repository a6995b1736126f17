"""An answer sheet as it was handed in: rows with answers as text, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.errors import Problem, SheetError
from cnncalc.figures import FIGURES
from cnncalc.homework.variants import MAX_SEED, Variant
from cnncalc.language.problems import one_line
from cnncalc.network.model import Network

MAX_DEPTH = 1000
"""Levels of blocks that a worksheet can say."""

RULE = "sheet"
"""The rule that problems of a sheet carry."""

FACTS = ("worksheet", "seed", "remainders", "depth", "student", "id", "layout", "input")
"""What a sheet says about itself, above its rows."""

COLUMN_HEADS: dict[str, tuple[str, ...]] = {
    "layer": ("layer", "layers", "name", "row", "block"),
    **{figure.name: tuple(figure.heads.split()) for figure in FIGURES.values()},
    "working": ("working", "calculation", "workings"),
}
"""Heads of columns by what stands below them, without blanks and signs."""

SETTING_HEADS = ("operation", "settings", "kind", "from", "reads", "input", "line", "note", "notes", "number", "no")
"""Heads of columns that hold no answers."""


class Cell(NamedTuple):
    """One answer.

    Attributes:
        text: as it was written.
        line, column: where, from 1; the column is that of the table in a CSV.
    """

    text: str
    line: int
    column: int = 1


class SheetRow(NamedTuple):
    """The answers about one layer.

    Attributes:
        name: the layer's name as written; empty where it is missing.
        line: where it stands, from 1.
        cells: the answers by figure.
        working: the calculation that was written down, if any.
        operation: what the sheet says that the layer does; empty where it does not.
    """

    name: str
    line: int
    cells: Mapping[str, Cell]
    working: Cell | None = None
    operation: str = ""


class Sheet(NamedTuple):
    """One sheet.

    Attributes:
        file: its name.
        facts: what it says about itself, by a word of `FACTS`.
        figures: the figures that it has a place for.
        rows: its rows, in order.
        problems: what is wrong with it, as far as it could still be read.
        network: where the answers are the claims of a spec, its network; what it does not claim is
            not asked for.
    """

    file: str
    facts: Mapping[str, str]
    figures: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...] = ()
    network: Network | None = None

    @property
    def student(self) -> str:
        """Whose sheet it is: as it says, else the name of its file."""
        return self.facts.get("student", "") or re.sub(r"\.\w+$", "", self.file.replace("\\", "/").rsplit("/", 1)[-1])

    @property
    def variant(self) -> Variant | None:
        """The variant that it carries; None for the spec's own numbers.

        Raises:
            SheetError: its seed is no seed.
        """
        has_remainders = self.facts.get("remainders", "").strip().lower() in ("yes", "true", "1")
        return None if self.seed is None else Variant(self.seed, has_remainders)

    @property
    def seed(self) -> int | None:
        """The seed that it carries, if any.

        Raises:
            SheetError: it is no seed.
        """
        return self._number("seed", 0, MAX_SEED)

    @property
    def depth(self) -> int | None:
        """How far the rows of the worksheet were unfolded; None for every layer.

        Raises:
            SheetError: what the sheet says about it is no depth.
        """
        return self._number("depth", 1, MAX_DEPTH)

    def _number(self, word: str, least: int, most: int) -> int | None:
        """A whole number that it says about itself, as a spreadsheet writes it: `7`, `007` or `7.0`."""
        text = self.facts.get(word, "").strip()
        if not text:
            return None
        whole = text.removesuffix(".0")
        digits = whole.lstrip("0") or whole[:1]
        is_short = digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))
        if not is_short or not least <= int(digits) <= most:
            raise unreadable(self.file, f"{word} is '{text[:40]}'; a whole number from {least} to {most:,} is expected")
        return int(digits)


def plain(text: str) -> str:
    """A name without capitals, blanks and signs: `Conv 1` and `conv_1` are the same layer."""
    return re.sub(r"[^0-9a-z./]", "", text.lower())


def column_meaning(head: str) -> str:
    """What stands in a column: `layer`, a figure or `working`; empty for settings and for what is not known."""
    bare = plain(re.sub(r"[(\[].*", "", head)).replace("/", "").replace(".", "")
    return next((meaning for meaning, heads in COLUMN_HEADS.items() if bare in heads), "")


def is_settings(head: str) -> bool:
    """Whether a column holds the settings of layers, as a worksheet prints them."""
    return plain(head) in SETTING_HEADS


def problem(line: int, column: int, message: str) -> Problem:
    """Something that is wrong with a sheet; its words cannot steer a terminal."""
    return Problem(line, column, one_line(message), RULE)


def unreadable(file: str, message: str, line: int = 1, column: int = 1) -> SheetError:
    """The error that a sheet cannot be read at all."""
    return SheetError(file, [problem(line, column, message)])
