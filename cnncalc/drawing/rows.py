"""The style `table`: each row of the table with its box, and the skips in lanes at the left."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis.report import Report
from cnncalc.drawing.diagram import Diagram, Tile, flat_diagram
from cnncalc.drawing.picture import DrawnThing, Lettering, Picture, Stroke, Surface, framed, rectangle, text_width
from cnncalc.render.columns import report_grid
from cnncalc.render.grid import Cell, Grid, cell_text

HEIGHT = 24.0
"""The height of a row."""
BOX = 96.0
BOX_HEIGHT = 16.0
LANE = 9.0
SPACE = 16.0
"""Between two columns."""
COLUMNS = ("layer", "operation", "output", "params", "macs")


def table_picture(report: Report, depth: int | None) -> Picture:
    """A report as a table with a figure beside it."""
    drawn = flat_diagram(report, depth)
    grid = report_grid(report, COLUMNS, depth)
    shown = {unit.path: number for number, unit in enumerate(drawn.units)}
    lanes, room = _lanes(drawn, shown)
    things: list[DrawnThing] = [thing for unit, y in zip(drawn.units, _heights(drawn), strict=True)
                                for thing in _box(unit, room, y)]  # fmt: skip
    things += lanes
    inputs = tuple((unit.path, "", unit.shape, None, None) for unit in drawn.units if unit.role == "input")
    texts, width = _texts(grid, (*inputs, *grid.rows), room + BOX + SPACE)
    height = HEIGHT * (len(inputs) + len(grid.rows) + 2)
    return framed(drawn.title, grid.notes, [*things, *texts], width, height)


def _heights(drawn: Diagram) -> list[float]:
    """The top of each box."""
    return [HEIGHT * (number + 1) for number in range(len(drawn.units))]


def _box(unit: Tile, left: float, top: float) -> list[DrawnThing]:
    if unit.start == unit.stop and unit.role != "input":
        return []
    word = "input" if unit.role == "input" else unit.operation.split()[0].rstrip(",")
    while text_width(word, 10) > BOX - 8:
        word = word[:-2] + "…"
    stack = rectangle(left + 3, top + 1, BOX, BOX_HEIGHT)
    behind: list[DrawnThing] = [Surface(stack, unit.role)] if unit.copies > 1 else []
    outline = Surface(rectangle(left, top + 4, BOX, BOX_HEIGHT), unit.role, unit.path)
    return [*behind, outline, Lettering(left + BOX / 2, top + 15.5, word, 10)]


def _lanes(drawn: Diagram, shown: dict[str, int]) -> tuple[list[DrawnThing], float]:
    """The values that each box reads, as arrows and lanes, and the room that the lanes take."""
    pairs = sorted({(shown[a.path], shown[b.path]) for a, b in drawn.edges()}, key=lambda p: (p[1] - p[0], p))
    lanes: list[list[tuple[int, int]]] = []
    places: list[tuple[int, int, int]] = []
    for first, last in pairs:
        if last == first + 1:
            continue
        number = next((n for n, lane in enumerate(lanes) if all(last <= a or b <= first for a, b in lane)), len(lanes))
        lanes += [[]] if number == len(lanes) else []
        lanes[number].append((first, last))
        places.append((first, last, number))
    room = LANE * (len(lanes) + 1)
    middle = room + BOX / 2
    strokes: list[DrawnThing] = [
        Stroke(((middle, HEIGHT * (last + 1) - 4), (middle, HEIGHT * (last + 1) + 4)), arrow=True)
        for first, last in pairs if last == first + 1
    ]  # fmt: skip
    for first, last, number in places:
        x, start, stop = room - LANE * (number + 1), HEIGHT * (first + 1) + 15, HEIGHT * (last + 1) + 9
        strokes.append(Stroke(((room, start), (x, start), (x, stop), (room, stop)), arrow=True))
    return strokes, room


def _texts(grid: Grid, rows: Sequence[Sequence[Cell]], left: float) -> tuple[list[DrawnThing], float]:
    """The cells of a table, and its right end."""
    drawn: list[DrawnThing] = []
    bold = {0, len(rows) + 1}
    for index, header in enumerate(grid.headers):
        cells = [header.title, *(cell_text(row[index], "exact") for row in (*rows, grid.totals))]
        width = max(text_width(cell, 11, bold=number in bold) for number, cell in enumerate(cells))
        right = header.align == "right"
        x = left + width if right else left
        drawn += [
            Lettering(x, HEIGHT * number + 16, cell, 11, "end" if right else "start", bold=number in bold)
            for number, cell in enumerate(cells) if cell
        ]  # fmt: skip
        left += width + SPACE
    return drawn, left - SPACE
