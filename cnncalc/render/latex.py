"""Documents in LaTeX, for a paper; tables need the package booktabs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from os.path import basename, splitext

from cnncalc.render.columns import BUNDLED
from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, cell_text
from cnncalc.render.latex_fit import FittedTable, fitted_table
from cnncalc.render.numbers import Units
from cnncalc.render.writers import PLAIN, Page, Style

SLACK = 1.0
"""The width that a table leaves free, because sizes are rounded."""

MOST_ROWS = 40
"""A table of more rows does not fit on a page."""

_ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "×": r"$\times$", "·": r"$\cdot$", "–": "--", "−": "$-$",
    "≥": r"$\geq$", "→": r"$\rightarrow$", "…": r"\ldots{}", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$", "⌈": r"$\lceil$",
    "⌉": r"$\rceil$", "<": "$<$", ">": "$>$", "|": "$|$", "½": r"$\frac{1}{2}$",
}  # fmt: skip


def written(documents: Iterable[Document], style: Style) -> Iterator[str]:
    """The blocks of all documents, with an empty line between two."""
    labels: Counter[str] = Counter()
    pieces: list[str] = []
    for document in documents:

        def table(grid: Grid, units: Units, about: str = document.name) -> str:
            name = _label(about or grid.title.replace(BUNDLED, ""))
            labels[name] += 1
            label = name if labels[name] == 1 else f"{name}-{labels[name]}"
            return latex_text(grid, units, style, label)

        pieces += Page(lambda prose: prose.latex(), table, _heading, _lines).pieces([document], style.units)
    yield "\n".join(pieces)


def _label(name: str) -> str:
    """A word to refer to: letters, digits and `-` of a spec's name or a title."""
    words = re.findall(r"[a-z0-9_]+", splitext(basename(name))[0].lower())
    return f"tab:{'-'.join(words) or 'table'}"


def _heading(text: str) -> str:
    return f"\\paragraph{{{escaped(text)}}}\n"


def _lines(text: str) -> str:
    return "".join(f"\\par {escaped(line)}\n" for line in text.splitlines() if line.strip())


def latex_text(grid: Grid, units: Units = "exact", style: Style = PLAIN, label: str = "tab:table") -> str:
    """A grid with its title as caption and its notes below, within the width of the style."""
    fitted = fitted_table(grid, units, style.text_width - SLACK)
    said = f"{fitted.said}, to fit {style.text_width:g} pt"
    if fitted.left_out or fitted.is_scaled:
        style.say(f"{label}: {said}{grid.choice}")
    is_long = len(grid.rows) > MOST_ROWS and not fitted.is_scaled
    comments = [_packages(fitted, is_long=is_long), *([f"% {said}"] if fitted.said else [])]
    return "\n".join((*comments, *(_long if is_long else _float)(fitted, units, label))) + "\n"


def _packages(fitted: FittedTable, *, is_long: bool) -> str:
    """The comment that names the packages of a table."""
    used = {"array": bool(fitted.folds), "booktabs": True, "graphicx": fitted.is_scaled, "longtable": is_long}
    return f"% needs \\usepackage{{{','.join(name for name, on in used.items() if on)}}}"


def _float(fitted: FittedTable, units: Units, label: str) -> list[str]:
    """A table that LaTeX puts where there is room."""
    before, after = ("\\resizebox{\\linewidth}{!}{", "}") if fitted.is_scaled else ("", "")
    return [
        "\\begin{table}",
        *_title(fitted.grid),
        f"\\label{{{label}}}",
        "\\centering",
        *_letters(fitted),
        f"{before}\\begin{{tabular}}{{{_columns(fitted)}}}",
        *_head(fitted),
        *_body(fitted, units),
        f"\\end{{tabular}}{after}",
        *_notes(fitted.grid),
        "\\end{table}",
    ]


def _long(fitted: FittedTable, units: Units, label: str) -> list[str]:
    """A table that goes on over several pages, with its head on each."""
    return [
        "\\begingroup",
        *_letters(fitted),
        f"\\begin{{longtable}}{{{_columns(fitted)}}}",
        *_title(fitted.grid),
        f"\\label{{{label}}}\\tabularnewline",
        *_head(fitted),
        "\\endhead",
        *_body(fitted, units),
        "\\end{longtable}",
        *_notes(fitted.grid),
        "\\endgroup",
    ]


def _title(grid: Grid) -> list[str]:
    """The caption, without the words that a spec comes with cnncalc."""
    return [f"\\caption{{{escaped(grid.title.replace(BUNDLED, ''))}}}"] if grid.title else []


def _letters(fitted: FittedTable) -> list[str]:
    gap = f"\\setlength{{\\tabcolsep}}{{{fitted.gap:g}pt}}"
    return [fitted.size, gap] if fitted.size else []


def _columns(fitted: FittedTable) -> str:
    """The columns, without blanks at the edges."""
    kinds = [
        f">{{\\raggedright\\arraybackslash}}p{{{fitted.folds[index]:.1f}pt}}"
        if index in fitted.folds
        else header.align[0]
        for index, header in enumerate(fitted.grid.headers)
    ]
    return f"@{{}}{''.join(kinds)}@{{}}"


def _head(fitted: FittedTable) -> list[str]:
    return ["\\toprule", _line([escaped(header.title) for header in fitted.grid.headers]), "\\midrule"]


def _body(fitted: FittedTable, units: Units) -> list[str]:
    totals = ["\\midrule", _row(fitted.grid.totals, units)] if fitted.grid.totals else []
    return [*(_row(row, units) for row in fitted.grid.rows), *totals, "\\bottomrule"]


def _notes(grid: Grid) -> list[str]:
    return [f"\\par\\footnotesize {escaped(note)}" for note in grid.notes]


def _row(cells: tuple[Cell, ...], units: Units) -> str:
    return _line([escaped(cell_text(cell, units)) for cell in cells])


def _line(cells: list[str]) -> str:
    return f"{' & '.join(cells)} \\\\"


def escaped(text: str) -> str:
    """A text with the characters that mean something in LaTeX escaped."""
    return "".join(_ESCAPES.get(character, character) for character in " ".join(text.split()))
