"""Receptive field, jump and start, in the forms of a table and of JSON."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.receptive_field import View, Views
from cnncalc.figures import SEEN, Figure
from cnncalc.render.numbers import size_text
from cnncalc.shapes import Shape

WHOLE = "receptive_field"
"""The figure that a view of the whole input has, too."""


def view_cell(views: Views, figure: Figure[Any]) -> str:
    """One figure of a row: `51`, `4×8` if the axes differ, `all` for the whole input, `?` for unknown."""
    several = len(views) > 1
    return ", ".join(f"{view.input} {_one(view, figure)}" if several else _one(view, figure) for view in views)


def _one(view: View, figure: Figure[Any]) -> str:
    if view.unknown:
        return "?"
    if view.everything:
        return "all" if figure.name == WHOLE else ""
    return size_text(tuple(figure.value(field) for field in view.axes))


def view_document(views: Views, inputs: dict[str, Shape]) -> dict[str, Any]:
    """The three figures for JSON: a list with a number for each axis, or an object by input for several."""
    figures = {figure.name: {view.input: _plain(view, figure, inputs[view.input]) for view in views} for figure in SEEN}
    if len(inputs) > 1:
        return figures
    return {name: next(iter(values.values()), None) for name, values in figures.items()}


def _plain(view: View, figure: Figure[Any], shape: Shape) -> list[int | float] | None:
    """The figure on each axis; None if it is unknown, or the jump and start of the whole input."""
    if view.unknown or (view.everything and figure.name != WHOLE):
        return None
    if view.everything:
        return list(shape.spatial)
    numbers = (figure.value(field) for field in view.axes)
    return [int(n) if n.denominator == 1 else float(n) for n in numbers]
