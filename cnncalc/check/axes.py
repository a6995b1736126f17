"""The windows of a layer axis by axis, and the words for what lies along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.layers.convolution import Conv, Depthwise
from cnncalc.layers.pooling import AvgPool, MaxPool
from cnncalc.layers.windows import Window
from cnncalc.shapes import AXES, AXIS_NAMES

LINES = {"L": "value", "D": "slice", "H": "row", "W": "column"}
"""What one position of an axis is called, by the axis' letter."""


AxisWindows = tuple[tuple[str, Window], ...]
"""The letter of each axis of a layer's input, with the window that slides along it."""


def windows(layer: LayerReport) -> AxisWindows:
    """The windows of a layer; none for kinds without a sliding window."""
    if not isinstance(layer.layer, Conv | Depthwise | MaxPool | AvgPool):
        return ()
    shape = layer.inputs[0]
    return tuple(zip(AXES[shape.rank], layer.layer.windows(shape), strict=True))


def is_cut(window: Window) -> bool:
    """Whether rounding down leaves values at the end of the axis unread, and none between the windows."""
    return window.rounding == "floor" and window.unread > 0 and not window.has_gaps


def axis_names(letters: Sequence[str]) -> str:
    """`height and width`."""
    return listed([AXIS_NAMES[letter] for letter in letters])


def counted(number: int, letter: str) -> str:
    """How many positions of an axis: `1 row`, `3 columns`."""
    return f"{number:,} {LINES[letter]}{'s' if number != 1 else ''}"


def last(number: int, letter: str) -> str:
    """The positions at the end of an axis: `the last row`, `the last 3 columns`."""
    return f"the last {LINES[letter]}" if number == 1 else f"the last {counted(number, letter)}"


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def by_axis(numbers: Sequence[int]) -> str:
    """A number for each axis: `3x3`."""
    return "x".join(map(str, numbers))


def shorthand(numbers: Sequence[int]) -> str:
    """Sizes as a spec writes them: `3` where all axes have the same, else `1x7`."""
    return str(numbers[0]) if len(set(numbers)) == 1 else by_axis(numbers)


def pair_text(pairs: Sequence[tuple[int, int]]) -> str:
    """Padding as a spec writes it: `1` where it is the same all around, else `[[0, 1], [0, 1]]`."""
    numbers = {number for pair in pairs for number in pair}
    return str(numbers.pop()) if len(numbers) == 1 else str([list(pair) for pair in pairs])
