"""A worksheet as a page to print."""

from __future__ import annotations

from html import escape

from cnncalc.analysis.derivation import Derivation
from cnncalc.homework.worksheet import NOT_ASKED, Worksheet
from cnncalc.render.explanations import heading, lines
from cnncalc.render.formulas import PLAIN
from cnncalc.render.grid import Cell
from cnncalc.render.worksheets import how_to, worked_solutions, worksheet_grid

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 11pt/1.4 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }}
h1 {{ font-size: 15pt; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #888; padding: .35em .5em; text-align: left; }}
td.answer {{ min-width: 7em; height: 1.8em; }}
td.none {{ color: #888; text-align: center; }}
p.facts span {{ margin-right: 2em; }}
.solution {{ break-inside: avoid; }}
@media print {{
  @page {{ margin: 15mm; }}
  body {{ margin: 0; max-width: none; font-size: 10pt; }}
  tr {{ break-inside: avoid; }}
  thead {{ display: table-header-group; }}
}}
</style>
</head>
<body>
<h1>{title}</h1>
<p class="facts">{facts}</p>
<p>{how}.</p>
<table>
<thead>
<tr>{heads}</tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
{solutions}</body>
</html>
"""


def worksheet_page(sheet: Worksheet) -> str:
    """A worksheet in HTML; the key has the worked solutions below the table. Everything written is escaped."""
    grid = worksheet_grid(sheet)
    names = [header.name for header in grid.headers]
    facts = {"student": "_" * 30} | dict(sheet.facts)
    return PAGE.format(
        title=escape(grid.title),
        facts="".join(f"<span>{word}: <b>{escape(text)}</b></span>" for word, text in facts.items()),
        how=escape(how_to(sheet)),
        heads="".join(f"<th>{escape(name)}</th>" for name in names),
        rows="\n".join(_row(names, row) for row in grid.rows),
        solutions="".join(map(_solution, worked_solutions(sheet) if sheet.key else ())),
    )


def _row(names: list[str], row: tuple[Cell, ...]) -> str:
    return f"<tr>{''.join(_cell(name, str(cell)) for name, cell in zip(names, row, strict=True))}</tr>"


def _cell(name: str, text: str) -> str:
    if name in ("layer", "operation", "from"):
        return f"<td>{escape(text)}</td>"
    return f'<td class="{"none" if text == NOT_ASKED else "answer"}">{escape(text)}</td>'


def _solution(derivation: Derivation) -> str:
    steps = [
        f"{line.label}: {line.arithmetic}{f' ({line.note})' if line.note else ''}" for line in lines(derivation, PLAIN)
    ]
    head = f"<b>{escape(derivation.layer.path)}</b>: {escape(heading(derivation))}"
    items = "".join(f"<li>{escape(step)}</li>" for step in steps)
    return f'<div class="solution"><p>{head}</p><ul>{items}</ul></div>\n'
