"""The comments of a YAML text, which the parser leaves out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from math import inf
from typing import Any, NamedTuple

import yaml
from yaml import CollectionStartEvent, MappingEndEvent, MappingStartEvent, ScalarEvent

from cnncalc.language.reader import SURROGATES, EventLoader

_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_SIGN = re.compile(r"(?:^|(?<=[ \t]))#")


class Comment(NamedTuple):
    """A comment.

    Attributes:
        line, column: where its `#` stands, from 0.
        text: what is behind the `#`.
        alone: whether nothing else stands on its line.
    """

    line: int
    column: int
    text: str
    alone: bool


def read_comments(text: str) -> Iterator[Comment]:
    """The comments of a text that is valid YAML, in order.

    A `#` within a word, in quotes or in a block of text is none.
    """
    values = _values(text)
    for number, line in enumerate(_LINE_BREAK.split(text)):
        spans = values.get(number, [])
        for sign in _SIGN.finditer(line):
            column = sign.start()
            before = bisect_right(spans, (column, inf)) - 1
            if before < 0 or spans[before][1] <= column:
                yield Comment(number, column, line[column + 1 :], not line[:column].strip())
                break


def first_lines(text: str) -> dict[int, int]:
    """The line where a mapping in braces begins, for each further line that it takes; of nested ones the outermost.

    The braces of a whole document are none of them.
    """
    firsts: dict[int, int] = {}
    open_braces: list[int] = []
    root = True
    for event in _events(text):
        place = event.start_mark
        if type(event) is MappingStartEvent:
            open_braces.append(place.line if event.flow_style and not root else -1)
        elif type(event) is MappingEndEvent:
            first = open_braces.pop()
            if first >= 0 and max(open_braces, default=-1) < 0:
                firsts.update(dict.fromkeys(range(first + 1, place.line + 1), first))
        root = root and not isinstance(event, CollectionStartEvent)
    return firsts


def _values(text: str) -> dict[int, list[tuple[int, float]]]:
    """The first column of each value and the one behind it, in order, by line."""
    values: dict[int, list[tuple[int, float]]] = {}
    for event in _events(text):
        if type(event) is ScalarEvent:
            start: Any = event.start_mark
            end: Any = event.end_mark
            for line in range(start.line, end.line + 1):
                first = start.column if line == start.line else 0
                last = end.column if line == end.line else inf
                values.setdefault(line, []).append((first, last))
    return values


def _events(text: str) -> Iterator[Any]:
    """What the parser finds, at the places of the text as it is written."""
    pair = len(r"\ud83d\ude00")
    return yaml.parse(re.sub(SURROGATES, "x" * pair, text), Loader=EventLoader)
