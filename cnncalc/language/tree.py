"""YAML text → its concrete syntax: every word and collection with the part of the text that it takes.

Nodes say what was written; the tree says where, to the character, so that a text can be changed in one
place and kept in all others. What lies between the pieces of a tree are blanks, comments and signs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Any, final

from yaml import MappingEndEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from cnncalc.language.reader import EventLoader, joined_surrogates

BREAKS = "\n\x85\u2028\u2029"
"""What ends a line in YAML, once the ends of lines are newlines."""


@final
class Leaf:
    """One scalar.

    Attributes:
        text: what it says, without quotes.
        start, stop: `tree.text[start:stop]` is how it is written; a value that is left out is empty.
        written: how it is written, which a formatter may change.
    """

    __slots__ = ("start", "stop", "text", "written")

    def __init__(self, text: str, start: int, stop: int, written: str) -> None:
        self.text = text
        self.start = start
        self.stop = stop
        self.written = written

    def rename(self, text: str) -> None:
        """Say something else, in the same quotes."""
        quote = self.written[:1] if self.written[:1] in ("'", '"') else ""
        self.text, self.written = text, f"{quote}{text}{quote}"


@final
class Entry:
    """An item of a sequence, or a key of a mapping with its value.

    Attributes:
        key: None in a sequence.
        value: what stands there.
        place: where it belongs among its neighbours, once a formatter has put them in order.
    """

    __slots__ = ("key", "place", "value")

    def __init__(self, key: Leaf | None, value: Piece, place: int) -> None:
        self.key = key
        self.value = value
        self.place = place

    @property
    def start(self) -> int:
        """Where its key or value starts; the dash of an item stands before that."""
        return self.value.start if self.key is None else self.key.start

    @property
    def word(self) -> str:
        """The text of its key."""
        return "" if self.key is None else self.key.text


@final
class Group:
    """A sequence or a mapping.

    Attributes:
        entries: in the order of the text.
        is_mapping: whether the entries have keys.
        is_flow: whether it is written in brackets, or stands inside of some.
        is_line: whether it is a layer of a list, as a formatter finds out.
        start, stop: the part of the text, from the first sign to the end of the last word or bracket.
    """

    __slots__ = ("entries", "is_flow", "is_line", "is_mapping", "start", "stop")

    def __init__(self, start: int, *, is_mapping: bool, is_flow: bool) -> None:
        self.entries: list[Entry] = []
        self.start = start
        self.stop = start
        self.is_mapping = is_mapping
        self.is_flow = is_flow
        self.is_line = False

    def find(self, word: str) -> Entry | None:
        """The entry with this key."""
        return next((entry for entry in self.entries if entry.word == word), None)


Piece = Leaf | Group


@final
class Tree:
    """A whole text.

    Attributes:
        text: with newlines as its ends of lines.
        root: the spec.
    """

    def __init__(self, text: str, root: Group) -> None:
        self.text = text
        self.root = root
        self._line_starts = [0, *(match.end() for match in re.finditer(f"[{BREAKS}]", text))]

    def line(self, offset: int) -> int:
        """The line of a place, from 0."""
        return bisect_right(self._line_starts, offset) - 1

    def column(self, offset: int) -> int:
        """The column of a place, from 0."""
        return offset - self._line_starts[self.line(offset)]

    def value_at(self, line: int, column: int) -> Piece:
        """The value that starts at a place.

        Raises:
            LookupError: none does.
        """
        offset = self._line_starts[line] + column
        if offset not in self._values:
            raise LookupError(f"no value starts at {line}:{column}")
        return self._values[offset]

    @cached_property
    def _values(self) -> dict[int, Piece]:
        """The value of every key, by where it starts."""
        found: dict[int, Piece] = {}
        waiting = [self.root]
        while waiting:
            for entry in waiting.pop().entries:
                if entry.key is not None:
                    found[entry.value.start] = entry.value
                if isinstance(entry.value, Group):
                    waiting.append(entry.value)
        return found

    def is_one_line(self, piece: Piece) -> bool:
        """Whether a piece stands on a single line."""
        return self.line(piece.start) == self.line(piece.stop)


def read_tree(text: str) -> Tree:
    """The tree of a text from which `read_spec` has made a spec without problems."""
    text = re.sub("\r\n?", "\n", text)
    text = joined_surrogates(text) if "\\ud" in text.lower() else text
    loader = EventLoader(text)
    try:
        root = _Planter(loader.get_event, text).root()
    finally:
        loader.dispose()
    return Tree(text, root)


class _Planter:
    """Makes pieces of events."""

    def __init__(self, next_event: Any, text: str) -> None:
        self._next = next_event
        self._text = text

    def root(self) -> Group:
        self._next()  # stream start
        self._next()  # document start
        root = self._piece(self._next())
        assert isinstance(root, Group)
        return root

    def _piece(self, event: Any) -> Piece:
        if type(event) is not ScalarEvent:
            return self._group(event)
        start, stop = _span(event)
        if start == stop:
            # Parsers differ in where a value begins that is not there; here it is behind the blanks.
            start = stop = self._behind_blanks(start)
        if event.style in ("|", ">"):
            stop = _end_of_block(self._text, start, stop)
        return Leaf(event.value, start, stop, self._text[start:stop])

    def _behind_blanks(self, offset: int) -> int:
        while self._text[offset : offset + 1] in (" ", "\t"):
            offset += 1
        return offset

    def _group(self, event: Any) -> Group:
        is_mapping = type(event) is not SequenceStartEvent
        group = Group(_span(event)[0], is_mapping=is_mapping, is_flow=bool(event.flow_style))
        end = MappingEndEvent if is_mapping else SequenceEndEvent
        while type(event := self._next()) is not end:
            piece = self._piece(event)
            key = piece if is_mapping and isinstance(piece, Leaf) else None
            value = piece if key is None else self._piece(self._next())
            group.entries.append(Entry(key, value, len(group.entries)))
        if group.entries:
            last = group.entries[-1]
            group.stop = max(last.value.stop, last.key.stop if last.key is not None else 0)
        if self._text[group.start : group.start + 1] in ("[", "{") and group.is_flow:
            group.stop = _span(event)[1]
        return group


def _span(event: Any) -> tuple[int, int]:
    return event.start_mark.index, event.end_mark.index


def _end_of_block(text: str, start: int, stop: int) -> int:
    """The end of a block scalar: of its last line, blank lines only where its header keeps them (`|+`)."""
    written = text[start:stop]
    header = written.partition("\n")[0].partition("#")[0]
    return start + len(written.removesuffix("\n") if "+" in header else written.rstrip(" \t\n"))
