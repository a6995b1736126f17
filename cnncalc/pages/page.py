"""Reports as one HTML file: tables, figures, derivations and claims; it asks nothing of any server."""

from __future__ import annotations

import os.path
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape

from cnncalc.analysis.claims import compare_claims
from cnncalc.analysis.report import Report, known_inputs
from cnncalc.drawing.bars import field_pictures, memory_picture
from cnncalc.drawing.diagram import diagram
from cnncalc.drawing.graph import graph_picture
from cnncalc.drawing.palette import ROLES
from cnncalc.drawing.picture import Picture
from cnncalc.drawing.svg import style_text, svg_element
from cnncalc.figures import NUMBERS
from cnncalc.pages.layers import layers_table
from cnncalc.render.claims import claims_grid, claims_state
from cnncalc.render.grid import Grid, cell_text
from cnncalc.render.html import grid_html
from cnncalc.render.numbers import by
from cnncalc.render.summary import Summarized, summary_grid, total_cell

FOLDER = os.path.dirname(os.path.abspath(__file__))

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src '{style_hash}'; \
script-src '{script_hash}'; base-uri 'none'; form-action 'none'">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}</main>
<script>{script}</script>
</body>
</html>
"""

TALL = 2.5
"""A figure that is more than so many times as high as wide does not fit on one sheet of paper."""

LONG = 1600.0
"""A figure that is higher has a window of its own on the screen."""


MARKS = {"yes": "✓", "no": "✗"}
"""The sign before the word that says whether a claim holds."""


def report_page(networks: Sequence[Summarized]) -> str:
    """Networks as one page, with a comparison if there are several."""
    style = _file("page.css") + style_text(list(ROLES), dark_if="screen and (prefers-color-scheme: dark)")
    script = _file("page.js")
    names = [one.report.network.name for one in networks]
    return PAGE.format(
        title=escape(" · ".join(names)), style=style, script=script,
        style_hash=_hash(style), script_hash=_hash(script), body="".join(_body(networks)),
    )  # fmt: skip


def _file(name: str) -> str:
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return file.read()


def _hash(text: str) -> str:
    """The hash by which the page's own rule for its contents allows a text."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _body(networks: Sequence[Summarized]) -> Iterator[str]:
    if len(networks) == 1:
        yield from _network(networks[0].report, 0, "h1")
        return
    yield f"<h1>{len(networks)} networks</h1>\n"
    places = (f'<li><a href="#n{n}">{escape(one.report.network.name)}</a></li>' for n, one in enumerate(networks))
    yield f"<nav><ul>{''.join(places)}</ul></nav>\n"
    yield _static(summary_grid(networks)._replace(title="Comparison"))
    for number, one in enumerate(networks):
        yield from _network(one.report, number, "h2")


def _network(report: Report, number: int, heading: str) -> Iterator[str]:
    """All about one network; its headings are below `heading`, h1 or h2."""
    below = f"h{int(heading[1]) + 1}"
    yield f'<section id="n{number}">\n<{heading}>{escape(report.network.name)}</{heading}>\n'
    yield _about(report)
    yield _totals(report)
    yield f"<{below}>Layers</{below}>\n"
    yield layers_table(report, f"layers of {report.network.name}")
    fields = "".join(map(_figure, field_pictures(report)))
    yield f'<div class="pictures">\n<div>\n<{below}>Figure</{below}>\n{_figure(graph_picture(diagram(report)))}</div>\n'
    yield f"<div>\n<{below}>Memory</{below}>\n{_figure(memory_picture(report))}"
    yield f"<{below}>Receptive field</{below}>\n{fields}" if fields else ""
    yield "</div>\n</div>\n"
    yield f"<{below}>Claims</{below}>\n{_claims(report)}</section>\n"


def _about(report: Report) -> str:
    network = report.network
    inputs = ", ".join(f"{name} {by(sizes)}" for name, sizes in known_inputs(report).items())
    outputs = ", ".join(f"{name} {by(sizes)}" for name, sizes in report.output_shapes.items())
    facts = [f"{inputs} → {outputs}", f"batch {report.batch}, {report.dtype}, {network.layout}", network.source]
    said = "".join(f"<p>{escape(' '.join(fact.split()))}</p>\n" for fact in facts if fact.strip())
    missing = "".join(f"<li>{escape(reason)}</li>" for reason in report.incomplete)
    notes = f'<p class="notes">{escape(network.notes.strip())}</p>\n' if network.notes.strip() else ""
    return f'<div class="about">\n{said}{notes}</div>\n' + (f"<p>Not known:</p><ul>{missing}</ul>\n" if missing else "")


def _totals(report: Report) -> str:
    pairs = [
        (figure.total_title or figure.heading, cell_text(total_cell(report, figure), "exact"))
        for figure in NUMBERS
        if figure.listed or figure.compared or figure.only_network
    ]
    items = "".join(f"<div><dt>{escape(title)}</dt><dd>{escape(text)}</dd></div>" for title, text in pairs)
    return f'<dl class="totals">{items}</dl>\n'


def _figure(picture: Picture) -> str:
    is_tall, is_long = picture.height > TALL * picture.width, picture.height > LONG
    words = " ".join(word for word, on in (("scrolls", True), ("tall", is_tall), ("long", is_long)) if on)
    name = escape(picture.title)
    return f'<figure class="{words}" tabindex="0" aria-label="{name}">\n{svg_element(picture)}</figure>\n'


def _claims(report: Report) -> str:
    """A row for each claim, with a mark for readers who do not see colours, or read fast."""
    compared = compare_claims(report)
    grid = claims_grid([("", compared)], 0).without(0)
    place = next(number for number, header in enumerate(grid.headers) if header.name == "holds")
    rows = tuple((*row[:place], f"{MARKS[str(row[place])]} {row[place]}", *row[place + 1 :]) for row in grid.rows)
    return _static(grid._replace(title=claims_state([one.holds for one in compared]), rows=rows))


def _static(grid: Grid) -> str:
    """A table without controls."""
    name = escape(grid.title)
    return (
        f'<div class="scrolls" tabindex="0" role="group" aria-label="{name}">\n{grid_html(grid, align="class")}</div>\n'
    )
