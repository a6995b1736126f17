"""The first two windows of a layer on the pixels of its map, and the values that belong to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.drawing.picture import DrawnThing, Lettering, Part, Stroke, Surface, moved, rectangle, text_width, wrapped
from cnncalc.layers.derivations import Sliding
from cnncalc.layers.transposed import Deconv
from cnncalc.layers.windows import Window
from cnncalc.render.numbers import by

CELL = 15.0
"""The side of a pixel."""
VALUE = 19.0
"""The side of a value that belongs to a window."""
MOST_CELLS = 16
"""How many pixels of an axis are shown, unless two windows need more."""
MOST_VALUES = 6
ARROW = 52.0
"""The room between both maps."""
TEXT = 420.0
"""The least width at which the words above fold."""

HELD = {"conv": "0", "depthwise": "0", "local": "0", "maxpool": "−∞", "deconv": "×"}
"""The contents of padding: zeros, nothing that could be the largest, or values that are thrown away."""


class _Sliding(NamedTuple):
    """Windows on the rows and columns of a map, whether they write there, and what its padding holds."""

    down: Window
    across: Window
    writes: bool
    held: str

    @property
    def shift(self) -> int:
        """The number of pixels by which the second window is further right; 0 if there is only one."""
        return self.across.stride if self.across.outputs() > 1 else 0

    @property
    def shown(self) -> tuple[int, int]:
        """Rows and columns of the padded map that are drawn."""
        rows = max(MOST_CELLS, self.down.effective + 1)
        columns = max(MOST_CELLS, self.across.effective + self.across.stride + 1)
        return min(self.down.padded, rows), min(self.across.padded, columns)

    def taps(self, shift: int) -> set[tuple[int, int]]:
        """Rows and columns of the padded map that a window has."""
        places = product(range(self.down.kernel), range(self.across.kernel))
        return {(y * self.down.dilation, x * self.across.dilation + shift) for y, x in places}

    def is_inside(self, y: int, x: int) -> bool:
        """Whether a pixel of the padded map belongs to the map."""
        return all(0 <= n - w.before < w.size for w, n in ((self.down, y), (self.across, x)))


def windows_part(layer: LayerReport) -> Part | None:
    """The windows of a layer on a map with one or two axes; None for others."""
    windows = _windows(layer)
    if not 1 <= len(windows) <= 2:
        return None
    mode = getattr(layer.layer, "padding_mode", "zeros")
    down, across = windows if len(windows) == 2 else (Window(1, 1), *windows)
    sliding = _Sliding(
        down, across, isinstance(layer.layer, Deconv), HELD.get(layer.kind, "") if mode == "zeros" else ""
    )
    pixels, values = _pixels(sliding), _values(sliding)
    left, right = (values, pixels) if sliding.writes else (pixels, values)
    room = left[1] + ARROW + right[1]
    words = wrapped(_words(sliding, windows), max(room, TEXT), 11)
    top = 15.0 * len(words) + 8
    height = max(left[2], right[2])
    things: list[DrawnThing] = [Lettering(0, 12 + 15 * n, line, 11, "start") for n, line in enumerate(words)]
    things += moved(left[0], 0, top + (height - left[2]) / 2)
    things += moved(right[0], left[1] + ARROW, top + (height - right[2]) / 2)
    middle = top + height / 2
    things.append(Stroke(((left[1] + 8, middle), (left[1] + ARROW - 8, middle)), arrow=True))
    return things, max(room, *(text_width(line, 11) for line in words)), top + height


def _windows(layer: LayerReport) -> tuple[Window, ...]:
    """The windows on the input; those of a transposed convolution on the output, where each value writes one."""
    if len(layer.inputs) > 1:
        return ()
    each, entering = layer.layer, layer.inputs[0]
    if isinstance(each, Deconv):
        sizes = zip(layer.output.spatial, each.kernel, each.stride, each.dilation, strict=True)
        crops = each.padding_pairs(entering)
        return tuple(Window(*numbers, *crop) for numbers, crop in zip(sizes, crops, strict=True))
    return each.windows(entering) if isinstance(each, Sliding) else ()


def _words(sliding: _Sliding, windows: Sequence[Window]) -> str:
    """The sentence about the picture."""
    settings = [f"{name} {by(tuple(getattr(w, name) for w in windows))}" for name in ("kernel", "stride")]
    settings += [f"dilation {by(tuple(w.dilation for w in windows))}"] if any(w.dilation > 1 for w in windows) else []
    padded = by(tuple(window.padded for window in windows))
    many = "the first two windows" if sliding.shift else "the window"
    corner = "corner" if len(windows) > 1 else "beginning"
    part = f"the {corner} of " if sliding.shown != (sliding.down.padded, sliding.across.padded) else ""
    map_ = f"{part}the {'output' if sliding.writes else 'input'}, {padded}"
    if any(w.before or w.after for w in windows):
        map_ += " before its padding is cut off" if sliding.writes else " with its padding"
    verb = "where the first values of the input write" if sliding.writes else many
    return f"{verb} on {map_}; {', '.join(settings)}"


def _pixels(sliding: _Sliding) -> Part:
    """The corner of the padded map, with its windows."""
    rows, columns = sliding.shown
    first, second = sliding.taps(0), sliding.taps(sliding.shift)
    things: list[DrawnThing] = []
    for y, x in product(range(rows), range(columns)):
        inside = sliding.is_inside(y, x)
        role = "window" if (y, x) in first else "next" if (y, x) in second else "input" if inside else "padding"
        things.append(Surface(rectangle(CELL * x, CELL * y, CELL, CELL), role))
        if sliding.held and not inside:
            things.append(Lettering(CELL * (x + 0.5), CELL * (y + 0.5) + 2.5, sliding.held, 7))
    things += [Stroke((*outline, outline[0])) for outline in _outlines(sliding)]
    return things, CELL * columns, CELL * rows


def _outlines(sliding: _Sliding) -> Iterator[tuple[tuple[float, float], ...]]:
    """The borders of the windows."""
    for start in dict.fromkeys((0, sliding.shift)):
        yield rectangle(CELL * start, 0, CELL * sliding.across.effective, CELL * sliding.down.effective)


def _values(sliding: _Sliding) -> Part:
    """The corner of the map that has a value for each window."""
    rows, columns = (min(window.outputs(), MOST_VALUES) for window in sliding[:2])
    roles = {(0, 0): "window", (0, 1): "next"}
    things: list[DrawnThing] = [
        Surface(rectangle(VALUE * x, VALUE * y, VALUE, VALUE), roles.get((y, x), "input"))
        for y, x in product(range(rows), range(columns))
    ]
    return things, VALUE * columns, VALUE * rows
