"""`cnncalc grade`: marks answer sheets, and says which rule was broken."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from typing import NamedTuple

import click

from cnncalc.cli.common import Outcome, ascii_only, usage_errors
from cnncalc.cli.options import parse_names, shape_options
from cnncalc.cli.output import Printer, force_option, format_of_file, output_options, suffixes_of
from cnncalc.cli.progress import with_progress
from cnncalc.cli.writing import Written, write_files
from cnncalc.errors import MissingExtra, NoVariant, OverrideError, SpecError, printable
from cnncalc.explaining.figures import ASKED
from cnncalc.homework.attendance import attendance, without_head
from cnncalc.homework.class_view import (
    items_grid,
    mistakes_document,
    records_document,
    sheets_grid,
    summary_document,
)
from cnncalc.homework.feedback_view import LEVELS, Level
from cnncalc.homework.grading import Exercises, Grader
from cnncalc.homework.marking import Marked, with_problems
from cnncalc.homework.marks_view import VISIBILITIES, Visibility, broken, marks_document, results
from cnncalc.homework.reading import SUFFIXES, sheet_files
from cnncalc.homework.roster import Student, distinct_stems, read_roster
from cnncalc.homework.scheme import Scheme, read_scheme
from cnncalc.homework.secret import Secret
from cnncalc.homework.sheet import MAX_DEPTH, unreadable
from cnncalc.homework.variants import MAX_SEED
from cnncalc.homework.worksheet_command import secret_option
from cnncalc.homework.worksheet_view import other_operations
from cnncalc.render.document import Document
from cnncalc.render.grid import Grid
from cnncalc.render.screen import output_screen
from cnncalc.render.table import print_table


def _parse_figures(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return parse_names(value, ASKED, "figure") if value else ()


def _parse_scheme(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Scheme:
    try:
        return read_scheme(value) if value else Scheme()
    except (OverrideError, SpecError) as error:
        raise click.BadParameter(str(error)) from None


FORMATS = ("text", "json", "csv", "items", "gradescope", "markdown", "latex", "html")

ONE_EACH = ("text", "gradescope")
"""The formats that have a file for each of several sheets."""

EPILOG = """\b
Examples:
  cnncalc grade my_table.csv
  cnncalc grade ada.csv --spec alexnet
  cnncalc grade sheets --spec alexnet --summary
  cnncalc grade sheets --spec alexnet -o marked --feedback hint
  cnncalc grade sheets --spec alexnet --format csv > class.csv
  cnncalc grade sheets --spec alexnet --scheme params=2,follows=0.5
  cnncalc grade student.yaml --spec solution.yaml
  cnncalc grade ada.csv --spec alexnet --format gradescope -o results.json
  cnncalc grade --mistakes
"""


@click.command(epilog=EPILOG)
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
    help="Points and credits: params=2,follows=0.5,conv1.out=3, or a YAML file with such lines.",
)  # fmt: skip
@click.option(
    "--feedback", "level", type=click.Choice(list(LEVELS)), default="explain", show_default=True,
    help="; ".join(f"{level}: {what}" for level, what in LEVELS.items()) + ".",
)  # fmt: skip
@click.option("--mistakes", is_flag=True, help="List the mistakes that are known instead.")
@click.option("--summary", is_flag=True, help="The class in place of each sheet: points, hardest cells, mistakes.")
@output_options(
    FORMATS, file=(),
    about="csv has a row for each sheet, items one for each cell of the sheets.",
)  # fmt: skip
@click.option(
    "--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
    help="When students see it in Gradescope.",
)  # fmt: skip
@click.option(
    "--students", metavar="ROSTER", type=click.Path(exists=True, dir_okay=False),
    help="The roster of the worksheets: says who has handed in nothing, two sheets, or somebody else's.",
)  # fmt: skip
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
    sheets: tuple[str, ...], spec: str | None, figures: tuple[str, ...], scheme: Scheme, level: Level, mistakes: bool,
    summary: bool, printer: Printer, visibility: Visibility, students: str | None, seed: int,
    secret: Secret | None, require_seed: bool,
    depth: int | None, output: str | None, inputs: tuple[str, ...], variables: dict[str, str],
) -> None:  # fmt: skip
    """Mark answer sheets: what is right, what follows from an earlier mistake, and which rule was broken.

    SHEET is a table as CSV, XLSX, Markdown, HTML, LaTeX, a printed summary or pasted text; YAML, a spec whose lines
    claim what comes out (out:, params:), a notebook or Python file with the network, or a folder of such files. If
    neither --spec nor the sheet names the network, it is read from its operations or its code, or the bundled
    architecture is taken that fits best. A mistake in one row costs its own cell: later rows are marked by the
    student's own numbers.
    """
    printer = _into(printer, output) if output else printer
    if mistakes:
        (printer.in_format("text") if printer.format in ("items", "gradescope") else printer).print(mistakes_document())
        return
    if not sheets:
        raise click.UsageError("Missing argument 'SHEET...'; only --mistakes needs none.")
    files = sheet_files(sheets)
    if not files:
        raise click.UsageError(f"there are no sheets in {', '.join(sheets)}; they end in {', '.join(SUFFIXES)}")
    if printer.format == "gradescope" and len(files) != 1 and not output:
        raise click.UsageError(f"Gradescope takes one sheet at a time; name a folder for {len(files)} of them with -o")
    outcome = Outcome()
    unread: list[SpecError] = []
    roster: tuple[Student, ...] = ()
    marked: list[Marked] = []
    with outcome.collect():
        roster = read_roster(students) if students else ()
        with usage_errors():
            grader = Grader(Exercises(inputs, variables), spec, depth, figures, seeded=require_seed, secret=secret)
            marked, unread = _marked(grader, files)
    for error in unread:
        with outcome.collect():
            raise error
    problems, missing = attendance([one.sheet for one in marked], roster, seed)
    marked = [with_problems(*pair) for pair in zip(marked, problems, strict=True)]
    for line in (line for one in marked for line in SpecError(one.sheet.file, one.problems).lines()):
        click.echo(line, err=True)
    if marked and (unused := scheme.unused(marked)):
        raise click.UsageError(f"scheme: no sheet has a cell {', '.join(unused)}; it is LAYER.FIGURE with a row's name")
    if unread and len(files) > 1:
        names = ", ".join(printable(error.file) for error in unread)
        click.echo(f"not marked: {len(unread)} of {len(files)} files: {names}", err=True)
    if missing:
        names = ", ".join(f"{student.name} ({student.id})" for student in missing)
        click.echo(f"note: no sheet that can be marked from {len(missing)} of {len(roster)}: {names}", err=True)
    MarkedOutput(printer, scheme, level, visibility, summary).print(marked, unread, missing)
    outcome.exit()


def _marked(grader: Grader, files: Sequence[str]) -> tuple[list[Marked], list[SpecError]]:
    """The files that can be marked, and why the others cannot, each by itself."""
    marked: list[Marked] = []
    unread: list[SpecError] = []
    for file in with_progress(files, len(files), "sheets"):
        try:
            one = grader.marked(file)
            marked.append(with_problems(one, other_operations(one)))
        except SpecError as error:
            unread.append(error)
        except (NoVariant, MissingExtra) as error:
            unread.append(unreadable(file, str(error)))
    headless = without_head(marked)
    lost = {error.file for error in headless}
    return [one for one in marked if one.sheet.file not in lost], sorted([*unread, *headless], key=lambda e: e.file)


def _into(printer: Printer, path: str) -> Printer:
    """The printer into a file, in the format of its name, or into a folder."""
    if printer.format in ONE_EACH and (os.path.isdir(path) or not os.path.splitext(path)[1]):
        return printer.to(path)
    return printer.in_format(format_of_file("-o", path, printer.format, suffixes_of(FORMATS), force=printer.force)).to(
        path
    )


class MarkedOutput(NamedTuple):
    """How and where marked sheets are printed.

    Attributes:
        printer: the format, a word of `FORMATS`, and the file or folder to write.
        scheme: the points.
        level: how much is said about a mistake.
        visibility: when students see it in Gradescope.
        summary: whether the class is printed in place of its sheets.
    """

    printer: Printer
    scheme: Scheme
    level: Level
    visibility: Visibility
    summary: bool

    def print(self, marked: Sequence[Marked], unread: Sequence[SpecError], missing: Sequence[Student]) -> None:
        """Print the sheets; those that cannot be read have a result in Gradescope only, missing ones a row in CSV."""
        match self.printer.format:
            case "gradescope":
                self._gradescope(marked, unread)
            case _ if not marked:
                return
            case "csv" | "items" as rows:
                found = (
                    sheets_grid(marked, self.scheme, missing, unread)
                    if rows == "csv"
                    else items_grid(marked, self.scheme)
                )
                self.printer.in_format("csv").print(records_document(found))
            case "text" if self.printer.path:
                texts = [_on_screen(marks_document(one, self.scheme, self.level)) for one in marked]
                self._write_each([one.sheet.file for one in marked], texts, ".txt")
                self.printer.to(None).print(summary_document(marked, self.scheme, unread))
            case _ if self.summary and self.printer.format != "json":
                self.printer.print(summary_document(marked, self.scheme, unread))
            case _:
                self.printer.print(*(marks_document(one, self.scheme, self.level) for one in marked))

    def _gradescope(self, marked: Sequence[Marked], unread: Sequence[SpecError]) -> None:
        found = {one.sheet.file: results(one, self.scheme, self.level, self.visibility) for one in marked}
        found |= {error.file: broken(error, self.visibility) for error in unread}
        texts = [f"{json.dumps(one, ensure_ascii=ascii_only(), indent=2)}\n" for one in found.values()]
        if self._is_folder(len(found)):
            self._write_each(list(found), texts, ".json")
            click.echo(f"written to {self.printer.path}")
        else:
            self.printer.write("".join(texts))

    def _is_folder(self, sheets: int) -> bool:
        """Whether the path is a folder with a file for each sheet: of a single one it may be its file."""
        path = self.printer.path
        return path is not None and (sheets > 1 or not os.path.splitext(path)[1])

    def _write_each(self, sheets: Sequence[str], texts: Sequence[str], suffix: str) -> None:
        """Write a text for each sheet, named like it; of two with one name the folders are in the name."""
        path = str(self.printer.path)
        stems = distinct_stems(sheets) if self._is_folder(len(sheets)) else []
        names = [os.path.join(path, stem + suffix) for stem in stems] or [path]
        files = [Written(name, text) for name, text in zip(names, texts, strict=True)]
        write_files(files, force=self.printer.force)


def _on_screen(document: Document) -> str:
    """A document as a terminal without an edge shows it."""
    buffer = io.StringIO()
    screen = output_screen(buffer)
    for block in document.blocks():
        if isinstance(block, Grid):
            print_table(block, screen)
        else:
            buffer.write(str(block))
    return buffer.getvalue()
