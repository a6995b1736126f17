"""Many networks as points: one figure against another, on axes of logarithms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import cos, floor, hypot, log10, pi, sin
from typing import Any, Literal, NamedTuple

from cnncalc.drawing.picture import DrawnThing, Lettering, Picture, Point, Stroke, Surface, framed
from cnncalc.figures import FIGURES
from cnncalc.render.numbers import number_text

SMALL, LARGE = (760.0, 480.0), (1240.0, 820.0)
"""Width and height, for some networks and for many."""
MANY = 40
LEFT, BELOW = 58.0, 44.0
RADIUS = 3.5
SIZE = 10.0
"""The size of a label's text."""
USUAL = ("params", "macs")
"""The figures of the upright and of the level axis, unless two are chosen."""
FARTHEST = 5
"""The most steps between a label and its point."""

Extent = tuple[float, float, float, float]


class PlottedNetwork(NamedTuple):
    """A point: its name, and its figures by name."""

    label: str
    figures: Mapping[str, Any]


def axes_of(columns: Sequence[str]) -> tuple[str, str]:
    """The figures of the upright and of the level axis: those of a choice of two columns, else the usual ones."""
    upright, *others = [name for name in columns if name in FIGURES] or USUAL
    return (upright, others[0]) if len(others) == 1 else USUAL


def plot_picture(title: str, networks: Sequence[PlottedNetwork], axes: tuple[str, str]) -> Picture:
    """Networks as points.

    Args:
        title: the line above.
        networks: the points.
        axes: the names of the figures of the upright and of the level axis.
    """
    drawn = [each for each in networks if all(each.figures.get(name, 0) > 0 for name in axes)]
    missing = len(networks) - len(drawn)
    notes = [f"{missing} not drawn: a logarithm needs figures above 0"] if missing else []
    width, height = LARGE if len(drawn) > MANY else SMALL
    upright = _Axis([each.figures[axes[0]] for each in drawn], height - BELOW, 0)
    level = _Axis([each.figures[axes[1]] for each in drawn], LEFT, width)
    points = [(level.place(each.figures[axes[1]]), upright.place(each.figures[axes[0]])) for each in drawn]
    things = [*_frame(upright, level, axes, width, height)]
    things += [Surface(_round(x, y), "point", each.label) for each, (x, y) in zip(drawn, points, strict=True)]
    labels, unplaced = _labels([each.label for each in drawn], points, (LEFT, 0, width, height - BELOW))
    if unplaced:
        notes.append(f"without room for their names: {', '.join(unplaced)}")
    return framed(title, notes, [*things, *labels], width, height)


class _Axis:
    """An axis of logarithms, from the smallest to the largest value with some room.

    Args:
        values: those that need room.
        start, stop: its ends.
    """

    def __init__(self, values: Sequence[float], start: float, stop: float) -> None:
        low, high = log10(min(values, default=1)), log10(max(values, default=10))
        room = 0.06 * (high - low) or 0.3
        self._low, self._high = low - room, high + room
        self._start, self._stop = start, stop

    def place(self, value: float) -> float:
        """The place of a value."""
        return self._start + (log10(value) - self._low) / (self._high - self._low) * (self._stop - self._start)

    def marks(self) -> Iterator[float]:
        """Round values along it, at most a dozen."""
        for digits in ((1, 2, 5), (1,)) if self._high - self._low > 1 else ((1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9),):
            powers = range(floor(self._low), floor(self._high) + 1)
            found = [digit * 10.0**power for power, digit in product(powers, digits)]
            within = [value for value in found if self._low <= log10(value) <= self._high]
            if len(within) <= 12:
                yield from within
                return


def _frame(upright: _Axis, level: _Axis, axes: tuple[str, str], width: float, height: float) -> Iterator[DrawnThing]:
    """The axes with their marks and titles."""
    bottom = height - BELOW
    yield Stroke(((LEFT, 0), (LEFT, bottom), (width, bottom)))
    for value in level.marks():
        x = level.place(value)
        yield Stroke(((x, bottom), (x, bottom + 4)))
        yield Lettering(x, bottom + 16, mark_text(value), SIZE, faint=True)
    for value in upright.marks():
        y = upright.place(value)
        yield Stroke(((LEFT - 4, y), (LEFT, y)))
        yield Lettering(LEFT - 7, y + 3.5, mark_text(value), SIZE, "end", faint=True)
    yield Lettering(width, bottom + 34, f"{_title(axes[1])} (log scale)", 11, "end", bold=True)
    yield Lettering(LEFT + 8, 10, f"{_title(axes[0])} (log scale)", 11, "start", bold=True)


def _title(name: str) -> str:
    return FIGURES[name].total_title or FIGURES[name].heading


def mark_text(value: float) -> str:
    """The text of a round value, without zeros after its point."""
    text = number_text(round(value), "human") if value >= 1 else f"{value:g}"
    digits = text.rstrip("KMGTPE")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + text[len(digits) :]


def _round(x: float, y: float) -> tuple[tuple[float, float], ...]:
    """A point as a surface with eight corners."""
    return tuple((x + RADIUS * cos(n * pi / 4), y + RADIUS * sin(n * pi / 4)) for n in range(8))


def _labels(names: Sequence[str], points: Sequence[Point], room: Extent) -> tuple[list[DrawnThing], list[str]]:
    """A name for each point, beside it or at the end of a thin line; and those that have a number or nothing."""
    taken: list[Extent] = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in points]
    taken.append((0, 0, LEFT + 140, 14))  # the title of the upright axis
    things: list[DrawnThing] = []
    unplaced: list[tuple[str, Point]] = []
    for name, point in sorted(zip(names, points, strict=True), key=lambda pair: (-pair[1][0], pair[1][1])):
        label = _label(name, point, room, taken)
        things += label
        unplaced += [] if label else [(name, point)]
    numbered: list[str] = []
    nameless: list[str] = []
    for name, point in sorted(unplaced):
        number = str(len(numbered) + 1)
        label = _label(number, point, room, taken)
        things += label
        numbered += [f"{number} {name}"] if label else []
        nameless += [] if label else [name]
    return things, [*numbered, *nameless]


def _label(text: str, point: Point, room: Extent, taken: list[Extent]) -> list[DrawnThing]:
    """A text near a point, with a line to it, at a free place; none if there is no room."""
    for label in _places(text, *point):
        line = _leader(point, label.extent)
        if _is_within(label.extent, room) and not any(_overlap(e, t) for e in (label.extent, *line) for t in taken):
            taken += [label.extent, *line]
            return [label, *([Stroke((line[0][:2], line[-1][2:]))] if line else [])]
    return []


def _places(name: str, x: float, y: float) -> Iterator[Lettering]:
    """The places that the name of a point can have, the nearest first."""
    anchors: tuple[tuple[int, Literal["start", "middle", "end"]], ...] = ((1, "start"), (-1, "end"), (0, "middle"))
    for step, (across, anchor), down in product(range(FARTHEST), anchors, (0, -1, 1)):
        if across or down:
            away = RADIUS + 3 + step * 11
            yield Lettering(x + across * away, y + down * (away + 3) + 3.5, name, SIZE, anchor)


def _leader(point: Point, label: Extent) -> list[Extent]:
    """The room of the line from a point to its label, piece by piece; none if the label is near."""
    (x, y), (left, top, right, bottom) = point, label
    dx, dy = min(max(x, left), right) - x, min(max(y, top), bottom) - y
    length = hypot(dx, dy)
    if length < 3 * RADIUS:
        return []
    steps = [RADIUS + 1 + n for n in range(0, int(length - RADIUS - 1), 2)]
    at = [(x + dx * step / length, y + dy * step / length) for step in steps]
    return [(u, v, u + 0.5, v + 0.5) for u, v in at]


def _is_within(extent: Extent, room: Extent) -> bool:
    return extent[0] > room[0] and extent[1] > room[1] and extent[2] < room[2] + 60 and extent[3] < room[3]


def _overlap(one: Extent, other: Extent) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
