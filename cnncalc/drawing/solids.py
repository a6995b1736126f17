"""Maps and vectors as solids in oblique view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2
from typing import NamedTuple

from cnncalc.drawing.picture import DrawnThing, Lettering, Point, Surface, rectangle
from cnncalc.render.numbers import by
from cnncalc.shapes import Shape

TALLEST = 170.0
"""The height of the tallest map or vector."""
THICKEST = 110.0
"""The thickness of the map with the most channels."""
BAR = 9.0
"""The thickness of a vector."""
ACROSS, UP = 0.4, 0.3
"""The steps to the right and up for each unit of a map's width."""
LOW = 30.0
"""The height below which a map has no room for a text beside its lines."""


class Lengths(NamedTuple):
    """The drawn lengths of sizes: heights and widths, channels, and the features of a vector."""

    spatial: Callable[[int], float]
    channels: Callable[[int], float]
    features: Callable[[int], float]


class Tower(NamedTuple):
    """One solid: the upper left corner of its front, and its thickness, height and width on paper."""

    x: float
    y: float
    thick: float
    high: float
    wide: float

    def at(self, x: float, y: float) -> Tower:
        """The same solid at another place."""
        return self._replace(x=self.x + x, y=self.y + y)

    def on_side(self, along: float, down: float) -> Point:
        """A point of its right side, by lengths on paper."""
        return self.x + self.thick + ACROSS * along, self.y + down - UP * along

    @property
    def top(self) -> Point:
        """The middle of its upper edge at the back."""
        return self.x + self.thick / 2 + ACROSS * self.wide, self.y - UP * self.wide


def lengths_of(shapes: Sequence[Shape], *, log: bool = False) -> Lengths:
    """The lengths with which the largest of some shapes has the most room; with `log` by the logarithm of sizes."""
    maps = [shape for shape in shapes if shape.rank]
    vectors = [shape.channels for shape in shapes if not shape.rank]

    def to(most: int, length: float) -> Callable[[int], float]:
        size = (lambda n: log2(1 + n)) if log else float
        return lambda n: size(n) * length / size(most)

    return Lengths(
        to(max((max(shape.spatial[-2:]) for shape in maps), default=1), TALLEST),
        to(max((shape.channels for shape in maps), default=1), THICKEST), to(max(vectors, default=1), TALLEST),
    )  # fmt: skip


def tower_of(shape: Shape, lengths: Lengths, apart: int = 1) -> Tower:
    """A shape as a solid at 0, 0; one of several if its channels are shared among them."""
    if not shape.rank:
        return Tower(0, 0, BAR, lengths.features(shape.channels), 0)
    wide = lengths.spatial(shape.spatial[-1]) if shape.rank > 1 else 0.0
    return Tower(0, 0, lengths.channels(shape.channels) / apart, lengths.spatial(shape.spatial[-2:][0]), wide)


def faces(tower: Tower, role: str, name: str = "") -> list[DrawnThing]:
    """The visible sides of a solid."""
    x, y, thick, high, wide = tower
    dx, dy = ACROSS * wide, -UP * wide
    front = Surface(rectangle(x, y, thick, high), role, name)
    if not wide:
        return [front]
    right = x + thick
    top = ((x, y), (x + dx, y + dy), (right + dx, y + dy), (right, y))
    side = ((right, y), (right + dx, y + dy), (right + dx, y + high + dy), (right, y + high))
    return [front, Surface(top, role, shade=1), Surface(side, role, shade=2)]


def sizes(tower: Tower, shape: Shape, apart: int = 1, *, above: bool = False) -> list[DrawnThing]:
    """The sizes of a map at its edges; with `above` height and width are at the upper one, away from lines below."""
    x, y, thick, high, wide = tower
    below = y + high + 11
    channels = Lettering(x + thick / 2, below, str(shape.channels // apart), 10)
    texts: list[DrawnThing] = [channels]
    if shape.rank:
        right, bottom = tower.on_side(wide, high)
        if above:
            return [channels, Lettering(right + 3, bottom - high - 1, by(shape.spatial), 10, "start")]
        beside = max(right, channels.extent[2]) + 3  # for a low map: below the lines that leave its side
        texts.append(Lettering(beside, below if high < LOW else bottom + 8, by(shape.spatial), 10, "start"))
    return texts
