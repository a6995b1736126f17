"""Bounds of an ONNX file's graph, checked before it is parsed: two bytes of it may become an object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.importing.model import START, RefusedModel

DAMAGED = "this is not an ONNX file, or a damaged one"

MAX_GRAPH = 8_000_000
"""The most bytes of a file without the numbers of its tensors."""

MAX_FIELDS = 300_000
"""The most fields of one message."""

SMALL = 1_000_000
"""The most bytes of a file that is parsed in any case."""

TENSORS = (7, 5), (7, 1, 5, 5)
"""The numbers of the fields that lead to a tensor: an initializer of the graph, an attribute of a node."""

NUMBERS = (4, 5, 9, 10)
"""The fields of a tensor whose values take no more memory than bytes: floats, small integers, raw data, doubles."""


def check_size(content: bytes) -> None:
    """Refuse a file whose graph is larger than that of a network."""
    if len(content) <= SMALL:
        return
    graph = len(content) - sum(_numbers(content, 0, len(content), path) for path in TENSORS)
    if graph > MAX_GRAPH:
        raise RefusedModel((START, f"the graph is larger than {MAX_GRAPH // 10**6} MB, without the weights"))


def _numbers(content: bytes, start: int, stop: int, path: Sequence[int]) -> int:
    """The bytes that the numbers of tensors take in a message."""
    total = 0
    for field, begin, end in _fields(content, start, stop):
        if not path:
            total += end - begin if field in NUMBERS else 0
        elif field == path[0] and end - begin > 1000:
            total += _numbers(content, begin, end, path[1:])
    return total


def _fields(content: bytes, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Number, begin and end of each field of a message that has a length."""
    for _ in range(MAX_FIELDS):
        if start >= stop:
            return
        key, start = _varint(content, start)
        length = {1: 8, 5: 4}.get(key & 7, 0)
        if key & 7 in (0, 2):
            number, start = _varint(content, start)
            length = number if key & 7 else 0
        if key & 7 in (3, 4, 6, 7) or start + length > stop:
            raise RefusedModel((START, DAMAGED))
        if key & 7 == 2:
            yield key >> 3, start, start + length
        start += length
    raise RefusedModel((START, f"more than {MAX_FIELDS:,} entries in one list; a network has fewer"))


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A whole number, seven bits in each byte, and its end."""
    number = shift = 0
    for place in range(at, min(at + 10, len(content))):
        number |= (content[place] & 127) << shift
        if content[place] < 128:
            return number, place + 1
        shift += 7
    raise RefusedModel((START, DAMAGED))
