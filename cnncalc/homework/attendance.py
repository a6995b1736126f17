"""The attendance of a class: who is missing, who handed in twice, and who has somebody else's numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from cnncalc.errors import Problem, SheetError, SpecError
from cnncalc.homework.marking import Marked
from cnncalc.homework.roster import Student, stem_of
from cnncalc.homework.sheet import SEED_LINE, WRITE_HEAD, Sheet, Submitter, problem, unreadable
from cnncalc.homework.submissions import submitter_of

PARTICIPANTS = ("participant", "teilnehmerin", "participante")
"""The word of Moodle's grading worksheet before the number that its folders have."""


def attendance(
    sheets: Sequence[Sheet], roster: Sequence[Student] = (), base: int = 0, *, seeded: bool = True
) -> tuple[list[list[Problem]], list[Student]]:
    """The problems of each sheet, in their order; and the students without a sheet.

    Args:
        sheets: the sheets.
        roster: the students; if it is empty, only double sheets are found.
        base: the seed that the worksheets of the roster were made with.
        seeded: whether each sheet has to have its student's seed; otherwise only one that has a seed.
    """
    register = _Register(roster, base, seeded=seeded)
    first: dict[tuple[bool, str], Sheet] = {}
    own = _first_with_seed(sheets)
    found, present = [], set()
    for sheet in sheets:
        student = register.student(sheet)
        who = student.id if student else _key(sheet.submitter.id if sheet.submitter else sheet.id or sheet.named)
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
    """The first sheet with each seed, if most have a seed of their own: else seeds are those of groups."""
    first = {sheet.seed: sheet for sheet in reversed(sheets) if sheet.seed is not None}
    return dict(first) if 2 * len(first) > len(sheets) > 1 else {}


def owners(sheets: Sequence[Sheet], roster: Sequence[Student]) -> list[Student | None]:
    """The student of each sheet; None if that is nobody on the roster."""
    return list(map(_Register(roster, 0).student, sheets))


def without_head(sheets: Sequence[Marked]) -> list[SheetError]:
    """The sheets without a seed if others of the same network have one: their key would be wrong."""
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


def with_own_seeds(unread: Sequence[SpecError], roster: Sequence[Student], base: int) -> list[SpecError]:
    """The errors of files, with the seed to write above a table that has lost its head.

    Args:
        unread: the errors, file by file.
        roster: the students that worksheets were made for.
        base: the seed that they were made with.
    """
    register = _Register(roster, base)
    return [_with_own_seed(error, register, base) for error in unread]


def _with_own_seed(error: SpecError, register: _Register, base: int) -> SpecError:
    student = register.student(Sheet(error.file, {}, (), (), submitter=submitter_of(error.file)))
    if student is None or WRITE_HEAD not in str(error):
        return error
    own = WRITE_HEAD.replace(SEED_LINE, f"'seed,{student.seed(base)}' of {student.name}")
    problems = [one._replace(message=one.message.replace(WRITE_HEAD, own)) for one in error.problems]
    return SpecError(error.file, problems, error.text)


def with_owners(sheets: Sequence[Marked], roster: Sequence[Student]) -> list[Marked]:
    """Marked sheets with the roster's names and ids of those who handed them in."""
    return [_with_owner(*pair) for pair in zip(sheets, owners([one.sheet for one in sheets], roster), strict=True)]


def _with_owner(marked: Marked, owner: Student | None) -> Marked:
    """A marked sheet with the student who handed it in, by the roster, and whether it is late."""
    submitter = marked.sheet.submitter
    if owner is None or (submitter is None and not owner.is_late):
        return marked
    is_late = owner.is_late or (submitter is not None and submitter.is_late)
    submitter = Submitter(owner.name, submitter.id if submitter else owner.id, is_late, owner.id)
    return marked._replace(sheet=marked.sheet._replace(submitter=submitter))


class _Register:
    """The roster, by everything that a sheet or a platform can say about its student."""

    def __init__(self, roster: Sequence[Student], base: int, *, seeded: bool = True) -> None:
        self._base = base
        self._seeded = seeded
        self._ids = {student.id: student for student in roster}
        self._like = _unambiguous((_key(student.id), student) for student in roster)
        self._names = _unambiguous((_key(student.name), student) for student in roster)
        self._turned = _unambiguous((_key(name), student) for student in roster for name in _orders(student.name))
        self._others = _unambiguous((_key(other), student) for student in roster for other in student.others)
        self._stems = {student.stem: student for student in roster}
        self._seeds = {student.seed(base): student for student in reversed(roster)}

    def student(self, sheet: Sheet) -> Student | None:
        """The student of a sheet: by its id, a name that only one student has, or the name of its file."""
        if sheet.submitter is not None and (submitter := self._by_submitter(sheet.submitter)):
            return submitter
        return (
            self._by_id(sheet) or self._by_name(sheet.facts.get("student", "")) or self._stems.get(stem_of(sheet.file))
        )

    def _by_id(self, sheet: Sheet) -> Student | None:
        id_ = sheet.facts.get("id", "")
        return self._ids.get(id_) or self._like.get(_key(id_)) or self._others.get(_key(id_))

    def _by_submitter(self, submitter: Submitter) -> Student | None:
        """The student that the platform names; its number may be somebody else's in other ids of the roster."""
        number = submitter.id.rpartition(" ")[2]
        words = PARTICIPANTS if number != submitter.id else ("",)
        by_id = (self._others.get(f"{word}{_key(number)}") for word in words)
        return self._by_name(submitter.name) or next(filter(None, by_id), None)

    def _by_name(self, name: str) -> Student | None:
        return self._names.get(_key(name)) or self._turned.get(_key(name))

    def messages(self, sheet: Sheet, student: Student | None) -> list[str]:
        """The messages about a sheet."""
        if student is None:
            return [f"{sheet.student[:60]} is not on the roster"]
        id_, said = sheet.facts.get("id", ""), []
        if id_ and self._by_id(sheet) is None:
            said.append(
                f"id {id_[:40]} is not on the roster; by the name or the file it is the sheet of {student.name}"
            )
        if sheet.submitter is not None and (owner := self._by_id(sheet)) not in (None, student):
            said.append(f"it is the sheet of {owner.name}, and {student.name} handed it in")
            if sheet.seed == owner.seed(self._base):
                return said
        # The claims of a spec have no place for a seed.
        return said if sheet.network is not None else [*said, *self._of_seed(sheet, student)]

    def _of_seed(self, sheet: Sheet, student: Student) -> list[str]:
        seed, expected = sheet.seed, student.seed(self._base)
        if seed == expected or (seed is None and not self._seeded):
            return []
        if seed is None:
            return [f"the sheet has no seed; that of {student.name} is {expected}"]
        owner = self._seeds.get(seed)
        whose = f"that of {owner.name}" if owner else "that of nobody on the roster"
        return [f"seed {seed} is {whose}; {student.name} has {expected}"]


def _key(text: str) -> str:
    """An id or a name as it is compared: spreadsheets turn 007 into 7, people write capitals as they like."""
    bare = unicodedata.normalize("NFKC", text).removesuffix(".0").casefold()
    return re.sub(r"[\W_]", "", bare).lstrip("0")


def _orders(name: str) -> list[str]:
    """A name, and its forms with the last part first, wherever that begins: Canvas sorts and writes it so."""
    words = name.split()
    return [" ".join((*words[start:], *words[:start])) for start in range(max(len(words), 1))]


def _unambiguous(pairs: Iterable[tuple[str, Student]]) -> dict[str, Student]:
    """Each student by the keys that nobody else has."""
    found: dict[str, list[Student]] = {}
    for key, student in pairs:
        found.setdefault(key, []).append(student)
    return {key: students[0] for key, students in found.items() if key and len({one.id for one in students}) == 1}
