"""Whose sheets were handed in: who is missing, who is there twice, and who has somebody else's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.errors import Problem
from cnncalc.homework.roster import Entry, stem_of
from cnncalc.homework.sheet import Sheet, plain, problem


class Attendance(NamedTuple):
    """The sheets of a class against its roster.

    Attributes:
        problems: what is to be said about each sheet, in their order.
        missing: the students of whom there is no sheet.
    """

    problems: tuple[tuple[Problem, ...], ...]
    missing: tuple[Entry, ...] = ()


def attendance(sheets: Sequence[Sheet], roster: Sequence[Entry] = (), base: int = 0) -> Attendance:
    """Who handed in what.

    Args:
        sheets: the sheets.
        roster: the students; without any it is only seen who is there twice.
        base: the seed that the worksheets of the roster were made with.
    """
    first: dict[str, Sheet] = {}
    found, present = [], set()
    for sheet in sheets:
        entry = _entry(sheet, roster)
        key = entry.id if entry else sheet.facts.get("id", "") or sheet.facts.get("student", "")
        messages = _of_roster(sheet, entry, roster, base) if roster else []
        if key and first.setdefault(key, sheet) is not sheet:
            messages.append(f"a second sheet of {entry.name if entry else key}; the first is {first[key].file}")
        present.add(key)
        found.append(tuple(problem(1, 1, message) for message in messages))
    return Attendance(tuple(found), tuple(entry for entry in roster if entry.id not in present))


def _entry(sheet: Sheet, roster: Sequence[Entry]) -> Entry | None:
    """The student of a sheet: by the id that it carries, a name that only one has, or the name of its file."""
    id_, name, stem = sheet.facts.get("id", ""), sheet.facts.get("student", ""), stem_of(sheet.file)
    if id_:
        return next((entry for entry in roster if entry.id == id_), None)
    named = [entry for entry in roster if name and plain(entry.name) == plain(name)]
    return named[0] if len(named) == 1 else next((entry for entry in roster if entry.stem == stem), None)


def _of_roster(sheet: Sheet, entry: Entry | None, roster: Sequence[Entry], base: int) -> list[str]:
    if entry is None:
        return [f"{sheet.student[:60]} is not on the roster"]
    seed = sheet.facts.get("seed", "")
    if not seed or seed == str(entry.seed(base)):
        return []
    owner = next((other.name for other in roster if str(other.seed(base)) == seed), "")
    whose = f"that of {owner}" if owner else "that of nobody on the roster"
    return [f"seed {seed[:40]} is {whose}; {entry.name} has {entry.seed(base)}"]
