"""Canonical words, and the order of keys: the form and the place of each node of a spec's tree.

The order of a line is: name, from, the kind, its parameters in the order of the reference (a block's in
that of its signature), weights, repeat, first, shared, frozen, out, params.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import final

from cnncalc.figures import ON_LINES
from cnncalc.language.grammar import KEYS
from cnncalc.language.model import USAGE, Spec
from cnncalc.language.nodes import KeyedNode, ListNode, MapNode, Node, ScalarNode, entries, is_nothing
from cnncalc.language.tree import Tree
from cnncalc.layers.parameters import USUAL, Type
from cnncalc.network.vocabulary import (
    WORDS,
    Kind,
    customs,
    foreign,
    implied_follower,
    kind_of,
    kind_words,
    preset,
    resolved,
    spelled,
)

BEFORE = USAGE[:2]
AFTER = (*USAGE[2:], *ON_LINES)
"""The keys of every line, before the kind and after its parameters."""


@final
class Canonical:
    """The canonical words of a tree, and the order of its nodes.

    Args:
        tree: of a spec that is valid.
        spec: the same spec, which knows the blocks.

    Attributes:
        tree: the places of the nodes, and their words now.
        layers: the mappings that are lines of a list of layers.
    """

    def __init__(self, tree: Tree, spec: Spec) -> None:
        self.layers: set[MapNode] = set()
        self.tree = tree
        self._blocks = spec.blocks
        self._written: dict[Node, str] = {}
        self._orders: dict[Node, list[KeyedNode]] = {}
        self._put_in_order(tree.root, KEYS)
        for word, value in tree.root.values.items():
            if word == "layers":
                self._lines(value)
            elif word == "blocks" and isinstance(value, MapNode):
                for body in value.values.values():
                    self._lines(body)
            elif word == "defaults" and isinstance(value, MapNode):
                for kind, parameters in value.values.items():
                    self._rename_kind(value.keys[kind])
                    self._settings(parameters, kind_of(kind))

    def written(self, node: Node) -> str:
        """A word as it is to be written."""
        return self._written[node] if node in self._written else self.tree.written(node)

    def is_word(self, node: Node) -> bool:
        """Whether a node is written as a word: a scalar, or a mapping that a word replaces."""
        return isinstance(node, ScalarNode) or node in self._written

    def entries(self, node: ListNode | MapNode) -> list[KeyedNode]:
        """The entries of a list or mapping in their new order."""
        return self._orders[node] if node in self._orders else entries(node)

    def _put_in_order(self, node: MapNode, order: Iterable[str], words: Mapping[str, str] | None = None) -> None:
        """Give each key of a mapping its place; keys that `order` does not have go last, as they are.

        Args:
            node: the mapping.
            order: canonical words.
            words: the canonical word of every key that may have another.
        """
        places = {word: place for place, word in enumerate(order)}
        ordered = sorted(node.keys, key=lambda word: places.get((words or {}).get(word, word), len(places)))
        self._orders[node] = [(node.keys[word], node.values[word]) for word in ordered]

    def _lines(self, node: Node) -> None:
        """Take in every line of a list."""
        for item in node.items if isinstance(node, ListNode) else ():
            if isinstance(item, ScalarNode):
                self._rename_kind(item)
            elif isinstance(item, MapNode):
                self.layers.add(item)
                word = kind_words(item.values, self._blocks)[0]
                self._block_line(item, word) if word in self._blocks else self._kind_line(item, word)

    def _block_line(self, line: MapNode, word: str) -> None:
        parameters = tuple(self._blocks[word].parameters)
        for arguments in (line.values[word], line.values.get("first")):
            if isinstance(arguments, MapNode):
                self._put_in_order(arguments, parameters)
        self._shorten(line.values[word], parameters[:1])
        self._put_in_order(line, (*BEFORE, word, *parameters, *AFTER))

    def _kind_line(self, line: MapNode, word: str) -> None:
        """Take in a line with its parameters: after the kind, beside it, and in `first:`."""
        kind = kind_of(word)
        said = line.values[word]
        keys = [*line.values, *(said.values if isinstance(said, MapNode) else ())]
        given = {kind.named(key) for key in keys} | (
            set() if isinstance(said, MapNode) or is_nothing(said) else {kind.first}
        )
        if all(custom.keys() <= given for custom in customs(word, ()).values()):
            self._rename_kind(line.keys[word])
        for other, value in line.values.items():
            if other == "first" or (other == word and isinstance(value, MapNode)):
                self._settings(value, kind)
            elif other != word:
                self._setting(line, other, kind)
            elif kind.first:
                self._lists(value, kind.parameters[kind.first].type)
        if kind.first and kind.parameters[kind.first].type is not Type.FLAG:  # `bn: false` reads as no bn at all
            self._shorten(line.values[word], [word for word, name in kind.spellings.items() if name == kind.first])
        places = {other: name for other in line.values if other != word and (name := parameter_of(kind, line, other))}
        self._put_in_order(line, (*BEFORE, word, *kind.parameters, *AFTER), places)

    def _shorten(self, value: Node, words: Iterable[str]) -> None:
        """Put `fc: 10` for `fc: {features: 10}`, if nothing else is in the braces."""
        if isinstance(value, MapNode):
            match [*value.values.items()]:
                case [(word, ScalarNode() as only)] if word in words and self._is_one_entry(value, word):
                    self._written[value] = self.written(only)

    def _is_one_entry(self, node: MapNode, word: str) -> bool:
        """Whether a mapping with one word is written on one line, or will be: with no comment in between."""
        between = self.tree.text[self.tree.stop(node.keys[word]) : self.tree.start(node.values[word])]
        return self.tree.is_one_line(node) or (self.tree.is_block(node) and between.strip() == ":")

    def _settings(self, node: Node, kind: Kind) -> None:
        """Take in a mapping of parameters."""
        if isinstance(node, MapNode):
            for word in node.values:
                self._setting(node, word, kind)
            self._put_in_order(node, kind.parameters, {word: kind.named(word) or word for word in node.values})

    def _setting(self, node: MapNode, word: str, kind: Kind) -> None:
        name = parameter_of(kind, node, word)
        if name is None or customs(kind.word, (word,)):
            return  # a setting in PyTorch's words has PyTorch's defaults
        parameter, key, value = kind.parameters[name], node.keys[word], node.values[word]
        quote = '"' if self.tree.written(key)[:1] == '"' else ""
        if kind.named(word) is None:
            self._written[value] = _in_quotes(spelled(word, parameter), quote)
        elif isinstance(value, ScalarNode) and (text := spelled(value.text, parameter)) != value.text:
            self._written[value] = _in_quotes(text, self.tree.written(value)[:1])
        if word != name:
            if isinstance(value, ScalarNode) and value.text.lower() in parameter.alias_words:
                if parameter.alias_words[value.text.lower()] == USUAL:
                    return
                # In JSON, whose keys are in quotes, a word for a flag is in quotes, too.
                self._written[value] = _in_quotes(parameter.alias_words[value.text.lower()], quote)
            self._rename(key, name)
        self._lists(value, parameter.type)

    def _lists(self, value: Node, type_: Type) -> None:
        """Take in the lines inside the value of a parameter."""
        if type_ is Type.PATHS:
            for path in value.items if isinstance(value, ListNode) else ():
                self._lines(path)
        elif type_ in (Type.LAYERS, Type.SHORTCUT):
            self._lines(value)
        elif type_ is Type.FOLLOWER and isinstance(value, MapNode):
            for word, settings in value.values.items():
                self._rename_kind(value.keys[word])
                self._settings(settings, kind_of(word))

    def _rename_kind(self, word: ScalarNode) -> None:
        if word.text in self._blocks:
            return
        canonical = resolved(word.text)[0]
        if preset(word.text):
            # the kind alone would say less: the canonical word is written only if it says as much
            found = None if word.text in WORDS else foreign(word.text)
            canonical = found.word if found is not None and preset(found.word) else word.text
        if canonical != word.text:
            self._rename(word, canonical)

    def _rename(self, word: ScalarNode, text: str) -> None:
        """Write another word, in the same quotes."""
        self._written[word] = _in_quotes(text, self.tree.written(word)[:1])


def parameter_of(kind: Kind, line: MapNode, word: str) -> str | None:
    """The parameter that a key of a line means; `activation` for the relu of `{fc: 512, relu}`."""
    return kind.named(word) or implied_follower(kind, word, line.values[word]) or None


def _in_quotes(text: str, sign: str) -> str:
    """A word in the quotes of another one that begins with `sign`, which may be none."""
    return f"{sign}{text}{sign}" if sign in ("'", '"') else text
