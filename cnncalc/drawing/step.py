"""One layer as a picture: its maps, its arithmetic, its windows on pixels, and what one value sees of the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from cnncalc.analysis.derivation import derive
from cnncalc.analysis.derivation_lines import lines
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.receptive_field import View
from cnncalc.analysis.report import Report
from cnncalc.drawing.palette import role_of
from cnncalc.drawing.picture import (
    DrawnThing,
    Lettering,
    Picture,
    Stroke,
    Surface,
    framed,
    moved,
    rectangle,
    text_width,
    wrapped,
)
from cnncalc.drawing.solids import ACROSS, UP, faces, lengths_of, sizes, tower_of
from cnncalc.layers.windows import Window
from cnncalc.notation import PLAIN
from cnncalc.render.explanations import heading
from cnncalc.render.numbers import by
from cnncalc.shapes import Shape

CELL = 15.0
"""The side of a pixel where windows are shown."""
MOST_CELLS = 16
"""Pixels of an axis that are shown, unless two windows need more."""
IMAGE = 150.0
"""The longer side of the network's input where a receptive field is shown."""
LINE = 17.0
GAP = 40.0
SPACE = 26.0
TEXT = 640.0
"""The width at which the arithmetic folds."""

Part = tuple[list[DrawnThing], float, float]
"""What is drawn, with its width and height."""


def step_picture(report: Report, layer: LayerReport) -> Picture:
    """One layer of a report as a picture."""
    derivation = derive(report, layer)
    parts = [_maps(layer), _arithmetic([(line.label, "; ".join(filter(None, (line.arithmetic, line.note))))
                                        for line in lines(derivation, PLAIN)])]  # fmt: skip
    parts += filter(None, (_windows(layer), _field(report, layer)))
    things: list[DrawnThing] = []
    y = 0.0
    for drawn, _, height in parts:
        things += moved(drawn, 0, y)
        y += height + SPACE
    return framed(f"{layer.path}: {heading(derivation)}", (), things, max(width for _, width, _ in parts), y - SPACE)


def _maps(layer: LayerReport) -> Part:
    """What enters, the weights and what comes out, to one scale."""
    shapes = [(f"input {number}" if len(layer.inputs) > 1 else "input", "input", shape)
              for number, shape in enumerate(layer.inputs, start=1)]  # fmt: skip
    kernel = _kernel(layer)
    shown = [*shapes, *kernel, ("output", role_of(layer.kind), layer.output)]
    lengths = lengths_of([shape for _, _, shape in shown])
    towers = [tower_of(shape, lengths) for _, _, shape in shown]
    axis = max(tower.high / 2 + UP * tower.wide for tower in towers)
    things: list[DrawnThing] = []
    x = bottom = 0.0
    for number, (tower, (name, role, shape)) in enumerate(zip(towers, shown, strict=True)):
        caption = [name, by((*shape.spatial, shape.channels)) if role == "window" else by(shape.sizes(layer.layout))]
        body = tower.thick + ACROSS * tower.wide
        labels = sizes(tower, shape)
        right = max(body, *(thing.extent[2] for thing in labels if isinstance(thing, Lettering)))
        width = max(right, *(text_width(text, 11, bold=not n) for n, text in enumerate(caption)))
        placed = tower.at(x + (width - right) / 2, axis - tower.high / 2)
        things += [*faces(placed, role, name if name == "output" else ""), *sizes(placed, shape)]
        under = placed.y + tower.high + 16
        things += [Lettering(x + width / 2, under + 14 * (n + 1), text, 11, bold=not n)
                   for n, text in enumerate(caption)]  # fmt: skip
        if number:
            things.append(Stroke(((x - GAP + 6, axis), (x - 6, axis)), arrow=number == len(shown) - 1))
        x, bottom = x + width + GAP, max(bottom, under + 30)
    return things, x - GAP, bottom


def _kernel(layer: LayerReport) -> list[tuple[str, str, Shape]]:
    """The weights of one filter of a convolution as a solid; the window of a pool."""
    kernel: tuple[int, ...] = getattr(layer.layer, "kernel", ())
    weight = layer.weight_shapes.get("weight", ())
    if not kernel:
        return []
    if weight:
        many = layer.output.channels
        what = f"{many} filters of" if many > 1 else "1 filter of"
        return [(what, "window", Shape(prod(weight) // (many * prod(kernel)), kernel))]
    return [("window", "window", Shape(1, kernel))]


def _arithmetic(rows: Sequence[tuple[str, str]]) -> Part:
    left = max(text_width(label, 11, bold=True) for label, _ in rows) + 16
    things: list[DrawnThing] = []
    y = width = 0.0
    for label, text in rows:
        things.append(Lettering(0, y + 12, label, 11, "start", bold=True))
        for line in wrapped(text, TEXT, 11):
            things.append(Lettering(left, y + 12, line, 11, "start"))
            width = max(width, left + text_width(line, 11))
            y += LINE
    return things, width, y


def _windows(layer: LayerReport) -> Part | None:
    """The first two windows on the corner of the padded input, and the values that they give."""
    find = getattr(layer.layer, "windows", None)
    if find is None or len(layer.inputs) > 1 or not 1 <= layer.inputs[0].rank <= 2:
        return None
    windows: tuple[Window, ...] = find(layer.inputs[0])
    pair = windows if len(windows) == 2 else (Window(1, 1), *windows)
    rows, columns = (
        min(w.padded, max(MOST_CELLS, w.effective + (w.stride if w is pair[-1] else 0) + 1)) for w in pair
    )  # fmt: skip
    down, across = pair
    shift = across.stride if across.outputs() > 1 else 0
    first = set(_taps(down, across, 0))
    second = set(_taps(down, across, shift)) if shift else set()
    things: list[DrawnThing] = [
        Surface(rectangle(CELL * x, CELL * y + 20, CELL, CELL), _pixel(pair, (y, x), first, second))
        for y, x in product(range(rows), range(columns))
    ]
    things += [Stroke((*outline, outline[0])) for outline in _outlines(pair, shift)]
    head = f"the first {'windows' if shift else 'window'} on the {'corner of the ' if rows < down.padded else ''}input"
    pixels = by(tuple(window.padded for window in windows))
    both = f"{head}, {pixels} with its padding; {_how(windows)}"
    right = max(CELL * columns, text_width(both, 11))
    outside = "" if rows == down.padded and columns == across.padded else "; only a part of it is drawn"
    things.append(Lettering(0, 12, both + outside, 11, "start"))
    return things, max(right, text_width(both + outside, 11)), CELL * rows + 20


def _how(windows: Sequence[Window]) -> str:
    """The settings of windows in words."""
    words = [f"kernel {by(tuple(w.kernel for w in windows))}", f"stride {by(tuple(w.stride for w in windows))}"]
    if any(w.dilation > 1 for w in windows):
        words.append(f"dilation {by(tuple(w.dilation for w in windows))}")
    return ", ".join(words)


def _taps(down: Window, across: Window, shift: int) -> Iterator[tuple[int, int]]:
    """Rows and columns of the padded input that a window reads."""
    for y, x in product(range(down.kernel), range(across.kernel)):
        yield y * down.dilation, x * across.dilation + shift


def _pixel(
    pair: Sequence[Window], place: tuple[int, int], first: set[tuple[int, int]], second: set[tuple[int, int]]
) -> str:
    """The colour of a pixel of the padded input."""
    if place in first:
        return "window"
    if place in second:
        return "next"
    inside = all(w.before <= n < w.before + w.size for w, n in zip(pair, place, strict=True))
    return "input" if inside else "padding"


def _outlines(pair: Sequence[Window], shift: int) -> Iterator[tuple[tuple[float, float], ...]]:
    """The borders of the windows."""
    down, across = pair
    for start in dict.fromkeys((0, shift)):
        yield rectangle(CELL * start, 20, CELL * across.effective, CELL * down.effective)


def _field(report: Report, layer: LayerReport) -> Part | None:
    """What the value in the middle of the output sees of the network's inputs."""
    things: list[DrawnThing] = []
    x = bottom = 0.0
    for view in report.views[layer.path]:
        shape = report.network.inputs[view.input]
        if view.unknown or not 1 <= shape.rank <= 2:
            continue
        drawn, width, height = _seen(view, shape, layer.output)
        things += moved(drawn, x, 0)
        x, bottom = x + width + GAP, max(bottom, height)
    return (things, x - GAP, bottom) if things else None


def _seen(view: View, shape: Shape, output: Shape) -> Part:
    sizes = shape.spatial if shape.rank == 2 else (1, *shape.spatial)
    scale = IMAGE / max(sizes)
    high, wide = (max(size * scale, 8.0) for size in sizes)
    spans = [(0, size - 1) for size in shape.spatial]
    if not view.everything:
        centres = [n // 2 for n in output.spatial] or [0] * shape.rank
        spans = [field.at(n) or (0, -1) for field, n in zip(view.axes, centres, strict=True)]
    seen = [last - first + 1 for first, last in spans]
    rows = spans if shape.rank == 2 else [(0, 0), *spans]
    (top, low), (left, right) = rows
    y, x = 24 + max(top, 0) * scale, max(left, 0) * scale
    down = max((min(low, sizes[0] - 1) - max(top, 0) + 1) * scale, 1.5) if shape.rank == 2 else high
    across = max((min(right, sizes[1] - 1) - max(left, 0) + 1) * scale, 1.5)
    what = "the whole input" if view.everything else f"{by(tuple(seen))} pixels of {by(shape.spatial)}"
    text = f"the value in the middle of the output sees {what} of {view.input}".replace(" of input", " of the input")
    note = "" if prod(seen) and _within(spans, shape) else ", some of them padding"
    things: list[DrawnThing] = [
        Lettering(0, 12, text + note, 11, "start"), Surface(rectangle(0, 24, wide, high), "input"),
        Surface(rectangle(x, y, across, down), "window"),
    ]  # fmt: skip
    return things, max(wide, text_width(text + note, 11)), 24 + high


def _within(spans: Sequence[tuple[int, int]], shape: Shape) -> bool:
    return all(first >= 0 and last < size for (first, last), size in zip(spans, shape.spatial, strict=True))
