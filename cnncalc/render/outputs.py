"""The outputs of a run: largest values of vectors, ranges and values of maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor, log10
from typing import Any, NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.executor.run import Summary
from cnncalc.network.model import Network
from cnncalc.render.columns import report_title
from cnncalc.render.document import Block, Document
from cnncalc.render.grid import Cell, Grid, Header, headers
from cnncalc.render.numbers import by
from cnncalc.render.report_data import VERSION, inputs_data
from cnncalc.shapes import Layout

PROBABILITY = "probability"

MAX_INPUTS = 10
"""How many inputs have their outputs printed; of more, the first."""


RECORDS = headers("output", "input", "shape", "smallest", "largest", "mean", "index", "value", "name")


class Output(NamedTuple):
    """One output of the network.

    Attributes:
        name: its name.
        word: the one for its values: `probability` after a softmax, else `value`.
        results: the values for each input.
    """

    name: str
    word: str
    results: Sequence[Summary]

    @property
    def is_vector(self) -> bool:
        """Whether it has no spatial axes."""
        return not self.results[0].shape.spatial


def value_word(network: Network, name: str) -> str:
    """The word for the values of one of the network's outputs."""
    path = network.outputs[name]
    return PROBABILITY if any(n.path == path and n.layer.kind == "softmax" for n in network.nodes) else "value"


def outputs_document(report: Report, outputs: Sequence[Output], labels: Sequence[str]) -> Document:
    """All outputs, with the names of a vector's values; empty for none."""
    return Document(
        blocks=lambda: [_block(output, labels, report.network.layout) for output in outputs],
        data=lambda: outputs_data(report, outputs, labels),
        title=report_title(report),
        records=lambda: _records(outputs, labels, report.network.layout),
        by_key=True,
    )


def _block(output: Output, labels: Sequence[str], layout: Layout) -> Block:
    if output.is_vector:
        return vector_grid(output, labels)
    return "".join(f"{line}\n" for line in (*map_lines(output, layout), *more_inputs(output)))


def _records(outputs: Sequence[Output], labels: Sequence[str], layout: Layout) -> Grid:
    """A row for each output and input; for a vector one for each of its largest values."""
    rows: list[tuple[Cell, ...]] = []
    for output in outputs:
        for number, one in enumerate(output.results):
            about = (output.name, number, by(one.shape.sizes(layout)))
            numbers = (str(one.smallest), str(one.largest), str(one.mean))
            top = [(index, str(value), labels[index] if labels else None) for index, value in one.top]
            rows += [(*about, *numbers, *what) for what in top] or [(*about, *numbers, None, None, None)]
    return Grid("", RECORDS, tuple(rows))


def vector_grid(output: Output, labels: Sequence[str]) -> Grid:
    """The largest values of a vector as a table, for each input.

    Args:
        output: a vector.
        labels: the name of each value; empty for none.
    """
    top = [(number, *one) for number, result in enumerate(output.results[:MAX_INPUTS]) for one in result.top]
    columns = {
        "input": [str(number) for number, _, _ in top] if len(output.results) > 1 else [],
        "index": [str(index) for _, index, _ in top],
        output.word: number_texts([value for _, _, value in top]),
        "name": [labels[index] for _, index, _ in top] if labels else [],
    }
    shown = {name: cells for name, cells in columns.items() if cells}
    heads = tuple(Header(name, name, "left" if name == "name" else "right") for name in shown)
    return Grid(_vector_title(output), heads, tuple(zip(*shown.values(), strict=True)), notes=more_inputs(output))


def _vector_title(output: Output) -> str:
    first = output.results[0]
    shown, total = len(first.top), first.shape.channels
    words = "probabilities" if output.word == PROBABILITY else "values"
    largest = f"the {shown} largest" if shown > 1 else "the largest"
    count = f"{total} {words}, largest first" if shown == total else f"{largest} of {total} {words}"
    return f"{output.name}: {count}{' for each input' if len(output.results) > 1 else ''}"


def map_lines(output: Output, layout: Layout) -> Iterator[str]:
    """A map in lines: its shape and range, and its values channel by channel if they are few."""
    several = len(output.results) > 1
    for number, result in enumerate(output.results[:MAX_INPUTS]):
        about = f"{output.name}, input {number}" if several else output.name
        reach = f"from {number_text(result.smallest)} to {number_text(result.largest)}"
        yield f"{about}: {by(result.shape.sizes(layout))}, {reach}, mean {number_text(result.mean)}"
        if result.values is not None:
            yield from _values(result, layout)


def _values(result: Summary, layout: Layout) -> Iterator[str]:
    """Every value of a map; the last axis goes to the right, the others downwards. A vector is one row."""
    if not result.shape.rank:
        yield "  " + "  ".join(number_texts(result.values))
        return
    channels = [list(_rows(_channel(result.values, index, layout))) for index in range(result.shape.channels)]
    texts = iter(number_texts([value for rows in channels for row in rows for value in row]))
    for index, rows in enumerate(channels):
        if len(channels) > 1 and result.shape.rank > 1:
            yield f" channel {index}"
        for row in rows:
            yield "  " + "  ".join(next(texts) for _ in row)


def _channel(values: Any, index: int, layout: Layout) -> Any:
    """One channel of nested lists."""
    if layout == "CHW" or not isinstance(values[0], list):
        return values[index]
    return [_channel(part, index, layout) for part in values]


def _rows(values: Any) -> Iterator[list[float]]:
    """The innermost lists."""
    if not isinstance(values[0], list):
        yield values
        return
    for part in values:
        yield from _rows(part)


def more_inputs(output: Output) -> tuple[str, ...]:
    """The note on inputs whose outputs are not printed."""
    more = len(output.results) - MAX_INPUTS
    return (f"{more:,} more inputs; --format json lists them",) if more > 0 else ()


def number_text(value: float) -> str:
    """A value with six digits, of which float32 has no more than seven."""
    return f"{value:.6g}"


def number_texts(values: Sequence[float]) -> list[str]:
    """Values with their points below one another, the largest with six digits, and no common zeros at the end."""
    largest = max(map(abs, values))
    if largest and not 1e-4 <= largest < 1e9:
        texts = [number_text(value) for value in values]
    else:
        decimals = max(0, 5 - floor(log10(largest))) if largest else 0
        texts = [f"{value:z.{decimals}f}" for value in values]
        while "." in texts[0] and all(text.endswith(("0", ".")) for text in texts):
            texts = [text[:-1] for text in texts]
    width = max(map(len, texts))
    return [f"{text:>{width}}" for text in texts]


def outputs_data(report: Report, outputs: Sequence[Output], labels: Sequence[str]) -> dict[str, Any]:
    """All outputs as plain data."""
    network = report.network
    return {
        "cnncalc": VERSION,
        "name": network.name,
        "layout": network.layout,
        "inputs": inputs_data(network),
        "batch": len(outputs[0].results),
        "outputs": {
            output.name: {
                "shape": list(output.results[0].shape.sizes(network.layout)),
                "probabilities": output.word == PROBABILITY,
                "results": [_result(result, labels) for result in output.results],
            }
            for output in outputs
        },
    }


def _result(result: Summary, labels: Sequence[str]) -> dict[str, Any]:
    top = [
        {"index": index, **({"name": labels[index]} if labels else {}), "value": value} for index, value in result.top
    ]
    return {
        "smallest": result.smallest,
        "largest": result.largest,
        "mean": result.mean,
        **({} if result.shape.spatial else {"top": top}),
        **({} if result.values is None else {"values": result.values}),
    }
