"""Derivations as text, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.analysis.derivation import Derivation
from cnncalc.analysis.derivation_lines import lines
from cnncalc.notation import LATEX, PLAIN, symbols_in
from cnncalc.render import latex, markdown
from cnncalc.render.numbers import by
from cnncalc.render.operations import layer_operation


def heading(derivation: Derivation) -> str:
    """What the layer is: `conv 96 filters, 11×11, stride 4, padding 0, on 3×227×227`."""
    operation = layer_operation(derivation.layer.layer, derivation.layer.layout, spoken=True)
    shapes = " and ".join(by(shape) for shape in derivation.layer.input_shapes)
    return f"{operation}, on {shapes}"


def explanation_text(derivations: Iterable[Derivation]) -> str:
    """Derivations as indented text, with the symbols explained at the end."""
    blocks: list[str] = []
    symbols: dict[str, str] = {}
    for derivation in derivations:
        written = lines(derivation, PLAIN)
        width = max(len(line.label) for line in written)
        block = [f"{derivation.layer.path}   {heading(derivation)}"]
        block += [f"  {line.label:<{width}}  {line.arithmetic}{_spaced(line.note)}" for line in written]
        block += [f"  {'source':<{width}}  {source}" for source in _source(derivation)]
        blocks.append("\n".join(block))
        symbols |= _symbols(derivation)
    longest = max(map(len, symbols), default=0)
    legend = "\n".join(f"  {name:<{longest}}  {meaning}" for name, meaning in symbols.items())
    return "\n\n".join((*blocks, *([f"Symbols\n{legend}"] if legend else []))) + "\n"


def _spaced(note: str) -> str:
    return f"   {note}" if note else ""


def _source(derivation: Derivation) -> list[str]:
    source = type(derivation.layer.layer).source
    return [source] if source and any(step.formula and step.label != "out" for step in derivation.steps) else []


def _symbols(derivation: Derivation) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for step in derivation.steps:
        if step.formula and step.label != "out":
            meanings |= symbols_in(step.formula)
    return meanings


def explanation_markdown(derivations: Iterable[Derivation]) -> str:
    """Derivations as Markdown lists."""
    blocks: list[str] = []
    symbols: dict[str, str] = {}
    for derivation in derivations:
        block = [f"**{markdown.escaped(derivation.layer.path)}**: {markdown.escaped(heading(derivation))}", ""]
        for line in lines(derivation, PLAIN):
            note = f" ({markdown.escaped(line.note)})" if line.note else ""
            block.append(f"- {line.label}: {markdown.escaped(line.arithmetic)}{note}")
        block += [f"- source: {markdown.escaped(source)}" for source in _source(derivation)]
        blocks.append("\n".join(block))
        symbols |= _symbols(derivation)
    legend = "; ".join(f"{markdown.escaped(name)} {meaning}" for name, meaning in symbols.items())
    return "\n\n".join((*blocks, *([f"Symbols: {legend}."] if legend else []))) + "\n"


def explanation_latex(derivations: Iterable[Derivation]) -> str:
    """Derivations as LaTeX paragraphs with aligned equations; needs the package amsmath."""
    blocks = ["% needs \\usepackage{amsmath}"]
    symbols: dict[str, str] = {}
    for derivation in derivations:
        rows: list[str] = []
        notes: list[str] = []
        for line in lines(derivation, LATEX):
            rows.append(rf"\text{{{latex.escaped(line.label)}}}:\; & {line.arithmetic}")
            notes += [f"{line.label}: {line.note}"] if line.note else []
        block = [rf"\paragraph{{{latex.escaped(derivation.layer.path)}}} {latex.escaped(heading(derivation))}"]
        block += [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]
        notes += [f"source: {source}" for source in _source(derivation)]
        block += [latex.escaped("; ".join(notes)) + "."] if notes else []
        blocks.append("\n".join(block))
        symbols |= _symbols(derivation)
    legend = "; ".join(f"${LATEX.symbol(name)}$ {meaning}" for name, meaning in symbols.items())
    return "\n\n".join((*blocks, *([rf"\paragraph{{Symbols}} {legend}."] if legend else []))) + "\n"
