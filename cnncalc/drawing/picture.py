"""A picture as records: surfaces, strokes and letterings with their places, before it is text in any format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Point = tuple[float, float]

WIDTHS = {
    28: "'ijl", 30: "IJ", 32: " ,.·", 34: "/:;\\|", 35: "f", 36: "-", 39: "()[]t⌊⌋⌈⌉", 40: "!", 41: "r", 46: '"',
    50: "*_`–", 52: "sz", 53: "?", 55: "c", 56: "L", 58: "Fk", 59: "vxy", 60: "P", 61: "TYao", 62: "e", 63: "Ehnu",
    64: "$0123456789Sbdgpq{}", 66: "K", 68: "AVXZ", 69: "B", 70: "CR", 73: "U", 75: "HN", 77: "D", 78: "&G", 79: "OQ",
    82: "w", 84: "#+<=>^~×≥→", 86: "M", 95: "%", 97: "m", 99: "W",
}  # fmt: skip
"""Widths of signs, in hundredths of the size: those of DejaVu Sans, as wide as any common font without serifs."""

_WIDTH = {sign: width / 100 for width, signs in WIDTHS.items() for sign in signs}

BOLD = 0.1
"""The additional width of a sign in bold, as a part of the size."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The most room that a line of text takes."""
    return size * (sum(_WIDTH.get(sign, 1.0) for sign in text) + BOLD * bold * len(text))


class Lettering(NamedTuple):
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float = 11
    anchor: Literal["start", "middle", "end"] = "middle"
    bold: bool = False
    faint: bool = False

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the room that it takes."""
        width = text_width(self.text, self.size, bold=self.bold)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - 0.8 * self.size, left + width, self.y + 0.25 * self.size


class Surface(NamedTuple):
    """A filled outline.

    Attributes:
        points: its corners.
        role: its meaning, a word of `palette.ROLES`.
        name: the layer that it is for; empty for a decoration.
        shade: how much darker it is, as a side of a solid.
    """

    points: tuple[Point, ...]
    role: str
    name: str = ""
    shade: Literal[0, 1, 2] = 0

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        across, down = [x for x, _ in self.points], [y for _, y in self.points]
        return min(across), min(down), max(across), max(down)


class Stroke(NamedTuple):
    """A line through points, with an arrow at its end or without."""

    points: tuple[Point, ...]
    arrow: bool = False
    dashed: bool = False


DrawnThing = Lettering | Surface | Stroke

Part = tuple[list[DrawnThing], float, float]
"""Things drawn from 0, 0, with their width and height."""


class Picture(NamedTuple):
    """A whole picture; later things are above earlier ones."""

    title: str
    width: float
    height: float
    things: tuple[DrawnThing, ...]


def rectangle(left: float, top: float, width: float, height: float) -> tuple[Point, ...]:
    """The corners of a rectangle."""
    return (left, top), (left + width, top), (left + width, top + height), (left, top + height)


def moved(things: Iterable[DrawnThing], dx: float, dy: float) -> list[DrawnThing]:
    """The same thing at another place."""
    return [
        thing._replace(x=thing.x + dx, y=thing.y + dy)
        if isinstance(thing, Lettering)
        else thing._replace(points=tuple((x + dx, y + dy) for x, y in thing.points))
        for thing in things
    ]


def wrapped(text: str, room: float, size: float) -> list[str]:
    """A text on lines that fit into some room; a word longer than it has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


MARGIN = 16.0


def framed(title: str, notes: Sequence[str], things: Sequence[DrawnThing], width: float, height: float) -> Picture:
    """Things as a whole picture: with its title above, and notes below."""
    from cnncalc.drawing.palette import legend

    roles = {thing.role for thing in things if isinstance(thing, Surface)}
    room = max(width, 400.0)
    heads = [Lettering(MARGIN, 0, line, 14, "start", bold=True) for line in wrapped(title, room / 1.2, 14)]
    drawn: list[DrawnThing] = []
    y = MARGIN
    for head in heads:
        y += 18
        drawn.append(head._replace(y=y))
    y += 14
    drawn += moved(things, MARGIN + (room - width) / 2, y)
    y += height + 10
    key, taken = legend(roles, room)
    drawn += moved(key, MARGIN, y)
    y += taken
    for note in notes:
        for line in wrapped(note, room, 11):
            y += 15
            drawn.append(Lettering(MARGIN, y, line, 11, "start", faint=True))
    right = max((thing.extent[2] for thing in drawn if isinstance(thing, Lettering)), default=0.0)
    return Picture(title, max(room + MARGIN, right) + MARGIN, y + MARGIN, tuple(drawn))
