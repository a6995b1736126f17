"""YAML text → its nodes with the part of the text that each of them takes.

Nodes say what was written; the tree says where, to the character, so that a text can be changed in one place
and kept in all others. Between its words are blanks, signs and comments.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple, final

from cnncalc.language.nodes import MapNode, Node, ScalarNode, entries
from cnncalc.language.problems import Problems
from cnncalc.language.reader import Composer, joined_surrogates

BREAKS = "\n\x85\u2028\u2029"
"""Signs that end a line in YAML, after all ends of lines have become newlines."""

_PADDING = "\ue000" * 11
"""The padding after a sign that stands for a pair of escapes, so that both take 12 characters."""


class Span(NamedTuple):
    """The part of a text that a node takes.

    Attributes:
        start, stop: `text[start:stop]`, from its first sign to the end of its last word or bracket; a value that
            is left out is empty.
        in_brackets: whether it is a list or mapping in brackets, or inside of one.
    """

    start: int
    stop: int
    in_brackets: bool = False


@final
class Tree:
    """A whole text.

    Attributes:
        text: with newlines as its ends of lines.
        root: the spec.
        spans: of every node, words in the order of the text, and a list or mapping after its contents.
    """

    def __init__(self, text: str, root: MapNode, spans: Mapping[Node, Span]) -> None:
        self.text = text
        self.root = root
        self.spans = spans
        self._line_starts = [0, *(match.end() for match in re.finditer(f"[{BREAKS}]", text))]

    def line(self, offset: int) -> int:
        """The line of a place, from 0."""
        return bisect_right(self._line_starts, offset) - 1

    def column(self, offset: int) -> int:
        """The column of a place, from 0."""
        return offset - self._line_starts[self.line(offset)]

    def offset(self, line: int, column: int) -> int:
        """The place of a line and a column, from 0; no later than the end of the line."""
        starts = [*self._line_starts[line : line + 2], len(self.text) + 1]
        return min(starts[0] + column, starts[1] - 1) if line < len(self._line_starts) else len(self.text)

    def start(self, node: Node) -> int:
        """The place where a node starts; the dash of an item is before it."""
        return self.spans[node].start

    def stop(self, node: Node) -> int:
        """The place where a node ends."""
        return self.spans[node].stop

    def written(self, node: Node) -> str:
        """A node as it is written."""
        start, stop, _ = self.spans[node]
        return self.text[start:stop]

    def is_block(self, node: Node) -> bool:
        """Whether a node is a list or mapping without brackets."""
        return not isinstance(node, ScalarNode) and not self.spans[node].in_brackets

    def is_one_line(self, node: Node) -> bool:
        """Whether a node is on a single line."""
        start, stop, _ = self.spans[node]
        return self.line(start) == self.line(stop)

    def outermost_brackets(self) -> Iterator[Span]:
        """The collections in brackets that are in no others, in order."""
        waiting: list[Node] = [self.root]
        while waiting:
            node = waiting.pop()
            if self.spans[node].in_brackets:
                yield self.spans[node]
            elif not isinstance(node, ScalarNode):
                waiting += [value for _, value in reversed(entries(node))]

    def value_at(self, line: int, column: int) -> Node:
        """The value of a key that starts at a place.

        Raises:
            LookupError: no value starts there.
        """
        return self._values[self._line_starts[line] + column]

    @cached_property
    def _values(self) -> dict[int, Node]:
        """The value of every key, by its start."""
        maps = (node for node in self.spans if isinstance(node, MapNode))
        return {self.start(value): value for node in maps for value in node.values.values()}


def read_tree(text: str) -> Tree:
    """The tree of a text from which `read_spec` has made a spec without problems."""
    text = re.sub("\r\n?", "\n", text)
    composer = _SpanComposer(text)
    root = composer.read(joined_surrogates(text, _PADDING))
    assert isinstance(root, MapNode)
    return Tree(text, root, composer.spans)


class _SpanComposer(Composer):
    """Builds nodes, and notes the part of the text that each takes."""

    def __init__(self, text: str) -> None:
        super().__init__(Problems("", text))
        self._text = text
        self.spans: dict[Node, Span] = {}

    def _node(self, event: Any, depth: int) -> Node:
        node = super()._node(event, depth)
        start, stop = event.start_mark.index, event.end_mark.index
        if isinstance(node, ScalarNode):
            node.text = node.text.replace(_PADDING, "")
            self.spans[node] = Span(*self._word(start, stop, event.style))
            return node
        if event.flow_style and self._text[start] in "[{":
            stop = self._last.end_mark.index
        else:
            key, value = entries(node)[-1]
            stop = max(self.spans[value].stop, self.spans[key].stop if key is not None else 0)
        self.spans[node] = Span(start, stop, bool(event.flow_style))
        return node

    def _word(self, start: int, stop: int, style: str | None) -> tuple[int, int]:
        """The part of the text that a word takes, by the marks of the parser."""
        text = self._text
        if start == stop:
            # Parsers differ in the place of a missing value; here it is after the blanks.
            while text[start : start + 1] in (" ", "\t"):
                start += 1
            return start, start
        if style not in ("|", ">"):
            return start, stop
        # A block of text ends with its last line; blank lines are its own only if its header keeps them (`|+`).
        written = text[start:stop]
        header = written.partition("\n")[0].partition("#")[0]
        return start, start + len(written.removesuffix("\n") if "+" in header else written.rstrip(" \t\n"))
