"""The style `graph`: boxes from top to bottom, paths side by side, skips in lanes at the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from cnncalc.drawing.diagram import Diagram, Tile, readers
from cnncalc.drawing.picture import (
    DrawnThing,
    Lettering,
    Picture,
    Point,
    Stroke,
    Surface,
    framed,
    rectangle,
    text_width,
    wrapped,
)
from cnncalc.drawing.pieces import GAP, Piece, column_starts, side_by_side
from cnncalc.drawing.structure import ENTRY, Fork, Item, arranged, numbers, sources

ASIDE = 22.0
"""Between two paths."""
LANE = 14.0
"""Between a lane and what is at its left."""
TAP = 8.0
"""The distance below a box at which a lane leaves the line."""
PAD = 12.0
"""Between a frame and what is inside."""
ROOM = 205.0
"""The width at which the words of a box fold."""
LEAST = 116.0
LINE = 15.0
STACKED = 4.0
"""The width of the second copy's edge beside the first."""


def graph_picture(drawn: Diagram) -> Picture:
    """A diagram as a picture."""
    piece = Body(drawn, drawn.units, None).all_boxes(goes_on=False)
    return framed(drawn.title, drawn.notes, piece.things, piece.width, piece.height)


class Skip(NamedTuple):
    """A value that is read across items of a line: their places, the numbers of its maker and reader, and its path."""

    first: int
    last: int
    source: int
    reader: int
    value: str


class Body:
    """Lays out the boxes of one list.

    Args:
        drawn: the whole diagram.
        units: the boxes.
        entry: the value on the line from above; None if there is none.
    """

    def __init__(self, drawn: Diagram, units: Sequence[Tile], entry: str | None) -> None:
        self._drawn = drawn
        self._units = units
        self._entry = entry
        self._reads = sources(drawn, units, entry)
        self._entries: dict[str, str | None] = {}

    def all_boxes(self, *, goes_on: bool = True) -> Piece:
        """All boxes; with `goes_on` the line leaves below them."""
        return self._line(arranged(self._reads), ENTRY, goes_on=goes_on)

    def _line(self, items: Sequence[Item], before: int, *, goes_on: bool = True) -> Piece:
        """Items below one another, or in columns; `before` is the number of the box above the first."""
        pieces = [self._piece(item, above) for item, above in zip(items, (before, *items), strict=False)]
        whole = sum(1 for item in items for _ in numbers(item)) == len(self._units)
        skips = self._skips(items, whole=whole)
        crossed = {place for skip in skips for place in range(skip.first + 1, skip.last + 1)} - {0}
        starts = column_starts(pieces, crossed)
        if len(starts) == 1:
            return self._stacked(items, pieces, skips)
        parts = [slice(start, stop) for start, stop in zip(starts, [*starts[1:], len(items)], strict=True)]
        columns = [
            self._stacked(items[part], pieces[part], self._skips(items[part], whole=whole and not part.start))
            for part in parts
        ]
        arrows = [
            isinstance(items[start], int) if self._follows(items[start - 1], items[start]) else None
            for start in starts[1:]
        ]  # fmt: skip
        return side_by_side(columns, arrows, goes_on=goes_on)

    def _stacked(self, items: Sequence[Item], pieces: Sequence[Piece], skips: Sequence[Skip]) -> Piece:
        """Items below one another, with the lines from each to the next and past it."""
        axis = max(piece.axis for piece in pieces)
        tops = list(accumulate((piece.height + GAP for piece in pieces), initial=0.0))
        placed = [piece.at(axis - piece.axis, top) for piece, top in zip(pieces, tops, strict=False)]
        things = [thing for piece in placed for thing in piece.things]
        for above, below, top in zip(items, items[1:], tops[1:], strict=False):
            if self._follows(above, below):
                bottom = top - GAP
                things.append(Stroke(((axis, bottom), (axis, top)), arrow=isinstance(below, int)))
        lanes = self._lanes(items, placed, tops, axis, skips)
        width = max([piece.left + piece.width for piece in placed] + [x + 2 for lane in lanes for x, _ in lane.points])
        boxes = {path: box for piece in placed for path, box in piece.boxes.items()}
        return Piece(0, width, tops[-1] - GAP, axis, [*things, *lanes], boxes)

    def _follows(self, above: Item, below: Item) -> bool:
        """Whether a line leads from an item to the next."""
        if isinstance(below, Fork):
            return True
        if isinstance(above, Fork):
            return any(_end(branch) in self._reads[below] for branch in above.branches)
        return above in self._reads[below]

    def _piece(self, item: Item, above: Item) -> Piece:
        if isinstance(item, Fork):
            return self._fork(item, above if isinstance(above, int) else ENTRY)
        unit = self._units[item]
        return self._frame(unit, above) if unit.parts else _box(unit, self._name(unit))

    def _name(self, unit: Tile) -> str:
        """The name of a box inside of its frame."""
        copies = f" ×{unit.copies}" if unit.copies > 1 and "×" not in unit.operation else ""
        return unit.path.rpartition("/")[2] + copies

    def _frame(self, unit: Tile, above: Item) -> Piece:
        """A box with what is inside."""
        entry = next((value for value in unit.reads if self._comes_from(value, above)), None)
        self._entries[unit.path] = entry
        inner = Body(self._drawn, unit.parts, entry).all_boxes()
        name = self._name(unit)
        words = wrapped(unit.operation, max(inner.width, ROOM), 11)
        top = PAD + LINE * (1 + len(words)) + GAP
        wide = max(inner.width, text_width(name, 12, bold=True), *(text_width(line, 11) for line in words))
        inner = inner.at(PAD + (wide - inner.width) / 2, top)
        width, height = wide + 2 * PAD, top + inner.height + GAP / 2 + PAD
        things: list[DrawnThing] = [*_stack(unit, width, height), Surface(rectangle(0, 0, width, height), "frame")]
        things.append(Lettering(PAD, PAD + 8, name, 12, "start", bold=True))
        things += [Lettering(PAD, PAD + LINE * n + 8, line, 11, "start") for n, line in enumerate(words, start=1)]
        items = arranged(sources(self._drawn, unit.parts, entry))
        if entry is not None:
            things.append(Stroke(((inner.axis, top - GAP), (inner.axis, top)), arrow=isinstance(items[0], int)))
        things.append(Stroke(((inner.axis, top + inner.height), (inner.axis, height))))
        return Piece(0, width, height, inner.axis, [*things, *inner.things], inner.boxes)

    def _comes_from(self, value: str, above: Item) -> bool:
        """Whether a value comes down the line from the item above."""
        if isinstance(above, Fork):
            return any(self._drawn.maker(self._units, value) == _end(branch) for branch in above.branches)
        return value == self._entry if above == ENTRY else self._drawn.maker(self._units, value) == above

    def _fork(self, fork: Fork, above: int) -> Piece:
        """Paths side by side, below a line that leads to all, and above one to which all lead."""
        columns = [self._line(branch, above) for branch in fork.branches]
        height = max(column.height for column in columns) + 2 * GAP
        joined = self._is_joined(fork)
        things: list[DrawnThing] = []
        boxes: dict[str, tuple[float, float, float, float]] = {}
        left, axes = 0.0, []
        for branch, column in zip(fork.branches, columns, strict=True):
            placed = column.at(left, GAP)
            left += column.width + ASIDE
            axes.append(placed.axis)
            things += placed.things
            boxes |= placed.boxes
            if self._reads[_start(branch)]:
                things.append(Stroke(((placed.axis, 0), (placed.axis, GAP)), arrow=True))
            if joined:
                things.append(Stroke(((placed.axis, GAP + column.height), (placed.axis, height))))
        if self._reads[_start(fork.branches[0])]:
            things.append(Stroke(((axes[0], 0), (axes[-1], 0))))
        if joined:
            things.append(Stroke(((axes[0], height), (axes[-1], height))))
        return Piece(0, left - ASIDE, height, _middle(fork, axes), things, boxes)

    def _is_joined(self, fork: Fork) -> bool:
        ends = {_end(branch) for branch in fork.branches}
        after = max(ends) + 1
        return after < len(self._reads) and ends <= self._reads[after]

    def _skips(self, items: Sequence[Item], *, whole: bool) -> list[Skip]:
        """The values that are read across items of a line, short skips first; `whole` if the line has all boxes."""
        places = {number: place for place, item in enumerate(items) for number in numbers(item)}
        if whole:
            places[ENTRY] = ENTRY
        led = self._led(items)
        skips = [
            Skip(places[source], place, source, number, value)
            for number, place in places.items()
            if number != ENTRY
            for value in self._units[number].reads
            if (source := self._source(value)) in places and source is not None
            if source < number and places[source] != place
            # Into a frame there is one line, for one value.
            if (source, number) not in led or self._entries.get(self._units[number].path, value) != value
        ]
        return sorted(skips, key=lambda skip: (skip.last - skip.first, skip.first))

    def _source(self, value: str) -> int | None:
        return ENTRY if value == self._entry else self._drawn.maker(self._units, value)

    def _led(self, items: Sequence[Item]) -> set[tuple[int, int]]:
        """The pairs of boxes that the line itself connects."""
        return {
            (end, start)
            for above, below in zip((ENTRY, *items), items, strict=False)
            for end in ([_end(branch) for branch in above.branches] if isinstance(above, Fork) else [above])
            for start in ([_start(branch) for branch in below.branches] if isinstance(below, Fork) else [below])
        }

    def _lanes(
        self,
        items: Sequence[Item],
        placed: Sequence[Piece],
        tops: Sequence[float],
        axis: float,
        skips: Sequence[Skip],
    ) -> list[Stroke]:
        """The skips of a line as strokes at the right of the skipped boxes."""
        boxes = {path: box for piece in placed for path, box in piece.boxes.items()}
        taken: list[tuple[float, float, float]] = []
        ends = Counter(t.path for skip in skips for t in readers(self._units[skip.reader], skip.value))
        entered: Counter[str] = Counter()
        strokes: list[Stroke] = []
        for skip in skips:
            made = self._units[skip.source] if skip.source != ENTRY else None
            stub: tuple[Point, ...] = ()
            if made is None:
                begin = (axis, TAP - GAP)
            elif items[skip.first] == skip.source and made.output == skip.value:
                bottom = tops[skip.first] + placed[skip.first].height
                begin, stub = (axis, bottom + TAP), ((axis, bottom),)
            else:
                leaf = self._drawn.leaf(skip.value)
                box = boxes[leaf.path if leaf is not None else made.path]
                begin = (box[2], box[3] - TAP)
            for target in readers(self._units[skip.reader], skip.value):
                _, top, right, bottom = boxes[target.path]
                step = min(7.0, (bottom - top - 6) / ends[target.path])
                end = (right, (top + bottom) / 2 + step * _place(entered[target.path]))
                entered[target.path] += 1
                beside = [piece.left + piece.width for piece in placed[max(skip.first + 1, 0) : skip.last + 1]]
                beside += [x for x, start, stop in taken if start < end[1] and begin[1] < stop]
                x = max(*beside, begin[0]) + LANE
                taken.append((x, begin[1], end[1]))
                strokes.append(Stroke((*stub, begin, (x, begin[1]), (x, end[1]), end), arrow=True))
        return strokes


def _place(number: int) -> int:
    """The number of steps below the middle of a side at which a line ends, one by one: 0, -1, 1, -2, 2."""
    return (number + 1) // 2 * (-1 if number % 2 else 1)


def _start(branch: Sequence[Item]) -> int:
    return next(numbers(branch[0]))


def _end(branch: Sequence[Item]) -> int:
    return list(numbers(branch[-1]))[-1]


def _middle(fork: Fork, axes: Sequence[float]) -> float:
    """The place of the line to a fork: above the longer of two paths, else in the middle of all."""
    lengths = [len(list(numbers(Fork((branch,))))) for branch in fork.branches]
    if len(axes) == 2 and lengths[0] != lengths[1]:
        return axes[lengths.index(max(lengths))]
    return (axes[0] + axes[-1]) / 2


def _stack(unit: Tile, width: float, height: float) -> list[DrawnThing]:
    """The edges of further boxes, drawn under a box that stands for several."""
    outline = rectangle(STACKED, -STACKED, width, height)
    return [Surface(outline, "frame" if unit.parts else unit.role)] if unit.copies > 1 else []


def _box(unit: Tile, name: str) -> Piece:
    """An innermost box: its name, its operation, its output's shape and its parameters."""
    words = wrapped(unit.does, ROOM, 11)
    wide = max(LEAST, text_width(name, 12, bold=True), *(text_width(line, 11) for line in (*words, unit.facts)))
    width, height = wide + 16, LINE * (len(words) + 2) + 9
    things: list[DrawnThing] = [*_stack(unit, width, height)]
    things.append(Surface(rectangle(0, 0, width, height), unit.role, unit.path))
    things.append(Lettering(width / 2, LINE + 1, name, 12, bold=True))
    things += [Lettering(width / 2, LINE * (n + 1) + 1, line) for n, line in enumerate([*words, unit.facts], start=1)]
    return Piece(0, width, height, width / 2, things, {unit.path: (0, 0, width, height)})
