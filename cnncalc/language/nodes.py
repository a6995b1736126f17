"""The nodes of a text: scalars, lists and mappings of YAML with their positions.

Lines and columns count from 0 here, as the parser gives them; `Problems` adds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import final


@final
class ScalarNode:
    """One value as text, before any interpretation: `010` is still `010` here.

    Attributes:
        text: the text, without quotes.
        line, column: its start, with its quote if it has one.
        quote: 1 if the text starts a column later, after a quote.
    """

    __slots__ = ("text", "line", "column", "quote")

    def __init__(self, text: str, line: int, column: int, quote: int = 0) -> None:
        self.text = text
        self.line = line
        self.column = column
        self.quote = quote

    def __repr__(self) -> str:
        return f"ScalarNode({self.text!r}, {self.line}, {self.column})"


@final
class ListNode:
    """A list."""

    __slots__ = ("items", "line", "column")

    def __init__(self, line: int, column: int) -> None:
        self.items: list[Node] = []
        self.line = line
        self.column = column


@final
class MapNode:
    """Keys and values in the order of the text. No key is twice."""

    __slots__ = ("keys", "values", "line", "column")

    def __init__(self, line: int, column: int) -> None:
        self.keys: dict[str, ScalarNode] = {}
        self.values: dict[str, Node] = {}
        self.line = line
        self.column = column


Node = ScalarNode | ListNode | MapNode

NOTHING = ("", "null", "~", "Null", "NULL")
"""The words of YAML and JSON for no value."""


def is_nothing(node: Node) -> bool:
    """Whether a value is none: `{relu: }` and `{relu: null}` are the same YAML as `{relu}`."""
    return isinstance(node, ScalarNode) and node.text in NOTHING and not (node.text and node.quote)


KeyedNode = tuple[ScalarNode | None, Node]
"""The value of a mapping with its key; an item of a list has none."""


def entries(node: ListNode | MapNode) -> list[KeyedNode]:
    """The entries of a list or mapping, in the order of the text."""
    if isinstance(node, ListNode):
        return [(None, item) for item in node.items]
    return [*zip(node.keys.values(), node.values.values(), strict=True)]


def one_line(node: Node) -> str:
    """A value on one line, in the usual spacing: `[1, 7]`, `{stride: 2}`."""
    if isinstance(node, ScalarNode):
        return " ".join(node.text.split())
    if isinstance(node, ListNode):
        return f"[{', '.join(map(one_line, node.items))}]"
    return in_braces({word: one_line(value) for word, value in node.values.items()})


def in_braces(values: Mapping[str, str], quote: str = "") -> str:
    """A mapping on one line, with its keys in quotes if it is JSON."""
    return f"{{{', '.join(f'{quote}{key}{quote}: {value}' for key, value in values.items())}}}"
