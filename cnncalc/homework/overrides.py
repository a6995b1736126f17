"""Points that a teacher gives a cell by hand: a CSV with a row for each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cnncalc.errors import Problem, SheetError
from cnncalc.homework.marking import ByHand, Mark, Marked
from cnncalc.homework.points import points, read_points
from cnncalc.homework.reading import read_text
from cnncalc.homework.roster import csv_lines, stem_of
from cnncalc.homework.scheme import Scheme
from cnncalc.homework.sheet import column_meaning, plain, problem, unreadable
from cnncalc.language.expressions import ExpressionError
from cnncalc.language.problems import suggestion

WHOSE = ("sheet", "file", "student", "id", "name")
NEEDED = ("sheet", "layer", "figure", "points")


class Override(NamedTuple):
    """A row of the file.

    Attributes:
        line: where it is, from 1.
        whose: a student, an id, or a file.
        layer, figure: the cell, as it is written.
        given: the points, and why.
    """

    line: int
    whose: str
    layer: str
    figure: str
    given: ByHand

    @property
    def cell(self) -> str:
        """The cell in messages."""
        return f"'{self.layer[:40]} {self.figure[:40]}'"


def read_overrides(path: str) -> tuple[Override, ...]:
    """The rows of a file that give points; rows of a template that are left open give none.

    Raises:
        SheetError: it cannot be read, has other columns, or points that are not numbers.
    """
    rows = csv_lines(path, read_text(path))
    heads = [_meaning(cell) for cell in rows[0][1]] if rows else []
    if lost := [head for head in NEEDED if head not in heads]:
        message = (
            f"no column {', '.join(lost)}; the header is 'student,layer,figure,points,reason', or 'sheet' for a file"
        )
        raise unreadable(path, message, rows[0][0] if rows else 1)
    found, problems = [], []
    for line, cells in rows[1:]:
        named = [(head, cell.strip()) for head, cell in zip(heads, cells, strict=False)]
        values = dict(reversed([pair for pair in named if pair[1]]))
        try:
            if "points" in values:
                given = ByHand(read_points(values["points"]), values.get("reason", ""))
                whose, layer, figure = (values.get(head, "") for head in NEEDED[:3])
                found.append(Override(line, whose, layer, figure, given))
        except ExpressionError as error:
            problems.append(problem(line, 1, f"points: {error}; write them as 1, 0.5 or 1/3"))
    if problems:
        raise SheetError(path, problems)
    return tuple(found)


def _meaning(head: str) -> str:
    """The word for the contents of a column, by its head."""
    bare = plain(head)
    return "sheet" if bare in WHOSE else "layer" if column_meaning(head) == "layer" else bare


def with_overrides(
    sheets: Sequence[Marked], overrides: Sequence[Override], scheme: Scheme
) -> tuple[list[Marked], list[Problem]]:
    """The sheets with the points that are given by hand; and the problems of those that cannot be given."""
    changes = _Changes(sheets, scheme)
    problems = [problem(one.line, 1, message) for one in overrides for message in changes.refused(one)]
    return [changes.changed(number, marked) for number, marked in enumerate(sheets)], problems


class _Changes:
    """The cells of a class that are changed."""

    def __init__(self, sheets: Sequence[Marked], scheme: Scheme) -> None:
        self._sheets = sheets
        self._scheme = scheme
        self._given: dict[tuple[int, str, str], Override] = {}
        self._known: Mapping[str, list[int]] = _known(sheets)

    def refused(self, one: Override) -> Iterator[str]:
        """The reasons why the points of a row cannot be given; none if they can."""
        numbers = self._known.get(one.whose.casefold(), [])
        if len(numbers) != 1:
            files = ", ".join(self._sheets[number].sheet.file for number in numbers[:3])
            none = f"no marked sheet is from '{one.whose[:60]}'{suggestion(one.whose, self._known)}"
            yield f"{len(numbers)} sheets are from '{one.whose[:60]}': {files}; name the file" if numbers else none
            return
        mark = _cell(self._sheets[numbers[0]], one)
        if mark is None:
            cells = [f"{mark.layer} {mark.figure}" for mark in self._sheets[numbers[0]].marks]
            near = suggestion(f"{one.layer} {one.figure}", cells) or f"; there are {', '.join(cells[:6])}"
            yield f"the sheet has no cell {one.cell}{near}"
            return
        most = self._scheme.maximum(mark)
        if one.given.points > most:
            yield f"{one.cell} is worth {points(most)} at most, not {points(one.given.points)}"
            return
        first = self._given.setdefault((numbers[0], mark.layer, mark.figure), one)
        if first is not one:
            yield f"{one.cell} gets its points on line {first.line} already"

    def changed(self, number: int, marked: Marked) -> Marked:
        """A sheet with its changes."""
        if all(sheet != number for sheet, _, _ in self._given):
            return marked
        cells = ((mark, self._given.get((number, mark.layer, mark.figure))) for mark in marked.marks)
        return marked._replace(marks=tuple(mark._replace(given=one.given) if one else mark for mark, one in cells))


def _known(sheets: Sequence[Marked]) -> Mapping[str, list[int]]:
    """The sheets by everything that may name them: file, its name with and without suffix, student, id."""
    found: dict[str, list[int]] = {}
    for number, marked in enumerate(sheets):
        sheet = marked.sheet
        names = (
            sheet.file,
            os.path.basename(sheet.file),
            stem_of(sheet.file),
            sheet.student,
            sheet.id,
        )
        for name in {name.casefold() for name in names if name}:
            found.setdefault(name, []).append(number)
    return found


def _cell(marked: Marked, one: Override) -> Mark | None:
    figure = column_meaning(one.figure) or one.figure
    cells = (mark for mark in marked.marks if plain(mark.layer) == plain(one.layer) and mark.figure == figure)
    return next(cells, None)
