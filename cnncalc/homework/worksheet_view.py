"""Worksheets and keys as CSV, YAML, Markdown and XLSX, and as handouts on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from cnncalc.analysis.derivation import EXPLAINED, Derivation, derive
from cnncalc.analysis.derivation_lines import lines
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import RowReport
from cnncalc.errors import Problem
from cnncalc.explaining.exercise import TOTAL
from cnncalc.explaining.figures import ASKED
from cnncalc.homework.handout import Handout, HandoutCell, Solution
from cnncalc.homework.marking import Marked
from cnncalc.homework.sheet import WRITE_HEAD, plain, problem, unreadable
from cnncalc.homework.worksheet import NOT_ASKED, Worksheet
from cnncalc.layers.base import Layer
from cnncalc.notation import PLAIN
from cnncalc.render.csv_text import csv_rows
from cnncalc.render.explanations import explanation_markdown, heading
from cnncalc.render.grid import Grid, Header
from cnncalc.render.markdown import escaped, markdown_line
from cnncalc.render.numbers import by
from cnncalc.render.operations import layer_operation, weights_words
from cnncalc.shapes import by_axis, letters_of

YAML_WORDS = ("true", "false", "null", "yes", "no", "on", "off")
"""Words that YAML does not read as text."""

UNITS = {"count": "number", "bytes": "bytes", "sizes": "pixels"}
"""The unit in the head of a column; that of a shape is the order of its sizes."""


def worksheet_grid(sheet: Worksheet) -> Grid:
    """A worksheet as a table: a row for each layer, and one for the sums."""
    wires, report = sheet.has_wires, sheet.exercise.report
    names = ["layer", "operation", *["from"] * wires, *sheet.figures, *["working"] * sheet.working]
    rows = []
    for item, cells in sheet.rows():
        settings = settings_text(report.row_report(item.row)) if item else ""
        reads = [sheet.wires(item) if item else ""] if wires else []
        rows.append((item.name if item else TOTAL, settings, *reads, *cells, *[""] * sheet.working))
    return Grid(title(sheet), tuple(Header(name, name) for name in names), tuple(rows))


def settings_text(row: RowReport) -> str:
    """The operation of a row with the settings of its figures: `conv 96 filters, 11×11, stride 4, padding 0, relu`."""
    if row.row.label:
        return ", ".join(filter(None, (row.row.label, weights_words(row))))
    first, *followers = row.layers
    words = layer_operation(_with_numbers(first), row.layout, spoken=True)
    return ", ".join(filter(None, (words, *(layer.kind for layer in followers), weights_words(row))))


def _with_numbers(layer: LayerReport) -> Layer:
    """The layer with a padding of half the kernel in numbers: `half` is a word of specs, not of textbooks."""
    if getattr(layer.layer, "padding", None) not in ("half", "valid", "causal"):
        return layer.layer
    settings = {name: getattr(layer.layer, name) for name in layer.layer.parameters}
    return type(layer.layer)(**settings | {"padding": layer.layer.padding_pairs(layer.inputs[0])})


def title(sheet: Worksheet) -> str:
    """The title of a sheet."""
    report = sheet.exercise.report
    shapes = [by(shape.sizes(report.network.layout)) for shape in report.network.inputs.values()]
    return f"{report.network.name}: {'key' if sheet.key else 'worksheet'} · input {', '.join(shapes)}"


def worksheet_csv(sheet: Worksheet, delimiter: str = ",") -> str:
    """A worksheet for a spreadsheet: the facts, then the table."""
    grid = worksheet_grid(sheet)
    return csv_rows([*sheet.facts.items(), tuple(header.name for header in grid.headers), *grid.rows], delimiter)


def worksheet_yaml(sheet: Worksheet) -> str:
    """A worksheet as YAML: the settings are comments, the answers go after the colons."""
    written = [f"# {title(sheet).replace('×', 'x')}", f"# {how_to(sheet)}"]
    written += [f"{word}: {_yaml(text)}" for word, text in sheet.facts.items()]
    written.append("answers:")
    wires = sheet.has_wires
    for item, cells in sheet.rows():
        if item is None:
            written.append(f"  {TOTAL}:")
        else:
            comment = settings_text(sheet.exercise.report.row_report(item.row)).replace("×", "x")
            reads = f", from {sheet.wires(item)}" if wires else ""
            written.append(f"  {_yaml(item.name)}:  # {comment}{reads}")
        asked = zip(sheet.figures, cells, strict=True)
        written += [f"    {figure}: {cell}".rstrip() for figure, cell in asked if cell != NOT_ASKED]
        written += ["    working:"] if sheet.working and item else []
    return "\n".join(written) + "\n"


def _yaml(text: str) -> str:
    """A word as YAML writes it, in quotes if it needs them."""
    bare = re.fullmatch(r"[A-Za-z][\w./-]*|\d+(x\d+)*", text, re.ASCII)
    return text if bare and text.lower() not in YAML_WORDS else json.dumps(text)


def how_to(sheet: Worksheet, other: str = ", with three digits or more, 34.9K") -> str:
    """The words that say how to write answers; `other` is another way to write a number."""
    layout = by_axis(letters_of(2, sheet.exercise.layout))
    return f"shapes as {layout}, numbers as 34944 or{other}"


def worksheet_markdown(sheet: Worksheet) -> str:
    """A worksheet as a Markdown table; the key has the worked solutions below it."""
    grid = worksheet_grid(sheet)
    heads = [header.title for header in grid.headers]
    facts = [f"{word}: {escaped(text)}  " for word, text in sheet.facts.items()]
    table = [markdown_line(heads), markdown_line(["---"] * len(heads))]
    table += [markdown_line([escaped(str(cell)) for cell in row]) for row in grid.rows]
    head = [f"# {escaped(grid.title)}", "", *facts, "", how_to(sheet) + ".", ""]
    solutions = f"\n## Worked solutions\n\n{explanation_markdown(worked_solutions(sheet))}" if sheet.key else ""
    return "\n".join([*head, *table]) + "\n" + solutions


def handout(sheet: Worksheet) -> Handout:
    """A worksheet as it is handed out, with the units of its figures in the heads."""
    grid = worksheet_grid(sheet)
    units = UNITS | {"shape": by_axis(letters_of(2, sheet.exercise.layout))}
    heads = tuple(
        f"{header.name} ({units[ASKED[header.name]]})" if header.name in sheet.figures else header.name
        for header in grid.headers
    )
    first = heads.index(next(head for head in heads if head.partition(" ")[0] in sheet.figures))
    rows = []
    for (item, cells), row in zip(sheet.rows(), grid.rows, strict=True):
        words = [HandoutCell(str(cell)) for cell in row[:first]]
        asked = [
            HandoutCell(text, "none" if text == NOT_ASKED else sheet.kind(item, figure))
            for figure, text in zip(sheet.figures, cells, strict=True)
        ]
        working = [HandoutCell("", "working" if item else "none")] * sheet.working
        rows.append((*words, *asked, *working))
    solutions = tuple(map(_solution, worked_solutions(sheet) if sheet.key else ()))
    return Handout(grid.title, sheet.facts, f"{how_to(sheet)}.", heads, tuple(rows), solutions)


def worked_solutions(sheet: Worksheet) -> list[Derivation]:
    """The worked solutions of every layer with formulas."""
    report = sheet.exercise.report
    figures = tuple(figure for figure in EXPLAINED if figure in sheet.figures)
    layers = [layer for item in sheet.exercise.items for layer in report.row_report(item.row).layers]
    return [derive(report, layer, figures) for layer in layers if layer.layer.explain(*layer.inputs)]


def _solution(derivation: Derivation) -> Solution:
    steps = [
        f"{line.label}: {line.arithmetic}{f' ({line.note})' if line.note else ''}" for line in lines(derivation, PLAIN)
    ]
    return Solution(derivation.layer.path, heading(derivation), tuple(steps))


def worksheet_workbook(sheet: Worksheet) -> bytes:
    """A worksheet in XLSX.

    Raises:
        MissingExtra: openpyxl is not installed.
    """
    from cnncalc.homework.workbook_writer import workbook_bytes

    how = f"fill in the coloured cells: {how_to(sheet, ' as a formula, =5*5*6+6')}"
    return workbook_bytes(handout(sheet)._replace(how=how))


def other_operations(marked: Marked) -> list[Problem]:
    """The problem of a sheet with other settings than its layers: it belongs to another variant.

    Raises:
        SheetError: it has no seed, so that it would be marked with a wrong key.
    """
    sheet, exercise = marked.sheet, marked.exercise
    if all(not row.operation for row in sheet.rows):
        return []
    expected = {plain(item.name): settings_text(exercise.report.row_report(item.row)) for item in exercise.items}
    pairs = [(row, expected.get(plain(row.name), row.operation)) for row in sheet.rows if row.operation]
    if "worksheet" not in sheet.facts:  # its settings may be in the student's own words
        pairs = [(row, right) for row, right in pairs if _words(right) and _words(row.operation) == _words(right)]
    differing = [(row, right) for row, right in pairs if _numbers(row.operation) != _numbers(right)]
    if not differing:
        return []
    (row, right), rows = differing[0], "row shows" if len(differing) == 1 else "rows show"
    message = (
        f"{len(differing)} {rows} other settings than the network that the sheet is marked by, first {row.name[:40]}: "
        f"'{row.operation[:60]}', not '{right}'; has the sheet lost its seed, or been changed?"
    )
    if sheet.seed is None and sheet.network is None:
        raise unreadable(sheet.file, f"{message} {WRITE_HEAD}", row.line)
    return [problem(row.line, 1, message)]


def _words(text: str) -> str:
    """The words of an operation, which two variants of a row share; empty for one with a kind only."""
    return re.sub(r"\d+", "#", text.replace("×", "x")) if re.search(r"\d.*,", text) else ""


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


WRITERS: dict[str, tuple[Callable[[Worksheet], str | bytes], str]] = {
    "csv": (worksheet_csv, ".csv"),
    "yaml": (worksheet_yaml, ".yaml"),
    "markdown": (worksheet_markdown, ".md"),
    "xlsx": (worksheet_workbook, ".xlsx"),
}
"""The writer and the suffix of each format with a file for each sheet."""
