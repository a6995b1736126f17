"""The style `volumes`: maps as solids to scale, from left to right, as in the figures of LeNet and AlexNet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, product
from math import sqrt
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.drawing.diagram import Tile, diagram
from cnncalc.drawing.picture import (
    DrawnThing,
    Lettering,
    Picture,
    Stroke,
    Surface,
    framed,
    moved,
    text_width,
    wrapped,
)
from cnncalc.drawing.pieces import broken
from cnncalc.drawing.solids import ACROSS, TALLEST, UP, Lengths, Tower, faces, lengths_of, sizes, tower_of
from cnncalc.drawing.structure import ENTRY, Fork, Item, arranged, numbers
from cnncalc.drawing.towers import Solid, solids_of
from cnncalc.render.numbers import by

GAP = 34.0
CAPTION = 84.0
LANE = 12.0
WIDEST = 1900.0
"""The width from which solids are in several rows."""
LEAST = 2.0
"""The smallest side of a window that is drawn; a smaller one is only an arrow."""


class Placed(NamedTuple):
    """Solids side by side: their size, the height of their middle, the things drawn, and the towers by number."""

    width: float
    height: float
    axis: float
    things: list[DrawnThing]
    towers: dict[int, list[Tower]]

    def at(self, x: float, y: float) -> Placed:
        """The same solids at another place."""
        towers = {number: [tower.at(x, y) for tower in parts] for number, parts in self.towers.items()}
        return self._replace(axis=self.axis + y, things=moved(self.things, x, y), towers=towers)


def volumes_picture(report: Report, depth: int | None, *, log: bool = False) -> Picture:
    """A report as maps to scale; with `log` by the logarithm of their sizes."""
    drawn = diagram(report, depth)
    solids = solids_of(report, drawn)
    scale = lengths_of([solid.shape for solid in solids], log=log)
    row = _Row(solids, scale).rows(arranged([solid.reads for solid in solids]))
    how = "sizes on a logarithmic scale" if log else "heights and widths to one scale, channels to another"
    notes = [f"{how}; vectors to a third", *drawn.notes]
    if any(solid.shape.rank > 2 for solid in solids):
        notes.insert(0, "of volumes, height and width are drawn")
    return framed(drawn.title, notes, row.things, row.width, row.height)


class _Row:
    """Lays out solids from left to right.

    Args:
        solids: all of them.
        scale: the drawn lengths of sizes.
    """

    def __init__(self, solids: Sequence[Solid], scale: Lengths) -> None:
        self._solids = solids
        self._scale = scale

    def rows(self, items: Sequence[Item]) -> Placed:
        """All solids with the lines from one to the next, in several rows if one would be too wide."""
        pieces = [self._piece(item) for item in items]
        starts = self._starts(items, pieces)
        rows = [self._joined(self._line(pieces[start:stop]))
                for start, stop in zip(starts, [*starts[1:], len(items)], strict=True)]  # fmt: skip
        if len(rows) == 1:
            return rows[0]
        tops = list(accumulate((row.height + 2 * GAP for row in rows), initial=0.0))
        placed = [row.at(GAP, top) for row, top in zip(rows, tops, strict=False)]
        things = [thing for row in placed for thing in row.things]
        width = max(row.width for row in rows) + 2 * GAP
        for above, below, top in zip(placed, placed[1:], tops[1:], strict=False):
            things += _led_on(above, below, width - GAP / 2, top - GAP / 2)
        towers = {number: parts for row in placed for number, parts in row.towers.items()}
        return Placed(width, tops[-1] - 2 * GAP, placed[0].axis, things, towers)

    def _starts(self, items: Sequence[Item], pieces: Sequence[Placed]) -> list[int]:
        """The numbers of the items with which rows begin."""
        widths, height = [piece.width + GAP for piece in pieces], max(piece.height for piece in pieces)
        starts = broken(widths, round(sqrt(sum(widths) / height / 2)), self._crossed(items))
        longest = max(sum(widths[start:stop]) for start, stop in zip(starts, [*starts[1:], None], strict=True))
        return starts if sum(widths) > WIDEST and longest < 0.7 * sum(widths) else [0]

    def _crossed(self, items: Sequence[Item]) -> set[int]:
        """The items before which no row can end: only one value leads from a row to the next."""
        place_of = {number: place for place, item in enumerate(items) for number in numbers(item)}
        crossed: set[int] = set()
        for number, solid in enumerate(self._solids):
            for source in solid.reads - {ENTRY}:
                start, stop = place_of[source], place_of[number]
                plain = stop == start + 1 and isinstance(items[start], int) and isinstance(items[stop], int)
                crossed |= set() if plain else set(range(start + 1, stop + 1))
        return crossed

    def _piece(self, item: Item) -> Placed:
        return self._fork(item) if isinstance(item, Fork) else self._solid(item)

    def _line(self, pieces: Sequence[Placed]) -> Placed:
        """Pieces side by side, with their middles at one height."""
        axis = max(piece.axis for piece in pieces)
        x, placed = 0.0, []
        for piece in pieces:
            placed.append(piece.at(x, axis - piece.axis))
            x += piece.width + GAP
        height = max(axis - piece.axis + piece.height for piece in pieces)
        things = [thing for piece in placed for thing in piece.things]
        towers = {number: parts for piece in placed for number, parts in piece.towers.items()}
        return Placed(x - GAP, height, axis, things, towers)

    def _fork(self, fork: Fork) -> Placed:
        """Paths below one another."""
        lines = [self._line([self._piece(item) for item in branch]) for branch in fork.branches]
        y, placed = 0.0, []
        for line in lines:
            placed.append(line.at(0, y))
            y += line.height + GAP / 2
        things = [thing for line in placed for thing in line.things]
        towers = {number: parts for line in placed for number, parts in line.towers.items()}
        return Placed(max(line.width for line in lines), y - GAP / 2, (y - GAP / 2) / 2, things, towers)

    def _solid(self, number: int) -> Placed:
        """One map, in its towers, with its sizes and its caption."""
        unit, shape, apart, *_ = self._solids[number]
        shape_of_one = tower_of(shape, self._scale, apart)
        _, _, thick, high, wide = shape_of_one
        caption = _caption(unit)
        after = text_width(by(shape.spatial), 10) + 3 if shape.rank else 0.0
        widths = [text_width(text, 11, bold=not n) for n, text in enumerate(caption)]
        body = thick + ACROSS * wide
        channels = text_width(str(shape.channels), 10)
        half = max(body, channels, *widths) / 2
        room = half + max(half, body / 2 + after, (thick + channels - body) / 2 + after)
        x, y = half - body / 2, UP * wide
        things: list[DrawnThing] = []
        towers = []
        for part in range(apart):
            tower = shape_of_one.at(x, y)
            towers.append(tower)
            things += [
                *faces(tower, unit.role, "" if part else unit.path),
                *sizes(tower, shape, apart, above=part + 1 < apart),
            ]
            y += high + 20 + UP * wide
        bottom = towers[-1].y + high + 14
        lines = [Lettering(half, bottom + 14 * n + 12, text, 11, bold=not n) for n, text in enumerate(caption)]
        middle = (towers[0].y + towers[-1].y + high) / 2
        return Placed(room, bottom + 14 * len(caption) + 6, middle, [*things, *lines], {number: towers})

    def _joined(self, line: Placed) -> Placed:
        """A line with the strokes from solid to solid; skips lead over the solids between."""
        things = list(line.things)
        ceiling = min(tower.top[1] for parts in line.towers.values() for tower in parts)
        skips = []
        for number in line.towers:
            solid = self._solids[number]
            for source in sorted(solid.reads & {*line.towers}):
                start, end = line.towers[source], line.towers[number]
                if self._apart(source, number, line):
                    skips.append((source, number))
                else:
                    things += _projections(start, end, solid, self._scale)
        for level, (source, number) in enumerate(sorted(skips, key=lambda skip: skip[1] - skip[0]), start=1):
            (x, y), (u, v) = line.towers[source][0].top, line.towers[number][0].top
            over = ceiling - LANE * level
            things.append(Stroke(((x, y), (x, over), (u, over), (u, v)), arrow=True))
        lift = LANE * len(skips)
        return line._replace(height=line.height + lift, things=moved(things, 0, lift))

    def _apart(self, source: int, reader: int, line: Placed) -> bool:
        """Whether another solid is in the way from one to the other."""
        start, end = line.towers[source][0], line.towers[reader][0]
        between = (
            tower.x for number in range(source + 1, reader) for tower in line.towers.get(number, ())
            if abs(tower.y + tower.high / 2 - (start.y + end.y + start.high / 2 + end.high / 2) / 2) < TALLEST / 2
        )  # fmt: skip
        return any(start.x < x < end.x for x in between)


def _caption(unit: Tile) -> list[str]:
    """The name of a box, and its operation without words that its sizes show."""
    copies = f" ×{unit.copies}" if unit.copies > 1 and "×" not in unit.operation else ""
    return [unit.path.rpartition("/")[2] + copies, *wrapped(unit.does, CAPTION, 11)]


def _led_on(above: Placed, below: Placed, right: float, turn: float) -> Iterator[DrawnThing]:
    """The line from the last solid of a row to the first of the next; `turn` is the height between the rows."""
    start, end = above.towers[max(above.towers)], below.towers[min(below.towers)]
    for one, other in product(start, end):
        side, target = one.on_side(one.wide / 2, one.high / 2), (other.x, other.y + other.high / 2)
        way = (side, (right, side[1]), (right, turn), (GAP / 2, turn), (GAP / 2, target[1]), target)
        yield Stroke(way, arrow=True)


def _projections(start: Sequence[Tower], end: Sequence[Tower], solid: Solid, scale: Lengths) -> list[DrawnThing]:
    """From each tower to those that are made of it: the window and the place that it leads to, or an arrow."""
    alike = len(start) == len(end) and (solid.own_tower or len(start) == 1)
    pairs = zip(start, end, strict=True) if alike else ((one, other) for one in start for other in end)
    drawn: list[DrawnThing] = []
    for one, other in pairs:
        target = (other.x, other.y + other.high / 2)
        down, along = (min(scale.spatial(n), most) for n, most in zip(solid.kernel or (0, 0), one[3:], strict=True))
        if min(down, along) < LEAST:
            drawn.append(Stroke((one.on_side(one.wide / 2, one.high / 2), target), arrow=True))
            continue
        left, top = (one.wide - along) / 2, (one.high - down) / 2
        corners = [one.on_side(left, top), one.on_side(left + along, top),
                   one.on_side(left + along, top + down), one.on_side(left, top + down)]  # fmt: skip
        drawn.append(Surface(tuple(corners), "window"))
        drawn += [Stroke((corner, target), dashed=True) for corner in (corners[1], corners[2])]
    return drawn
