"""A picture as SVG: plain text elements, classes for colours, and no reference to other files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape
from typing import Literal

from cnncalc.drawing.palette import ROLES
from cnncalc.drawing.picture import DrawnThing, Lettering, Picture, Point, Stroke, Surface

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")

FONT = "'DejaVu Sans', Verdana, 'Liberation Sans', Arial, Helvetica, sans-serif"

SHADES = {0: 1.0, 1: 0.85, 2: 0.7}
"""The opacity of a solid's sides over the background."""

SIZE_OF_ARROW = 4.0


def svg_text(picture: Picture, theme: Theme = "auto") -> str:
    """A picture as the text of an SVG file.

    Args:
        picture: the picture.
        theme: `auto` follows the reader's setting for bright or dark pages.
    """
    style = style_text({thing.role for thing in picture.things if isinstance(thing, Surface)}, theme)
    return svg_element(picture, f"<style>\n{style}</style>\n")


def svg_element(picture: Picture, style: str = "") -> str:
    """A picture as an element; without a style element, if its page has the rules of `style_text`."""
    width, height = _number(picture.width), _number(picture.height)
    body = "\n".join(_element(thing) for thing in picture.things)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" font-family="{FONT}" text-rendering="geometricPrecision">\n'
        f"<title>{escape(picture.title)}</title>\n{style}"
        f'<rect class="page" width="{width}" height="{height}"/>\n{body}\n</svg>\n'
    )


def style_text(roles: Collection[str], theme: Theme = "auto", dark_if: str = "(prefers-color-scheme: dark)") -> str:
    """The rules for pictures with these roles; `dark_if` is the condition for the dark ones of the theme `auto`."""
    dark = _style(roles, dark=True)
    style = dark if theme == "dark" else _style(roles, dark=False)
    return style + (f"@media {dark_if} {{\n{dark}}}\n" if theme == "auto" else "")


def _style(roles: Collection[str], *, dark: bool) -> str:
    """The rules for texts, lines and the colours that are used."""
    page, ink, faint = ("#14171a", "#eceff2", "#a7afb8") if dark else ("#ffffff", "#16191d", "#555d66")
    rules = [
        f".page {{ fill: {page}; }}",
        f"text {{ fill: {ink}; }}",
        f".faint {{ fill: {faint}; }}",
        f".line {{ fill: none; stroke: {faint}; stroke-width: 1.3; stroke-linejoin: round; }}",
        f".head {{ fill: {faint}; }}",
        ".dashed { stroke-dasharray: 4 3; }",
        ".bold { font-weight: bold; }",
    ]
    for role, colours in ROLES.items():
        fill, outline = colours.dark if dark else colours.bright
        rules += [f".{role} {{ fill: {fill}; stroke: {outline}; }}"] if role in roles else []
    return "".join(f"{rule}\n" for rule in rules)


def _element(thing: DrawnThing) -> str:
    match thing:
        case Lettering():
            return _text(thing)
        case Surface():
            return _surface(thing)
        case Stroke():
            return _stroke(thing)


def _text(text: Lettering) -> str:
    classes = " ".join(word for word, on in (("bold", text.bold), ("faint", text.faint)) if on)
    named = f' class="{classes}"' if classes else ""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    place = f'x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}"'
    return f"<text {place}{anchor}{named}>{escape(text.text)}</text>"


def _surface(surface: Surface) -> str:
    left, top, right, bottom = surface.extent
    shade = f' fill-opacity="{SHADES[surface.shade]}"' if surface.shade else ""
    named = f' data-layer="{escape(surface.name)}"' if surface.name else ""
    if set(surface.points) == {(left, top), (right, top), (right, bottom), (left, bottom)}:
        size = f'x="{_number(left)}" y="{_number(top)}" width="{_number(right - left)}"'
        return f'<rect class="{surface.role}" {size} height="{_number(bottom - top)}"{shade}{named}/>'
    return f'<polygon class="{surface.role}" points="{_points(surface.points)}"{shade}{named}/>'


def _stroke(stroke: Stroke) -> str:
    dashed = " dashed" if stroke.dashed else ""
    line = f'<polyline class="line{dashed}" points="{_points(stroke.points)}"/>'
    if not stroke.arrow:
        return line
    return f'{line}<polygon class="head" points="{_points(_head(*stroke.points[-2:]))}"/>'


def _head(before: Point, tip: Point) -> tuple[Point, ...]:
    """The corners of an arrow's head."""
    (x0, y0), (x, y) = before, tip
    length = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5 or 1.0
    dx, dy = (x - x0) / length * SIZE_OF_ARROW, (y - y0) / length * SIZE_OF_ARROW
    back_x, back_y = x - 1.8 * dx, y - 1.8 * dy
    return tip, (back_x - dy, back_y + dx), (back_x + dy, back_y - dx)


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
