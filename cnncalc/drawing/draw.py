"""Pictures of reports: the styles, and the files of pictures."""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.drawing.diagram import diagram
from cnncalc.drawing.graph import graph_picture
from cnncalc.drawing.picture import Picture
from cnncalc.drawing.rows import table_picture
from cnncalc.drawing.svg import Theme, svg_text
from cnncalc.drawing.texts import dot_text, mermaid_text
from cnncalc.drawing.volumes import volumes_picture

STYLES = ("graph", "volumes", "table")

TEXTS = {"mermaid": mermaid_text, "dot": dot_text}
"""The formats with the style `graph` only, because other programs lay them out."""


def picture(report: Report, style: str, depth: int | None, *, log: bool = False) -> Picture:
    """A report in a style.

    Args:
        report: the figures.
        style: a word of `STYLES`.
        depth: how far rows are unfolded; None for down to single layers.
        log: whether the sizes of volumes are logarithms.
    """
    if style == "volumes":
        return volumes_picture(report, depth, log=log)
    if style == "table":
        return table_picture(report, depth)
    return graph_picture(diagram(report, depth))


class Drawing(str):
    """The text of an SVG file, which a notebook shows as a picture."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"<Drawing of {len(self):,} characters of SVG>"


def draw_report(
    report: Report, style: str = "graph", depth: int | None = 1, theme: Theme = "auto", *, log: bool = False
) -> Drawing:
    """A report in a style as SVG; the arguments are those of `picture`, and the theme of `svg_text`."""
    return Drawing(svg_text(picture(report, style, depth, log=log), theme))


def written(drawn: Picture, format_: str, theme: Theme = "auto") -> str | bytes:
    """A picture as the contents of a file: svg, png or pdf."""
    if format_ == "svg":
        return svg_text(drawn, theme)
    from cnncalc.drawing.raster import raster

    return raster(svg_text(drawn, "light" if theme == "auto" else theme), format_, max(drawn.width, drawn.height))
