"""In which order a sheet writes the sizes of shapes: as it says, or as most of its answers show."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.explaining.exercise import Exercise, Item
from cnncalc.homework.answers import NotAnAnswer
from cnncalc.homework.shape_answers import read_shape
from cnncalc.homework.sheet import Sheet, SheetRow
from cnncalc.homework.working import Remark
from cnncalc.shapes import Layout, Shape


def size_order(exercise: Exercise, sheet: Sheet, rows: Mapping[str, SheetRow]) -> tuple[Layout, list[Remark]]:
    """The order in which a sheet writes shapes: as it says, unless most of them have the other one."""
    stated = sheet.facts.get("layout", "").strip().upper()
    expected: Layout = "HWC" if stated == "HWC" else "CHW" if stated == "CHW" else exercise.layout
    other: Layout = "HWC" if expected == "CHW" else "CHW"
    votes = [_order(exercise, item, rows) for item in exercise.items if item.name in rows]
    if votes.count(other) <= votes.count(expected):
        return expected, []
    message = f"the shapes are written {_letters(other)}, not {_letters(expected)}, and are read so"
    return other, [Remark(1, "", "order", message)]


def _order(exercise: Exercise, item: Item, rows: Mapping[str, SheetRow]) -> Layout | None:
    """The order in which an answer has the right channels; None where both or neither has."""
    right, cell = exercise.report.shapes[item.row.output], rows[item.name].cells.get("out")
    if cell is None or not right.rank:
        return None
    try:
        readings = read_shape(cell.text, right.rank, "CHW")
    except NotAnAnswer:
        return None
    shapes = [(reading.value, reading.other_order) for reading in readings if not reading.partial]
    fitting = [swapped for shape, swapped in shapes if isinstance(shape, Shape) and shape.channels == right.channels]
    return None if len(fitting) != 1 else "HWC" if fitting[0] else "CHW"


def _letters(layout: Layout) -> str:
    return "H×W×C" if layout == "HWC" else "C×H×W"
