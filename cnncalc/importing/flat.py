"""Layers → one row each, with names for those that others refer to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from itertools import count
from typing import final

from cnncalc.importing.entries import ImportedLayer, ImportedLayers, joins
from cnncalc.importing.model import ModelGraph
from cnncalc.importing.writing import ImportedSpec, Row, entry_row, frozen_row, layer_name
from cnncalc.layers import LAYERS
from cnncalc.shapes import Layout


def flat_document(graph: ModelGraph, entries: ImportedLayers) -> ImportedSpec:
    """A document with one row for each layer."""
    words = input_words(graph)
    rows = _FlatRows(graph, entries.entries, words)
    inputs = {words[name]: shape for name, shape in graph.inputs.items()}
    return ImportedSpec(graph._replace(inputs=inputs), entries.defaults, {}, rows.rows(), rows.outputs())


def input_words(graph: ModelGraph) -> dict[str, str]:
    """The word of a spec for each input."""
    if len(graph.inputs) == 1:
        return {next(iter(graph.inputs)): "input"}
    words: dict[str, str] = {}
    for number, name in enumerate(graph.inputs, start=1):
        word = layer_name(name)
        words[name] = word if word and word not in words.values() else f"input{number}"
    return words


OPAQUE = "opaque"


@final
class _FlatRows:
    def __init__(self, graph: ModelGraph, entries: Sequence[ImportedLayer], inputs: Mapping[str, str]) -> None:
        self._graph = graph
        self._entries = entries
        self._inputs = inputs
        self._names = self._all_names()

    def rows(self) -> list[Row]:
        """The row of each entry."""
        previous = next(iter(self._inputs)) if len(self._inputs) == 1 else ""
        rows = []
        for entry in self._entries:
            rows.append(self._row(entry, previous))
            previous = entry.value
        return rows

    def _is_plain(self) -> bool:
        """Whether the last layer is the only output, which needs no `outputs:`."""
        return list(self._graph.outputs) == [self._entries[-1].value]

    def outputs(self) -> list[str]:
        """The names that `outputs:` lists."""
        if self._is_plain():
            return []
        return [self._names[value] for value in self._graph.outputs if value in self._names]

    def _row(self, entry: ImportedLayer, previous: str) -> Row:
        row: Row = {}
        if entry.value in self._names:
            row["name"] = self._names[entry.value]
        texts = entry_row(entry, self._graph.layout)
        if entry.kind == OPAQUE:
            named = () if entry.inputs == (previous,) else entry.inputs
            references = [self._reference(value, previous) for value in named]
            return row | opaque_row(entry, references, self._graph.layout)
        if joins(entry.kind):
            texts[entry.kind] = f"[{', '.join(self._reference(value, previous) for value in entry.inputs)}]"
        elif entry.inputs[0] != previous:
            row["from"] = self._reference(entry.inputs[0], "")
        others = zip(() if joins(entry.kind) else LAYERS[entry.kind].operands, entry.inputs[1:], strict=False)
        before = value_before(entry, previous)
        operands = {word: self._reference(value, before) for word, value in others}
        row |= {entry.kind: texts.pop(entry.kind), **operands, **texts}
        if entry.shares:
            row["weights"] = self._names[entry.shares]
        row |= frozen_row(entry)
        if entry.declared is not None and entry.shape is not None:
            row["out"] = entry.declared.text(self._graph.layout)
        return row

    def _reference(self, value: str, previous: str) -> str:
        if value == previous and value not in self._inputs:
            return "prev"
        return self._names.get(value) or self._inputs[value]

    def _all_names(self) -> dict[str, str]:
        """A name for each value that the file names, or that others refer to."""
        wanted = _referred(self._entries) | (set() if self._is_plain() else set(self._graph.outputs))
        labels = Counter(layer_name(entry.label) for entry in self._entries)
        taken = {*self._inputs.values(), ""}
        names: dict[str, str] = {}
        for number, entry in enumerate(self._entries, start=1):
            name = layer_name(entry.label)
            if labels[name] > 1 or name in taken:
                name = f"{name}_{entry.kind}" if name and f"{name}_{entry.kind}" not in taken else ""
            if not name and entry.value in wanted:
                name = numbered(entry.kind, number, taken)
            if name and name not in taken:
                names[entry.value] = name
                taken.add(name)
        return names


def numbered(word: str, number: int, taken: Container[str]) -> str:
    """A name for a row without one: its word with its number, or the next that is free."""
    return next(name for name in (f"{word}_{n}" for n in count(number)) if name not in taken)


def value_before(entry: ImportedLayer, previous: str) -> str:
    """The value that `prev` is in a row: that of the row before; none if the row has `from:`, which `prev` is then."""
    has_from = entry.kind != OPAQUE and not joins(entry.kind) and entry.inputs[0] != previous
    return "" if has_from else previous


def opaque_row(entry: ImportedLayer, references: Sequence[str], layout: Layout) -> Row:
    """The row of an operation that the language does not know, with its declared settings."""
    word = json.dumps(entry.settings["operation"])
    read = {"from": references[0]} if len(references) == 1 and references[0] != "prev" else {}
    several = {"inputs": f"[{', '.join(references)}]"} if len(references) > 1 else {}
    declared = {"params": entry.settings.get("learned"), "macs": entry.settings.get("multiplied")}
    claims = {figure: str(number) for figure, number in declared.items() if number is not None}
    return {**read, OPAQUE: word, **several, "out": entry.settings["size"].text(layout), **claims}


def _referred(entries: Sequence[ImportedLayer]) -> set[str]:
    """The values that a line other than the next one reads."""
    previous, found = "", set()
    for entry in entries:
        before = value_before(entry, previous)
        found |= {value for value in entry.inputs if value != before} | ({entry.shares} - {""})
        previous = entry.value
    return found
