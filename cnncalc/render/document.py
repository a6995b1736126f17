"""What a command has to say, before it is text; and the formats that it can be written in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from cnncalc.render.grid import Grid
from cnncalc.render.numbers import Units


class Prose(NamedTuple):
    """A text that each format lays out in its own way, as derivations with their formulas.

    Attributes:
        text, markdown, latex, html: the text in each; it ends with a line break.
    """

    text: Callable[[], str]
    markdown: Callable[[], str]
    latex: Callable[[], str]
    html: Callable[[], str]


Block = Grid | Prose | str
"""A table, or a text whose lines all end with a line break."""


class Document(NamedTuple):
    """What a command has to say about one thing; each part is made when a format asks for it.

    Attributes:
        blocks: tables and texts, as a page has them.
        data: the same and more as plain data, for JSON.
        name: the SPEC that it is about, which is a column of CSV where there are several.
        title: the line above all blocks; empty where each has its own.
        screen: what a terminal of some width has in place of the blocks.
        records: what CSV has in place of the first table: a row for each thing, with a cell for each figure.
        by_key: whether JSON has a line for each key, and of a list of objects one for each, and no more.
    """

    blocks: Callable[[], Sequence[Block]]
    data: Callable[[], Any]
    name: str = ""
    title: str = ""
    screen: Callable[[int], Sequence[Block]] | None = None
    records: Callable[[], Grid] | None = None
    by_key: bool = False

    def as_records(self) -> Grid:
        """The table that CSV has."""
        return self.records() if self.records else next(block for block in self.blocks() if isinstance(block, Grid))

    def on_screen(self, width: int) -> Sequence[Block]:
        """What a terminal has."""
        return self.screen(width) if self.screen else self.blocks()


class Style(NamedTuple):
    """How documents are written.

    Attributes:
        units: how people read numbers.
        several: whether there may be more than one document.
        ascii_only: whether signs beyond ASCII are to be escaped where a format can.
    """

    units: Units = "exact"
    several: bool = False
    ascii_only: bool = False


Writer = Callable[[Iterable[Document], Style], Iterator[str]]
"""Documents → their text, piece by piece where they come one by one."""


class Format(NamedTuple):
    """A format that documents can be written in.

    Attributes:
        suffix: what its files are called.
        module: the module of `render` whose `written` writes it, imported when it is used.
    """

    suffix: str
    module: str = ""

    def writer(self) -> Writer:
        """What writes documents in this format."""
        found: Writer = import_module(f"cnncalc.render.{self.module}").written
        return found


FORMATS = {
    "table": Format(".txt"),  # for terminals, which cli prints to
    "csv": Format(".csv", "csv_text"),
    "markdown": Format(".md", "markdown"),
    "latex": Format(".tex", "latex"),
    "html": Format(".html", "html"),
    "json": Format(".json", "json_text"),
}
"""The formats that every command has. To add one, add it here, and `written` in a module of its own."""
