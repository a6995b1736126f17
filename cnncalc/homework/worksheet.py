"""A worksheet: the rows of an exercise with settings, and cells that are blank or, in the key, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.analysis.misconceptions.values import Value
from cnncalc.homework.exercise import Exercise, Item
from cnncalc.homework.figures import TOTALLED
from cnncalc.homework.roster import Entry
from cnncalc.homework.variants import Variant
from cnncalc.shapes import Layout, Shape

NOT_ASKED = "–"
"""What stands in a cell in which there is nothing to answer."""


class Worksheet(NamedTuple):
    """A sheet to be printed.

    Attributes:
        exercise: what is asked.
        figures: the figures that are asked for, in the order of the columns.
        facts: what the sheet says about itself, by a word of `sheet.FACTS`.
        key: whether the answers are filled in.
        working: whether there is a column for the calculation.
    """

    exercise: Exercise
    figures: tuple[str, ...]
    facts: Mapping[str, str]
    key: bool = False
    working: bool = False

    def cells(self, item: Item) -> tuple[str, ...]:
        """The cells of a row, in the order of the figures."""
        return tuple(self._cell(self.exercise.right(item, figure)) for figure in self.figures)

    def totals(self) -> tuple[str, ...]:
        """The cells of the row with the sums; empty where no figure is added up."""
        if not set(self.figures) & set(TOTALLED):
            return ()
        rights = (self.exercise.right_total(figure) if figure in TOTALLED else None for figure in self.figures)
        return tuple(self._cell(right) for right in rights)

    def _cell(self, right: Value | None) -> str:
        if right is None:
            return NOT_ASKED
        return value_text(right, self.exercise.layout) if self.key else ""

    @property
    def has_wires(self) -> bool:
        """Whether some row reads something else than the output of the row above."""
        above = next(iter(self.exercise.report.network.inputs), "")
        for item in self.exercise.items:
            if item.reads != (above,):
                return True
            above = item.row.output
        return False

    def wires(self, item: Item) -> str:
        """The names of what a row reads."""
        names = {other.row.output: other.name for other in self.exercise.items}
        return ", ".join(names.get(path, path) for path in item.reads)


def value_text(value: Value, layout: Layout) -> str:
    """A value as a sheet writes it: `55x55x96`, `34944`, `11`, `3x7`."""
    if isinstance(value, Shape):
        return value.text(layout)
    if isinstance(value, tuple):
        return str(value[0]) if len(set(value)) == 1 else "x".join(map(str, value))
    return str(value)


def facts(
    spec: str, exercise: Exercise, depth: int | None, variant: Variant | None, student: Entry | None
) -> dict[str, str]:
    """What a sheet says about itself."""
    said = {"worksheet": spec}
    if student is not None:
        said |= {"student": student.name} | ({"id": student.id} if student.id != student.name else {})
    if variant is not None:
        said["seed"] = str(variant.seed)
        said |= {"remainders": "yes"} if variant.remainders else {}
    said |= {"depth": str(depth)} if depth is not None else {}
    shapes = exercise.report.network.inputs.values()
    return said | {"input": ", ".join(shape.text(exercise.layout) for shape in shapes)}
