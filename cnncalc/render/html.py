"""Documents as a page that needs no other file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Literal

from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, cell_text
from cnncalc.render.numbers import Units
from cnncalc.render.writers import Page, Style

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}</body>
</html>
"""

STYLE = """\
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }
h1 { font-size: 1.2em; }
table { border-collapse: collapse; margin-top: 2em; }
caption { font-weight: bold; padding: .3em 0; text-align: left; white-space: nowrap; }
th, td { border-bottom: 1px solid #8884; font-variant-numeric: tabular-nums; padding: .25em .7em; vertical-align: top; }
thead th, tfoot th { border-bottom: 1px solid #888; }
pre { font-size: 13px; overflow-x: auto; }
@media print { tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


def written(documents: Iterable[Document], style: Style) -> Iterator[str]:
    """The blocks of all documents as one page; nothing if there is no document."""
    if everything := list(documents):
        page = Page(lambda prose: prose.html(), _table, _heading, _lines)
        body = "".join(page.pieces(everything, style.units))
        yield PAGE.format(title=escape(_title(everything[0])), style=STYLE, body=body)


def _title(document: Document) -> str:
    tables = (block.title for block in document.blocks() if isinstance(block, Grid))
    return document.title or next(tables, "") or document.name or "cnncalc"


def _heading(text: str) -> str:
    return f"<h1>{escape(text)}</h1>\n"


def _lines(text: str) -> str:
    return f"<pre>{escape(text)}</pre>\n"


def _table(grid: Grid, units: Units) -> str:
    """A grid; if it is folded only a line, until the reader opens it."""
    text = grid_html(grid, units)
    return f"<details><summary>{escape(grid.folded)}</summary>\n{text}</details>\n" if grid.folded else text


def grid_html(grid: Grid, units: Units = "exact", align: Literal["style", "class"] = "style") -> str:
    """A grid with its title and notes in HTML; everything that a spec wrote is escaped.

    Args:
        grid: the table.
        units: how numbers are written.
        align: whether cells say themselves how they are aligned, or have a class for a page that says it.
    """
    said = 'style="text-align:{}"' if align == "style" else 'class="{}"'
    aligns = [said.format(header.align) for header in grid.headers]
    head = _cells("th", tuple(header.title for header in grid.headers), aligns, units)
    body = "\n".join(_cells("td", row, aligns, units) for row in grid.rows)
    foot = f"<tfoot>\n{_cells('th', grid.totals, aligns, units)}\n</tfoot>\n" if grid.totals else ""
    notes = f"<p><small>{'<br>'.join(map(escape, grid.notes))}</small></p>\n" if grid.notes else ""
    return (
        f"<table>\n<caption>{escape(grid.title)}</caption>\n<thead>\n{head}\n</thead>\n"
        f"<tbody>\n{body}\n</tbody>\n{foot}</table>\n{notes}"
    )


def _cells(tag: str, cells: tuple[Cell, ...], aligns: Sequence[str], units: Units) -> str:
    marked = (
        f"<{tag} {align}>{escape(cell_text(cell, units))}</{tag}>" for cell, align in zip(cells, aligns, strict=True)
    )
    return f"<tr>{''.join(marked)}</tr>"
