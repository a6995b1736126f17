"""Which mistakes explain a figure that someone gave for one layer."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.analysis.misconceptions.explain import Explainer, Explanation
from cnncalc.analysis.misconceptions.layer_terms import NOTHING_AROUND, Around
from cnncalc.analysis.misconceptions.reckoner import Reckoner, Task
from cnncalc.analysis.misconceptions.terms import Value
from cnncalc.layers.base import Layer
from cnncalc.network.model import Node
from cnncalc.shapes import Shape


def explain_value(
    layer: Layer,
    inputs: tuple[Shape, ...],
    figure: str,
    value: Value,
    tolerance: Fraction = Fraction(0),
    around: Around = NOTHING_AROUND,
) -> tuple[Explanation, ...]:
    """The mistakes that give a value for a figure of one layer, most plausible first; empty for none.

    Single misconceptions are tried first, then slips of the pen, then two misconceptions at once.

    Args:
        layer: the layer.
        inputs: the shapes that enter it.
        figure: `out`, `params`, `macs` or another word of `terms.FIGURES`.
        value: what someone gave: a count, a `Shape`, or one number for each axis.
        tolerance: half a unit of the last digit written; 0 where all digits were.
        around: what stands around the layer.

    Raises:
        ShapeError: the layer cannot take these inputs.

    Example:
        >>> from cnncalc.layers.base import make
        >>> from cnncalc.layers.convolution import Conv
        >>> conv1 = make(Conv, 2, filters=96, kernel=11, stride=4)
        >>> [found.what("params") for found in explain_value(conv1, (Shape(3, (227, 227)),), "params", 34848)]
        ['the count without the biases']
    """
    names = tuple(f"input {number}" for number in range(len(inputs)))
    node = Node("layer", layer, names, 1)
    task = Task((node,), "layer", dict(zip(names, inputs, strict=True)), {"layer": around})
    return explained(Explainer(Reckoner(task)), figure, value, tolerance)


def explained(explainer: Explainer, figure: str, value: Value, tolerance: Fraction) -> tuple[Explanation, ...]:
    """Single misconceptions, else slips, else two misconceptions."""
    return (
        explainer.misconceptions(figure, value, tolerance)
        or explainer.slips(figure, value)
        or explainer.misconceptions(figure, value, tolerance, pairs=True)
    )
