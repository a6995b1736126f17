"""The document of a command, before it is text; and the formats in which it can be written.

`show` loads this for every table, so that classes are plain ones: records of the library take longer to make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cnncalc.render.grid import Grid

if TYPE_CHECKING:
    from cnncalc.render.writers import Writer


class Prose:
    """A text that each format lays out in its own way, as derivations with their formulas.

    Args:
        text, markdown, latex, html: the text in each; it ends with a line break.
    """

    def __init__(
        self, text: Callable[[], str], markdown: Callable[[], str], latex: Callable[[], str], html: Callable[[], str]
    ) -> None:
        self.text = text
        self.markdown = markdown
        self.latex = latex
        self.html = html


Block = Grid | Prose | str
"""A table, or a text whose lines all end with a line break."""


class Document:
    """The document about one thing; each part is made when a format asks for it.

    Args:
        blocks: tables and texts, as a page has them.
        data: the same and more as plain data, for JSON.
        name: the SPEC that it is about, which is a column of CSV if there are several.
        title: the line above all blocks; empty if each has its own.
        screen: what a terminal of some width has in place of the blocks.
        records: what CSV has in place of the first table: a row for each thing, with a cell for each figure.
        by_key: whether JSON has a line for each key, and of a list of objects one for each, and no more.
    """

    def __init__(
        self, blocks: Callable[[], Sequence[Block]], data: Callable[[], Any], name: str = "", title: str = "", *,
        screen: Callable[[int], Sequence[Grid | str]] | None = None, records: Callable[[], Grid] | None = None,
        by_key: bool = False,
    ) -> None:  # fmt: skip
        self.blocks = blocks
        self.data = data
        self.name = name
        self.title = title
        self.screen = screen or (lambda width: _on_screen(blocks()))
        self.records = records or (lambda: next(block for block in blocks() if isinstance(block, Grid)))
        self.by_key = by_key


def _on_screen(blocks: Sequence[Block]) -> list[Grid | str]:
    """The blocks for a terminal."""
    return [block.text() if isinstance(block, Prose) else block for block in blocks]


class OutputFormat:
    """A format that documents can be written in.

    Args:
        suffix: what its files are called.
        module: the module of `render` whose `written` writes it, imported when it is used.
    """

    def __init__(self, suffix: str, module: str = "") -> None:
        self.suffix = suffix
        self._module = module

    def writer(self) -> Writer:
        """The writer of documents in this format."""
        found: Writer = import_module(f"cnncalc.render.{self._module}").written
        return found


FORMATS = {
    "table": OutputFormat(".txt"),  # for terminals, which cli prints to
    "csv": OutputFormat(".csv", "csv_text"),
    "markdown": OutputFormat(".md", "markdown"),
    "latex": OutputFormat(".tex", "latex"),
    "html": OutputFormat(".html", "html"),
    "json": OutputFormat(".json", "json_text"),
}
"""The formats that every command has. To add one, add it here, and `written` in a module of its own."""

PICTURES = {
    "svg": OutputFormat(".svg"),
    "png": OutputFormat(".png"),
    "pdf": OutputFormat(".pdf"),
    "mermaid": OutputFormat(".mmd"),
    "dot": OutputFormat(".dot"),
}
"""The formats of pictures, which `drawing` writes."""

PLOTS = ("svg", "png", "pdf")
"""Those that need no other program to be laid out."""
