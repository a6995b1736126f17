"""Sizes of which one number is another one than in all other places: 55×56×96."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.check.findings import Finding
from cnncalc.proofreading.facts import A
from cnncalc.proofreading.plain import Plain

_KERNEL = re.compile(r"kernel|filter|window|pool|conv|卷积核|滤波器|过滤器|窗口", re.IGNORECASE)
ENOUGH = 3
"""Square sizes that a write-up has to have at least."""


class _Size(NamedTuple):
    """A size as it is written, with its place; a kernel's has no depth."""

    height: int
    width: int
    depth: int | None
    line: int
    column: int
    length: int


def judge_squares(passages: Iterable[Plain]) -> Iterator[Finding]:
    """The one size of a write-up that is not square, though the same one is elsewhere."""
    sizes = [size for passage in passages for size in _sizes(passage)]
    for are_maps in (True, False):
        same = [size for size in sizes if (size.depth is not None) == are_maps]
        square = [size for size in same if size.height == size.width]
        other = [size for size in same if size.height != size.width and size.width != size.depth]
        if len(other) != 1 or len(square) < ENOUGH or 1 in other[0][:2]:
            continue
        yield from _judge(other[0], square)


def _judge(odd: _Size, square: list[_Size]) -> Iterator[Finding]:
    fitting = [one for one in square if one.depth == odd.depth and one.height in (odd.height, odd.width)]
    if fitting:
        nearest = min(fitting, key=lambda one: abs(one.line - odd.line))
        words, meant = (f"{one.height}×{one.width}" + (f"×{one.depth}" if one.depth else "") for one in (odd, nearest))
        message = f"{words} is not square, as all others here are; line {nearest.line} has {meant}"
        yield Finding(odd.line, odd.column, message, "not-square", "error", odd.length)


def _sizes(passage: Plain) -> Iterator[_Size]:
    for match in re.finditer(A, passage.text):
        around = passage.text[max(match.start() - 25, 0) : match.end() + 15]
        if match[3] or _KERNEL.search(around):
            depth = int(match[3]) if match[3] else None
            length = passage.length(match.start(), match.end())
            yield _Size(int(match[1]), int(match[2]), depth, *passage.at(match.start()), length)
