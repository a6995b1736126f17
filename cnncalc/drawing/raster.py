"""SVG as PNG and PDF, by a library that only an extra of cnncalc brings."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from cnncalc.errors import MissingExtra

SCALE = 2.0
"""Pixels of a PNG for each unit of the picture."""

MOST_PIXELS = 32_000
"""The most pixels along one side of a PNG; the library has no room for 32,768."""


def raster(svg: str, format_: str, longest: float) -> bytes:
    """The text of an SVG file, whose longer side is `longest`, as the bytes of a PNG or PDF.

    Raises:
        MissingExtra: the library is not installed, or cairo, which it needs.
    """
    cairosvg = _library()
    if format_ == "pdf":
        return bytes(cairosvg.svg2pdf(bytestring=svg.encode()))
    return bytes(cairosvg.svg2png(bytestring=svg.encode(), scale=min(SCALE, MOST_PIXELS / longest)))


def pages_pdf(svgs: Iterable[str], width: float, height: float) -> bytes:
    """The texts of SVG files as the pages of one PDF, each of this width and height in millimetres.

    Raises:
        MissingExtra: as `raster`.
    """
    cairosvg = _library()
    import cairocffi
    from cairosvg.parser import Tree

    written = BytesIO()
    size = width / 25.4 * 72, height / 25.4 * 72
    document = cairocffi.PDFSurface(written, *size)

    class PageOfDocument(cairosvg.surface.PDFSurface):  # type: ignore[misc, name-defined]  # the library has no types
        """A page of the document in place of one of its own."""

        surface_class = staticmethod(lambda output, across, down: document)

    for svg in svgs:
        PageOfDocument(Tree(bytestring=svg.encode()), written, 72, output_width=size[0], output_height=size[1])
        document.show_page()
    document.finish()
    return written.getvalue()


def _library() -> Any:
    try:
        import cairosvg
    except ImportError:
        raise MissingExtra("cairosvg", "pictures") from None
    except OSError:
        raise MissingExtra("cairosvg", "pictures", "cairo (Debian: libcairo2, macOS: brew install cairo)") from None
    return cairosvg
