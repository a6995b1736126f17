"""Derivations as a document: prose for people, a row or an object for each step for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.analysis.derivation import Derivation
from cnncalc.analysis.derivation_lines import lines
from cnncalc.analysis.report import Report
from cnncalc.layers.base import Step
from cnncalc.notation import PLAIN, symbols_in
from cnncalc.render.document import Document, Prose
from cnncalc.render.explanations import explanation_latex, explanation_markdown, explanation_text, heading
from cnncalc.render.grid import Grid, headers
from cnncalc.render.numbers import plain_number
from cnncalc.render.report_document import VERSION

RECORDS = headers("layer", "figure", "formula", "values", "result", "note")
STEPS = headers("figure", "arithmetic", "note")
SYMBOLS = headers("symbol", "meaning")


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
        records=lambda: _records(derivations),
        by_key=True,
    )


def _html(derivations: Sequence[Derivation]) -> str:
    """A table for each layer, and one of the symbols."""
    from cnncalc.render.html import grid_html

    tables = [
        Grid(f"{each.layer.path}: {heading(each)}", STEPS, tuple(lines(each, PLAIN)), notes=_source(each))
        for each in derivations
    ]
    symbols = tuple(_symbols(derivations).items())
    return "".join(map(grid_html, [*tables, *([Grid("Symbols", SYMBOLS, symbols)] if symbols else [])]))


def _source(derivation: Derivation) -> tuple[str, ...]:
    source = type(derivation.layer.layer).source
    return (f"source: {source}",) if source else ()


def _symbols(derivations: Sequence[Derivation]) -> dict[str, str]:
    """The symbols of all formulas, but for the letters of axes, which only sizes of outputs have."""
    steps = (step for each in derivations for step in each.steps if step.formula and step.label != "out")
    return {symbol: meaning for step in steps for symbol, meaning in symbols_in(step.formula).items()}


def _records(derivations: Sequence[Derivation]) -> Grid:
    """A row for each step; its formula is an expression in Python's syntax."""
    rows = tuple(
        (each.layer.path, step.label, step.formula, _values(step), str(plain_number(step.result)), step.note)
        for each in derivations
        for step in each.steps
    )
    return Grid("", RECORDS, rows)


def _values(step: Step) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in step.values.items())


def _data(report: Report, derivations: Sequence[Derivation]) -> dict[str, Any]:
    return {
        "cnncalc": VERSION,
        "name": report.network.name,
        "layers": [
            {
                "path": each.layer.path,
                "kind": each.layer.kind,
                "operation": heading(each),
                "steps": [_step(step) for step in each.steps],
                "source": type(each.layer.layer).source,
            }
            for each in derivations
        ],
        "symbols": _symbols(derivations),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "figure": step.label,
        "formula": step.formula,
        "values": dict(step.values),
        "result": plain_number(step.result),
        "note": step.note,
    }
