"""Rows without an answer, calculated in the head: the results further down if one mistake was made there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.analysis.misconceptions.explain import Explainer, Explanation, distinct, in_row
from cnncalc.analysis.misconceptions.surroundings import Seen
from cnncalc.errors import ShapeError
from cnncalc.explaining.exercise import Exercise, Item
from cnncalc.explaining.statement import Reading
from cnncalc.shapes import Shape

MOST_STEPS = 2
"""How many rows with a window or weights, one after another, are calculated in the head."""


class Unanswered(NamedTuple):
    """The rows without an answer before a row.

    Attributes:
        exercise: what was asked.
        item: the row.
        shapes, seen: of every value as far as it is answered.
        blank: the rows above without an answer, by the value that they hand on.
    """

    exercise: Exercise
    item: Item
    shapes: Mapping[str, Shape]
    seen: Mapping[str, Seen | None]
    blank: Mapping[str, Item]

    def explanations(self, figure: str, reading: Reading) -> tuple[Explanation, ...]:
        """The mistakes in one of these rows that give a figure of this row, most plausible first."""
        found = list[Explanation]()
        for path, shape, made in self._wrong(self.item, MOST_STEPS):
            explainer = self._explainer(self.item, path, shape)
            value = explainer.row.value(figure) if explainer else None
            if explainer and value is not None and reading.says(value):
                found.append(made._replace(value=value, then=explainer.row))
        best: dict[tuple[str, ...], Explanation] = {}
        for one in sorted(found, key=lambda one: one.rank):
            best.setdefault((one.row, *one.ids), one)
        return distinct(best.values(), figure)

    def _wrong(self, item: Item, steps: int) -> Iterator[tuple[str, Shape, Explanation]]:
        """The wrong shapes that a row may read, each with the value that has it and the mistake that made it."""
        for path in item.reads:
            before = self.blank.get(path)
            explainer = self._explainer(before, "", None) if before and steps else None
            if before is None or explainer is None:
                continue
            for made in explainer.wrong("out"):
                if isinstance(made.value, Shape):
                    yield path, made.value, in_row(made, before.name)
            left = steps - explainer.row.has_weights_or_window
            for earlier, shape, made in self._wrong(before, left):
                through = self._explainer(before, earlier, shape)
                if through is not None and through.row.output != explainer.row.output:
                    yield path, through.row.output, made

    def _explainer(self, item: Item, path: str, shape: Shape | None) -> Explainer | None:
        """A row with the answers before it, and another shape of one value; None if it cannot take that."""
        try:
            shapes = {**self.shapes, path: shape} if shape is not None else self.shapes
            return self.exercise.explainer(item, shapes, self.seen)
        except ShapeError:
            return None
