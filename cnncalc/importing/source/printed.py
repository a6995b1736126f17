"""The printed summary of a model: the rows of `summary()` as claims about the layers of the code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.importing.model import ModelClaim, ModelGraph, ModelPlace
from cnncalc.importing.readers.printed_tables import PrintedRow, rows_of
from cnncalc.importing.stored import StoredValues, stored_values
from cnncalc.shapes import Shape

_HEAD = re.compile(r"^\W*Layer \(type\)?")
_TOTAL = re.compile(r"\W*(Trainable|Non-trainable) params: ([\d,]+)")
TOTALS = {"Trainable": "trainable", "Non-trainable": "buffers"}
_RULES = str.maketrans("|│┃", "   ")
MAX_BELOW = 2_000
MAX_BETWEEN = 12
"""The most lines from one row to the next."""


class PrintedLine(NamedTuple):
    """A line that is not code, with its place."""

    text: str
    at: ModelPlace


class PrintedTable(NamedTuple):
    """A printed summary.

    Attributes:
        after: the line of the code after which it was printed.
        rows: with the number of their line in `lines`, from 1.
        lines: of the table.
        totals: figure → number, and the number of the line.
    """

    after: int
    rows: tuple[PrintedRow, ...]
    lines: tuple[PrintedLine, ...]
    totals: Mapping[str, tuple[int, int]]


class CodeLayer(NamedTuple):
    """A layer of the code, under its name in the printed table.

    Attributes:
        name: of the layer.
        value: the name of its value in the graph.
        nodes: the names of all its nodes in the graph.
    """

    name: str
    value: str
    nodes: tuple[str, ...]


def tables_in(lines: Sequence[PrintedLine], after: Iterable[int]) -> Iterator[PrintedTable]:
    """The summaries among lines; `after` has the line of the code that each line is printed after."""
    numbers = list(after)
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line.text)]
    for head, end in pairwise([*heads, len(lines)]):
        below = lines[head + 1 : min(end, head + MAX_BELOW)]
        rows = tuple(_together(rows_of([line.text.translate(_RULES).lstrip() for line in below], 1)))
        found = ((number, _TOTAL.match(line.text)) for number, line in enumerate(below, start=1))
        totals = {
            TOTALS[match[1]]: (int(match[2].replace(",", "")), number) for number, match in found if match is not None
        }
        if rows:
            yield PrintedTable(numbers[head], rows, tuple(below), totals)


def _together(rows: Iterable[PrintedRow]) -> Iterator[PrintedRow]:
    """Rows with names, up to the first gap: after that the lines are something else."""
    last = 0
    for row in rows:
        if row.line > last + MAX_BETWEEN:
            return
        if row.label:
            last = row.line
            yield row


def claims_of(table: PrintedTable, layers: Sequence[CodeLayer], graph: ModelGraph) -> ModelGraph:
    """A graph with the statements of a table as claims, and notes on rows that do not fit."""
    named = _matched(table.rows, layers)
    claims, notes = list(graph.claims), list(graph.notes)
    shapes = {**graph.inputs, **{node.name: node.shape for node in graph.nodes}}
    stored = stored_values(graph)
    for row in table.rows:
        at = table.lines[row.line - 1].at
        layer = named.get(row.label)
        if layer is None and row.word != "InputLayer":
            notes.append(f"{at.words()}: {row.label} is in the printed summary, and not in the code")
        elif layer is not None:
            claims += _of_row(row, layer, stored, at, shapes[layer.value])
    last = table.rows[-1]
    if not table.totals:
        notes.append(f"the printed summary breaks off after {last.label} ({table.lines[last.line - 1].at.words()})")
    for figure, (number, line) in table.totals.items():
        if figure != "buffers" or not any(node.frozen for node in graph.nodes):
            claims.append(ModelClaim("", figure, number, True, table.lines[line - 1].at, 0))
    return graph._replace(claims=tuple(claims), notes=tuple(notes))


def _matched(rows: Iterable[PrintedRow], layers: Sequence[CodeLayer]) -> dict[str, CodeLayer]:
    """The layer of each row: of the same name, or the one of its sort that was made as the same one in a row."""
    exact = {layer.name: layer for layer in layers}
    named, sorts = dict[str, CodeLayer](), defaultdict[str, list[str]](list)
    for row in rows:
        sorts[_sort(row.label)[0]].append(row.label)
    for sort, labels in sorts.items():
        own = [layer for layer in layers if _sort(layer.name)[0] == sort]
        if len(labels) == 1 and labels[0] in exact:
            named[labels[0]] = exact[labels[0]]
        else:
            named |= zip(sorted(labels, key=_sort), sorted(own, key=lambda one: _sort(one.name)), strict=False)
    return named


def _sort(name: str) -> tuple[str, int]:
    """The sort and the number of a name that Keras has made."""
    found = re.fullmatch(r"(.*?)_(\d{1,6})", name)
    return (found[1], int(found[2])) if found else (name, 0)


def _of_row(
    row: PrintedRow, layer: CodeLayer, stored: Mapping[str, StoredValues], at: ModelPlace, shape: Shape | None
) -> Iterator[ModelClaim]:
    """The claims of a row. Keras counts the statistics of norms as params, too."""
    if row.sizes and shape is not None:
        stated = Shape.of(row.sizes, "HWC")
        yield ModelClaim(layer.value, "out", stated, stated == shape, at, 0)
    weighed = [name for name in layer.nodes if stored[name].all] or [layer.value]
    all_, learned = sum(stored[name].all for name in weighed), stored[weighed[-1]].learned
    if row.params or all_:
        yield ModelClaim(weighed[-1], "params", max(row.params - all_ + learned, 0), row.params == all_, at, 0)
