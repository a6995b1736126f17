"""The network as a student sees it: the shapes and fields of earlier answers, right or not."""

from __future__ import annotations

from cnncalc.analysis.misconceptions.explain import Explainer
from cnncalc.analysis.misconceptions.layer_terms import Sight
from cnncalc.errors import ShapeError
from cnncalc.homework.answers import Reading
from cnncalc.homework.exercise import Exercise, Item
from cnncalc.shapes import Shape


class Student:
    """What follows from the answers so far.

    The previous rows of a row are those whose values its layers read. Where such a row was answered,
    its answer is taken; where it was left blank or cannot be read, what follows from the answers
    before it; where those cannot be (a window larger than its input), the right shape.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._shapes: dict[str, Shape] = dict(exercise.report.network.inputs)
        self._sights: dict[str, Sight | None] = {path: exercise.sights[path] for path in self._shapes}
        self._item = exercise.items[0] if exercise.items else None
        self._own: Explainer | None = None
        self._out: Shape | None = None
        self._field: tuple[int, ...] | None = None
        self._jump: tuple[int, ...] | None = None

    def come_to(self, item: Item) -> None:
        """Go on with the next row."""
        self._item, self._out, self._field, self._jump = item, None, None, None
        self._own = self._explainer(None)

    def _explainer(self, stated: Shape | None) -> Explainer | None:
        """The row with the answers before it; None where it cannot be reckoned with them."""
        assert self._item is not None
        try:
            return self._exercise.explainer(self._item, self._shapes, self._sights, stated)
        except ShapeError:
            return None

    def explainers(self, figure: str) -> list[Explainer]:
        """The row as it goes on from the student's answers, where that is not simply the right row."""
        assert self._item is not None
        found = []
        reckoned = self._own.reckoner.output if self._own else None
        if figure != "out" and self._out is not None and self._out != reckoned:
            stated = self._explainer(self._out)
            found += [stated] if stated is not None else []
        right = self._exercise.explainer(self._item)
        return [*found, *([self._own] if self._own is not None and self._own is not right else [])]

    def answer(self, figure: str, reading: Reading) -> None:
        """Keep what was answered for a figure."""
        assert self._item is not None
        value = reading.value
        if figure == "out" and isinstance(value, Shape):
            right = self._exercise.report.shapes[self._item.row.output]
            channels = (self._own.reckoner.output if self._own else right).channels
            self._out = Shape(channels, value.spatial) if reading.partial else value
        elif isinstance(value, tuple) and not isinstance(value, Shape):
            self._field = value if figure == "receptive_field" else self._field
            self._jump = value if figure == "jump" else self._jump

    def leave(self) -> None:
        """The row is done: what it hands on is known now."""
        assert self._item is not None
        right, output = self._exercise.explainer(self._item), self._item.row.output
        reckoner = (self._own or right).reckoner
        for node in self._item.nodes:
            path = node.path
            self._shapes[path] = reckoner.shapes[path]
            # Behind a merge or a repeating pattern only the right row knows what is seen.
            self._sights[path] = (reckoner.task.sights.get(path) if self._own else None) or self._exercise.sights[path]
        self._shapes[output] = self._out or self._shapes[output]
        seen = self._sights[output]
        if seen is not None:
            self._sights[output] = Sight(self._field or seen.field, self._jump or seen.jump)
