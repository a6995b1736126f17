"""The places of a spec's words: every line of layers at any depth, and the key of each parameter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from cnncalc.language.model import Line, Spec
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.network.model import Node as Layer
from cnncalc.network.vocabulary import WORDS, kind_of


class KeyedValues(NamedTuple):
    """Keys that are together, with their values: a line of layers, or a mapping on it.

    Attributes:
        keys: by their text.
        values: by the same text; None after a bare word.
    """

    keys: Mapping[str, ScalarNode]
    values: Mapping[str, Node | None]


def _lines_within(body: tuple[Line, ...]) -> Iterator[KeyedValues]:
    """The lines of one body, with those of residuals, branches and sequences."""
    for line in body:
        used = len(line.keys) > len(line.settings)
        yield from everything_in(line.keys, {**line.settings, **line.usage} if used else line.settings)


def everything_in(keys: Mapping[str, ScalarNode], values: Mapping[str, Node | None]) -> Iterator[KeyedValues]:
    """A mapping, and every mapping and bare word in its values; a lone word is one without a value."""
    yield KeyedValues(keys, values)
    waiting: list[Node] = [value for value in values.values() if value is not None and type(value) is not ScalarNode]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MapNode):
            yield KeyedValues(node.keys, node.values)
            waiting += node.values.values()
        elif isinstance(node, ListNode):
            for item in node.items:
                if isinstance(item, ScalarNode):
                    yield KeyedValues({item.text: item}, {item.text: None})
                else:
                    waiting.append(item)


class Places:
    """Finds the words that a layer of the network comes from.

    Attributes:
        bodies: the lines of each block at any depth; those of `layers:` under the empty name.
    """

    def __init__(self, spec: Spec) -> None:
        self._defaults = spec.defaults
        bodies = {"": spec.layers, **{name: block.body for name, block in spec.blocks.items()}}
        self.bodies = {name: tuple(_lines_within(body)) for name, body in bodies.items()}

    def lines(self) -> Iterator[KeyedValues]:
        """Every line of `layers:` and `blocks:`, at any depth."""
        return chain.from_iterable(self.bodies.values())

    @cached_property
    def _lines(self) -> Mapping[tuple[int, int], tuple[ScalarNode, KeyedValues]]:
        """The key at each place, from 1, with its line."""
        return {(key.line + 1, key.column + 1): (key, line) for line in self.lines() for key in line.keys.values()}

    def kind(self, layer: Layer) -> ScalarNode:
        """The key of the kind, or of the residual or branches, that a layer comes from."""
        key, _ = self._lines[layer.line, layer.column]
        return key

    def parameter(self, layer: Layer, name: str) -> ScalarNode | None:
        """The key that gives a parameter on the layer's line; None if it does not."""
        key, line = self._lines[layer.line, layer.column]
        spellings = kind_of(key.text).spellings
        inside = (line.values.get(key.text), line.values.get("first"))
        written = [line.keys, *(value.keys for value in inside if isinstance(value, MapNode))]
        return next((at for keys in written for word, at in keys.items() if spellings.get(word) == name), None)

    def gives(self, layer: Layer, names: Collection[str]) -> bool:
        """Whether the line of a layer, or of the one that it follows, or `defaults:`, gives one of these parameters."""
        kind, (_, line) = kind_of(layer.layer.kind), self._lines[layer.line, layer.column]
        words = [word for word in WORDS if kind_of(word) == kind]
        defaults = ({word: key} for word, (key, _) in self._defaults.items())
        mappings = ({word: mapping} for word, (_, mapping) in self._defaults.items())
        written = (everything_in(keys, values) for keys, values in zip(defaults, mappings, strict=True))
        for keys, values in chain(everything_in(line.keys, line.values), *written):
            for word in keys.keys() & words:
                value = values[word]
                inside = value.keys if isinstance(value, MapNode) else [kind.first] * bool(getattr(value, "text", ""))
                if any(kind.spellings.get(key) in names for key in (*keys, *inside)):
                    return True
        return False

    def default(self, layer: Layer, name: str) -> ScalarNode | None:
        """The key in `defaults:` that gives a parameter to the kind of the layer's line; None if none does."""
        kind = kind_of(self.kind(layer).text)
        given = [mapping.keys for word, (_, mapping) in self._defaults.items() if kind_of(word) == kind]
        return next((at for keys in given for word, at in keys.items() if kind.spellings.get(word) == name), None)
