"""Marking the sheets of a command line, each by the exercise that it is for."""

from __future__ import annotations

import click

from cnncalc.analysis.analyze import analyze_network
from cnncalc.cli.exercises import Exercises
from cnncalc.errors import CnnCalcError
from cnncalc.homework.exercise import Exercise
from cnncalc.homework.keys import check_key, depth_of, other_worksheet, variant_of
from cnncalc.homework.marking import Marked, mark_sheet, with_problems
from cnncalc.homework.reading import read_sheet
from cnncalc.homework.sheet import Sheet, unreadable
from cnncalc.language.source import bundled_names
from cnncalc.render.sheet_operations import other_operations


class Grader:
    """Marks sheets.

    Args:
        spec: the SPEC of all of them; None where each says what it is about.
        depth: how far rows are unfolded; None for as far as each sheet says.
        figures: the figures to mark; empty for those of each sheet.
        inputs, variables: what replaces sizes and vars of the spec.
        seeded: whether a sheet without a seed is an error.

    Raises:
        SpecError: the spec is wrong.
        click.UsageError: there is no such spec.
    """

    def __init__(
        self, spec: str | None, depth: int | None, figures: tuple[str, ...], inputs: tuple[str, ...],
        variables: dict[str, str], *, seeded: bool = False,
    ) -> None:  # fmt: skip
        self._spec = spec
        self._depth = depth
        self._figures = figures
        self._changes = (inputs, variables)
        self._seeded = seeded
        self._exercises: dict[tuple[str, int | None], Exercises] = {}
        if spec is not None:
            self._of(spec, depth).exercise()  # what is wrong with the spec is told before any sheet is read

    def marked(self, file: str) -> Marked:
        """The marked sheet in a file.

        Raises:
            SpecError: it cannot be marked; for a mistake of cnncalc, too, which spares the other sheets.
            NoVariant, click.UsageError: there is no network to mark it by.
        """
        try:
            return self._marked(file)
        except (CnnCalcError, click.ClickException):
            raise
        except Exception as error:  # whatever it is, the other sheets are to be marked
            message = f"cnncalc failed with {type(error).__name__}: {error}"
            raise unreadable(file, f"{message[:200]}; this is a mistake of cnncalc, not of the sheet") from error

    def _marked(self, file: str) -> Marked:
        sheet = read_sheet(file)
        if self._seeded and variant_of(sheet) is None:
            raise unreadable(sheet.file, "the sheet has no seed; write the one of the worksheet above its table")
        exercise = self._exercise(sheet)
        check_key(sheet, exercise)
        marked = mark_sheet(exercise, sheet, self._figures)
        return with_problems(marked, [*other_worksheet(sheet, self._spec or ""), *other_operations(marked)])

    def _of(self, spec: str, depth: int | None) -> Exercises:
        if (spec, depth) not in self._exercises:
            self._exercises[spec, depth] = Exercises(spec, depth, *self._changes)
        return self._exercises[spec, depth]

    def _exercise(self, sheet: Sheet) -> Exercise:
        also = frozenset(row.name for row in sheet.rows) if sheet.network is not None else frozenset[str]()
        depth = self._depth or depth_of(sheet)
        if self._spec is not None:
            return self._of(self._spec, depth).exercise(variant_of(sheet), also)
        if sheet.network is not None:
            return Exercise(analyze_network(sheet.network), depth, also)
        name = sheet.facts.get("worksheet", "").strip().removesuffix(".yaml")
        if name not in bundled_names():
            raise unreadable(sheet.file, "the sheet does not say which bundled architecture it is about; give --spec")
        return self._of(name, depth).exercise(variant_of(sheet), also)
