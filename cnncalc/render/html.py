"""A report as an HTML table, for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cnncalc.analysis.report import Report
from cnncalc.render.columns import report_grid
from cnncalc.render.grid import Cell, Grid, cell_text


def html_table(report: Report) -> str:
    """The table of `cnncalc show` in HTML."""
    return grid_html(report_grid(report))


def grid_html(grid: Grid) -> str:
    """A grid with its title and notes in HTML; everything that a spec wrote is escaped."""
    aligns = [header.align for header in grid.headers]
    head = _cells("th", tuple(header.title for header in grid.headers), aligns)
    body = "\n".join(_cells("td", row, aligns) for row in grid.rows)
    foot = f"<tfoot>\n{_cells('th', grid.totals, aligns)}\n</tfoot>\n" if grid.totals else ""
    notes = "<br>".join(map(escape, grid.notes))
    return (
        f"<table>\n<caption>{escape(grid.title)}</caption>\n<thead>\n{head}\n</thead>\n"
        f"<tbody>\n{body}\n</tbody>\n{foot}</table>\n<p><small>{notes}</small></p>\n"
    )


def _cells(tag: str, cells: tuple[Cell, ...], aligns: Sequence[str]) -> str:
    marked = (
        f'<{tag} style="text-align:{align}">{escape(cell_text(cell, "exact"))}</{tag}>'
        for cell, align in zip(cells, aligns, strict=True)
    )
    return f"<tr>{''.join(marked)}</tr>"
