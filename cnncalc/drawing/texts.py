"""A diagram as the text of other programs that draw: Mermaid and Graphviz's DOT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.drawing.diagram import Diagram, Tile, leaves
from cnncalc.drawing.palette import ROLES

MOST_ARROWS, MOST_SIGNS = 500, 50_000
"""The most that Mermaid draws, unless the page around it allows more; GitHub's does not."""


def too_much(mermaid: str) -> str:
    """The note on a Mermaid text that pages refuse to draw; empty for others."""
    arrows = mermaid.count(" --> ")
    if arrows <= MOST_ARROWS and len(mermaid) <= MOST_SIGNS:
        return ""
    return (
        f"{arrows:,} arrows and {len(mermaid):,} signs, but GitHub draws at most {MOST_ARROWS:,} and {MOST_SIGNS:,};"
        " a smaller --depth without --expand has fewer"
    )


def mermaid_text(drawn: Diagram) -> str:
    """A diagram as a Mermaid flowchart; names of nodes are numbers, because words like `end` break its parser."""
    ids = _ids(drawn)
    lines = ["---", f"title: {_mermaid(drawn.title)}", "---", "flowchart TD"]
    lines += _mermaid_units(drawn.units, ids, "  ")
    lines += [f"  {ids[source.path]} --> {ids[target.path]}" for source, target in drawn.edges()]
    for role in dict.fromkeys(unit.role for unit in leaves(drawn.units)):
        fill, outline = ROLES[role].bright
        lines.append(f"  classDef {role} fill:{fill},stroke:{outline},color:#16191d")
    return "\n".join(lines) + "\n"


def _mermaid_units(units: Sequence[Tile], ids: dict[str, str], indent: str) -> Iterator[str]:
    for unit in units:
        label = _mermaid("\n".join(_lines(unit))).replace("\n", "<br>")
        if unit.parts:
            yield f"{indent}subgraph {ids[unit.path]}[{label}]"
            yield from _mermaid_units(unit.parts, ids, f"{indent}  ")
            yield f"{indent}end"
        else:
            yield f"{indent}{ids[unit.path]}[{label}]:::{unit.role}"


def _mermaid(text: str) -> str:
    """A text in quotes, without signs that mean something to Mermaid or HTML."""
    for sign, entity in (("#", "#35;"), ("&", "#amp;"), ("<", "#lt;"), (">", "#gt;"), ('"', "#quot;"), ("`", "#96;")):
        text = text.replace(sign, entity)
    return f'"{text}"'


def dot_text(drawn: Diagram) -> str:
    """A diagram as a graph for Graphviz."""
    ids = _ids(drawn)
    lines = [
        "digraph {",
        f"  label={_dot(drawn.title)}; labelloc=t; fontname=sans",
        "  node [fontname=sans, shape=box]",
    ]
    lines += _dot_units(drawn.units, ids, "  ")
    lines += [f"  {ids[source.path]} -> {ids[target.path]}" for source, target in drawn.edges()]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_units(units: Sequence[Tile], ids: dict[str, str], indent: str) -> Iterator[str]:
    for unit in units:
        label, fill = _dot("\n".join(_lines(unit))), ROLES[unit.role].bright[0]
        if unit.parts:
            yield f"{indent}subgraph cluster_{ids[unit.path]} {{"
            yield f"{indent}  label={label}"
            yield from _dot_units(unit.parts, ids, f"{indent}  ")
            yield f"{indent}}}"
        else:
            yield f'{indent}{ids[unit.path]} [label={label}, style=filled, fillcolor="{fill}"]'


def _dot(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _ids(drawn: Diagram) -> dict[str, str]:
    """A name for each box, those around others included."""
    return {unit.path: f"n{number}" for number, unit in enumerate(_all(drawn.units))}


def _all(units: Sequence[Tile]) -> Iterator[Tile]:
    for unit in units:
        yield unit
        yield from _all(unit.parts)


def _lines(unit: Tile) -> list[str]:
    if unit.parts:
        return [f"{unit.path}: {unit.operation}"]
    return list(filter(None, (unit.path, unit.does, unit.facts)))
