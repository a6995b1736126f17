"""The network as a student sees it: the shapes and fields of earlier answers, right or not."""

from __future__ import annotations

from cnncalc.analysis.misconceptions.explain import Explainer
from cnncalc.analysis.misconceptions.surroundings import Seen
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.errors import ShapeError
from cnncalc.homework.carried import carried
from cnncalc.homework.exercise import Exercise, Item
from cnncalc.homework.judging import Verdict
from cnncalc.shapes import Shape


class Student:
    """What the answers so far say about every value of the network.

    The previous rows of a row are those whose values its layers read. Where such a row was answered,
    its answer is taken; where it was left blank or cannot be read, what follows from the answers
    before it; where those cannot be (a window larger than its input), the right shape.

    Attributes:
        exercise: what was asked.
        shapes: the shape of each value by path.
        seen: what it sees of the network's input.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.shapes: dict[str, Shape] = dict(exercise.report.network.inputs)
        self.seen: dict[str, Seen | None] = {path: exercise.seen[path] for path in self.shapes}

    def leave(self, row: OwnRow) -> None:
        """A row is done: what it hands on is known now."""
        exercise, output = self.exercise, row.item.row.output
        figures = (row.own or row.right).row
        for node in row.item.nodes:
            path = node.path
            self.shapes[path] = figures.shapes[path]
            # Behind a merge or a repeating pattern only the right row knows what is seen.
            self.seen[path] = (figures.seen.get(path) if row.own else None) or exercise.seen[path]
        self.shapes[output] = row.out or self.shapes[output]
        seen = self.seen[output]
        if seen is not None:
            self.seen[output] = Seen(row.sizes("receptive_field") or seen.field, row.sizes("jump") or seen.jump)


class OwnRow:
    """One row as it goes on from a student's earlier answers.

    Attributes:
        item: the row.
        right: the row with its right inputs.
        own: the row with the answers before it; None where it cannot be calculated with them.
        answers: the values that the answers of this row stand for, by figure.
    """

    def __init__(self, student: Student, item: Item) -> None:
        self._student = student
        self.item = item
        self.right = student.exercise.explainer(item)
        self.own = self._explainer(None)
        self.answers: dict[str, Value] = {}

    @property
    def out(self) -> Shape | None:
        """The shape that was answered."""
        value = self.answers.get("out")
        return value if isinstance(value, Shape) else None

    def sizes(self, figure: str) -> tuple[int, ...] | None:
        """What was answered for each axis."""
        value = self.answers.get(figure)
        return value if isinstance(value, tuple) and not isinstance(value, Shape) else None

    def _explainer(self, answer: Shape | None) -> Explainer | None:
        try:
            return self._student.exercise.explainer(self.item, self._student.shapes, self._student.seen, answer)
        except ShapeError:
            return None

    def explainers(self, figure: str) -> list[Explainer]:
        """The ways to go on from the student's answers, where they are not simply the right row."""
        found = [self.own] if self.own is not None and self.own is not self.right else []
        calculated = self.own.row.output if self.own else None
        if figure != "out" and self.out is not None and self.out != calculated:
            answered = self._explainer(self.out)
            found = [answered, *found] if answered is not None else found
        return found

    def carried(self, figure: str) -> list[Value]:
        """What follows from the other answers of this row."""
        return carried(figure, self.answers, (self.own or self.right).row)

    def answer(self, figure: str, verdict: Verdict) -> None:
        """Keep what an answer stands for."""
        value = verdict.meant
        if verdict.reading.partial and isinstance(value, Shape):
            value = Shape((self.own or self.right).row.output.channels, value.spatial)
        self.answers[figure] = value
