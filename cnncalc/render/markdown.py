"""Documents in Markdown, for a pull request or a README."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, cell_text
from cnncalc.render.numbers import Units
from cnncalc.render.writers import Page, Style


def written(documents: Iterable[Document], style: Style) -> Iterator[str]:
    """The blocks of all documents, with an empty line between two."""
    page = Page(lambda prose: prose.markdown(), _table, _heading, _lines)
    yield "\n".join(page.pieces(documents, style.units))


def _heading(text: str) -> str:
    return f"**{escaped(text)}**\n"


def _lines(text: str) -> str:
    """Lines of words; they stay as they are if blanks put them in columns."""
    lines = text.strip("\n").splitlines()
    if any(line.startswith(" ") for line in lines):
        return "\n".join(("```text", *lines, "```")) + "\n"
    return "  \n".join(map(escaped, lines)) + "\n"


def _table(grid: Grid, units: Units) -> str:
    """A grid; if it is folded only a line, until the reader opens it."""
    text = markdown_text(grid, units)
    return f"<details><summary>{grid.folded}</summary>\n\n{text}\n</details>\n" if grid.folded else text


def markdown_text(grid: Grid, units: Units = "exact") -> str:
    """A grid with its title and notes in Markdown."""
    heads = [header.title for header in grid.headers]
    rules = ["---:" if header.align == "right" else "---" for header in grid.headers]
    lines = [f"**{escaped(grid.title)}**", "", markdown_line(heads), markdown_line(rules)]
    lines += [markdown_line([escaped(cell_text(cell, units)) for cell in row]) for row in grid.rows]
    if grid.totals:
        lines.append(markdown_line([_strong(cell, units) for cell in grid.totals]))
    lines += ["", *(f"{escaped(note)}  " for note in grid.notes)]
    return "\n".join(lines).rstrip() + "\n"


def markdown_line(cells: list[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def _strong(cell: Cell, units: Units) -> str:
    text = escaped(cell_text(cell, units))
    return f"**{text}**" if text else ""


def escaped(text: str) -> str:
    """A text with the characters that mean something in Markdown escaped."""
    for character in "\\|*_`<[]~&":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())
