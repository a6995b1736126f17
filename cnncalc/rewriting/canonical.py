"""Canonical words, and the order of keys: what each mapping of a spec's tree holds, and where.

The order of a line is: name, from, the kind, its parameters in the order of the reference (a block's in
that of its signature), repeat, first, out, params.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cnncalc.figures import ON_LINES
from cnncalc.language.grammar import KEYS
from cnncalc.language.model import Block, Spec
from cnncalc.language.tree import Entry, Group, Leaf, Piece, Tree
from cnncalc.layers.parameters import Type
from cnncalc.network.vocabulary import ALIASES, WORDS, Kind, kind_of

BEFORE = ("name", "from")
BEHIND = ("repeat", "first", *ON_LINES)
"""The keys of every line, before the kind and behind its parameters."""


def canonicalize(tree: Tree, spec: Spec) -> None:
    """Give every word of a tree its canonical name, and every key its place.

    Args:
        tree: of a spec that is valid; it is changed.
        spec: the same spec, which knows the blocks.
    """
    words = _Words(tree, spec.blocks)
    _put_in_order(tree.root, KEYS)
    for entry in tree.root.entries:
        match entry.word:
            case "layers":
                words.lines(entry.value)
            case "blocks":
                for block in _entries(entry.value):
                    words.lines(block.value)
            case "defaults":
                for default in _entries(entry.value):
                    words.defaults(default)


def _entries(piece: Piece) -> list[Entry]:
    return piece.entries if isinstance(piece, Group) else []


def _put_in_order(group: Group, order: Iterable[str]) -> None:
    """Give each key of a mapping its place; keys that `order` does not have go last, as they are."""
    places = {word: place for place, word in enumerate(order)}
    ordered = sorted(group.entries, key=lambda entry: places.get(entry.word, len(places)))
    for place, entry in enumerate(ordered):
        entry.place = place


class _Words:
    """Goes through lists of layers."""

    def __init__(self, tree: Tree, blocks: Mapping[str, Block]) -> None:
        self._tree = tree
        self._blocks = blocks

    def lines(self, piece: Piece) -> None:
        """Every line of a list."""
        for item in _entries(piece):
            if isinstance(item.value, Leaf):
                _rename_kind(item.value)
            elif item.value.is_mapping:
                self._line(item.value)

    def _line(self, line: Group) -> None:
        line.is_line = True
        entry = next(entry for entry in line.entries if entry.word in WORDS or entry.word in self._blocks)
        assert entry.key is not None
        if entry.word in self._blocks:
            parameters = tuple(self._blocks[entry.word].parameters)
            if isinstance(entry.value, Group) and entry.value.is_mapping:
                _put_in_order(entry.value, parameters)
            first = line.find("first")
            if first is not None and isinstance(first.value, Group):
                _put_in_order(first.value, parameters)
            self._shorten(entry, next(iter(parameters), ""))
        else:
            _rename_kind(entry.key)
            kind = kind_of(entry.word)
            parameters = tuple(kind.parameters)
            self._kind_line(line, entry, kind)
            if kind.first and kind.parameters[kind.first].type is not Type.FLAG:  # `bn: false` reads as no bn at all
                self._shorten(entry, kind.first)
        _put_in_order(line, (*BEFORE, entry.word, *parameters, *BEHIND))

    def _kind_line(self, line: Group, entry: Entry, kind: Kind) -> None:
        """The parameters of a line: behind the kind, beside it, and in `first:`."""
        for other in line.entries:
            if other is entry:
                self._first_value(other.value, kind)
            elif other.word == "first":
                self._settings(other.value, kind)
            else:
                self._setting(other, kind)

    def _first_value(self, value: Piece, kind: Kind) -> None:
        if isinstance(value, Group) and value.is_mapping:
            self._settings(value, kind)
        elif kind.first:
            self._lists(value, kind.parameters[kind.first].type)

    def _shorten(self, entry: Entry, first: str) -> None:
        """Put `fc: 10` for `fc: {features: 10}`, where nothing else stands in the braces."""
        value = entry.value
        if not isinstance(value, Group) or not value.is_mapping or not self._tree.is_one_line(value):
            return
        match value.entries:
            case [Entry(word=word, value=Leaf() as only)] if word == first:
                entry.value = Leaf(only.text, value.start, value.stop, only.written)

    def defaults(self, entry: Entry) -> None:
        """One kind of `defaults:` with its parameters."""
        if entry.key is not None:
            _rename_kind(entry.key)
        self._settings(entry.value, kind_of(entry.word))

    def _settings(self, value: Piece, kind: Kind) -> None:
        """A mapping of parameters."""
        for entry in _entries(value):
            self._setting(entry, kind)
        if isinstance(value, Group):
            _put_in_order(value, kind.parameters)

    def _setting(self, entry: Entry, kind: Kind) -> None:
        name = kind.spellings.get(entry.word)
        if name is None or entry.key is None:
            return
        parameter = kind.parameters[name]
        if entry.word != name:
            meanings = parameter.alias_words
            if isinstance(entry.value, Leaf) and entry.value.text in meanings:
                _say(entry.value, meanings[entry.value.text], entry.key)
            entry.key.rename(name)
        self._lists(entry.value, parameter.type)

    def _lists(self, value: Piece, type_: Type) -> None:
        """The lines inside the value of a parameter."""
        if type_ is Type.PATHS:
            for path in _entries(value):
                self.lines(path.value)
        elif type_ is Type.LAYERS or (type_ is Type.SHORTCUT and isinstance(value, Group)):
            self.lines(value)


def _rename_kind(word: Leaf) -> None:
    if word.text in ALIASES:
        word.rename(ALIASES[word.text][0])


def _say(value: Leaf, word: str, key: Leaf) -> None:
    """Put a word for a flag; in JSON, where keys are in quotes, in quotes too."""
    quote = key.written[:1] if key.written[:1] == '"' else ""
    value.text, value.written = word, f"{quote}{word}{quote}"
