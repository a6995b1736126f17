"""The words of lint rules for shapes and positions along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.notation import listed, several
from cnncalc.shapes import AXIS_NAMES

LINES = {"L": "value", "D": "slice", "H": "row", "W": "column"}
"""The name of one position of an axis, by the axis' letter."""


def entering(layer: LayerReport) -> str:
    """The first shape that enters a layer, in the order of the spec."""
    return layer.inputs[0].text(layer.layout)


def leaving(layer: LayerReport) -> str:
    """The shape that leaves a layer, in the order of the spec."""
    return layer.facts.output.text(layer.layout)


def axis_names(letters: Sequence[str]) -> str:
    """`height and width`."""
    return listed([AXIS_NAMES[letter] for letter in letters])


def counted(number: int, letter: str) -> str:
    """A number of positions of an axis: `1 row`, `3 columns`."""
    return several(number, LINES[letter])
