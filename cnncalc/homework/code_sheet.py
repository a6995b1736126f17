"""Sheets made of code: the figures in its printed summary and comments, else those that its layers give."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.claim_wording import claimed_text
from cnncalc.errors import ModelChoiceError, SpecError
from cnncalc.explaining.exercise import Exercise
from cnncalc.homework.reading import markdown_sheet
from cnncalc.homework.sheet import Cell, Sheet, SheetRow, unreadable
from cnncalc.importing.files import ImportedModel, ImportOptions, import_model, read_file
from cnncalc.language.grammar import read_spec
from cnncalc.language.origins import Origins
from cnncalc.network.build import build_network
from cnncalc.shapes import Layout, by_axis
from cnncalc.targets import SOURCES

FIGURES = ("out", "params")
NO_INPUT = "the size of the input is not in the source"


def is_code(file: str) -> bool:
    """Whether a file that was handed in is code."""
    return file.endswith(SOURCES)


def code_sheet(file: str, exercise: Exercise) -> Sheet:
    """The sheet in a notebook or a Python file: a table in its text, else the model that is most like the exercise.

    Raises:
        SpecError: it has no model that can be read.
    """
    content = read_file(file)
    table = next(_tables(file, content), None)
    if table is not None:
        return table
    wanted = [item.nodes[0].layer.kind for item in exercise.items]
    rows = max(
        (_rows(model, wanted) for model in _models(file, content, exercise)), key=lambda one: _likeness(wanted, one[1])
    )
    named = _renamed([item.name for item in exercise.items], wanted, *rows)
    return Sheet(file, {"layout": exercise.layout}, FIGURES, tuple(named))


def own_exercise(file: str) -> tuple[Exercise, str]:
    """The exercise of the only model in a notebook or a Python file, and a sentence that says so.

    Raises:
        SpecError: it has no model that can be read, several, or one that states no shapes and counts.
    """
    content = read_file(file)
    model = import_model(file, content, ImportOptions(flat=True))
    network = build_network(read_spec(model.source))
    if not network.claims and next(_tables(file, content), None) is None:
        message = "says nothing about its shapes and counts: add a table or comments as '# -> 55x55x96', or give --spec"
        raise unreadable(file, message)
    return Exercise(analyze_network(network)), "the network is read from your code"


def _tables(file: str, content: bytes) -> Iterator[Sheet]:
    """The tables of answers in the text of a notebook."""
    try:
        data = json.loads(content)
        cells = data["cells"] if isinstance(data, dict) else []
    except (ValueError, KeyError, RecursionError):
        return
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown":
            lines = cell.get("source", "")
            sheet = markdown_sheet(file, "".join(map(str, lines)) if isinstance(lines, list) else str(lines))
            if sheet is not None:
                yield sheet


def _models(file: str, content: bytes, exercise: Exercise) -> Iterator[ImportedModel]:
    """The models of a file; one that does not state its input's size gets that of the exercise."""
    options = ImportOptions(flat=True)
    try:
        yield import_model(file, content, options)
    except ModelChoiceError as error:
        if not error.models:
            raise
        for model in error.models:
            yield import_model(file, content, options._replace(model=model))
    except SpecError as error:
        if NO_INPUT not in str(error):
            raise
        shape = next(iter(exercise.report.network.inputs.values()))
        layout: Layout = "HWC" if b"keras" in content else "CHW"
        yield import_model(file, content, options._replace(input=shape.sizes(layout)))


def _rows(model: ImportedModel, wanted: list[str]) -> tuple[list[SheetRow], list[str]]:
    """The rows of a model, and the kind of each; `wanted` are the kinds that the exercise asks for."""
    report = analyze_network(build_network(read_spec(model.source)))
    claims = {(claim.layer, claim.figure): claim for claim in report.network.claims}
    origins = model.origins or Origins()
    layers = {layer.path: layer for layer in report}
    rows, kinds = list[SheetRow](), list[str]()
    for item in Exercise(report).items:
        at = origins.layers.get(item.nodes[0].path)
        line = at.line if at is not None else item.row.line
        found = report[item.name]
        stated = {figure: claim for figure in FIGURES if (claim := claims.get((item.name, figure))) is not None}
        parts = [node for node in item.nodes if node.layer.kind in wanted] if not stated else []
        if len(parts) > 1:  # the exercise asks for the norm of a layer, too
            for node in parts:
                layer = layers[node.path]
                cells = {"out": Cell(by_axis(layer.output_shape), line), "params": Cell(str(layer.params), line)}
                rows.append(SheetRow(node.path, line, cells))
                kinds.append(node.layer.kind)
            continue
        cells = {"out": Cell(by_axis(found.output_shape), line), "params": Cell(str(found.params), line)}
        for figure, claim in stated.items():
            place = origins.lines.get(claim.at.line + 1)
            cells[figure] = Cell(claimed_text(claim), place.line if place is not None else line)
        rows.append(SheetRow(item.name, line, cells))
        kinds.append(item.nodes[0].layer.kind)
    return rows, kinds


def _likeness(wanted: list[str], kinds: list[str]) -> float:
    return SequenceMatcher(None, wanted, kinds, autojunk=False).ratio()


def _renamed(names: list[str], wanted: list[str], rows: list[SheetRow], kinds: list[str]) -> Iterator[SheetRow]:
    """Rows with the names of the exercise, if layers of each kind have its order and as many others between them."""
    for word, start, stop, first, last in SequenceMatcher(None, wanted, kinds, autojunk=False).get_opcodes():
        known = names[start:stop] if word == "equal" or stop - start == last - first else []
        for number, row in enumerate(rows[first:last]):
            yield row._replace(name=known[number]) if known else row
