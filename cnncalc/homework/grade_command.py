"""`cnncalc grade`: marks answer sheets, and says which rule was broken."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from typing import NamedTuple

import click
from rich.console import Console

from cnncalc.cli.common import UNLIMITED, Outcome, ascii_only, output_console, usage_errors
from cnncalc.cli.options import parse_names, shape_options
from cnncalc.cli.progress import with_progress
from cnncalc.cli.writing import Written, write_files
from cnncalc.errors import OverrideError, SpecError
from cnncalc.explaining.figures import FIGURES
from cnncalc.homework.attendance import attendance
from cnncalc.homework.class_view import items_grid, mistakes_grid, sheets_grid, summary_grids
from cnncalc.homework.feedback_view import LEVELS, Level
from cnncalc.homework.file_names import distinct_stems
from cnncalc.homework.grading import Exercises, Grader
from cnncalc.homework.keys import MAX_DEPTH
from cnncalc.homework.marking import Marked, with_problems
from cnncalc.homework.marks_view import VISIBILITIES, Visibility, broken, marked_document, print_marks, results
from cnncalc.homework.reading import SUFFIXES, sheet_files
from cnncalc.homework.roster import Entry, read_roster
from cnncalc.homework.scheme import Scheme, read_scheme
from cnncalc.homework.statistics import class_statistics
from cnncalc.homework.variants import MAX_SEED
from cnncalc.homework.worksheet_view import other_operations
from cnncalc.render.csv_text import csv_text
from cnncalc.render.table import print_table

FORMATS = ("text", "json", "csv", "items", "gradescope")


def _parse_figures(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return parse_names(value, FIGURES, "figure") if value else ()


def _parse_scheme(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Scheme:
    try:
        return read_scheme(value) if value else Scheme()
    except (OverrideError, SpecError) as error:
        raise click.BadParameter(str(error)) from None


EPILOG = """\b
Examples:
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
@click.option("--spec", metavar="SPEC", help="The network that the sheets are about.  [default: what a sheet says]")
@click.option(
    "--ask", "figures", callback=_parse_figures, metavar="NAMES",
    help=f"The columns to mark: all, or some of {', '.join(FIGURES)}.  [default: those of the sheet]",
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
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text",
    show_default=True, help="csv has a row for each sheet, items one for each cell of the sheets.",
)  # fmt: skip
@click.option(
    "--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
    help="When students see it in Gradescope.",
)  # fmt: skip
@click.option(
    "--students", metavar="ROSTER", type=click.Path(exists=True, dir_okay=False),
    help="The roster of the worksheets: tells who has handed in nothing, two sheets, or somebody else's.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, help="The --seed that the roster's sheets had.")
@click.option("--require-seed", is_flag=True, help="A sheet without a seed is an error.")
@click.option(
    "--depth", type=click.IntRange(1, MAX_DEPTH), help="Levels of blocks to unfold.  [default: what a sheet says]"
)
@click.option(
    "-o", "--output", metavar="PATH", help="The file to write; for several sheets as text or gradescope, a folder."
)
@click.option("--force", is_flag=True, help="Write over files that exist.")
@shape_options
def command(
    sheets: tuple[str, ...], spec: str | None, figures: tuple[str, ...], scheme: Scheme, level: Level, mistakes: bool,
    summary: bool, format_: str, visibility: Visibility, students: str | None, seed: int, require_seed: bool,
    depth: int | None, output: str | None, force: bool, inputs: tuple[str, ...], variables: dict[str, str],
) -> None:  # fmt: skip
    """Mark answer sheets: what is right, what follows from an earlier mistake, and which rule was broken.

    SHEET is a CSV of any spreadsheet, a Markdown table, YAML, a spec whose lines claim what comes out (out:,
    params:), or a folder of such files. A mistake in one row costs its own cell: later rows are marked by the
    student's own numbers.
    """
    if mistakes:
        print_table(mistakes_grid(), output_console())
        return
    if not sheets:
        raise click.UsageError("Missing argument 'SHEET...'; only --mistakes needs none.")
    files = sheet_files(sheets)
    if not files:
        raise click.UsageError(f"there are no sheets in {', '.join(sheets)}; they end in {', '.join(SUFFIXES)}")
    out = MarkedOutput(scheme, level, format_, visibility, summary, output, force)
    if format_ == "gradescope" and len(files) != 1 and not output:
        raise click.UsageError(f"Gradescope takes one sheet at a time; name a folder for {len(files)} of them with -o")
    outcome = Outcome()
    unread: list[SpecError] = []
    roster: tuple[Entry, ...] = ()
    marked: list[Marked] = []
    with outcome.collect():
        roster = read_roster(students) if students else ()
        with usage_errors():
            grader = Grader(Exercises(inputs, variables), spec, depth, figures, seeded=require_seed)
        for file in with_progress(files, len(files), "sheets"):
            with outcome.collect(), usage_errors():
                try:
                    one = grader.marked(file)
                    marked.append(with_problems(one, other_operations(one)))
                except SpecError as error:
                    unread.append(error)
                    raise
    handed_in = attendance([one.sheet for one in marked], roster, seed)
    marked = [with_problems(*pair) for pair in zip(marked, handed_in.problems, strict=True)]
    _print_problems(marked)
    if marked and (unused := scheme.unused(marked)):
        raise click.UsageError(f"scheme: no sheet has a cell {', '.join(unused)}; it is LAYER.FIGURE with a row's name")
    if handed_in.missing:
        names = ", ".join(f"{entry.name} ({entry.id})" for entry in handed_in.missing)
        click.echo(
            f"note: no sheet that can be marked from {len(handed_in.missing)} of {len(roster)}: {names}", err=True
        )
    out.print(marked, unread, handed_in.missing)
    outcome.exit()


def _print_problems(marked: list[Marked]) -> None:
    for one in marked:
        for line in SpecError(one.sheet.file, one.problems).lines():
            click.echo(line, err=True)


class MarkedOutput(NamedTuple):
    """How and where marked sheets are printed.

    Attributes:
        scheme: the points.
        level: how much is told about a mistake.
        format: a word of `FORMATS`.
        visibility: when students see it in Gradescope.
        summary: whether the class is printed in place of its sheets.
        path: the file or folder to write; None for standard output.
        force: whether files that exist are written over.
    """

    scheme: Scheme
    level: Level
    format: str
    visibility: Visibility
    summary: bool
    path: str | None
    force: bool

    def print(self, marked: Sequence[Marked], unread: Sequence[SpecError], missing: Sequence[Entry]) -> None:
        """Print the sheets; those that cannot be read have a result in Gradescope only, missing ones a row in CSV."""
        if self.format == "gradescope":
            self._gradescope(marked, unread)
        elif marked and self.format == "text":
            self._text(marked)
        elif marked and self.format == "csv":
            self._emit(csv_text([("", sheets_grid(marked, self.scheme, missing))]))
        elif marked and self.format == "items":
            self._emit(csv_text([("", items_grid(class_statistics(marked, self.scheme)))]))
        elif marked:
            self._emit(self._json(marked))

    def _json(self, marked: Sequence[Marked]) -> str:
        """One document; of several sheets a line for each."""
        indent = 2 if len(marked) == 1 else None
        documents = (marked_document(one, self.scheme, self.level) for one in marked)
        return "".join(f"{_dumped(document, indent)}\n" for document in documents)

    def _gradescope(self, marked: Sequence[Marked], unread: Sequence[SpecError]) -> None:
        texts = {one.sheet.file: results(one, self.scheme, self.level, self.visibility) for one in marked}
        texts |= {error.file: broken(error, self.visibility) for error in unread}
        documents = [f"{_dumped(document, 2)}\n" for document in texts.values()]
        if self._is_folder(len(texts)):
            self._write_each(list(texts), documents, ".json")
            click.echo(f"written to {self.path}")
        else:
            self._emit("".join(documents))

    def _text(self, marked: Sequence[Marked]) -> None:
        console = output_console()
        if self.path:
            texts = [self._as_text(one) for one in marked]
            self._write_each([one.sheet.file for one in marked], texts, ".txt")
        if self.path or self.summary:
            for grid in summary_grids(marked, self.scheme, class_statistics(marked, self.scheme)):
                if grid.rows:
                    print_table(grid, console)
            return
        for place, one in enumerate(marked):
            if place:
                console.print()
            print_marks(one, self.scheme, self.level, console)

    def _as_text(self, one: Marked) -> str:
        buffer = io.StringIO()
        console = Console(file=buffer, highlight=False, markup=False, emoji=False, width=UNLIMITED)
        print_marks(one, self.scheme, self.level, console)
        return buffer.getvalue()

    def _is_folder(self, sheets: int) -> bool:
        """Whether `path` is a folder with a file for each sheet: of a single one it may be its file."""
        return self.path is not None and (sheets > 1 or not os.path.splitext(self.path)[1])

    def _write_each(self, sheets: Sequence[str], texts: Sequence[str], suffix: str) -> None:
        """Write a text for each sheet, named like it; of two with one name the folders are in the name."""
        folder = str(self.path)
        if self._is_folder(len(sheets)):
            names = [os.path.join(folder, stem + suffix) for stem in distinct_stems(sheets)]
        else:
            names = [folder]
        write_files([Written(name, text) for name, text in zip(names, texts, strict=True)], force=self.force)

    def _emit(self, text: str) -> None:
        if self.path:
            write_files([Written(self.path, text, self.path.endswith(".csv"))], force=self.force)
            click.echo(f"written to {self.path}")
        else:
            click.echo(text, nl=False)


def _dumped(document: object, indent: int | None) -> str:
    return json.dumps(document, ensure_ascii=ascii_only(), indent=indent)
