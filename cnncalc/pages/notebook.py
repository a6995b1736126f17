"""A report as a notebook and Python show it."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from cnncalc.analysis.report import Report
from cnncalc.drawing.draw import draw_report
from cnncalc.render.columns import report_grid, report_title
from cnncalc.render.html import grid_html


def notebook_html(report: Report) -> str:
    """The table of `cnncalc show`, and the figure below it: an image, which keeps its own style."""
    figure = b64encode(draw_report(report).encode()).decode()
    image = f'<img alt="figure of {escape(report_title(report))}" src="data:image/svg+xml;base64,{figure}">'
    return f"{grid_html(report_grid(report))}<details open><summary>figure</summary>{image}</details>\n"


def report_text(report: Report) -> str:
    """The table of `cnncalc show` as text."""
    from cnncalc.render.table import table_text  # a notebook's HTML does not need rich

    return table_text(report_grid(report))
