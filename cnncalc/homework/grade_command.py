"""`cnncalc grade`: marks answer sheets, and says which rule was broken."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from tempfile import TemporaryDirectory

import click

from cnncalc.cli.common import Outcome, say_beside, usage_errors
from cnncalc.cli.options import parse_names, shape_options
from cnncalc.cli.output import Printer, force_option, format_of_file, output_options, suffixes_of
from cnncalc.cli.progress import with_progress
from cnncalc.errors import MissingExtra, NoVariant, OverrideError, SheetError, SpecError, printable
from cnncalc.explaining.figures import ASKED
from cnncalc.homework.attendance import attendance, with_own_seeds, with_owners, without_head
from cnncalc.homework.autograder_command import WithRawOptions, autograder_option, write_autograder
from cnncalc.homework.class_view import (
    mistakes_document,
)
from cnncalc.homework.copying import alike, said_of
from cnncalc.homework.feedback_view import LEVELS, Level
from cnncalc.homework.gradebook_command import GradesOutput, gradebook_options
from cnncalc.homework.grading import Exercises, Grader
from cnncalc.homework.marking import Marked, with_problems
from cnncalc.homework.marks_view import VISIBILITIES, Visibility
from cnncalc.homework.output_command import MarkedOutput
from cnncalc.homework.overrides import Override, read_overrides, with_overrides
from cnncalc.homework.reading import SUFFIXES
from cnncalc.homework.roster import Student, read_roster
from cnncalc.homework.scheme import Scheme, read_scheme
from cnncalc.homework.secret import Secret
from cnncalc.homework.sheet import MAX_DEPTH, unreadable
from cnncalc.homework.submissions import HandedIn, about_left_out, handed_in, renamed, submitted
from cnncalc.homework.variants import MAX_SEED
from cnncalc.homework.worksheet_command import secret_option
from cnncalc.homework.worksheet_view import other_operations


def _parse_figures(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return parse_names(value, ASKED, "figure") if value else ()


def _parse_scheme(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Scheme:
    try:
        return read_scheme(value) if value else Scheme()
    except (OverrideError, SpecError) as error:
        raise click.BadParameter(str(error)) from None


FORMATS = ("text", "json", "csv", "items", "overrides", "gradescope", "markdown", "latex", "html")

ONE_EACH = ("text", "gradescope")
"""The formats with a file for each of several sheets."""

EPILOG = """\b
Examples:
  cnncalc grade my_table.csv
  cnncalc grade ada.csv --spec alexnet
  cnncalc grade sheets --spec alexnet --summary
  cnncalc grade sheets --spec alexnet -o marked --feedback hint
  cnncalc grade sheets --spec alexnet --format csv > class.csv
  cnncalc grade sheets --spec alexnet --scheme params=2,follows=0.5
  cnncalc grade sheets --spec alexnet --format overrides > overrides.csv
  cnncalc grade sheets --spec alexnet --overrides overrides.csv -o marked
  cnncalc grade in.zip --spec alexnet --gradebook grades.csv -o out.csv
  cnncalc grade student.yaml --spec solution.yaml
  cnncalc grade ada.csv --spec alexnet --format gradescope -o results.json
  cnncalc grade --spec alexnet --feedback hint --autograder autograder.zip
  cnncalc grade --mistakes
"""


@click.command(cls=WithRawOptions, epilog=EPILOG)
@click.argument("sheets", nargs=-1, metavar="SHEET...", type=click.Path(exists=True, allow_dash=True))
@click.option(
    "--spec", metavar="SPEC", help="The network that the sheets are about.  [default: what a sheet says or fits]"
)
@click.option(
    "--ask", "figures", callback=_parse_figures, metavar="NAMES",
    help=f"The columns to mark: all, or some of {', '.join(ASKED)}.  [default: those of the sheet]",
)  # fmt: skip
@click.option(
    "--scheme", callback=_parse_scheme, metavar="SCHEME",
    help="Points and credits: params=1/3,follows=0.5,conv1.out=3, or a YAML file with such lines.",
)  # fmt: skip
@click.option(
    "--feedback", "level", type=click.Choice(list(LEVELS)), default="explain", show_default=True,
    help="; ".join(f"{level}: {what}" for level, what in LEVELS.items()) + ".",
)  # fmt: skip
@click.option(
    "--overrides", metavar="FILE", type=click.Path(exists=True, dir_okay=False),
    help="Points that you give by hand: a CSV with student (or sheet), layer, figure, points, reason.",
)  # fmt: skip
@click.option("--mistakes", is_flag=True, help="List the known mistakes instead.")
@click.option("--summary", is_flag=True, help="The class in place of each sheet: points, hardest cells, mistakes.")
@output_options(
    FORMATS, file=(),
    about="csv has a row for each sheet, items one for each cell of the sheets, overrides one for each cell without "
    "all its points, to be filled in for --overrides.",
)  # fmt: skip
@click.option(
    "--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
    help="When students see it in Gradescope.",
)  # fmt: skip
@click.option(
    "--students", metavar="ROSTER", type=click.Path(exists=True, dir_okay=False),
    help="The roster of the worksheets: says who handed in nothing, two sheets, or somebody else's.",
)  # fmt: skip
@gradebook_options
@autograder_option
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, help="The --seed that the roster's sheets had.")
@secret_option("The --secret that the sheets were made with; a sheet without it is an error.")
@click.option("--require-seed", is_flag=True, help="A sheet without a seed is an error.")
@click.option(
    "--depth", type=click.IntRange(1, MAX_DEPTH), help="Levels of blocks to unfold.  [default: what a sheet says]"
)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="The file to write, in the format of its name if --format is not given; for several sheets as text or "
    "gradescope, a folder.",
)
@force_option
@shape_options
def command(
    sheets: tuple[str, ...], spec: str | None, figures: tuple[str, ...], scheme: Scheme, level: Level,
    overrides: str | None, mistakes: bool, summary: bool, printer: Printer, visibility: Visibility,
    students: str | None, seed: int, secret: Secret | None, require_seed: bool, depth: int | None,
    output: str | None, inputs: tuple[str, ...], variables: dict[str, str],
    gradebook: str | None, column: str | None, autograder: str | None,
) -> None:  # fmt: skip
    """Mark answer sheets: what is right, what follows from an earlier mistake, and which rule was broken.

    SHEET is a table as CSV, XLSX, Markdown, HTML, LaTeX, a printed summary or pasted text; a list, a line for each
    layer; YAML, a spec whose lines claim what comes out (out:, params:), a notebook or Python file with the network, a
    folder of such files, or the .zip in which Moodle or Canvas hands out what was submitted. If neither --spec nor the
    sheet names the network, it is read from its operations or its code, or the bundled architecture is taken that fits
    best. A mistake in one row costs its own cell: later rows are marked by the student's own numbers.
    """
    printer = _into(printer, output) if output and not gradebook else printer
    outcome = Outcome()
    if mistakes:
        is_own = printer.format in ("items", "overrides", "gradescope")
        (printer.in_format("text") if is_own else printer).print(mistakes_document())
        return
    if autograder:
        with outcome.collect(), usage_errors():
            Grader(Exercises(inputs, variables), spec, depth, figures, seeded=require_seed)  # finds mistakes in time
            write_autograder(autograder, force=printer.force)
        outcome.exit()
        return
    if column and not gradebook:
        raise click.UsageError("--column is a column of --gradebook; give that, too")
    handed = _handed_in(sheets, alone=printer.format == "gradescope" and not output)
    unread: list[SpecError] = []
    changes: tuple[Override, ...] = ()
    roster: tuple[Student, ...] = ()
    grades: GradesOutput | None = None
    marked: list[Marked] = []
    with outcome.collect(), usage_errors():
        changes = read_overrides(overrides) if overrides else ()
        grades = GradesOutput(gradebook, column, output, force=printer.force) if gradebook else None
        roster = read_roster(students) if students else grades.students if grades else ()
        grader = Grader(Exercises(inputs, variables), spec, depth, figures, seeded=require_seed, secret=secret)
        marked, unread = _marked(grader, handed)
    unread = with_own_seeds(unread, roster if students else (), seed)
    for error in unread:
        with outcome.collect():
            raise error
    marked = with_owners(with_owners(marked, grades.students if grades else ()), roster)
    problems, missing = attendance([one.sheet for one in marked], roster, seed, seeded=students is not None)
    marked = [with_problems(*pair) for pair in zip(marked, problems, strict=True)]
    for line in (line for one in marked for line in SpecError(one.sheet.file, one.problems).lines()):
        say_beside(line)
    if marked and (unused := scheme.unused(marked)):
        raise click.UsageError(f"scheme: no sheet has a cell {', '.join(unused)}; it is LAYER.FIGURE with a row's name")
    for pair in alike(marked):
        say_beside(f"note: {said_of(marked, pair)}")
    marked, refused = with_overrides(marked, changes, scheme)
    if refused:
        with outcome.collect():
            raise SheetError(str(overrides), refused)
    _note_missing(marked, unread, missing, len(roster))
    if grades is not None:
        grades.write(marked, scheme)
        summary = summary or printer.format == "text"
    MarkedOutput(printer, scheme, level, visibility, summary).print(marked, unread, missing)
    outcome.exit()


def _handed_in(paths: tuple[str, ...], *, alone: bool) -> HandedIn:
    """The submissions: at least one sheet, and no single file that is not a sheet. Others are reported."""
    if not paths:
        raise click.UsageError("Missing argument 'SHEET...'; only --mistakes and --autograder need none.")
    context = click.get_current_context()
    handed = handed_in(paths, cache(lambda: context.with_resource(TemporaryDirectory(prefix="cnncalc-"))))
    for text in about_left_out(handed.left_out):
        say_beside(f"note: {text}")
    count = len(handed.submissions)
    if not count and not handed.refused:
        raise click.UsageError(f"there are no sheets in {', '.join(paths)}; they end in {', '.join(SUFFIXES)}")
    if alone and count != 1:
        raise click.UsageError(f"Gradescope takes one sheet at a time; name a folder for {count} of them with -o")
    return handed


def _marked(grader: Grader, handed: HandedIn) -> tuple[list[Marked], list[SpecError]]:
    """The marked sheets, and the errors of files that cannot be marked."""
    marked: list[Marked] = []
    unread: list[SpecError] = [*handed.refused]
    for file in with_progress(handed.submissions, len(handed.submissions), "sheets"):
        try:
            one = submitted(grader.marked(file.path), file)
            marked.append(with_problems(one, other_operations(one)))
        except SpecError as error:
            unread.append(renamed(error, file))
        except (NoVariant, MissingExtra) as error:
            unread.append(unreadable(file.name, str(error)))
    headless = without_head(marked)
    lost = {error.file for error in headless}
    return [one for one in marked if one.sheet.file not in lost], sorted([*unread, *headless], key=lambda e: e.file)


def _note_missing(
    marked: Sequence[Marked], unread: Sequence[SpecError], missing: Sequence[Student], count: int
) -> None:
    """Say which files are not marked, which sheets are late, and which students have none."""
    if unread and len(marked) + len(unread) > 1:
        names = ", ".join(printable(error.file) for error in unread)
        say_beside(f"not marked: {len(unread)} of {len(marked) + len(unread)} files: {names}")
    late = [f"{one.sheet.student[:60]} ({one.sheet.file})" for one in marked if one.sheet.is_late]
    if late:
        say_beside(f"note: late: {', '.join(late)}")
    if missing:
        names = ", ".join(f"{student.name} ({student.id})" for student in missing)
        say_beside(f"note: no sheet that can be marked from {len(missing)} of {count}: {names}")


def _into(printer: Printer, path: str) -> Printer:
    """A printer to a file, in the format of its name, or to a folder."""
    if printer.format in ONE_EACH and (os.path.isdir(path) or not os.path.splitext(path)[1]):
        return printer.to(path)
    return printer.in_format(format_of_file("-o", path, printer.format, suffixes_of(FORMATS), force=printer.force)).to(
        path
    )
