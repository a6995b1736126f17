"""Worksheets and keys as CSV, YAML, Markdown and a page to print."""

from __future__ import annotations

import json
import re

from cnncalc.analysis.derivation import Derivation, derive
from cnncalc.analysis.figures import RowReport
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.homework.exercise import TOTAL
from cnncalc.homework.worksheet import NOT_ASKED, Worksheet
from cnncalc.layers.base import Layer
from cnncalc.render.csv_text import csv_rows
from cnncalc.render.explanations import explanation_markdown
from cnncalc.render.grid import Grid, Header
from cnncalc.render.markdown import escaped
from cnncalc.render.numbers import by
from cnncalc.render.operations import layer_operation

DERIVED = ("out", "params", "buffers", "macs", "flops", "receptive_field", "weights_memory", "output_memory")
"""The asked figures that have a derivation of their own."""


YAML_WORDS = ("true", "false", "null", "yes", "no", "on", "off")
"""Words that YAML takes for something else."""


def worksheet_grid(sheet: Worksheet) -> Grid:
    """A worksheet as a table: a row for each layer, and one for the sums."""
    wires, report = sheet.has_wires, sheet.exercise.report
    names = [
        "layer",
        "operation",
        *(["from"] if wires else []),
        *sheet.figures,
        *(["working"] if sheet.working else []),
    ]
    rows = []
    for item in sheet.exercise.items:
        settings = (item.name, settings_text(report.row_report(item.row)), *([sheet.wires(item)] if wires else []))
        rows.append((*settings, *sheet.cells(item), *([""] if sheet.working else [])))
    if totals := sheet.totals():
        rows.append((TOTAL, *([""] * (1 + wires)), *totals, *([""] if sheet.working else [])))
    return Grid(title(sheet), tuple(Header(name, name) for name in names), tuple(rows))


def settings_text(row: RowReport) -> str:
    """What a row does, with the settings that its figures need: `conv 96 filters, 11×11, stride 4, padding 0, relu`."""
    if row.row.label:
        return row.row.label
    first, *followers = row.layers
    words = layer_operation(_with_numbers(first), row.layout, spoken=True)
    return ", ".join((words, *(layer.kind for layer in followers)))


def _with_numbers(layer: LayerReport) -> Layer:
    """The layer with a padding of half the kernel in numbers: `half` is a word of specs, not of textbooks."""
    if getattr(layer.layer, "padding", None) not in ("half", "valid", "causal"):
        return layer.layer
    settings = {name: getattr(layer.layer, name) for name in layer.layer.parameters}
    return type(layer.layer)(**settings | {"padding": layer.layer.padding_pairs(layer.inputs[0])})


def title(sheet: Worksheet) -> str:
    """What the sheet is about."""
    report = sheet.exercise.report
    shapes = [by(shape.sizes(report.network.layout)) for shape in report.network.inputs.values()]
    return f"{report.network.name}: {'key' if sheet.key else 'worksheet'} · input {', '.join(shapes)}"


def worksheet_csv(sheet: Worksheet, delimiter: str = ",") -> str:
    """A worksheet for a spreadsheet: what it says about itself, then the table."""
    grid = worksheet_grid(sheet)
    return csv_rows([*sheet.facts.items(), tuple(header.name for header in grid.headers), *grid.rows], delimiter)


def worksheet_yaml(sheet: Worksheet) -> str:
    """A worksheet as YAML: the settings are comments, the answers go behind the colons."""
    written = [f"# {title(sheet).replace('×', 'x')}", f"# {how_to(sheet)}"]
    written += [f"{word}: {_yaml(text)}" for word, text in sheet.facts.items()]
    written.append("answers:")
    for item in sheet.exercise.items:
        comment = settings_text(sheet.exercise.report.row_report(item.row)).replace("×", "x")
        reads = f", from {sheet.wires(item)}" if sheet.has_wires else ""
        written.append(f"  {_yaml(item.name)}:  # {comment}{reads}")
        written += _yaml_cells(sheet, sheet.cells(item))
        written += ["    working:"] if sheet.working else []
    if totals := sheet.totals():
        written += [f"  {TOTAL}:", *_yaml_cells(sheet, totals)]
    return "\n".join(written) + "\n"


def _yaml_cells(sheet: Worksheet, cells: tuple[str, ...]) -> list[str]:
    asked = zip(sheet.figures, cells, strict=True)
    return [f"    {figure}: {cell}".rstrip() for figure, cell in asked if cell != NOT_ASKED]


def _yaml(text: str) -> str:
    """A word as YAML writes it, in quotes where it needs them."""
    bare = re.fullmatch(r"[A-Za-z][\w./-]*|\d+(x\d+)*", text, re.ASCII)
    return (
        text if bare and text.lower() not in ("true", "false", "null", "yes", "no", "on", "off") else json.dumps(text)
    )


def how_to(sheet: Worksheet) -> str:
    """How answers are to be written."""
    layout = "HxWxC" if sheet.exercise.layout == "HWC" else "CxHxW"
    return f"shapes as {layout}, numbers as 34944 or, with three digits or more, 34.9K"


def worksheet_markdown(sheet: Worksheet) -> str:
    """A worksheet as a Markdown table; the key has the worked solutions below it."""
    grid = worksheet_grid(sheet)
    heads = [header.title for header in grid.headers]
    facts = [f"{word}: {escaped(text)}  " for word, text in sheet.facts.items()]
    table = [_bars(heads), _bars(["---"] * len(heads))]
    table += [_bars([escaped(str(cell)) for cell in row]) for row in grid.rows]
    head = [f"# {escaped(grid.title)}", "", *facts, "", how_to(sheet) + ".", ""]
    solutions = f"\n## Worked solutions\n\n{explanation_markdown(worked_solutions(sheet))}" if sheet.key else ""
    return "\n".join([*head, *table]) + "\n" + solutions


def _bars(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def worked_solutions(sheet: Worksheet) -> list[Derivation]:
    """The worked solutions of every layer that has something to work out."""
    report = sheet.exercise.report
    figures = tuple(figure for figure in DERIVED if figure in sheet.figures)
    layers = [layer for item in sheet.exercise.items for layer in report.row_report(item.row).layers]
    return [derive(report, layer, figures) for layer in layers if layer.layer.explain(*layer.inputs)]
