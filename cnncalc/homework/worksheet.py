"""A worksheet: the rows of an exercise with settings, and cells that are blank or, in the key, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.analysis.misconceptions.values import Value
from cnncalc.explaining.exercise import Exercise, Item
from cnncalc.explaining.figures import TOTALLED
from cnncalc.homework.grading import Exercises
from cnncalc.homework.handout import CellKind
from cnncalc.homework.roster import Student
from cnncalc.homework.variants import Variant
from cnncalc.shapes import Layout, Shape, shorthand

NOT_ASKED = "–"
"""The sign in a cell without a question."""


class Worksheet(NamedTuple):
    """A sheet to be printed.

    Attributes:
        exercise: the questions.
        figures: the figures that are asked for, in the order of the columns.
        facts: the facts above the rows, by a word of `sheet.FACTS`.
        key: whether the answers are filled in.
        working: whether there is a column for the calculation.
    """

    exercise: Exercise
    figures: tuple[str, ...]
    facts: Mapping[str, str]
    key: bool = False
    working: bool = False

    def rows(self) -> list[tuple[Item | None, tuple[str, ...]]]:
        """The cells of each row in the order of the figures; a last row, without an item, has the sums, if any."""
        exercise, figures = self.exercise, self.figures
        rows: list[tuple[Item | None, tuple[str, ...]]] = [
            (item, tuple(self._cell(exercise.right(item, figure)) for figure in figures)) for item in exercise.items
        ]
        if set(figures) & set(TOTALLED):
            sums = (exercise.right_total(figure) if figure in TOTALLED else None for figure in figures)
            rows.append((None, tuple(map(self._cell, sums))))
        return rows

    def kind(self, item: Item | None, figure: str) -> CellKind:
        """The kind of answer that belongs in a cell; the size of a vector is a number, too."""
        right = self.exercise.right(item, figure) if item else 0
        is_shape = isinstance(right, tuple) and not (isinstance(right, Shape) and not right.rank)
        return "shape" if is_shape else "number"

    def _cell(self, right: Value | None) -> str:
        if right is None:
            return NOT_ASKED
        return value_text(right, self.exercise.layout) if self.key else ""

    @property
    def has_wires(self) -> bool:
        """Whether a row reads anything other than the output of the row above."""
        above = next(iter(self.exercise.report.network.inputs), "")
        for item in self.exercise.items:
            if item.reads != (above,):
                return True
            above = item.row.output
        return False

    def wires(self, item: Item) -> str:
        """The names of the values that a row reads."""
        makers = self.exercise.makers
        return ", ".join(makers[path].name if path in makers else path for path in item.reads)


def value_text(value: Value, layout: Layout) -> str:
    """A value as a sheet writes it: `55x55x96`, `34944`, `11`, `3x7`."""
    if isinstance(value, Shape):
        return value.text(layout)
    if isinstance(value, tuple):
        return shorthand(value)
    return str(value)


class Worksheets(NamedTuple):
    """The sheets of one SPEC.

    Attributes:
        exercises: makes their exercises.
        spec: the SPEC.
        depth: how far rows are unfolded; None for every layer.
        figures, key, working: as of a `Worksheet`.
    """

    exercises: Exercises
    spec: str
    depth: int | None
    figures: tuple[str, ...]
    key: bool
    working: bool

    def sheet(self, variant: Variant | None, student: Student | None = None) -> Worksheet:
        """The sheet with the spec's own numbers, or with those of a variant.

        Raises:
            SpecError, NoVariant, ArchitectureNotFound, OverrideError: as `Exercises.exercise`.
        """
        exercise = self.exercises.exercise(self.spec, variant, self.depth)
        said = {"worksheet": self.spec}
        if student is not None:
            said |= {"student": student.name} | ({"id": student.id} if student.id != student.name else {})
        if variant is not None:
            said["seed"] = str(variant.seed)
            said |= {"secret": variant.secret.fingerprint} if variant.secret is not None else {}
            said |= {"remainders": "yes"} if variant.remainders else {}
        said |= {"depth": str(self.depth)} if self.depth is not None else {}
        shapes = exercise.report.network.inputs.values()
        said["input"] = ", ".join(shape.text(exercise.layout) for shape in shapes)
        return Worksheet(exercise, self.figures, said, self.key, self.working)
