"""The mistakes that explain a figure of one layer, at any place."""

from collections.abc import Mapping
from fractions import Fraction

from cnncalc.analysis.misconceptions.explain import Explainer, Explanation
from cnncalc.analysis.misconceptions.row_figures import RowFigures
from cnncalc.analysis.misconceptions.surroundings import Place, Seen
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.layers.base import Layer
from cnncalc.network.model import Node
from cnncalc.shapes import Shape

FIRST = Place(first=True)


def explain_value(
    layer: Layer,
    inputs: tuple[Shape, ...],
    figure: str,
    value: Value,
    tolerance: Fraction = Fraction(0),
    place: Place = FIRST,
    seen: Seen | None = None,
    others: Mapping[str, Shape] = {},
) -> tuple[Explanation, ...]:
    names = tuple(f"input {number}" for number in range(len(inputs)))
    shapes = {**dict(zip(names, inputs, strict=True)), **others}
    row = RowFigures((Node("layer", layer, names, 1),), "layer", shapes, {names[0]: seen}, {"layer": place})
    explainer = Explainer(row)
    return (
        explainer.misconceptions(figure, value, tolerance)
        or explainer.slips(figure, value)
        or explainer.misconceptions(figure, value, tolerance, "pair")
    )
