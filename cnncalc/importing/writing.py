"""Rows → the text of a spec in the layout of `fmt`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.figures import ON_LINES
from cnncalc.importing.building import MAX_DIGITS
from cnncalc.importing.entries import ImportedLayer, Settings
from cnncalc.importing.model import ModelGraph
from cnncalc.language.expressions import is_name
from cnncalc.language.lines import MAX_NAME, RESERVED
from cnncalc.layers import LAYERS
from cnncalc.layers.parameters import Type
from cnncalc.rewriting.printer import CLAIM_COLUMN
from cnncalc.shapes import Layout, Shape, letters_of

Row = dict[str, Any]
"""One line: key → text; for `residual`, `branches` and `shortcut` rows, or lists of rows."""

PRINTED = ("printout", "printed module")
"""Formats that are not files of a program, but texts that somebody kept."""

FLOW_WIDTH = 100
"""The greatest width of a row with rows inside on one line."""


class ImportedSpec(NamedTuple):
    """A spec to be written.

    Attributes:
        graph: its title, inputs, notes and totals.
        defaults: by kind.
        blocks: signature → rows.
        layers: the rows.
        outputs: the names that `outputs:` lists; empty if the last line is the only one.
    """

    graph: ModelGraph
    defaults: Mapping[str, Settings]
    blocks: Mapping[str, Sequence[Row]]
    layers: Sequence[Row]
    outputs: Sequence[str]


def document_text(document: ImportedSpec) -> str:
    """The text of a spec."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: ImportedSpec) -> Iterator[str]:
    graph = document.graph
    article, what = "an" if graph.format[0] in "AEIO" else "a", "" if graph.format in PRINTED else " file"
    yield f"# Imported from {article} {graph.format}{what}."
    yield from (f"# {_one_line(note)}" for note in graph.notes)
    yield ""
    if graph.title:
        yield f"name: {_quoted(graph.title)}"
    if graph.layout != "CHW":
        yield f"layout: {graph.layout}"
    if len(graph.inputs) == 1:
        yield f"input: {_input_text(next(iter(graph.inputs.values())), graph)}"
    else:
        inputs = ", ".join(f"{name}: {_quoted(shape.text(graph.layout))}" for name, shape in graph.inputs.items())
        yield f"inputs: {{{inputs}}}"
    if document.defaults:
        yield "defaults:"
        for kind, settings in document.defaults.items():
            yield f"  {kind}: {{{', '.join(_pairs(setting_texts(kind, settings, graph.layout)))}}}"
    if document.blocks:
        yield "blocks:"
        for signature, rows in document.blocks.items():
            yield f"  {_key(signature)}:"
            yield from rows_text(rows, 2)
    yield "layers:"
    yield from rows_text(document.layers, 0)
    if document.outputs:
        yield f"outputs: [{', '.join(document.outputs)}]"
    if graph.totals:
        yield f"expect: {{{', '.join(f'{figure}: {value}' for figure, value in graph.totals.items())}}}"


def rows_text(rows: Sequence[Row], indent: int) -> Iterator[str]:
    """The lines of a list of rows."""
    for row in rows:
        flow = _flow(row)
        is_deep = any(isinstance(value, list) for value in row.values())
        if is_deep and (len(flow) + indent > FLOW_WIDTH or _depth(row) > 2 or "claims" in row):
            yield from _block(row, indent)
        else:
            claims = ", ".join(_pairs({key: row[key] for key in ON_LINES if key in row}))
            text = f"{' ' * indent}- {flow}"
            yield f"{text[:-1]},".ljust(CLAIM_COLUMN - 1) + f" {claims}}}" if claims and flow.startswith("{") else text


def _block(row: Row, indent: int) -> Iterator[str]:
    """The lines of a row with its keys below one another."""
    blanks, lead = " " * indent, "- "
    for key, value in row.items():
        if isinstance(value, list):
            yield f"{blanks}{lead}{key}:"
            if value and isinstance(value[0], list):
                yield from _paths(value, indent + 2)
            else:
                yield from rows_text(value, indent + 2)
        else:
            yield f"{blanks}{lead}{key}: {value}"
        lead = "  "


def _paths(paths: Sequence[Sequence[Row]], indent: int) -> Iterator[str]:
    """The lines of the paths of branches, each on one line if it fits."""
    for path in paths:
        flow = f"[{', '.join(map(_flow, path))}]"
        if len(flow) + indent <= FLOW_WIDTH and all(_depth(row) < 2 for row in path):
            yield f"{' ' * indent}- {flow}"
        else:
            first, *others = rows_text(path, indent + 2)
            yield f"{' ' * indent}- {first.lstrip()}"
            yield from others


def _depth(row: Row) -> int:
    """The depth to which lists of rows are nested."""
    inside = [value for value in row.values() if isinstance(value, list)]
    rows = [one for value in inside for item in value for one in (item if isinstance(item, list) else [item])]
    return 1 + max(map(_depth, rows), default=0) if inside else 0


def _flow(row: Row) -> str:
    """A row on one line, without its claims."""
    texts = {key: value if isinstance(value, str) else _flow_list(value) for key, value in row.items()}
    kept = {key: text for key, text in texts.items() if key not in ON_LINES}
    if len(texts) == 1 and not next(iter(texts.values())):
        return next(iter(texts))
    return f"{{{', '.join(_pairs(kept))}}}"


def _flow_list(value: Sequence[Any]) -> str:
    return f"[{', '.join(_flow_list(one) if isinstance(one, list) else _flow(one) for one in value)}]"


def _pairs(texts: Mapping[str, str]) -> Iterator[str]:
    return (f"{key}: {text}" if text else key for key, text in texts.items())


def entry_row(entry: ImportedLayer, layout: Layout) -> Row:
    """The row of a layer, without name and source."""
    layer, texts = LAYERS[entry.kind], setting_texts(entry.kind, entry.settings, layout)
    first = next(iter(layer.written()), "")
    word = (
        texts.pop(first)
        if first in texts and layer.parameters.get(first) in (None, *_plain_first(layer, first))
        else ""
    )
    return {entry.kind: word, **texts}


def frozen_row(entry: ImportedLayer) -> Row:
    """The setting of a row if the weights of its layer are not trained; else empty."""
    return {"frozen": "true"} if entry.frozen else {}


def _plain_first(layer: Any, first: str) -> tuple[Any, ...]:
    """The first parameter, unless it is a flag, which looks like a switch of the layer."""
    return () if layer.parameters[first].type is Type.FLAG else (layer.parameters[first],)


def setting_texts(kind: str, settings: Mapping[str, Any], layout: Layout) -> dict[str, str]:
    """The texts of settings in a spec, in the order of the reference."""
    layer = LAYERS[kind]
    order = [*layer.parameters, *layer.followers]
    named = sorted(settings, key=order.index)
    return {name: _text(layer.parameters.get(name), settings[name], layout) for name in named}


def real_text(value: float) -> str:
    """A number that may be a fraction, as a person writes it."""
    text = repr(value) if len(repr(value)) <= MAX_DIGITS else f"{value:.{MAX_DIGITS - 2}g}"
    return text.replace("e-0", "e-").removesuffix(".0")


def _text(parameter: Any, value: Any, layout: Layout) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Shape):
        return value.text(layout)
    if isinstance(value, float):
        return real_text(value)
    if isinstance(value, tuple):
        if parameter is not None and parameter.type is Type.RANGE:
            return f"{value[0]}..{value[1]}"
        if parameter is not None and parameter.type is Type.ORDER:
            named = dict(zip(letters_of(len(value) - 1), value, strict=True))
            value = tuple(named[letter] for letter in letters_of(len(value) - 1, layout))
        if parameter is not None and parameter.type is Type.SIZE:
            return "x".join(map(str, value)) if 0 not in value else f"[{', '.join(map(str, value))}]"
        return f"[{', '.join(_text(None, one, layout) for one in value)}]"
    return str(value)


def _input_text(shape: Shape, graph: ModelGraph) -> str:
    sizes = zip(letters_of(shape.rank, graph.layout), shape.sizes(graph.layout), strict=True)
    texts = (f"{letter}: {'null' if letter in graph.open else n}" for letter, n in sizes)
    return f"{{{', '.join(texts)}}}"


def layer_name(text: str) -> str:
    """A name that a spec may have for a layer; empty if nothing is left of the text."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_")[:MAX_NAME]
    return (
        name if name and name not in RESERVED and not name.isdigit() and is_name("_" + name.replace("-", "_")) else ""
    )


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))[:300]


def _quoted(text: str) -> str:
    text = _one_line(text)
    return (
        text
        if re.fullmatch(r"[A-Za-z][\w .()-]*", text, re.ASCII)
        and text.lower() not in ("null", "true", "false", "yes", "no", "on", "off")
        else json.dumps(text)
    )


def _key(signature: str) -> str:
    return signature
