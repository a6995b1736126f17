"""Whose sheets were handed in: who is missing, who is there twice, and who has somebody else's numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cnncalc.errors import Problem, SheetError
from cnncalc.homework.marking import Marked
from cnncalc.homework.roster import Student, stem_of
from cnncalc.homework.sheet import WRITE_HEAD, Sheet, problem, unreadable


def attendance(
    sheets: Sequence[Sheet], roster: Sequence[Student] = (), base: int = 0
) -> tuple[list[list[Problem]], list[Student]]:
    """What there is to say about each sheet, in their order; and the students of whom there is none.

    Args:
        sheets: the sheets.
        roster: the students; without any it is only seen who is there twice.
        base: the seed that the worksheets of the roster were made with.
    """
    register = _Register(roster, base)
    first: dict[tuple[bool, str], Sheet] = {}
    own = _first_with_seed(sheets)
    found, present = [], set()
    for sheet in sheets:
        student = register.student(sheet)
        who = student.id if student else _key(sheet.facts.get("id", "") or sheet.facts.get("student", ""))
        messages = register.messages(sheet, student) if roster else []
        earlier = first.setdefault((student is not None, who), sheet)
        if who and earlier is not sheet:
            name = student.name if student else sheet.student[:60]
            messages.append(f"a second sheet of {name}; the first is {earlier.file}")
        if not roster and sheet.seed in own and own[sheet.seed].student != sheet.student:
            other = own[sheet.seed]
            messages.append(f"seed {sheet.seed} is that of the sheet of {other.student[:60]}, too ({other.file})")
        present |= {student.id} if student else set()
        found.append([problem(1, 1, message) for message in messages])
    return found, [student for student in roster if student.id not in present]


def _first_with_seed(sheets: Sequence[Sheet]) -> dict[int | None, Sheet]:
    """The first sheet with each seed, if most have one of their own: else they are the variants of groups."""
    first = {sheet.seed: sheet for sheet in reversed(sheets) if sheet.seed is not None}
    return dict(first) if 2 * len(first) > len(sheets) > 1 else {}


def without_head(sheets: Sequence[Marked]) -> list[SheetError]:
    """The sheets without a seed where others of the same network have one: their key would be a wrong one."""
    seeded = {
        one.exercise.report.network.name: one.sheet.file for one in reversed(sheets) if one.sheet.seed is not None
    }
    found = []
    for marked in sheets:
        other = seeded.get(marked.exercise.report.network.name)
        if other and marked.sheet.seed is None and marked.sheet.network is None:
            message = f"the sheet has no seed, and others have one, as {other}; {WRITE_HEAD}, or grade it alone"
            found.append(unreadable(marked.sheet.file, message))
    return found


class _Register:
    """The roster, by everything that a sheet can say about its student."""

    def __init__(self, roster: Sequence[Student], base: int) -> None:
        self._base = base
        self._ids = {student.id: student for student in roster}
        self._like = _unambiguous((_key(student.id), student) for student in roster)
        self._names = _unambiguous((_key(student.name), student) for student in roster)
        self._stems = {student.stem: student for student in roster}
        self._seeds = {student.seed(base): student for student in reversed(roster)}

    def student(self, sheet: Sheet) -> Student | None:
        """The student of a sheet: by the id that it carries, a name that only one has, or the name of its file."""
        return (
            self._by_id(sheet)
            or self._names.get(_key(sheet.facts.get("student", "")))
            or self._stems.get(stem_of(sheet.file))
        )

    def _by_id(self, sheet: Sheet) -> Student | None:
        id_ = sheet.facts.get("id", "")
        return self._ids.get(id_) or self._like.get(_key(id_))

    def messages(self, sheet: Sheet, student: Student | None) -> list[str]:
        """What is to be said about a sheet."""
        if student is None:
            return [f"{sheet.student[:60]} is not on the roster"]
        id_, said = sheet.facts.get("id", ""), []
        if id_ and self._by_id(sheet) is None:
            said.append(
                f"id {id_[:40]} is not on the roster; by the name or the file it is the sheet of {student.name}"
            )
        # The claims of a spec have no place for a seed.
        return said if sheet.network is not None else [*said, *self._of_seed(sheet, student)]

    def _of_seed(self, sheet: Sheet, student: Student) -> list[str]:
        seed, expected = sheet.seed, student.seed(self._base)
        if seed == expected:
            return []
        if seed is None:
            return [f"the sheet has no seed; that of {student.name} is {expected}"]
        owner = self._seeds.get(seed)
        whose = f"that of {owner.name}" if owner else "that of nobody on the roster"
        return [f"seed {seed} is {whose}; {student.name} has {expected}"]


def _key(text: str) -> str:
    """An id or a name as it is compared: spreadsheets make 7 of 007, people write capitals as they like."""
    return re.sub(r"[\W_]", "", text.removesuffix(".0").casefold()).lstrip("0")


def _unambiguous(pairs: Iterable[tuple[str, Student]]) -> dict[str, Student]:
    """The students by keys that only one of them has."""
    found: dict[str, list[Student]] = {}
    for key, student in pairs:
        found.setdefault(key, []).append(student)
    return {key: students[0] for key, students in found.items() if key and len(students) == 1}
