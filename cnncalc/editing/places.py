"""Places of a text as editors count them, and the words there."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.language.nodes import KeyedNode, Node, ScalarNode, entries
from cnncalc.language.tree import Tree


class TextPlace(NamedTuple):
    """A place between two characters; lines and columns count from 0, lines as YAML has them."""

    line: int
    column: int


class TextRange(NamedTuple):
    """The part of a text between two places."""

    start: TextPlace
    stop: TextPlace


class TextChange(NamedTuple):
    """A text that takes the place of another."""

    range: TextRange
    text: str


def range_of(tree: Tree, start: int, stop: int) -> TextRange:
    """The range between two offsets of a tree's text."""
    return TextRange(*(TextPlace(tree.line(offset), tree.column(offset)) for offset in (start, stop)))


def path_to(tree: Tree, offset: int) -> list[KeyedNode]:
    """The entries around an offset, outermost first: the last is the word there, or what holds it."""
    found: list[KeyedNode] = []
    node: Node = tree.root
    while not isinstance(node, ScalarNode):
        inside = next((entry for entry in entries(node) if _covers(tree, entry, offset)), None)
        if inside is None:
            break
        found.append(inside)
        node = inside[1] if tree.start(inside[1]) <= offset else _NO_WORD
    return found


_NO_WORD = ScalarNode("", 0, 0)


def _covers(tree: Tree, entry: KeyedNode, offset: int) -> bool:
    key, value = entry
    start, stop = tree.start(value if key is None else key), tree.stop(value)
    return start <= offset <= (stop if key is None else max(stop, tree.stop(key)))
