"""The style `volumes`: maps as solids to scale, from left to right, as in the figures of LeNet and AlexNet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.drawing.diagram import Diagram, Tile, diagram, leaves
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
from cnncalc.drawing.solids import ACROSS, TALLEST, UP, Lengths, Tower, faces, lengths_of, sizes, tower_of
from cnncalc.drawing.structure import ENTRY, Fork, Item, arranged
from cnncalc.render.numbers import by
from cnncalc.shapes import Shape

GAP = 34.0
MOST_TOWERS = 4
CAPTION = 84.0
LANE = 12.0


class Solid(NamedTuple):
    """What one box is in this style.

    Attributes:
        unit: the box.
        shape: what it hands on.
        towers: in how many parts its channels are apart, because a grouped convolution reads or makes them.
        kernel: the window with which it was made, if there is one; and whether it sees its own tower only.
        reads: the numbers of the solids that it reads.
    """

    unit: Tile
    shape: Shape
    towers: int
    kernel: tuple[int, ...]
    own_tower: bool
    reads: frozenset[int]


class Placed(NamedTuple):
    """Solids side by side: their size, the height of their middle, what is drawn, and the towers of each by number."""

    width: float
    height: float
    axis: float
    things: list[DrawnThing]
    towers: dict[int, list[Tower]]

    def at(self, x: float, y: float) -> Placed:
        """The same somewhere else."""
        towers = {number: [tower.at(x, y) for tower in parts] for number, parts in self.towers.items()}
        return self._replace(axis=self.axis + y, things=moved(self.things, x, y), towers=towers)


def volumes_picture(report: Report, depth: int | None, *, log: bool = False) -> Picture:
    """A report as maps to scale; with `log` to the logarithm of their sizes."""
    drawn = diagram(report, depth)
    solids = _solids(report, drawn)
    scale = lengths_of([solid.shape for solid in solids], log=log)
    row = _Row(solids, scale).line(arranged([solid.reads for solid in solids]), whole=True)
    how = "sizes to the logarithm" if log else "heights and widths to one scale, channels to another"
    notes = [f"{how}; vectors to a third", *drawn.notes]
    if any(solid.shape.rank > 2 for solid in solids):
        notes.insert(0, "of maps with three axes height and width are drawn")
    return framed(drawn.title, notes, row.things, row.width, row.height)


def _solids(report: Report, drawn: Diagram) -> list[Solid]:
    """The boxes that make a map of their own."""
    units = list(leaves(drawn.units))
    kept: list[Tile] = []
    number_of: dict[str, int] = {}
    reads: list[frozenset[int]] = []
    for unit in units:
        made_by = [source for value in unit.reads if (source := drawn.leaf(value)) is not None]
        sources = frozenset(number_of[source.path] for source in made_by)
        same = len(made_by) == 1 and report.shapes[made_by[0].output] == report.shapes[unit.output]
        if len(sources) == 1 and ((unit.role == "norm" and same) or unit.operation.split(",")[0] == "flatten"):
            number_of[unit.path] = next(iter(sources))
            continue
        number_of[unit.path] = len(kept)
        kept.append(unit)
        reads.append(sources)
    return _with_towers(report, kept, reads)


def _with_towers(report: Report, units: Sequence[Tile], reads: Sequence[frozenset[int]]) -> list[Solid]:
    groups = [_groups(report, unit) for unit in units]
    towers = list(groups)
    for number in reversed(range(len(units))):
        apart = groups[number] if groups[number] > 1 else towers[number] if units[number].role == "pool" else 1
        for source in reads[number] if apart > 1 else ():
            towers[source] = apart
    for number, unit in enumerate(units):
        if unit.role == "pool" and len(reads[number]) == 1:
            towers[number] = towers[next(iter(reads[number]))]
    return [
        Solid(unit, shape, apart if shape.rank and shape.channels % apart == 0 else 1, _kernel(report, unit),
              groups[number] > 1 or unit.role == "pool", reads[number])
        for number, (unit, apart) in enumerate(zip(units, towers, strict=True))
        for shape in [report.shapes[unit.output]]
    ]  # fmt: skip


def _groups(report: Report, unit: Tile) -> int:
    if unit.role != "conv":
        return 1
    groups: int = getattr(report.layers[unit.start].layer, "groups", 1)
    return groups if groups <= MOST_TOWERS else 1


def _kernel(report: Report, unit: Tile) -> tuple[int, ...]:
    """The window of a box that is one layer with one."""
    if unit.role not in ("conv", "pool"):
        return ()
    kernel: tuple[int, ...] = getattr(report.layers[unit.start].layer, "kernel", ())
    return kernel[-2:] if len(kernel) > 1 else ()


class _Row:
    """Lays out solids from left to right.

    Args:
        solids: all of them.
        scale: how long sizes are.
    """

    def __init__(self, solids: Sequence[Solid], scale: Lengths) -> None:
        self._solids = solids
        self._scale = scale

    def line(self, items: Sequence[Item], *, whole: bool = False) -> Placed:
        """Items side by side, their middles at one height."""
        pieces = [self._fork(item) if isinstance(item, Fork) else self._solid(item) for item in items]
        axis = max(piece.axis for piece in pieces)
        x, placed = 0.0, []
        for piece in pieces:
            placed.append(piece.at(x, axis - piece.axis))
            x += piece.width + GAP
        height = max(axis - piece.axis + piece.height for piece in pieces)
        things = [thing for piece in placed for thing in piece.things]
        towers = {number: parts for piece in placed for number, parts in piece.towers.items()}
        line = Placed(x - GAP, height, axis, things, towers)
        return self._joined(line) if whole else line

    def _fork(self, fork: Fork) -> Placed:
        """Paths below one another."""
        lines = [self.line(branch) for branch in fork.branches]
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
        room = max(body + 2 * after, text_width(str(shape.channels), 10) + 2 * after, *widths)
        x, y = (room - body) / 2, UP * wide
        things: list[DrawnThing] = []
        towers = []
        for part in range(apart):
            tower = shape_of_one.at(x, y)
            towers.append(tower)
            things += [*faces(tower, unit.role, "" if part else unit.path), *sizes(tower, shape, apart)]
            y += high + 20 + UP * wide
        bottom = towers[-1].y + high + 14
        lines = [Lettering(room / 2, bottom + 14 * n + 12, text, 11, bold=not n) for n, text in enumerate(caption)]
        middle = (towers[0].y + towers[-1].y + high) / 2
        return Placed(room, bottom + 14 * len(caption) + 6, middle, [*things, *lines], {number: towers})

    def _joined(self, line: Placed) -> Placed:
        """A line with what leads from solid to solid; skips lead over all that is between."""
        things = list(line.things)
        ceiling = min(tower.top[1] for parts in line.towers.values() for tower in parts)
        skips = []
        for number, solid in enumerate(self._solids):
            for source in sorted(solid.reads - {ENTRY}):
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
        """Whether another solid stands in the way from one to the other."""
        start, end = line.towers[source][0], line.towers[reader][0]
        between = (
            tower.x for number in range(source + 1, reader) for tower in line.towers[number]
            if abs(tower.y + tower.high / 2 - (start.y + end.y + start.high / 2 + end.high / 2) / 2) < TALLEST / 2
        )  # fmt: skip
        return any(start.x < x < end.x for x in between)


def _caption(unit: Tile) -> list[str]:
    """The name of a box, and what it does without what its sizes say."""
    copies = f" ×{unit.copies}" if unit.copies > 1 and "×" not in unit.operation else ""
    return [unit.path.rpartition("/")[2] + copies, *wrapped(unit.does, CAPTION, 11)]


def _projections(start: Sequence[Tower], end: Sequence[Tower], solid: Solid, scale: Lengths) -> list[DrawnThing]:
    """From each tower to those that are made of it: the window and where it leads to, or an arrow."""
    alike = len(start) == len(end) and (solid.own_tower or len(start) == 1)
    pairs = zip(start, end, strict=True) if alike else ((one, other) for one in start for other in end)
    drawn: list[DrawnThing] = []
    for one, other in pairs:
        target = (other.x, other.y + other.high / 2)
        if not solid.kernel or not one.wide:
            drawn.append(Stroke((one.on_side(one.wide / 2, one.high / 2), target), arrow=True))
            continue
        down, along = (min(scale.spatial(n), most) for n, most in zip(solid.kernel, (one.high, one.wide), strict=True))
        left, top = (one.wide - along) / 2, (one.high - down) / 2
        corners = [one.on_side(left, top), one.on_side(left + along, top),
                   one.on_side(left + along, top + down), one.on_side(left, top + down)]  # fmt: skip
        drawn.append(Surface(tuple(corners), "window"))
        drawn += [Stroke((corner, target), dashed=True) for corner in (corners[1], corners[2])]
    return drawn
