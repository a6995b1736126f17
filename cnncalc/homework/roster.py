"""The students of a class, each with a seed and a file of a name that no other one has."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cnncalc.errors import printable
from cnncalc.homework.reading import SEPARATORS, read_text
from cnncalc.homework.sheet import plain, unreadable

MAX_STUDENTS = 10_000

IDS = (
    "id", "sid", "studentid", "login", "user", "username", "matriculation", "matrikelnummer", "matrikelnr",
    "kennung", "number", "email", "emailaddress", "emailadresse", "adressedecourriel", "direccindecorreo",
    "sisuserid", "sisloginid", "idnumber", "idnummer", "identifier", "identifiant", "identificador",
)  # fmt: skip
"""Heads of columns that identify a student, the best first; also those that Moodle and Canvas export."""

FULL_NAMES = (
    "student", "name", "fullname", "studentname", "firstname/lastname", "vollstndigername", "nomcomplet",
    "nombrecompleto",
)  # fmt: skip
FIRST = ("firstname", "givenname", "first", "vorname", "prnom", "nombre")
LAST = ("lastname", "surname", "familyname", "last", "nachname", "nomdefamille", "apellidos")
STATUS = ("status", "statut", "estado")

CANVAS = ("sisloginid", "section")
"""Heads of which Canvas's gradebook has one besides `ID`."""

POINTS_ROW, TEST_STUDENT = "Points Possible", "Student, Test"
"""Rows of Canvas's gradebook that are not students: the possible points, and the teacher's trial."""

_LATE = re.compile(r"\blate\b|versp.tet|en retard|con retraso", re.IGNORECASE)


class Student(NamedTuple):
    """One student.

    Attributes:
        name: the name on the sheet.
        id: the text that identifies the student.
        stem: the name of the sheet's file, without its suffix.
        others: other ids, and the name as the file has it.
        is_late: whether the work came late, by the file.
        row: the record of the file, from 0 for its first.
    """

    name: str
    id: str
    stem: str
    others: tuple[str, ...] = ()
    is_late: bool = False
    row: int = 0

    def seed(self, base: int) -> int:
        """The seed of the student's variant, which does not depend on the others or on their order."""
        digest = hashlib.sha256(f"{base}:{self.id}".encode()).hexdigest()
        return int(digest, 16) % 1_000_000


class _RosterRow(NamedTuple):
    """One record: its place, from 0, its line, and its cells."""

    place: int
    line: int
    cells: list[str]


def read_roster(path: str) -> tuple[Student, ...]:
    """The students of a CSV with a header row, as Moodle and Canvas export it, too, or with one name on each line.

    Raises:
        SheetError: it cannot be read, has no students, or one of them twice.
    """
    text = read_text(path)
    rows = _rows(path, text)
    if not rows:
        raise unreadable(path, "there are no students; a row for each is expected, below a header with 'name' or 'id'")
    if len(rows) > MAX_STUDENTS:
        raise unreadable(path, f"{len(rows):,} rows; at most {MAX_STUDENTS:,} students are expected")
    heads = list(map(head_word, rows[0].cells))
    has_head = any(map(is_about_student, rows[0].cells))
    if not has_head and len(heads) > 1:
        what = ", ".join(rows[0].cells)
        raise unreadable(path, f"the header is '{what[:60]}'; a column 'name' or 'id' is expected", rows[0].line)
    return _students(path, rows[1:] if has_head else rows, heads if has_head else ["name"])


def head_word(cell: str) -> str:
    """The head of a column as it is compared."""
    return plain(cell).replace(".", "")


def is_about_student(head: str) -> bool:
    """Whether a column identifies students, by its head."""
    return head_word(head) in (*IDS, *FULL_NAMES, *FIRST, *LAST)


def separator_of(text: str) -> str:
    """The separator of a CSV, by its first line."""
    return max(SEPARATORS, key=text.splitlines()[0].count) if text.strip() else ","


def csv_lines(path: str, text: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV that are not empty, each with its line.

    Raises:
        SheetError: it is not CSV.
    """
    return [(line, cells) for _, line, cells in _rows(path, text)]


def _rows(path: str, text: str) -> list[_RosterRow]:
    """The records that are not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    try:
        return [_RosterRow(place, reader.line_num, row) for place, row in enumerate(reader) if any(map(str.strip, row))]
    except csv.Error as error:
        raise unreadable(path, f"not a CSV: {error}", max(reader.line_num, 1)) from None


def _students(path: str, rows: list[_RosterRow], heads: list[str]) -> tuple[Student, ...]:
    is_canvas = "id" in heads and not {*CANVAS}.isdisjoint(heads)
    students: list[Student] = []
    stems: set[str] = set()
    ids: set[str] = set()
    for number, (place, line, row) in enumerate(rows, start=1):
        values = {head: printable(" ".join(cell.split())) for head, cell in zip(heads, row, strict=False)}
        written = _first(values, FULL_NAMES) or " ".join(filter(None, (_first(values, FIRST), _first(values, LAST))))
        if is_canvas and (written in ("", POINTS_ROW, TEST_STUDENT)):
            continue
        name = _turned(written) if is_canvas else written
        id_ = _first(values, IDS) or name
        if not id_:
            raise unreadable(path, f"student {number} has neither a name nor an id", line)
        if id_ in ids:
            raise unreadable(path, f"'{id_[:60]}' occurs twice; give each student an id of their own", line)
        ids.add(id_)
        others = dict.fromkeys((written, *(values[head] for head in IDS if values.get(head))))
        is_late = _LATE.search(_first(values, STATUS)) is not None
        stem = unused(_stem(id_.partition("@")[0]), stems)
        students.append(Student(name or id_, id_, stem, tuple(filter(None, others)), is_late, place))
    if not students:
        raise unreadable(path, "there are no students below the header row")
    return tuple(students)


def _turned(name: str) -> str:
    """`Lovelace, Ada` as it is on a sheet: `Ada Lovelace`."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def _first(values: dict[str, str], heads: tuple[str, ...]) -> str:
    return next((values[head] for head in heads if values.get(head)), "")


def stem_of(file: str) -> str:
    """The stem of a sheet's file."""
    return re.sub(r"\.\w+$", "", file.replace("\\", "/").rsplit("/", 1)[-1]).lower()


def _stem(text: str) -> str:
    """A name that is safe for a file on every system: letters, digits, - and _."""
    return re.sub(r"[^\w-]+", "_", text, flags=re.UNICODE).strip("_")[:60].lower() or "student"


def unused(stem: str, taken: set[str]) -> str:
    """A name that is not taken yet, with a number if needed; on some systems capitals make no difference."""
    number, name = 2, stem
    while name.casefold() in taken:
        name, number = f"{stem}_{number}", number + 1
    taken.add(name.casefold())
    return name


def distinct_stems(paths: Sequence[str], folders: Callable[[str], int] = lambda path: 0) -> list[str]:
    """A name without suffix for each path: that of its file, after as many of its folders as distinguish it.

    Args:
        paths: of the files.
        folders: how many of them are in each name at least.
    """
    all_parts = [_parts(path) for path in paths]
    deepest = max(map(len, all_parts), default=0)
    counts = [Counter(_joined(parts, depth) for parts in all_parts) for depth in range(deepest + 1)]
    taken: set[str] = set()
    stems = []
    for path, parts in zip(paths, all_parts, strict=True):
        least = 1 + folders(path)
        depths = range(least, len(parts) + 1)
        depth = next((depth for depth in depths if counts[depth][_joined(parts, depth)] == 1), least)
        stems.append(unused("_".join(parts[-depth:]), taken))
    return stems


def _parts(path: str) -> list[str]:
    """The folders of a path and its file's name without suffix."""
    parts = os.path.splitext(os.path.normpath(path))[0].split(os.sep)
    return [part for part in parts if part not in ("", os.pardir)] or ["sheet"]


def _joined(parts: Sequence[str], depth: int) -> str:
    """The last parts as one name, as it is compared."""
    return "_".join(parts[-depth:]).casefold() if depth else ""
