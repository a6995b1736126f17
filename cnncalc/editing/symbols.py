"""The outline of a text: variables, blocks, layers; and the lines that fold away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.hints import label
from cnncalc.editing.lines import LayerLine, layer_line
from cnncalc.editing.names import Sort
from cnncalc.editing.places import TextPlace, TextRange, range_of
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode, entries
from cnncalc.language.tree import Tree


class OutlineEntry(NamedTuple):
    """One entry of the outline.

    Attributes:
        name: what it is called, else its kind.
        detail: the figures of its line, as its hint has them.
        sort: what it is.
        range: all of it.
        word: the part to go to.
        inside: the layers of a block.
    """

    name: str
    detail: str
    sort: Sort
    range: TextRange
    word: TextRange
    inside: tuple[OutlineEntry, ...] = ()


def symbols(edited: EditedText) -> list[OutlineEntry]:
    """The outline of a text; of a broken one that of the last good text, less what was changed since."""
    shown = edited if edited.tree is not None else edited.good
    if shown is None or shown.tree is None or shown.spec is None:
        return []
    found = _Outline(shown, shown.tree).all()
    if shown is edited:
        return [*found]
    return [moved for symbol in found if (moved := _moved(symbol, edited)) is not None]


class _Outline:
    def __init__(self, edited: EditedText, tree: Tree) -> None:
        assert edited.spec is not None
        self._tree = tree
        self._blocks = {block.at.text: block for block in edited.spec.blocks.values()}
        self._names = edited.spec.blocks.keys()
        self._report = edited.report
        self._uses = edited.uses

    def all(self) -> Iterator[OutlineEntry]:
        """The symbols of the top level, in the order of the text."""
        for word, value in self._tree.root.values.items():
            if word in ("vars", "inputs") and isinstance(value, MapNode):
                sort: Sort = "variable" if word == "vars" else "input"
                yield from (self._entry(key, node, sort) for key, node in entries(value) if key is not None)
            elif word == "blocks" and isinstance(value, MapNode):
                yield from (self._block(key, node) for key, node in entries(value) if key is not None)
            elif word == "layers":
                yield from self._lines(value)

    def _entry(self, key: ScalarNode, value: Node, sort: Sort) -> OutlineEntry:
        detail = value.text if isinstance(value, ScalarNode) else ""
        return OutlineEntry(key.text, detail, sort, self._range(key, value), self._range(key, key))

    def _block(self, key: ScalarNode, body: Node) -> OutlineEntry:
        name = self._blocks[key.text].name if key.text in self._blocks else key.text
        whole, word = self._range(key, body), self._range(key, key)
        return OutlineEntry(name, key.text[len(name) :], "block", whole, word, tuple(self._lines(body)))

    def _lines(self, node: Node) -> Iterator[OutlineEntry]:
        for item in node.items if isinstance(node, ListNode) else ():
            if (line := layer_line(item, self._names)) is not None:
                yield self._layer(line)

    def _layer(self, line: LayerLine) -> OutlineEntry:
        named = line.node.values.get("name") if isinstance(line.node, MapNode) else None
        name = named.text if isinstance(named, ScalarNode) and named.text else line.word
        uses = self._uses.get(self._tree.line(self._tree.start(line.node)))
        detail = label(self._report, uses[0]) if self._report is not None and uses else ""
        return OutlineEntry(name, detail, "layer", self._range(line.node, line.node), self._range(line.at, line.at))

    def _range(self, first: Node, last: Node) -> TextRange:
        return range_of(self._tree, self._tree.start(first), max(self._tree.stop(first), self._tree.stop(last)))


def _moved(symbol: OutlineEntry, edited: EditedText) -> OutlineEntry | None:
    """A symbol of the last good text where it is now; None if one of its lines was changed."""
    whole, word = _range_now(symbol.range, edited), _range_now(symbol.word, edited)
    if whole is None or word is None:
        return None
    inside = tuple(one for part in symbol.inside if (one := _moved(part, edited)) is not None)
    return symbol._replace(range=whole, word=word, inside=inside)


def _range_now(range_: TextRange, edited: EditedText) -> TextRange | None:
    start, stop = edited.now(range_.start.line), edited.now(range_.stop.line)
    if start is None or stop is None:
        return None
    return TextRange(TextPlace(start, range_.start.column), TextPlace(stop, range_.stop.column))


def folds(edited: EditedText) -> Iterator[tuple[int, int]]:
    """The first and last lines (from 0) of what can be folded: by indentation, so that a broken text folds, too."""
    open_: list[tuple[int, int]] = []
    last = 0
    for number, line in enumerate(edited.lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = _depth(line)
        while open_ and open_[-1][1] >= depth:
            start, _ = open_.pop()
            if last > start:
                yield start, last
        if line.lstrip()[0] not in "]}":
            open_.append((number, depth))
        last = number
    yield from ((start, last) for start, _ in reversed(open_) if last > start)


def _depth(line: str) -> int:
    """How deep a line is: an item of a list is below the key whose column it has."""
    indent = len(line) - len(line.lstrip())
    return 2 * indent + bool(re.match(r"-(\s|$)", line.lstrip()))
