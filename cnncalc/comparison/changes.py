"""What became of the lines of a list, by their words alone."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, NamedTuple

from cnncalc.comparison.alignment import align
from cnncalc.comparison.written import NOTHING, Written

Change = Literal["edited", "follows", "added", "removed", "moved", "unchanged"]
"""Edited: its own words differ. Follows: only its figures differ, because of an edit elsewhere. Moved: it says
the same in another place.
"""

Body = tuple[Written, ...]


class Edit(NamedTuple):
    """One thing that was written otherwise: `stride`, `4`, `2`."""

    setting: str
    old: str
    new: str


class LineChange(NamedTuple):
    """A line of a list, and what became of it.

    Attributes:
        change: edited, added, removed, moved or unchanged.
        old, new: the line; None where it is not there.
        edits: what was written otherwise on the line itself.
        inside: the lines that it holds, as far as they changed.
    """

    change: Change
    old: Written | None
    new: Written | None
    edits: tuple[Edit, ...] = ()
    inside: tuple[LineChange, ...] = ()


def changed_lines(old: Body, new: Body) -> Iterator[LineChange]:
    """The lines of two lists, as far as they changed."""
    for before, after in align(old, new):
        change = line_change(before, after)
        if change.change != "unchanged":
            yield change


def line_change(old: Written | None, new: Written | None) -> LineChange:
    """What became of a line, by its words alone."""
    if old is None or new is None:
        return LineChange("added" if old is None else "removed", old, new)
    edits = tuple(_line_edits(old, new))
    inside = [change for pair in _pairs_of_bodies(old.bodies, new.bodies) for change in changed_lines(*pair)]
    return LineChange("edited" if edits or inside else "unchanged", old, new, edits, tuple(inside))


def _pairs_of_bodies(old: tuple[Body, ...], new: tuple[Body, ...]) -> Iterator[tuple[Body, Body]]:
    """The lists of two lines that are not the same, in pairs; an empty one for a path that is not there."""
    keys, others = ([[line.key() for line in body] for body in bodies] for bodies in (old, new))
    matcher = SequenceMatcher(None, list(map(tuple, keys)), list(map(tuple, others)), autojunk=False)
    for word, i, i_stop, j, j_stop in matcher.get_opcodes():
        if word != "equal":
            yield from zip_longest(old[i:i_stop], new[j:j_stop], fillvalue=())


def _line_edits(old: Written, new: Written) -> Iterator[Edit]:
    if old.name != new.name:
        yield Edit("name", old.name or NOTHING, new.name or NOTHING)
    if old.word != new.word:
        yield Edit("kind", old.word, new.word)
    for setting in dict.fromkeys((*old.settings, *new.settings, *old.flow, *new.flow)):
        before, after = old.value(setting), new.value(setting)
        if before != after:
            yield Edit(setting, before, after)
