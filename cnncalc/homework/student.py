"""The network as a student sees it: the shapes and fields of earlier answers, right or not."""

from __future__ import annotations

from cnncalc.analysis.misconceptions.explain import Explainer
from cnncalc.analysis.misconceptions.layer_terms import Sight
from cnncalc.errors import ShapeError
from cnncalc.homework.answers import Reading
from cnncalc.homework.exercise import Exercise, Item
from cnncalc.shapes import Shape


class Student:
    """What the answers so far say about every value of the network.

    The previous rows of a row are those whose values its layers read. Where such a row was answered,
    its answer is taken; where it was left blank or cannot be read, what follows from the answers
    before it; where those cannot be (a window larger than its input), the right shape.

    Attributes:
        exercise: what was asked.
        shapes: the shape of each value by path.
        sights: what it sees of the network's input.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.shapes: dict[str, Shape] = dict(exercise.report.network.inputs)
        self.sights: dict[str, Sight | None] = {path: exercise.sights[path] for path in self.shapes}

    def leave(self, row: OwnRow) -> None:
        """A row is done: what it hands on is known now."""
        exercise, output = self.exercise, row.item.row.output
        reckoner = (row.own or row.right).reckoner
        for node in row.item.nodes:
            path = node.path
            self.shapes[path] = reckoner.shapes[path]
            # Behind a merge or a repeating pattern only the right row knows what is seen.
            self.sights[path] = (reckoner.task.sights.get(path) if row.own else None) or exercise.sights[path]
        self.shapes[output] = row.out or self.shapes[output]
        seen = self.sights[output]
        if seen is not None:
            self.sights[output] = Sight(row.field or seen.field, row.jump or seen.jump)


class OwnRow:
    """One row as it goes on from a student's earlier answers.

    Attributes:
        item: the row.
        right: the row with its right inputs.
        own: the row with the answers before it; None where it cannot be reckoned with them.
        out, field, jump: what was answered in this row; None for no answer.
    """

    def __init__(self, student: Student, item: Item) -> None:
        self._student = student
        self.item = item
        self.right = student.exercise.explainer(item)
        self.own = self._explainer(None)
        self.out: Shape | None = None
        self.field: tuple[int, ...] | None = None
        self.jump: tuple[int, ...] | None = None

    def _explainer(self, stated: Shape | None) -> Explainer | None:
        try:
            return self._student.exercise.explainer(self.item, self._student.shapes, self._student.sights, stated)
        except ShapeError:
            return None

    def explainers(self, figure: str) -> list[Explainer]:
        """The ways to go on from the student's answers, where they are not simply the right row."""
        found = [self.own] if self.own is not None and self.own is not self.right else []
        reckoned = self.own.reckoner.output if self.own else None
        if figure != "out" and self.out is not None and self.out != reckoned:
            stated = self._explainer(self.out)
            found = [stated, *found] if stated is not None else found
        return found

    def answer(self, figure: str, reading: Reading) -> None:
        """Keep what was answered for a figure."""
        value = reading.value
        if figure == "out" and isinstance(value, Shape):
            channels = (self.own or self.right).reckoner.output.channels
            self.out = Shape(channels, value.spatial) if reading.partial else value
        elif figure == "receptive_field" and not isinstance(value, Shape | int):
            self.field = value
        elif figure == "jump" and not isinstance(value, Shape | int):
            self.jump = value
