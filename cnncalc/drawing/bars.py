"""A figure of every layer as bars, in the order of execution: memory over time, receptive field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor, log10
from typing import NamedTuple

from cnncalc.analysis.memory import alive_elements
from cnncalc.analysis.receptive_field import View
from cnncalc.analysis.report import Report
from cnncalc.drawing.palette import role_of
from cnncalc.drawing.picture import DrawnThing, Lettering, Picture, Stroke, Surface, framed, rectangle, text_width
from cnncalc.drawing.plot import mark_text
from cnncalc.render.numbers import by, number_text

WIDTH, HEIGHT = 700.0, 190.0
LEFT = 58.0
ABOVE = 22.0
SIZE = 10.0


class Bar(NamedTuple):
    """One layer: its path, the role that its colour means, and its figure."""

    path: str
    role: str
    value: int


def memory_picture(report: Report) -> Picture:
    """The bytes of activations that are alive while each layer runs."""
    each = report.batch * report.value_bytes
    alive = [values * each for values in alive_elements(report.network, report.shapes)]
    peak = alive.index(max(alive))
    note = f"most at {report.layers[peak].path}: {number_text(alive[peak])} B in {report.dtype}, batch {report.batch}"
    return _picture(report, "Memory of activations over time, in bytes", alive, (note,))


def field_pictures(report: Report) -> Iterator[Picture]:
    """The receptive field of every layer, for each input of the network with axes."""
    for name, shape in report.network.inputs.items():
        if not shape.rank:
            continue
        of = f" of {name}" if len(report.network.inputs) > 1 else ""
        note = f"the dashed line is the input, {by(shape.sizes(report.network.layout))}"
        views = (next((view for view in report.views[layer.path] if view.input == name), None) for layer in report)
        extents = [_extent(view, max(shape.spatial)) for view in views]
        title = f"Receptive field in pixels of the input{of}, on its longest axis"
        yield _picture(report, title, extents, (note,), limit=max(shape.spatial))


def _extent(view: View | None, whole: int) -> int:
    if view is None or view.unknown:
        return 0
    return whole if view.everything else max((field.extent for field in view.axes), default=0)


def _picture(report: Report, title: str, values: Sequence[int], notes: Sequence[str], limit: int = 0) -> Picture:
    """Bars from left to right, with the names of the spec's lines below; `limit` is a dashed line."""
    bars = [Bar(layer.path, role_of(layer.kind), value) for layer, value in zip(report.layers, values, strict=True)]
    highest = max((*values, limit, 1))
    scale = (HEIGHT - ABOVE) / highest
    across = (WIDTH - LEFT) / len(bars)
    things: list[DrawnThing] = [
        Surface(rectangle(LEFT + across * n, HEIGHT - bar.value * scale, across, bar.value * scale), bar.role, bar.path)
        for n, bar in enumerate(bars)
        if bar.value
    ]
    things += _upright(highest, scale)
    things += _level(report, across)
    if limit:
        y = HEIGHT - limit * scale
        things.append(Stroke(((LEFT, y), (WIDTH, y)), dashed=True))
    return framed(title, notes, things, WIDTH, HEIGHT + 20)


def _upright(highest: int, scale: float) -> Iterator[DrawnThing]:
    """The axis with round numbers."""
    yield Stroke(((LEFT, 0), (LEFT, HEIGHT), (WIDTH, HEIGHT)))
    power = 10 ** floor(log10(highest))
    step = next(power * part for part in (0.2, 0.5, 1, 2) if power * part * 6 > highest)
    for n in range(int(highest / step) + 1):
        y = HEIGHT - n * step * scale
        yield Stroke(((LEFT - 4, y), (LEFT, y)))
        yield Lettering(LEFT - 7, y + 3.5, mark_text(n * step), SIZE, "end", faint=True)


def _level(report: Report, across: float) -> Iterator[DrawnThing]:
    """A mark at the beginning of each line of the spec, with its name if there is room."""
    free = 0.0
    for row in report.network.rows:
        x = LEFT + across * row.start
        if row.start == row.stop or x < free:
            continue
        yield Stroke(((x, HEIGHT), (x, HEIGHT + 4)))
        width = text_width(row.path, SIZE)
        if x + width <= WIDTH:
            yield Lettering(x + 1, HEIGHT + 15, row.path, SIZE, "start", faint=True)
            free = x + width + 8
