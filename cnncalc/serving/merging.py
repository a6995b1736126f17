"""Two changes of one text, merged by lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from cnncalc.editing.edited_text import unchanged_ends

MOST = 4_000_000
"""The most pairs of changed lines that are compared; more would take too long."""


class Replaced(NamedTuple):
    """Lines in the place of others.

    Attributes:
        start, stop: the old lines.
        lines: the new ones.
    """

    start: int
    stop: int
    lines: tuple[str, ...]


def merge(base: str, ours: str, theirs: str) -> str | None:
    r"""A text with both changes; None if they overlap, or are too many to compare.

    >>> merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"), merge("a\nb\n", "A\nb\n", "a\nB\n")
    ('A\nb\nC\n', None)
    """
    lines, *others = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    found = [_changes(lines, other) for other in others]
    if None in found:
        return None
    changes = sorted({change for one in found for change in one or ()})
    if any(after.start <= before.stop for before, after in pairwise(changes)):
        return None
    for change in reversed(changes):
        lines[change.start : change.stop] = change.lines
    return "".join(lines)


def _changes(old: Sequence[str], new: Sequence[str]) -> list[Replaced] | None:
    """The changes, from the first line that differs to the last; None if that is too much to compare."""
    head, foot = unchanged_ends(old, new)
    before, after = old[head : len(old) - foot], new[head : len(new) - foot]
    return None if len(before) * len(after) > MOST else list(_blocks(before, after, head))


def _blocks(before: Sequence[str], after: Sequence[str], first: int) -> Iterator[Replaced]:
    for kind, start, stop, new_start, new_stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Replaced(first + start, first + stop, tuple(after[new_start:new_stop]))
