"""Documents in LaTeX, for a paper; tables need the package booktabs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, cell_text
from cnncalc.render.numbers import Units
from cnncalc.render.writers import Page, Style

_ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "×": r"$\times$", "·": r"$\cdot$", "–": "--", "−": "$-$",
    "≥": r"$\geq$", "→": r"$\rightarrow$", "…": r"\ldots{}", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$", "⌈": r"$\lceil$",
    "⌉": r"$\rceil$", "½": r"$\frac{1}{2}$",
}  # fmt: skip


def written(documents: Iterable[Document], style: Style) -> Iterator[str]:
    """The blocks of all documents, with an empty line between two."""
    page = Page(lambda prose: prose.latex(), latex_text, _heading, _lines)
    yield "\n".join(page.pieces(documents, style.units))


def _heading(text: str) -> str:
    return f"\\paragraph{{{escaped(text)}}}\n"


def _lines(text: str) -> str:
    return "".join(f"\\par {escaped(line)}\n" for line in text.splitlines() if line.strip())


def latex_text(grid: Grid, units: Units = "exact") -> str:
    """A grid with its title as caption and its notes below."""
    spec = "".join("r" if header.align == "right" else "l" for header in grid.headers)
    lines = [
        "% needs \\usepackage{booktabs}",
        "\\begin{table}",
        *([f"\\caption{{{escaped(grid.title)}}}"] if grid.title else []),
        "\\centering",
        f"\\begin{{tabular}}{{{spec}}}",
        "\\toprule",
        _line([escaped(header.title) for header in grid.headers]),
        "\\midrule",
        *(_row(row, units) for row in grid.rows),
    ]
    if grid.totals:
        lines += ["\\midrule", _row(grid.totals, units)]
    lines += ["\\bottomrule", "\\end{tabular}"]
    lines += [f"\\par\\footnotesize {escaped(note)}" for note in grid.notes]
    return "\n".join((*lines, "\\end{table}")) + "\n"


def _row(cells: tuple[Cell, ...], units: Units) -> str:
    return _line([escaped(cell_text(cell, units)) for cell in cells])


def _line(cells: list[str]) -> str:
    return f"{' & '.join(cells)} \\\\"


def escaped(text: str) -> str:
    """A text with the characters that mean something in LaTeX escaped."""
    return "".join(_ESCAPES.get(character, character) for character in " ".join(text.split()))
