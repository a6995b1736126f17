"""A grid as a LaTeX table, for a paper; needs the package booktabs."""

from __future__ import annotations

from cnncalc.render.grid import Cell, Grid, cell_text
from cnncalc.render.numbers import Units

_ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "×": r"$\times$", "·": r"$\cdot$", "–": "--", "−": "$-$",
    "≥": r"$\geq$",
}  # fmt: skip


def latex_text(grid: Grid, units: Units = "exact") -> str:
    """A grid with its title as caption and its notes below."""
    spec = "".join("r" if header.align == "right" else "l" for header in grid.headers)
    lines = [
        "% needs \\usepackage{booktabs}",
        "\\begin{table}",
        f"\\caption{{{escaped(grid.title)}}}",
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
