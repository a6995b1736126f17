"""The grades that `cnncalc grade` writes into the grade file of a platform."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import click

from cnncalc.cli.common import say_beside, usage_errors
from cnncalc.cli.options import together
from cnncalc.cli.writing import Written, check_target, write_files
from cnncalc.errors import printable
from cnncalc.homework.attendance import owners
from cnncalc.homework.gradebook import Gradebook, grade_column, graded, read_gradebook
from cnncalc.homework.marking import Marked
from cnncalc.homework.roster import Student, read_roster
from cnncalc.homework.scheme import Scheme
from cnncalc.notation import several

gradebook_options = together(
    click.option(
        "--gradebook", metavar="FILE", type=click.Path(exists=True, dir_okay=False),
        help="A grade file of Moodle or Canvas: -o gets it with the grades. It is the roster, too, if none is given.",
    ),
    click.option(
        "--column", metavar="NAME",
        help="The gradebook's column for the grades.  [default: the only one that can be it]",
    ),
)  # fmt: skip


class GradesOutput:
    """Writes grades into a copy of a grade file.

    Args:
        path: the grade file.
        column: the name of its column; None for the only one that can be it.
        output: the file to write.
        force: whether it is written over.

    Raises:
        SheetError, OverrideError: the grade file cannot be read, or has no such column.
        click.UsageError: there is no file to write, or it is there already.
    """

    def __init__(self, path: str, column: str | None, output: str | None, *, force: bool) -> None:
        if output is None:
            raise click.UsageError("--gradebook fills in a copy of FILE; name it with -o")
        check_target("-o", output, force=force)
        self.students: tuple[Student, ...] = read_roster(path)
        self._book: Gradebook = read_gradebook(path)
        self._column = grade_column(self._book, column)
        self._output = output
        self._force = force

    def write(self, marked: Sequence[Marked], scheme: Scheme) -> None:
        """Write the file unless there is nothing to write, and say which sheets have no grade in it.

        Raises:
            click.UsageError: its column cannot be written.
        """
        if not marked:
            return
        found: dict[int, list[Marked]] = {}
        for one, owner in zip(marked, owners([one.sheet for one in marked], self.students), strict=True):
            if owner is None:
                _note(f"no grade for {one.sheet.file}: {one.sheet.student[:60]} is not in the gradebook")
            else:
                found.setdefault(owner.row, []).append(one)
        points: dict[int, tuple[Fraction, Fraction]] = {}
        for row, sheets in found.items():
            if len(sheets) == 1:
                points[row] = scheme.total(sheets[0])
            else:
                files = ", ".join(one.sheet.file for one in sheets)
                _note(f"no grade for {sheets[0].sheet.student[:60]}, who has {several(len(sheets), 'sheet')}: {files}")
        with usage_errors():
            filled = graded(self._book, self._column, points)
        for text in filled.notes:
            _note(text)
        write_files([Written(self._output, filled.content)], force=self._force)
        output, head = printable(self._output), printable(self._book.heads[self._column])
        click.echo(f"{several(filled.grades, 'grade')} of {len(self.students)} in {output}, column '{head}'")


def _note(text: str) -> None:
    say_beside(f"note: {text}")
