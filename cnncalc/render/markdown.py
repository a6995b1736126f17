"""A grid as a Markdown table, for a pull request or a README."""

from __future__ import annotations

from cnncalc.render.grid import Cell, Grid, cell_text
from cnncalc.render.numbers import Units


def markdown_text(grid: Grid, units: Units = "exact") -> str:
    """A grid with its title and notes in Markdown."""
    heads = [header.title for header in grid.headers]
    rules = ["---:" if header.align == "right" else "---" for header in grid.headers]
    lines = [f"**{escaped(grid.title)}**", "", _line(heads), _line(rules)]
    lines += [_line([escaped(cell_text(cell, units)) for cell in row]) for row in grid.rows]
    if grid.totals:
        lines.append(_line([_strong(cell, units) for cell in grid.totals]))
    lines += ["", *(f"{escaped(note)}  " for note in grid.notes)]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _strong(cell: Cell, units: Units) -> str:
    text = escaped(cell_text(cell, units))
    return f"**{text}**" if text else ""


def escaped(text: str) -> str:
    """A text with the characters that mean something in Markdown escaped."""
    for character in "\\|*_`<[]~&":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())
