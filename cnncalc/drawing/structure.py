"""The arrangement of boxes, below one another or side by side, by the boxes that each reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.drawing.diagram import Diagram, Tile

ENTRY = -1
"""The number of the value that enters the list."""


class Fork(NamedTuple):
    """Paths side by side, all from the box or entry before; the box after them reads the end of each."""

    branches: tuple[tuple[Item, ...], ...]


Item = int | Fork
"""A box by its number in the list, or paths of boxes."""


class _Open:
    """A fork with paths that are not joined yet: the box before it, its finished paths and their ends."""

    def __init__(self, fork: int, before: list[Item], branch: list[Item], end: int) -> None:
        self.fork = fork
        self.before = before
        self.branches: list[tuple[Item, ...]] = []
        self.ends: set[int] = set()
        self.inside: set[int] = set()
        self.finish(branch, end)

    def finish(self, branch: list[Item], end: int) -> None:
        """Add a path that ends here."""
        self.branches.append(tuple(branch))
        self.ends.add(end)
        self.inside.update(number for item in branch for number in numbers(item))

    def joined(self, branch: list[Item]) -> list[Item]:
        """All boxes in one line."""
        return [*self.before, Fork((*self.branches, tuple(branch)))]


def arranged(reads: Sequence[frozenset[int]]) -> tuple[Item, ...]:
    """The boxes in lines and forks.

    Args:
        reads: the numbers of the boxes that each reads, all smaller than its own, or `ENTRY`; none for an input.

    Returns:
        One plain line if the boxes are not nested lines and forks.
    """
    return tuple(_forked(reads) or range(len(reads)))


def _forked(reads: Sequence[frozenset[int]]) -> list[Item] | None:
    opened: list[_Open] = []
    line: list[Item] = []
    end = ENTRY
    for number, read in enumerate(reads):
        sources = read or {ENTRY}
        if end not in sources:
            forked = _next_path(opened, line, end, max(sources))
            if not forked:
                return None
            line = []
        else:
            while opened and opened[-1].ends & sources:
                if not opened[-1].ends <= sources:
                    return None
                line = opened.pop().joined(line)
        if any(sources & fork.inside for fork in opened):
            return None  # a lane from one path to another would cross the paths between
        line.append(number)
        end = number
    while opened:
        line = opened.pop().joined(line)
    return line


def _next_path(opened: list[_Open], line: list[Item], end: int, fork: int) -> bool:
    """Finish a path that ends here, because the next one starts at `fork`; False if it cannot."""
    if opened and opened[-1].fork == fork:
        opened[-1].finish(line, end)
        return True
    if fork in line:
        place = line.index(fork) + 1
    elif fork == ENTRY and not opened:
        place = 0
    else:
        return False
    if not line[place:]:
        return False
    opened.append(_Open(fork, line[:place], line[place:], end))
    return True


def numbers(item: Item) -> Iterator[int]:
    """The boxes of an item."""
    if isinstance(item, Fork):
        for branch in item.branches:
            for inner in branch:
                yield from numbers(inner)
    else:
        yield item


def sources(drawn: Diagram, units: Sequence[Tile], entry: str | None) -> list[frozenset[int]]:
    """For each box of a list, the numbers of those that it reads; `ENTRY` for the value that enters the list."""

    def number(value: str) -> int | None:
        return ENTRY if value == entry else drawn.maker(units, value)

    return [
        frozenset(n for n in map(number, unit.reads) if n is not None and n < place) for place, unit in enumerate(units)
    ]
