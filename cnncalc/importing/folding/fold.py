"""Layers → a spec with blocks, repeats and residuals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

from cnncalc.importing.entries import ImportedLayers, joins
from cnncalc.importing.flat import OPAQUE, input_words, numbered, opaque_row, value_before
from cnncalc.importing.folding.blocks import Blocks, Unit, common_scope, repeated
from cnncalc.importing.folding.slots import Describer
from cnncalc.importing.folding.tree import Item, Items, LayerChain, Leaf, Residual, chains_of, last_layer, leaves
from cnncalc.importing.model import ModelGraph
from cnncalc.importing.writing import ImportedSpec, Row, layer_name
from cnncalc.layers import LAYERS


def folded_document(graph: ModelGraph, layers: ImportedLayers) -> ImportedSpec:
    """A document with the structure of a network found again."""
    chains = chains_of(graph, layers.entries, layers.defaults)
    describer = Describer(layers.defaults, graph.layout)
    units = [_units(chain.items, describer) for chain in _alone(chains, describer)]
    blocks = Blocks(units, describer, graph.classes)
    blocks.find()
    whole = [list(repeated(chain)) for chain in units]
    rows = _FoldedRows(graph, chains, whole, describer)
    words = input_words(graph)
    inputs = {words[name]: shape for name, shape in graph.inputs.items()}
    return ImportedSpec(graph._replace(inputs=inputs), layers.defaults, blocks.blocks, rows.rows(), rows.outputs())


def _alone(chains: Sequence[LayerChain], describer: Describer) -> list[LayerChain]:
    """Chains in which a body without a shortcut is a residual, too, if others like it have a shortcut."""
    known = {_body_key(item, describer) for chain in chains for item in chain.items if isinstance(item, Residual)}
    return [LayerChain(chain.source, list(_wrapped(chain.items, known, describer))) for chain in chains]


def _body_key(item: Residual, describer: Describer) -> tuple[int, object]:
    return (
        (len(item.body), describer.skeleton(item.body).key)
        if item.shortcut == "identity" and item.merge.kind == "add" and not item.merge.settings
        else (0, None)
    )


def _wrapped(items: Sequence[Item], known: set[tuple[int, object]], describer: Describer) -> Iterator[Item]:
    lengths = sorted({length for length, _ in known if length > 1}, reverse=True)
    place = 0
    while place < len(items):
        for length in lengths:
            window = tuple(items[place : place + length])
            if len(window) == length and _differs(window) and (length, describer.skeleton(window).key) in known:
                yield Residual(window, "none", last_layer(window[-1]))
                place += length
                break
        else:
            yield items[place]
            place += 1


def _differs(window: Items) -> bool:
    """Whether the output of some items has another shape than their input."""
    first = window[0]
    return isinstance(first, Leaf) and not first.linked and first.entering != last_layer(window[-1]).shape


def _units(items: Sequence[Item], describer: Describer) -> list[Unit]:
    """A unit for each item; equal layers in a row are one unit."""
    units: list[Unit] = []
    texts: list[str] = []
    for item in items:
        text = str(describer.literal((item,))) if isinstance(item, Leaf) and not item.linked else ""
        if isinstance(item, Leaf) and text and texts and texts[-1] == text:
            # The first copy has another input than the others; the name is that of the module around all.
            layer = item.layer._replace(label="", scope=common_scope([*leaves(units[-1].items), item.layer]))
            units[-1] = Unit((item._replace(layer=layer, entering=None),), repeat=units[-1].repeat + 1)
        else:
            units.append(Unit((item,)))
            texts.append(text)
    return units


@final
class _FoldedRows:
    """Units → rows with names and references."""

    def __init__(
        self, graph: ModelGraph, chains: Sequence[LayerChain], units: Sequence[Sequence[Unit]], describer: Describer
    ) -> None:
        self._graph = graph
        self._chains = chains
        self._units = units
        self._describer = describer
        self._inputs = input_words(graph)
        self._names = self._all_names()

    def rows(self) -> list[Row]:
        """All rows."""
        previous = next(iter(self._inputs)) if len(self._inputs) == 1 else ""
        rows: list[Row] = []
        for chain, units in zip(self._chains, self._units, strict=True):
            source = chain.source
            for unit in units:
                rows.append(self._row(unit, source, previous))
                source = previous = _value(unit)
        return rows

    def outputs(self) -> list[str]:
        """The names that `outputs:` lists."""
        if list(self._graph.outputs) == [_value(self._units[-1][-1])]:
            return []
        return [self._names[value] for value in self._graph.outputs if value in self._names]

    def _row(self, unit: Unit, source: str, previous: str) -> Row:
        row: Row = {"name": self._names[_value(unit)]} if _value(unit) in self._names else {}
        item = unit.items[0]
        if isinstance(item, Leaf) and item.linked:
            named = () if item.layer.inputs == (previous,) else item.layer.inputs
            before = value_before(item.layer, previous)
            references = [self._reference(value, before) for value in named]
            if item.layer.kind == OPAQUE:
                return row | opaque_row(item.layer, references, self._graph.layout)
            (written,) = self._describer.literal((item,))
            if joins(item.layer.kind):
                row |= {**written, item.layer.kind: f"[{', '.join(references)}]"}
            else:
                first = {} if item.layer.inputs[0] == previous else {"from": references[0]}
                shared = {"weights": self._names[item.layer.shares]} if item.layer.shares else {}
                others = zip(LAYERS[item.layer.kind].operands, references[1:], strict=False)
                kind = item.layer.kind
                row |= {**first, kind: written.pop(kind), **dict(others), **written, **shared}
        else:
            if source != previous:
                row["from"] = self._reference(source, "")
            if unit.parts:
                row["sequence"] = [self._call(part) for part in unit.parts]
            else:
                row |= self._call(unit) if unit.block else self._describer.literal((item,))[0]
        if unit.repeat > 1:
            row["repeat"] = str(unit.repeat)
        if unit.first:
            row["first"] = f"{{{', '.join(f'{word}: {text}' for word, text in unit.first)}}}"
        frozen = {"frozen": row.pop("frozen")} if "frozen" in row else {}
        return row | frozen | self._claim(unit)

    def _call(self, unit: Unit) -> Row:
        """`bottleneck: 64, stride: 2`; several numbers are in a list."""
        plain = [text for word, text in unit.arguments if not word.startswith("stride")]
        named = {word: text for word, text in unit.arguments if word.startswith("stride")}
        if not plain and named:
            return {unit.block: f"{{{', '.join(f'{word}: {text}' for word, text in named.items())}}}"}
        return {unit.block: plain[0] if len(plain) == 1 else f"[{', '.join(plain)}]" if plain else "", **named}

    def _claim(self, unit: Unit) -> Row:
        layer = last_layer(unit.items[-1])
        return {"out": layer.declared.text(self._graph.layout)} if layer.declared and layer.shape else {}

    def _reference(self, value: str, previous: str) -> str:
        if value == previous and value not in self._inputs:
            return "prev"
        return self._names.get(value) or self._inputs[value]

    def _all_names(self) -> dict[str, str]:
        """A name for each row that the file names, or that others refer to."""
        units = [unit for chain in self._units for unit in chain]
        wanted = self._referred()
        labels = [_label(unit) for unit in units]
        taken, names = {*self._inputs.values(), *(unit.block for unit in units), ""}, dict[str, str]()
        for number, (unit, label) in enumerate(zip(units, labels, strict=True), start=1):
            name = label if labels.count(label) == 1 and label not in taken else ""
            if not name and _value(unit) in wanted:
                name = numbered(unit.block or last_layer(unit.items[-1]).kind, number, taken)
            if name and name not in taken:
                names[_value(unit)] = name
                taken.add(name)
        return names

    def _referred(self) -> set[str]:
        """The values that are read by a row other than the next one."""
        is_plain = list(self._graph.outputs) == [_value(self._units[-1][-1])]
        found, previous = set[str]() if is_plain else set(self._graph.outputs), ""
        for chain, units in zip(self._chains, self._units, strict=True):
            first = chain.items[0]
            inputs: tuple[str, ...] = (chain.source,)
            before = previous
            if isinstance(first, Leaf) and first.linked:
                inputs, before = first.layer.inputs, value_before(first.layer, previous)
            found |= {value for value in inputs if value != before}
            found |= {layer.shares for unit in units for layer in leaves(unit.items) if layer.shares}
            previous = _value(units[-1])
        return found


def _value(unit: Unit) -> str:
    return last_layer(unit.items[-1]).value


def _label(unit: Unit) -> str:
    """The name of a row in the file: of its layer, or of the module that contains all of its layers."""
    inside = leaves(unit.items)
    if len(inside) == 1 and unit.repeat == 1:
        return layer_name(inside[0].label)
    return layer_name("_".join(common_scope(inside)))
