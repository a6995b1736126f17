"""SVG as PNG and PDF, by a library that only an extra of cnncalc brings."""

from __future__ import annotations

from cnncalc.errors import MissingExtra

SCALE = 2.0
"""Pixels of a PNG for each unit of the picture."""

MOST_PIXELS = 32_000
"""Along one side of a PNG; the library has no room for 32,768."""


def raster(svg: str, format_: str, longest: float) -> bytes:
    """The text of an SVG file, whose longer side is `longest`, as the bytes of a PNG or PDF.

    Raises:
        MissingExtra: the library is not installed, or cairo, which it needs.
    """
    try:
        import cairosvg
    except ImportError:
        raise MissingExtra("cairosvg", "pictures") from None
    except OSError:
        raise MissingExtra("cairosvg", "pictures", "cairo (Debian: libcairo2, macOS: brew install cairo)") from None
    if format_ == "pdf":
        return bytes(cairosvg.svg2pdf(bytestring=svg.encode()))
    return bytes(cairosvg.svg2png(bytestring=svg.encode(), scale=min(SCALE, MOST_PIXELS / longest)))
