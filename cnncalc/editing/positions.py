"""Places as editors count them: their lines end with a line break only, their columns are units of an encoding."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from cnncalc.editing.places import TextPlace

UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
"""The codec of each encoding that a client may choose, and the bytes of one unit."""

_YAML_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_BREAK = re.compile("\r\n|[\r\n]")


class ClientPlace(NamedTuple):
    """A line, and units of the client's encoding on it, both from 0."""

    line: int
    character: int


class ClientPositions:
    """Converts between places of a text and those of a client.

    Args:
        text: the text.
        encoding: the client's; one of `UNITS`.
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._codec, self._size = UNITS[encoding]
        self._ours = [0, *(match.end() for match in _YAML_BREAK.finditer(text))]
        self._theirs = [0, *(match.end() for match in _BREAK.finditer(text))]

    def to_client(self, place: TextPlace) -> ClientPlace:
        """A place as the client counts it; the end of the text for one after it."""
        if place.line >= len(self._ours):
            return self._client(len(self._text))
        return self._client(min(self._ours[place.line] + place.column, len(self._text)))

    def end_of_line(self, line: int) -> ClientPlace:
        """The end of one of our lines, for the client."""
        if line >= len(self._ours):
            return self._client(len(self._text))
        end = _YAML_BREAK.search(self._text, self._ours[line])
        return self._client(end.start() if end else len(self._text))

    def from_client(self, line: int, character: int) -> TextPlace:
        """A place of the client as we count it; the nearest one if the text does not have it."""
        if line >= len(self._theirs):
            offset = len(self._text)
        else:
            start = self._theirs[line]
            end = _BREAK.search(self._text, start)
            on_line = self._text[start : end.start() if end else len(self._text)]
            units = on_line.encode(self._codec, "surrogatepass")[: max(character, 0) * self._size]
            offset = start + len(units.decode(self._codec, "ignore"))
        ours = bisect_right(self._ours, offset) - 1
        return TextPlace(ours, offset - self._ours[ours])

    def _client(self, offset: int) -> ClientPlace:
        line = bisect_right(self._theirs, offset) - 1
        units = self._text[self._theirs[line] : offset].encode(self._codec, "surrogatepass")
        return ClientPlace(line, len(units) // self._size)
