"""How values of a run come about: the products of one value of each layer, and the maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.derivation import Derivation
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.render.document import Document
from cnncalc.render.explanations import heading
from cnncalc.render.grid import Cell, Grid, headers
from cnncalc.render.outputs import Output, map_lines, outputs_document
from cnncalc.shapes import Layout
from cnncalc.tracing.network import Traced
from cnncalc.tracing.trace import in_order, place_text

MOST_LINES = 25

RECORDS = headers("layer", "place", "step", "arithmetic", "value")


class Explained(NamedTuple):
    """One value of a layer, and the map that it is of.

    Attributes:
        layer: the layer in its place.
        traced: the value.
        output: all values.
    """

    layer: LayerReport
    traced: Traced
    output: Output


def explained_texts(inputs: Sequence[Output], explained: Sequence[Explained], layout: Layout) -> Iterator[str]:
    """A text for each input and each layer: its maps, and before them what gives one of their values."""
    for output in inputs:
        yield "\n".join((*_maps(output, layout), ""))
    for one in explained:
        steps = list(_steps(one, layout))
        width = max(len(label) for label, _ in steps)
        lines = (f"  {label:<{width}}  {text}" for label, text in steps)
        head = f"{one.layer.path}   {heading(Derivation(one.layer, ()))}"
        yield "\n".join((head, *lines, *_maps(one.output, layout), ""))


def _maps(output: Output, layout: Layout) -> list[str]:
    """The lines of a map; of many the first."""
    lines = list(map_lines(output, layout))
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"  … {more:,} more lines; --format json has every value"] if more > 1 else lines


def _steps(one: Explained, layout: Layout) -> Iterator[tuple[str, str]]:
    """The lines of a trace; the last one is called by the place of the value."""
    place = place_text(one.traced.place, layout)
    *others, (_, last) = one.traced.trace.lines
    yield from (*others, (place, last))


def explained_data(explained: Sequence[Explained], layout: Layout) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [
        {
            "path": one.layer.path,
            "place": list(in_order(one.traced.place, layout)),
            "value": one.traced.value,
            "steps": [{"step": label, "arithmetic": text} for label, text in _steps(one, layout)],
            "values": one.output.results[0].values,
        }
        for one in explained
    ]


def explained_records(explained: Sequence[Explained], layout: Layout) -> Grid:
    """A row for each step."""
    rows: list[tuple[Cell, ...]] = [
        (one.layer.path, place_text(one.traced.place, layout), label, text, str(one.traced.value))
        for one in explained
        for label, text in _steps(one, layout)
    ]
    return Grid("", RECORDS, tuple(rows))


def explained_document(
    report: Report, inputs: Sequence[Output], explained: Sequence[Explained], outputs: Sequence[Output],
    labels: Sequence[str],
) -> Document:  # fmt: skip
    """The document of a run: the explained values, then the outputs; only the outputs if no value is explained."""
    layout = report.network.layout
    plain = outputs_document(report, outputs, labels)
    if not explained:
        return plain
    texts = [*explained_texts(inputs, explained, layout)]
    return Document(
        blocks=lambda: [*texts, *plain.blocks()],
        data=lambda: {**plain.data(), "explained": explained_data(explained, layout)},
        title=plain.title,
        screen=lambda width: [*(f"{text}\n" for text in texts), *plain.screen(width)],
        records=lambda: explained_records(explained, layout),
        by_key=True,
    )
