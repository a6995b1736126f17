"""Several networks in a line each, with the differences from the first, as a table and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.report import Report, known_inputs
from cnncalc.figures import MOST_USUAL, NUMBERS, Figure, number_of
from cnncalc.notation import several
from cnncalc.render.change_words import percent_text
from cnncalc.render.document import Document
from cnncalc.render.grid import AtLeast, Cell, Grid, Header
from cnncalc.render.numbers import by, exact_or_rounded
from cnncalc.render.report_data import VERSION, report_data


class Summarized(NamedTuple):
    """A network in a line: its name on the command line, and its report."""

    spec: str
    report: Report


def _input(one: Summarized) -> str:
    return ", ".join(by(sizes) for sizes in known_inputs(one.report).values())


def _output(one: Summarized) -> str:
    report, other = one.report, one.report.other
    shapes = (report if other is None else other).output_shapes
    known = {name: tuple(n if n == m else None for n, m in zip(sizes, shapes[name], strict=True))
             for name, sizes in report.output_shapes.items()}  # fmt: skip
    return ", ".join(map(by, known.values()))


WORDS: dict[str, tuple[Header, Callable[[Summarized], str]]] = {
    "spec": (Header("spec", "spec"), lambda one: one.spec),
    "title": (Header("title", "title", priority=8), lambda one: one.report.network.name),
    "input": (Header("input", "input", "right", priority=5), _input),
    "output": (Header("output", "output", "right", priority=6), _output),
}
"""The columns that are not figures."""

SUMMED: dict[str, Figure[Any]] = {figure.name: figure for figure in NUMBERS}

SUMMARY_COLUMNS = (*WORDS, *SUMMED)
USUAL_COLUMNS = (
    *(name for name in WORDS if name != "title"),
    *(name for name, figure in SUMMED.items() if figure.priority <= MOST_USUAL and not figure.formula),
    "peak_memory",
)


def summary_document(networks: Sequence[Summarized], names: Sequence[str] = USUAL_COLUMNS) -> Document:
    """Networks; as for `summary_grid`."""
    return Document(
        blocks=lambda: [summary_grid(networks, names)],
        data=lambda: {"cnncalc": VERSION, "specs": _data(networks)},
        records=lambda: _grid(networks, names, _difference),
    )


def summary_grid(networks: Sequence[Summarized], names: Sequence[str] = USUAL_COLUMNS) -> Grid:
    """Networks as a table, with the difference to the first in percent.

    Args:
        networks: the rows.
        names: words of `SUMMARY_COLUMNS`, in order.
    """
    title = several(len(networks), "network")
    notes = (f"%: what differs from {networks[0].spec}",) if len(networks) > 1 and set(names) & set(SUMMED) else ()
    return _grid(networks, names, _percent)._replace(title=title, notes=notes, choice=" (choose with --columns)")


def _grid(networks: Sequence[Summarized], names: Sequence[str], difference: Callable[[Cell, Cell], Cell]) -> Grid:
    columns = [column for name in names for column in _columns(networks, name, difference)]
    heads = tuple(head for head, _ in columns)
    return Grid("", heads, tuple(zip(*(cells for _, cells in columns), strict=True)))


def _columns(
    networks: Sequence[Summarized], name: str, difference: Callable[[Cell, Cell], Cell]
) -> Iterator[tuple[Header, list[Cell]]]:
    """The column of a name, and after a figure, if there are several networks, that of its differences."""
    if name in WORDS:
        head, cell = WORDS[name]
        yield head, [cell(one) for one in networks]
        return
    figure = SUMMED[name]
    priority = figure.priority + 1
    title = figure.total_title or figure.heading
    cells = [total_cell(one.report, figure) for one in networks]
    yield Header(name, title, "right", 0 if name == "params" else priority), cells
    if len(networks) > 1:
        others = [None, *(difference(cells[0], cell) for cell in cells[1:])]
        yield Header(f"{name}_difference", f"{title.removesuffix(' (B)')} %", "right", priority + 10), others


def total_cell(report: Report, figure: Figure[Any]) -> Cell:
    """A total; a lower bound if a layer leaves a part unknown, words if it depends on sizes that are left open."""
    value = number_of(report.totals, figure.name)
    if report.other is not None and number_of(report.other.totals, figure.name) != value:
        return report.needs
    if any(layer.lacks(figure) for layer in report.layers):
        return AtLeast(value) if isinstance(value, int) else "?"
    return exact_or_rounded(value)


def _difference(first: Cell, cell: Cell) -> Cell:
    return cell - first if type(first) is int and type(cell) is int else None


def _percent(first: Cell, cell: Cell) -> Cell:
    return percent_text(first, cell) if type(first) is int and type(cell) is int else None


def _data(networks: Sequence[Summarized]) -> list[dict[str, Any]]:
    """Networks as the JSON of `show` has each, without its layers, and with the differences to the first."""
    documents = [report_data(one.report) for one in networks]
    first = documents[0]["totals"]
    return [
        {"spec": one.spec, **{key: value for key, value in data.items() if key != "layers"}}
        | ({"differences": _differences(first, data["totals"])} if number else {})
        for number, (one, data) in enumerate(zip(networks, documents, strict=True))
    ]


def _differences(first: dict[str, Any], totals: dict[str, Any]) -> dict[str, int | float | None]:
    """The difference of each total that is one number; null if one of the two is not known."""
    numbers = {name: (first[name], value) for name, value in totals.items() if not isinstance(value, dict)}
    return {name: None if None in pair else pair[1] - pair[0] for name, pair in numbers.items()}
