"""`cnncalc worksheet`: answer sheets, the same for all or a variant for each student, and their keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import click

from cnncalc.cli.common import Outcome, usage_errors
from cnncalc.cli.options import parse_names, shape_options
from cnncalc.cli.output import Printer, force_option, format_of_file, output_options
from cnncalc.cli.progress import with_progress
from cnncalc.cli.writing import Written, write_files
from cnncalc.drawing.paper import PAPERS, handouts_pdf
from cnncalc.errors import OverrideError, printable, printable_lines
from cnncalc.explaining.figures import ASKED, USUALLY_ASKED
from cnncalc.homework.grading import Exercises
from cnncalc.homework.page_view import handouts_page
from cnncalc.homework.roster import Student, read_roster
from cnncalc.homework.secret import Secret, read_secret
from cnncalc.homework.sheet import MAX_DEPTH
from cnncalc.homework.variants import MAX_SEED, Variant
from cnncalc.homework.worksheet import Worksheet, Worksheets
from cnncalc.homework.worksheet_view import WRITERS, handout, worksheet_csv
from cnncalc.notation import several

PRINTED = ("html", "pdf")
"""The formats with one file for a class."""

SUFFIXES = {suffix: name for name, (_, suffix) in WRITERS.items()} | {f".{name}": name for name in PRINTED}

OF_ONE = (*(suffix for _, suffix in WRITERS.values()), ".txt", ".doc", ".docx", ".odt", ".ods", ".xls", ".zip")
"""Suffixes of files for one sheet, or that are not written at all; a folder for a class has no such name."""

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def _parse_figures(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    return parse_names(value, ASKED, "figure")


def _parse_secret(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Secret | None:
    try:
        return read_secret(value) if value else None
    except OverrideError as error:
        raise click.BadParameter(str(error)) from None


def secret_option(about: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option --secret, with its help."""
    return click.option("--secret", metavar="FILE", callback=_parse_secret, help=about)


EPILOG = """\b
Examples:
  cnncalc worksheet alexnet --ask out,params,macs
  cnncalc worksheet alexnet --key --format markdown
  cnncalc worksheet vgg16 --seed 7 --format html -o sheet.html
  cnncalc worksheet mnist_keras --seed 7 --allow-remainders
  cnncalc worksheet alexnet --students roster.csv -o sheets
  cnncalc worksheet alexnet --students roster.csv --key -o keys
  cnncalc worksheet alexnet --students roster.csv --format xlsx -o sheets
  cnncalc worksheet alexnet --students roster.csv -o class.html
  cnncalc worksheet alexnet --students roster.csv --key -o keys.pdf
  cnncalc worksheet alexnet --students roster.csv --secret class.key -o sheets
"""


@click.command(epilog=EPILOG)
@click.argument("spec")
@click.option(
    "--ask", "figures", default=",".join(USUALLY_ASKED), show_default=True, callback=_parse_figures,
    metavar="NAMES", help=f"The columns to fill in: all, or some of {', '.join(ASKED)}.",
)  # fmt: skip
@output_options((*WRITERS, *PRINTED), file=(), about="html and pdf are pages to print, xlsx a workbook to fill in.")
@click.option(
    "--delimiter", type=click.Choice(list(DELIMITERS)),
    help="Of csv; semicolon is what spreadsheets open where the decimal point is a comma.  [default: comma]",
)  # fmt: skip
@click.option("--working", is_flag=True, help="A column for the calculation, too; 'grade' checks its arithmetic.")
@click.option(
    "--seed", type=click.IntRange(0, MAX_SEED), help="Other numbers than the spec's; the same ones for the same seed."
)
@secret_option("So that nobody makes a key from the seed on a sheet: the numbers depend on this file, too.")
@click.option("--allow-remainders", is_flag=True, help="Variants in which a stride leaves a remainder.")
@click.option(
    "--students", metavar="ROSTER", type=click.Path(exists=True, dir_okay=False),
    help="A variant for each student of a CSV with names or ids, as Moodle and Canvas export it, too.",
)  # fmt: skip
@click.option("--paper", type=click.Choice(list(PAPERS)), help="Of pdf; html prints on any.  [default: a4]")
@click.option("--key", is_flag=True, help="With the answers; but for csv and yaml with worked solutions.")
@click.option(
    "--depth", type=click.IntRange(1, MAX_DEPTH), help="Levels of blocks to unfold.  [default: down to the layers]"
)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="The file to write, in the format of its name if --format is not given; with --students the folder, or a "
    ".html or .pdf file with a page for each.",
)
@force_option
@shape_options
def command(
    spec: str, figures: tuple[str, ...], printer: Printer, working: bool, seed: int | None, secret: Secret | None,
    allow_remainders: bool,
    students: str | None, key: bool, depth: int | None, output: str | None, inputs: tuple[str, ...],
    variables: dict[str, str], delimiter: str | None, paper: str | None,
) -> None:  # fmt: skip
    """Answer sheets, every layer with its settings and blank cells for what comes out, and their keys.

    With --seed or --students the network is the same and its numbers are others: input size, filters, features
    and kernels, so that every size is whole. A sheet carries its seed, by which 'grade' knows its key.
    """
    if students and not output:
        raise click.UsageError("--students writes a sheet for each; name their folder with -o")
    printer = _in_format(printer, output, is_class=students is not None)
    if allow_remainders and seed is None and not students:
        raise click.UsageError("--allow-remainders is for variants; give --seed or --students, too")
    if secret is not None and seed is None and not students:
        raise click.UsageError("--secret is for variants; give --seed or --students, too")
    if delimiter and printer.format != "csv":
        raise click.UsageError("--delimiter is for --format csv")
    if paper and printer.format != "pdf":
        raise click.UsageError("--paper is for pdf")
    if printer.format in ("xlsx", "pdf") and not output:
        printer.check_file("sheet")
    sheets = Worksheets(Exercises(inputs, variables), spec, depth, figures, key, working)
    writer = _SheetWriter(printer, DELIMITERS[delimiter or "comma"], paper or "a4")
    outcome = Outcome()
    with outcome.collect(), usage_errors():
        if students:
            roster = read_roster(students)
            made = [
                (student, sheets.sheet(Variant(student.seed(seed or 0), allow_remainders, secret), student))
                for student in with_progress(roster, len(roster), "sheets")
            ]
            writer.write_class(str(output), made)
        else:
            sheet = sheets.sheet(None if seed is None else Variant(seed, allow_remainders, secret))
            writer.write_one(output, sheet)
        if output:
            click.echo(f"{several(len(made) if students else 1, 'key' if key else 'sheet')} in {printable(output)}")
    outcome.exit()


def _in_format(printer: Printer, output: str | None, *, is_class: bool) -> Printer:
    """The printer in the format of the file that is named; for a class only a page is one file.

    Raises:
        click.UsageError: the file may not be written, or cannot be one for a class.
    """
    if output is None or (is_class and os.path.isdir(output)):
        return printer
    if is_class and output.lower().endswith(OF_ONE):
        raise click.UsageError(
            f"-o {output}: one file for a class is html or pdf; for others give --format and name a folder"
        )
    if is_class and not _is_page(output):
        return printer
    printer = printer.in_format(format_of_file("-o", output, printer.format, SUFFIXES, force=printer.force))
    if is_class and printer.format not in PRINTED:
        raise click.UsageError(f"-o {output}: one file for a class is html or pdf; for {printer.format} name a folder")
    return printer


def _is_page(path: str) -> bool:
    """Whether a path is one file for a class, not a folder."""
    return path.lower().endswith(tuple(suffix for suffix, name in SUFFIXES.items() if name in PRINTED)) and (
        not os.path.isdir(path)
    )


class _SheetWriter(NamedTuple):
    """Writes sheets with the options of a command line.

    Attributes:
        printer: the format, and whether files are written over.
        delimiter: of CSV.
        paper: of PDF, a word of `PAPERS`.
    """

    printer: Printer
    delimiter: str
    paper: str

    def write_one(self, path: str | None, sheet: Worksheet) -> None:
        """Write one sheet, or print it."""
        text = self._written(sheet)
        if path is None:
            click.echo(printable_lines(text) if isinstance(text, str) else text, nl=False)
        else:
            self._write({path: text})

    def write_class(self, path: str, made: Sequence[tuple[Student, Worksheet]]) -> None:
        """Write the sheets of a class into one file to be printed, or each into a folder."""
        if _is_page(path):
            self._write({path: self._printed([sheet for _, sheet in made])})
            return
        suffix = self._suffix
        named = with_progress(made, len(made), "files")
        self._write({os.path.join(path, student.stem + suffix): self._written(sheet) for student, sheet in named})

    @property
    def _suffix(self) -> str:
        return next(suffix for suffix, name in SUFFIXES.items() if name == self.printer.format)

    def _written(self, sheet: Worksheet) -> str | bytes:
        if self.printer.format == "csv":
            return worksheet_csv(sheet, self.delimiter)
        if self.printer.format in PRINTED:
            return self._printed([sheet])
        return WRITERS[self.printer.format][0](sheet)

    def _printed(self, sheets: Sequence[Worksheet]) -> str | bytes:
        handouts = list(map(handout, sheets))
        if self.printer.format == "html":
            return handouts_page(handouts)
        return handouts_pdf(handouts, self.paper)

    def _write(self, texts: Mapping[str, str | bytes]) -> None:
        files = [Written(name, text, self._suffix == ".csv") for name, text in texts.items()]
        write_files(files, force=self.printer.force)
