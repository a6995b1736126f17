"""The grade files of Moodle and Canvas: their grade column filled in, and everything else kept byte for byte.

Sources: Moodle's offline grading worksheet (`mod/assign/feedback/offline`), Canvas's `GradebookExporter` and
`GradebookImporter`.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.errors import OverrideError
from cnncalc.homework.points import points as points_text
from cnncalc.homework.reading import encoding_of, read_content
from cnncalc.homework.roster import POINTS_ROW, head_word, is_about_student, separator_of
from cnncalc.homework.sheet import unreadable

GRADES = ("grade", "bewertung", "note", "calificacin", "valutazione", "qualificaci")
"""Heads of the column that Moodle's grading worksheet has for a grade, as `head_word` writes them."""

MAXIMA = ("maximumgrade", "bestwertung", "notemaximale", "calificacinmxima", "valutazionemassima", "qualificacimxima")

CHANGEABLE = ("gradecanbechanged", "bewertungkanngendertwerden")
"""Heads of the column by which Moodle locks a grade."""

LOCKED = ("no", "nein")

KEPT = ("EX", "N/A")
"""The words of Canvas for a student who is excused, or has not been given the task."""

_ASSIGNMENT = re.compile(r"(?P<title>.+) \((?P<id>\d+)\)")
"""The head of one of Canvas's columns for a task."""


class BookCell(NamedTuple):
    """One cell of the file: its place in the text, and its value."""

    start: int
    end: int
    value: str


class Gradebook(NamedTuple):
    """A grade file.

    Attributes:
        file: its name.
        mark: its byte-order mark.
        codec: the encoding of its text.
        text: the text.
        separator: between cells.
        records: its rows, the head first.
    """

    file: str
    mark: bytes
    codec: str
    text: str
    separator: str
    records: tuple[tuple[BookCell, ...], ...]

    @property
    def heads(self) -> list[str]:
        """The heads of its columns."""
        return [field.value.strip() for field in self.records[0]]

    def value(self, row: int, column: int | None) -> str:
        """The value of a cell; empty if there is no such cell."""
        fields = self.records[row]
        return fields[column].value.strip() if column is not None and column < len(fields) else ""

    def column_of(self, words: Sequence[str]) -> int | None:
        """The column whose head is one of these words."""
        return next((number for number, head in enumerate(self.heads) if head_word(head) in words), None)


class Graded(NamedTuple):
    """A grade file that is filled in: its bytes, the number of its grades, and messages."""

    content: bytes
    grades: int
    notes: tuple[str, ...]


def read_gradebook(path: str) -> Gradebook:
    """The grade file at a path.

    Raises:
        SheetError: it is not CSV, or it is CSV that cannot be written back as it is.
    """
    content = read_content(path)
    mark, codec = encoding_of(path, content)
    text = content[len(mark) :].decode(codec)
    separator = separator_of(text)
    records = tuple(_records(path, text, separator))
    if not records:
        raise unreadable(path, "the file is empty; the grade file of a course is expected")
    return Gradebook(path, mark, codec, text, separator, records)


def _records(path: str, text: str, separator: str) -> Iterator[tuple[BookCell, ...]]:
    """The records of a text, with the places of their cells.

    Raises:
        SheetError: other programs would read the text in another way.
    """
    pattern = re.compile(rf'("[^"]*(?:""[^"]*)*"|[^"\r\n{separator}][^\r\n{separator}]*|)({separator}|\r\n|\r|\n|\Z)')
    others = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    record: list[BookCell] = []
    start = 0
    while start < len(text) or record:
        match = pattern.match(text, start)
        if match is None:
            raise unreadable(path, "a cell has text after its quotation marks", text.count("\n", 0, start) + 1)
        written = match[1]
        value = written[1:-1].replace('""', '"') if written.startswith('"') else written
        record.append(BookCell(start, match.end(1), value))
        start = match.end()
        if match[2] == separator:
            continue
        if [field.value for field in record] != (next(others, None) or [""]):
            raise unreadable(path, "is not CSV that can be written back", text.count("\n", 0, start) + 1)
        yield tuple(record)
        record = []


def grade_column(book: Gradebook, name: str | None) -> int:
    """The column for the grades: the named one, else the only one that can be it.

    Raises:
        OverrideError: there is none, or more than one, or it says who the students are.
    """
    tasks = {number: match for number, head in enumerate(book.heads) if (match := _ASSIGNMENT.fullmatch(head))}
    if name is not None:
        wanted = name.strip().casefold()
        found = [number for number, head in enumerate(book.heads) if head.casefold() == wanted]
        found = found or [n for n, task in tasks.items() if wanted in (task["title"].casefold(), task["id"])]
    else:
        moodle = book.column_of(GRADES)
        found = list(tasks) if moodle is None else [moodle]
    if len(found) == 1 and is_about_student(book.heads[found[0]]):
        raise OverrideError(f"{book.file}: the column '{book.heads[found[0]]}' says who the students are, not grades")
    if len(found) == 1:
        return found[0]
    others = [number for number, head in enumerate(book.heads) if not is_about_student(head)]
    columns = ", ".join(f"'{book.heads[number]}'" for number in (found or tasks or others))
    what = f"has no column '{name}'" if name and not found else "has several columns that may be for the grades"
    what = "has no column that is known to be for grades" if not name and not found else what
    raise OverrideError(f"{book.file} {what}; {f'name one with --column: {columns}' if columns else 'add one'}")


def graded(book: Gradebook, column: int, marks: Mapping[int, tuple[Fraction, Fraction]]) -> Graded:
    """The grade file with its grades.

    Args:
        book: the file.
        column: of the grades.
        marks: score and maximum of a student, by the record.

    Raises:
        OverrideError: the column cannot be written.
    """
    points = next((row for row in range(1, len(book.records)) if book.value(row, 0) == POINTS_ROW), None)
    if points is not None and book.value(points, column).startswith("("):
        raise OverrideError(f"{book.file}: the column '{book.heads[column]}' is computed by Canvas; name another one")
    maxima, locks = book.column_of(MAXIMA), book.column_of(CHANGEABLE)
    comma = _has_comma(book, maxima if maxima is not None else column)
    notes, written = [], {}
    scales: dict[tuple[Fraction, Fraction], None] = {}
    for row, (score, maximum) in sorted(marks.items()):
        if reason := _reason_to_keep(book, row, column, locks):
            notes.append(f"{_who(book, row)}: no grade is written, because {reason}")
            continue
        most = _number(book.value(points, column) if points is not None else book.value(row, maxima))
        if most and maximum:
            scales[maximum, most] = None
        written[row] = _decimal(score / maximum * most if most and maximum else score, comma=comma)
    notes += [
        f"{points_text(maximum)} points are the {_decimal(most)} of the column '{book.heads[column]}'"
        for maximum, most in scales
        if maximum != most
    ]
    return Graded(_filled(book, column, written), len(written), tuple(notes))


def _reason_to_keep(book: Gradebook, row: int, column: int, locks: int | None) -> str:
    """The reason why a cell gets no grade; empty if it gets one."""
    if column >= len(book.records[row]):
        return "its row is too short"
    if (old := book.value(row, column)) in KEPT:
        return f"it says {old}"
    return "it is locked" if book.value(row, locks).casefold() in LOCKED else ""


def _who(book: Gradebook, row: int) -> str:
    """The first words of a row, for a message."""
    return f"line {book.text.count(chr(10), 0, book.records[row][0].start) + 1} ({book.value(row, 0)[:40]})"


def _number(text: str) -> Fraction | None:
    bare = text.replace(",", ".")
    return Fraction(bare) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", bare) else None


def _has_comma(book: Gradebook, column: int) -> bool:
    """Whether the file writes 7,5 for 7.5."""
    return any(re.fullmatch(r"\d+,\d+", book.value(row, column)) for row in range(1, len(book.records)))


def _decimal(number: Fraction, *, comma: bool = False) -> str:
    """A grade with at most two decimals, as both platforms show it; it is never rounded up."""
    text = f"{math.floor(number * 100) / 100:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def _filled(book: Gradebook, column: int, written: Mapping[int, str]) -> bytes:
    """The bytes of the file with new texts in some cells of a column."""
    pieces, start = [], 0
    for row, grade in sorted(written.items()):
        field = book.records[row][column]
        is_quoted = book.text[field.start : field.start + 1] == '"' or book.separator in grade
        pieces += [book.text[start : field.start], f'"{grade}"' if is_quoted else grade]
        start = field.end
    return book.mark + ("".join(pieces) + book.text[start:]).encode(book.codec)
