"""Derivations as prose for people, and a row or an object for each step for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cnncalc.analysis.derivation import Derivation
from cnncalc.analysis.derivation_lines import lines, symbols_in
from cnncalc.analysis.report import Report
from cnncalc.layers.base import Step
from cnncalc.notation import LATEX, PLAIN
from cnncalc.render import latex, markdown
from cnncalc.render.document import Document, Prose
from cnncalc.render.grid import Grid, headers
from cnncalc.render.numbers import by, plain_number
from cnncalc.render.operations import layer_operation
from cnncalc.render.report_data import VERSION

RECORDS = headers("layer", "figure", "formula", "values", "result", "note")


def derivations_document(report: Report, derivations: Sequence[Derivation]) -> Document:
    """The derivations of some of a report's layers."""
    prose = Prose(
        text=lambda: explanation_text(derivations),
        markdown=lambda: explanation_markdown(derivations),
        latex=lambda: explanation_latex(derivations),
        html=lambda: _html(derivations),
    )
    return Document(
        blocks=lambda: [prose],
        data=lambda: _data(report, derivations),
        name=report.network.name,
        records=lambda: Grid("", RECORDS, tuple(_records(derivations))),
        by_key=True,
    )


def heading(derivation: Derivation) -> str:
    """The layer in words: `conv 96 filters, 11×11, stride 4, padding 0, on 3×227×227`."""
    operation = layer_operation(derivation.layer.layer, derivation.layer.layout, spoken=True)
    shapes = " and ".join(by(shape) for shape in derivation.layer.input_shapes)
    return f"{operation}, on {shapes}"


def _source(derivation: Derivation) -> list[str]:
    """The publication of the kind of layer, if a formula of it is shown."""
    source = type(derivation.layer.layer).source
    return [source] if source and any(_explained([derivation])) else []


def _explained(derivations: Sequence[Derivation]) -> Iterator[Step]:
    """The steps with formulas, except that of the output's size, whose letters are those of the axes."""
    return (step for each in derivations for step in each.steps if step.formula and step.label != "out")


def symbols_of(derivations: Sequence[Derivation]) -> dict[str, str]:
    """The symbols of all formulas, with their meanings."""
    return {name: meaning for step in _explained(derivations) for name, meaning in symbols_in(step.formula).items()}


def explanation_text(derivations: Sequence[Derivation]) -> str:
    """Derivations as indented text, with the symbols explained at the end."""
    blocks: list[str] = []
    for derivation in derivations:
        written = [
            (line.label, line.arithmetic + (f"   {line.note}" if line.note else ""))
            for line in lines(derivation, PLAIN)
        ]
        width = max((len(label) for label, _ in written), default=0)
        written += [("source", source) for source in _source(derivation)]
        head = f"{derivation.layer.path}   {heading(derivation)}"
        blocks.append("\n".join((head, *(f"  {label:<{width}}  {text}" for label, text in written))))
    symbols = symbols_of(derivations)
    longest = max(map(len, symbols), default=0)
    legend = "".join(f"\n  {name:<{longest}}  {meaning}" for name, meaning in symbols.items())
    return "\n\n".join((*blocks, *([f"Symbols{legend}"] if legend else []))) + "\n"


def explanation_markdown(derivations: Sequence[Derivation]) -> str:
    """Derivations as Markdown lists."""
    blocks: list[str] = []
    for derivation in derivations:
        block = [f"**{markdown.escaped(derivation.layer.path)}**: {markdown.escaped(heading(derivation))}", ""]
        for line in lines(derivation, PLAIN):
            note = f" ({markdown.escaped(line.note)})" if line.note else ""
            block.append(f"- {line.label}: {markdown.escaped(line.arithmetic)}{note}")
        block += [f"- source: {markdown.escaped(source)}" for source in _source(derivation)]
        blocks.append("\n".join(block))
    legend = "; ".join(f"{markdown.escaped(name)} {meaning}" for name, meaning in symbols_of(derivations).items())
    return "\n\n".join((*blocks, *([f"Symbols: {legend}."] if legend else []))) + "\n"


def explanation_latex(derivations: Sequence[Derivation]) -> str:
    """Derivations as LaTeX paragraphs with aligned equations; needs the package amsmath."""
    blocks = ["% needs \\usepackage{amsmath}"]
    for derivation in derivations:
        written = lines(derivation, LATEX)
        rows = [rf"\text{{{latex.escaped(line.label)}}}:\; & {line.arithmetic}" for line in written]
        notes = [f"{line.label}: {line.note}" for line in written if line.note]
        notes += [f"source: {source}" for source in _source(derivation)]
        block = [rf"\paragraph{{{latex.escaped(derivation.layer.path)}}} {latex.escaped(heading(derivation))}"]
        block += [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"] if rows else []
        block += [latex.escaped("; ".join(notes)) + "."] if notes else []
        blocks.append("\n".join(block))
    legend = "; ".join(f"${LATEX.symbol(name)}$ {meaning}" for name, meaning in symbols_of(derivations).items())
    return "\n\n".join((*blocks, *([rf"\paragraph{{Symbols}} {legend}."] if legend else []))) + "\n"


def _html(derivations: Sequence[Derivation]) -> str:
    """A table for each layer, and one of the symbols."""
    from cnncalc.render.html import grid_html

    tables: list[Grid] = []
    for each in derivations:
        notes = tuple(f"source: {source}" for source in _source(each))
        steps = tuple(lines(each, PLAIN))
        tables.append(
            Grid(f"{each.layer.path}: {heading(each)}", headers("figure", "arithmetic", "note"), steps, notes=notes)
        )
    if symbols := tuple(symbols_of(derivations).items()):
        tables.append(Grid("Symbols", headers("symbol", "meaning"), symbols))
    return "".join(map(grid_html, tables))


def _records(derivations: Sequence[Derivation]) -> Iterator[tuple[str, ...]]:
    """A row for each step; its formula is an expression in Python's syntax."""
    for each in derivations:
        for step in each.steps:
            values = ", ".join(f"{symbol} = {value}" for symbol, value in step.values.items())
            yield each.layer.path, step.label, step.formula, values, str(plain_number(step.result)), step.note


def _data(report: Report, derivations: Sequence[Derivation]) -> dict[str, Any]:
    """Derivations as plain data."""
    layers = [
        {
            "path": each.layer.path,
            "kind": each.layer.kind,
            "operation": heading(each),
            "steps": [_step(step) for step in each.steps],
            "source": type(each.layer.layer).source,
        }
        for each in derivations
    ]
    return {"cnncalc": VERSION, "name": report.network.name, "layers": layers, "symbols": symbols_of(derivations)}


def _step(step: Step) -> dict[str, Any]:
    return {
        "figure": step.label,
        "formula": step.formula,
        "values": dict(step.values),
        "result": plain_number(step.result),
        "note": step.note,
    }
