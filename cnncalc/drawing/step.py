"""One layer as a picture: its maps, its arithmetic, its windows on pixels, and the input that one value sees."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from cnncalc.analysis.derivation import WITH_FIELD, derive
from cnncalc.analysis.derivation_lines import lines
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.receptive_field import View
from cnncalc.analysis.report import Report
from cnncalc.drawing.palette import role_of
from cnncalc.drawing.picture import (
    DrawnThing,
    Lettering,
    Part,
    Picture,
    Stroke,
    Surface,
    framed,
    moved,
    rectangle,
    text_width,
    wrapped,
)
from cnncalc.drawing.pixels import windows_part
from cnncalc.drawing.solids import ACROSS, UP, faces, lengths_of, sizes, tower_of
from cnncalc.notation import PLAIN
from cnncalc.render.explanations import heading
from cnncalc.render.numbers import by
from cnncalc.shapes import Shape

IMAGE = 150.0
"""The longer side of the network's input next to a receptive field."""
FIELD = 230.0
"""The width at which the words above it fold."""
LINE = 17.0
GAP = 40.0
SPACE = 26.0
TEXT = 640.0
"""The width at which the arithmetic folds."""


def step_picture(report: Report, layer: LayerReport) -> Picture:
    """One layer of a report as a picture."""
    derivation = derive(report, layer, WITH_FIELD)
    parts = [_maps(layer), _arithmetic([(line.label, "; ".join(filter(None, (line.arithmetic, line.note))))
                                        for line in lines(derivation, PLAIN)])]  # fmt: skip
    parts += _beside(list(filter(None, (windows_part(layer), _field(report, layer)))))
    things: list[DrawnThing] = []
    y = 0.0
    for drawn, _, height in parts:
        things += moved(drawn, 0, y)
        y += height + SPACE
    return framed(f"{layer.path}: {heading(derivation)}", (), things, max(width for _, width, _ in parts), y - SPACE)


def _beside(parts: Sequence[Part]) -> list[Part]:
    """Parts side by side, if they are no wider than the part above."""
    if sum(width + GAP for _, width, _ in parts) > TEXT + 3 * GAP:
        return list(parts)
    things: list[DrawnThing] = []
    x = 0.0
    for drawn, width, _ in parts:
        things += moved(drawn, x, 0)
        x += width + GAP
    return [(things, x - GAP, max(height for *_, height in parts))] if parts else []


def _maps(layer: LayerReport) -> Part:
    """The inputs, the weights and the output, to one scale."""
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


def _field(report: Report, layer: LayerReport) -> Part | None:
    """The part of the network's inputs that the value in the middle of the output sees."""
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
    y, x = max(top, 0) * scale, max(left, 0) * scale
    down = max((min(low, sizes[0] - 1) - max(top, 0) + 1) * scale, 1.5) if shape.rank == 2 else high
    across = max((min(right, sizes[1] - 1) - max(left, 0) + 1) * scale, 1.5)
    source = "the input" if view.input == "input" else view.input
    what = f"{source}, all of it" if view.everything else f"{by(tuple(seen))} pixels of {source}, {by(shape.spatial)}"
    note = "" if prod(seen) and _within(spans, shape) else "; some are padding"
    words = wrapped(f"the value in the middle of the output sees {what}{note}", FIELD, 11)
    head = LINE * len(words) + 6
    things: list[DrawnThing] = [Lettering(0, 12 + LINE * n, line, 11, "start") for n, line in enumerate(words)]
    things.append(Surface(rectangle(0, head, wide, high), "input"))
    things.append(Surface(rectangle(x, y + head, across, down), "window"))
    return things, max(wide, *(text_width(line, 11) for line in words)), head + high


def _within(spans: Sequence[tuple[int, int]], shape: Shape) -> bool:
    return all(first >= 0 and last < size for (first, last), size in zip(spans, shape.spatial, strict=True))
