"""The base of the writers of all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cnncalc.render.document import Block, Document, Prose
from cnncalc.render.grid import Grid
from cnncalc.render.latex_fit import TEXT_WIDTH
from cnncalc.render.numbers import Units


class Style(NamedTuple):
    """The style in which documents are written.

    Attributes:
        units: the way to write numbers for people.
        several: whether there may be more than one document.
        ascii_only: whether signs beyond ASCII are to be escaped if a format can.
        text_width: of a page of LaTeX, in points.
        say: takes messages to the reader besides the text.
    """

    units: Units = "exact"
    several: bool = False
    ascii_only: bool = False
    text_width: float = TEXT_WIDTH
    say: Callable[[str], None] = lambda text: None


PLAIN = Style()
"""The style of a document alone, on a page of the class article."""

Writer = Callable[[Iterable[Document], Style], Iterator[str]]
"""Documents → their text, piece by piece if they come one by one."""


class Page(NamedTuple):
    """The writers of a format for each block.

    Attributes:
        prose: the text of a block of prose.
        table, heading, lines: the text of the others; all end with a line break.
    """

    prose: Callable[[Prose], str]
    table: Callable[[Grid, Units], str]
    heading: Callable[[str], str]
    lines: Callable[[str], str]

    def pieces(self, documents: Iterable[Document], units: Units) -> Iterator[str]:
        """The text of every title and every block."""
        for document in documents:
            if document.title:
                yield self.heading(document.title)
            yield from (self._block(block, units) for block in document.blocks())

    def _block(self, block: Block, units: Units) -> str:
        match block:
            case Grid():
                return self.table(block, units)
            case Prose():
                return self.prose(block)
            case _:
                return self.lines(block)
