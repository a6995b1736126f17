"""Whose sheets were handed in: who is missing, who is there twice, and who has somebody else's numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnncalc.errors import Problem
from cnncalc.homework.roster import Student, stem_of
from cnncalc.homework.sheet import Sheet, problem


class Attendance(NamedTuple):
    """The sheets of a class against its roster.

    Attributes:
        problems: what is to be said about each sheet, in their order.
        missing: the students of whom there is no sheet.
    """

    problems: tuple[tuple[Problem, ...], ...]
    missing: tuple[Student, ...] = ()


def attendance(sheets: Sequence[Sheet], roster: Sequence[Student] = (), base: int = 0) -> Attendance:
    """Who handed in what.

    Args:
        sheets: the sheets.
        roster: the students; without any it is only seen who is there twice.
        base: the seed that the worksheets of the roster were made with.
    """
    register = _Register(roster, base)
    first: dict[tuple[bool, str], Sheet] = {}
    found, present = [], set()
    for sheet in sheets:
        entry = register.entry(sheet)
        who = entry.id if entry else _key(sheet.facts.get("id", "") or sheet.facts.get("student", ""))
        messages = register.messages(sheet, entry) if roster else []
        earlier = first.setdefault((entry is not None, who), sheet)
        if who and earlier is not sheet:
            messages.append(
                f"a second sheet of {entry.name if entry else sheet.student[:60]}; the first is {earlier.file}"
            )
        present |= {entry.id} if entry else set()
        found.append(tuple(problem(1, 1, message) for message in messages))
    return Attendance(tuple(found), tuple(entry for entry in roster if entry.id not in present))


class _Register:
    """The roster, by everything that a sheet can say about its student."""

    def __init__(self, roster: Sequence[Student], base: int) -> None:
        self._base = base
        self._ids = {entry.id: entry for entry in roster}
        self._like = _unambiguous((_key(entry.id), entry) for entry in roster)
        self._names = _unambiguous((_key(entry.name), entry) for entry in roster)
        self._stems = {entry.stem: entry for entry in roster}
        self._seeds = {entry.seed(base): entry for entry in reversed(roster)}

    def entry(self, sheet: Sheet) -> Student | None:
        """The student of a sheet: by the id that it carries, a name that only one has, or the name of its file."""
        return (
            self._by_id(sheet)
            or self._names.get(_key(sheet.facts.get("student", "")))
            or self._stems.get(stem_of(sheet.file))
        )

    def _by_id(self, sheet: Sheet) -> Student | None:
        id_ = sheet.facts.get("id", "")
        return self._ids.get(id_) or self._like.get(_key(id_))

    def messages(self, sheet: Sheet, entry: Student | None) -> list[str]:
        """What is to be said about a sheet."""
        if entry is None:
            return [f"{sheet.student[:60]} is not on the roster"]
        id_, said = sheet.facts.get("id", ""), []
        if id_ and self._by_id(sheet) is None:
            said.append(f"id {id_[:40]} is not on the roster; by the name or the file it is the sheet of {entry.name}")
        # The claims of a spec have no place for a seed.
        return said if sheet.network is not None else [*said, *self._of_seed(sheet, entry)]

    def _of_seed(self, sheet: Sheet, entry: Student) -> list[str]:
        seed, expected = sheet.seed, entry.seed(self._base)
        if seed == expected:
            return []
        if seed is None:
            return [f"the sheet has no seed; that of {entry.name} is {expected}"]
        owner = self._seeds.get(seed)
        whose = f"that of {owner.name}" if owner else "that of nobody on the roster"
        return [f"seed {seed} is {whose}; {entry.name} has {expected}"]


def _key(text: str) -> str:
    """An id or a name as it is compared: spreadsheets make 7 of 007, people write capitals as they like."""
    return re.sub(r"[\W_]", "", text.removesuffix(".0").casefold()).lstrip("0")


def _unambiguous(pairs: Iterable[tuple[str, Student]]) -> dict[str, Student]:
    """The students by keys that only one of them has."""
    found: dict[str, list[Student]] = {}
    for key, entry in pairs:
        found.setdefault(key, []).append(entry)
    return {key: entries[0] for key, entries in found.items() if key and len(entries) == 1}
