"""Handouts as one page of HTML that prints: each begins on a new sheet of paper, A4 or Letter."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cnncalc.homework.handout import Handout, HandoutCell, Solution

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 11pt/1.4 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }}
h1 {{ font-size: 15pt; }}
section + section {{ border-top: 2px solid #888; margin-top: 3em; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #888; padding: .35em .5em; text-align: left; }}
td.answer {{ min-width: 7em; height: 1.8em; }}
td.none {{ color: #888; text-align: center; }}
p.facts span {{ margin-right: 2em; }}
tr.whose {{ display: none; }}
.solution {{ break-inside: avoid; }}
@media print {{
  @page {{ margin: 15mm; }}
  body {{ margin: 0; max-width: none; padding: 0; font-size: 10pt; }}
  section + section {{ break-before: page; border: 0; margin: 0; }}
  tr {{ break-inside: avoid; }}
  thead {{ display: table-header-group; }}
  tr.whose {{ display: table-row; }}
  tr.whose th {{ border: 0; font-weight: normal; }}
}}
</style>
</head>
<body>
{sections}
</body>
</html>
"""

SECTION = """\
<section>
<h1>{title}</h1>
<p class="facts">{facts}</p>
<p>{how}</p>
<table>
<thead>
{whose}<tr>{heads}</tr>
</thead>
<tbody>
{rows}
</tbody>
</table>
{solutions}</section>"""

ON_EACH_PAGE = ("student", "id", "seed")
"""The facts that each page of a long table repeats, so that loose sheets of paper can be sorted."""


def handouts_page(handouts: Sequence[Handout]) -> str:
    """Handouts in HTML; a key has the worked solutions below its table. Everything written is escaped."""
    titles = dict.fromkeys(handout.title for handout in handouts)
    first = next(iter(titles), "")
    title = first if len(titles) < 2 else first.partition(" · ")[0]
    return PAGE.format(title=escape(title), sections="\n".join(map(_section, handouts)))


def _section(handout: Handout) -> str:
    facts = {"student": "_" * 30} | dict(handout.facts)
    return SECTION.format(
        title=escape(handout.title),
        facts="".join(f"<span>{word}: <b>{escape(text)}</b></span>" for word, text in facts.items()),
        how=escape(handout.how),
        whose=_whose(handout),
        heads="".join(f"<th>{escape(head)}</th>" for head in handout.heads),
        rows="\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in handout.rows),
        solutions="".join(map(_solution, handout.solutions)),
    )


def _whose(handout: Handout) -> str:
    """The row that each page begins with; empty if the sheet is for nobody in particular."""
    said = " · ".join(f"{word}: {text}" for word, text in handout.facts.items() if word in ON_EACH_PAGE)
    return f'<tr class="whose"><th colspan="{len(handout.heads)}">{escape(said)}</th></tr>\n' if said else ""


def _cell(cell: HandoutCell) -> str:
    if cell.kind == "words":
        return f"<td>{escape(cell.text)}</td>"
    return f'<td class="{"answer" if cell.is_answer else "none"}">{escape(cell.text)}</td>'


def _solution(solution: Solution) -> str:
    items = "".join(f"<li>{escape(step)}</li>" for step in solution.steps)
    head = f"<b>{escape(solution.layer)}</b>: {escape(solution.what)}"
    return f'<div class="solution"><p>{head}</p><ul>{items}</ul></div>\n'
