"""Sizes in which one number differs from all other places: 55×56×96."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.check.findings import Finding
from cnncalc.proofreading.facts import IS, KERNEL, STRIDED, WINDOW, A
from cnncalc.proofreading.passages import sentences
from cnncalc.proofreading.plain import Plain

_OF_KERNEL = re.compile(rf"{WINDOW}$|size{IS}$", re.IGNORECASE)
_KERNEL_OF = re.compile(rf"\s?(?:max|average|avg|mean|conv)?[ -]?(?:{KERNEL})", re.IGNORECASE)
_CELL = re.compile(r"\s?\|")
_CHANGED = re.compile(r"\d\s?\)?\s?(?:(?:\w+ )?(?:to|into|→)|becomes|变为|变成)\s?\(?$")
_CHANGES = re.compile(rf"\)?\s?(?:(?:\w+ )?(?:to|into|→)|becomes|变为|变成)\s?\(?\d|{STRIDED}")
_STRIDE = re.compile(r"stride|步长|步幅", re.IGNORECASE)
_APART = re.compile(r"height|width|rectang|square|asymmetric|高|宽", re.IGNORECASE)
"""Words of sentences about the two axes one by one."""

NEAR = 3
"""Two numbers of one size that differ by at most this were meant to be equal."""

ENOUGH = 3
"""The fewest square sizes of a write-up in which others are judged."""


class _Size(NamedTuple):
    """A size as it is written, with its place; a kernel's has no depth, and may be one of several settings."""

    height: int
    width: int
    depth: int | None
    line: int
    column: int
    length: int
    is_set: bool


def judge_squares(passages: Iterable[Plain]) -> Iterator[Finding]:
    """The finding for the one size of a write-up that is not square, though it is elsewhere."""
    sizes = [size for passage in passages for sentence in sentences(passage) for size in _sizes(sentence)]
    for are_maps in (True, False):
        same = [size for size in sizes if (size.depth is not None) == are_maps]
        square = [size for size in same if size.height == size.width]
        other = [size for size in same if size.height != size.width and size.width != size.depth]
        if len(other) != 1 or len(square) < ENOUGH or 1 in other[0][:2]:
            continue
        yield from _judge(other[0], square)


def _judge(odd: _Size, square: list[_Size]) -> Iterator[Finding]:
    fitting = [one for one in square if one.depth == odd.depth and one.height in (odd.height, odd.width)]
    if fitting or (odd.is_set and abs(odd.height - odd.width) <= NEAR):
        nearest = min(fitting, key=lambda one: abs(one.line - odd.line), default=None)
        meant = f"; line {nearest.line} has {_words(nearest)}" if nearest else ""
        message = f"{_words(odd)} is not square, as all others here are{meant}"
        yield Finding(odd.line, odd.column, message, "not-square", "error", odd.length)


def _is_of_layer(match: re.Match[str], before: str) -> bool:
    """Whether a size is of a kernel; or in a row of a table or a change of size, where a slip is by 1."""
    if _OF_KERNEL.search(before) or _KERNEL_OF.match(match.string, match.end()):
        return True
    is_near = abs(int(match[1]) - int(match[2])) <= 1
    return is_near and bool(
        _CELL.match(match.string, match.end()) or _CHANGED.search(before) or _CHANGES.match(match.string, match.end())
    )


def _words(size: _Size) -> str:
    return f"{size.height}×{size.width}" + (f"×{size.depth}" if size.depth else "")


def _sizes(sentence: Plain) -> Iterator[_Size]:
    for match in re.finditer(A, sentence.text) if _APART.search(sentence.text) is None else ():
        before = sentence.text[max(match.start() - 40, 0) : match.start()]
        if match[3] or _is_of_layer(match, before):
            depth = int(match[3]) if match[3] else None
            length = sentence.length(match.start(), match.end())
            is_set = depth is not None or _STRIDE.search(sentence.text) is not None
            yield _Size(int(match[1]), int(match[2]), depth, *sentence.at(match.start()), length, is_set)
