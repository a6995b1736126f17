"""The words of lint rules for shapes, sizes and what lies along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.shapes import AXIS_NAMES

LINES = {"L": "value", "D": "slice", "H": "row", "W": "column"}
"""What one position of an axis is called, by the axis' letter."""


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
    """How many positions of an axis: `1 row`, `3 columns`."""
    return f"{number:,} {LINES[letter]}{'s' if number != 1 else ''}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def by_axis(numbers: Sequence[int]) -> str:
    """A number for each axis: `3x3`."""
    return "x".join(map(str, numbers))


def shorthand(numbers: Sequence[int]) -> str:
    """Sizes as a spec writes them: `3` if all axes have the same, else `1x7`."""
    return str(numbers[0]) if len(set(numbers)) == 1 else by_axis(numbers)
