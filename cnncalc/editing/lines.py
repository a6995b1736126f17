"""The line of a layer at a place: its words, and the rows of the network that come from it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.language.nodes import KeyedNode, MapNode, Node, ScalarNode
from cnncalc.language.tree import Tree
from cnncalc.network.model import Network, Row, Use
from cnncalc.network.vocabulary import kind_words


class LayerLine(NamedTuple):
    """A line of a list of layers.

    Attributes:
        node: the mapping, or the bare word.
        word: its kind or block; empty if it has none.
        at: that word in the text; the node if there is none.
    """

    node: Node
    word: str
    at: Node


class UsedRow(NamedTuple):
    """A row that comes from a line, and the use of the block that the line is in."""

    row: Row
    use: Use | None


def line_at(path: Sequence[KeyedNode], blocks: Container[str]) -> LayerLine | None:
    """The innermost line of layers on the way to a place; None if it is in no list of layers."""
    if not path or path[0][0] is None or path[0][0].text not in ("layers", "blocks"):
        return None
    for key, node in reversed(path):
        if key is None and (line := layer_line(node, blocks)) is not None:
            return line
    return None


def layer_line(node: Node, blocks: Container[str]) -> LayerLine | None:
    """An item of a list as a line of layers; None if it names no kind."""
    words = node.values if isinstance(node, MapNode) else [node.text] if isinstance(node, ScalarNode) else ()
    word = next(iter(kind_words(words, blocks)), "")
    if not word:
        return None
    return LayerLine(node, word, node.keys[word] if isinstance(node, MapNode) else node)


def rows_of(report: Report, tree: Tree, line: LayerLine) -> list[UsedRow]:
    """The rows that a line stands for, one for each use of the block or copy around it."""
    start = tree.start(line.at)
    first = tree.line(tree.start(line.node)) + 1
    own = _made_at(report.network, report.network.rows, (tree.line(start) + 1, tree.column(start) + 1), None)
    return [one for one in own if one.row.line == first] or [*_outermost(report.network.rows, first, None, 0)]


def _made_at(network: Network, rows: Sequence[Row], place: tuple[int, int], use: Use | None) -> Iterator[UsedRow]:
    """The outermost rows of which all layers are made at one place: a layer with those that follow it."""
    for row in rows:
        nodes = network.nodes[row.start : row.stop]
        if nodes and all((node.line, node.column) == place for node in nodes):
            yield UsedRow(row, use)
        else:
            yield from _made_at(network, row.children, place, row.use or use)


def _outermost(rows: Sequence[Row], line: int, use: Use | None, around: int) -> Iterator[UsedRow]:
    """The rows of a line (from 1) that are not part of one on the same line."""
    for row in rows:
        if row.line == line != around:
            yield UsedRow(row, use)
        else:
            yield from _outermost(row.children, line, row.use or use, row.line)
