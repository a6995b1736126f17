"""`cnncalc worksheet`: answer sheets, the same for all or a variant for each student, and their keys."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import click

from cnncalc.cli.common import Outcome, usage_errors
from cnncalc.cli.options import parse_names, shape_options
from cnncalc.cli.output import Printer, force_option, format_of_file, output_options
from cnncalc.cli.progress import with_progress
from cnncalc.cli.writing import Written, write_files
from cnncalc.errors import OverrideError
from cnncalc.explaining.figures import ASKED, USUALLY_ASKED
from cnncalc.homework.grading import Exercises
from cnncalc.homework.roster import read_roster
from cnncalc.homework.secret import Secret, read_secret
from cnncalc.homework.sheet import MAX_DEPTH
from cnncalc.homework.variants import MAX_SEED, Variant
from cnncalc.homework.worksheet import Worksheets
from cnncalc.homework.worksheet_view import WRITERS, worksheet_csv
from cnncalc.notation import several

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
  cnncalc worksheet alexnet --students roster.csv --secret class.key -o sheets
"""


@click.command(epilog=EPILOG)
@click.argument("spec")
@click.option(
    "--ask", "figures", default=",".join(USUALLY_ASKED), show_default=True, callback=_parse_figures,
    metavar="NAMES", help=f"The columns to fill in: all, or some of {', '.join(ASKED)}.",
)  # fmt: skip
@output_options(tuple(WRITERS), file=(), about="html is a page to print.")
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
    help="A variant for each student of a CSV with names or ids.",
)  # fmt: skip
@click.option("--key", is_flag=True, help="With the answers; in markdown and html with worked solutions.")
@click.option(
    "--depth", type=click.IntRange(1, MAX_DEPTH), help="Levels of blocks to unfold.  [default: down to the layers]"
)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="The file to write, in the format of its name if --format is not given; with --students the folder.",
)
@force_option
@shape_options
def command(
    spec: str, figures: tuple[str, ...], printer: Printer, working: bool, seed: int | None, secret: Secret | None,
    allow_remainders: bool,
    students: str | None, key: bool, depth: int | None, output: str | None, inputs: tuple[str, ...],
    variables: dict[str, str], delimiter: str | None,
) -> None:  # fmt: skip
    """Answer sheets, every layer with its settings and blank cells for what comes out, and their keys.

    With --seed or --students the network is the same and its numbers are others: input size, filters, features
    and kernels, so that every size is whole. A sheet carries its seed, by which 'grade' knows its key.
    """
    if students and not output:
        raise click.UsageError("--students writes a sheet for each; name their folder with -o")
    if output and not students:
        named = {suffix: name for name, (_, suffix) in WRITERS.items()}
        printer = printer.in_format(format_of_file("-o", output, printer.format, named, force=printer.force))
    if allow_remainders and seed is None and not students:
        raise click.UsageError("--allow-remainders is for variants; give --seed or --students, too")
    if secret is not None and seed is None and not students:
        raise click.UsageError("--secret is for variants; give --seed or --students, too")
    if delimiter and printer.format != "csv":
        raise click.UsageError("--delimiter is for --format csv")
    sheets = Worksheets(Exercises(inputs, variables), spec, depth, figures, key, working)
    write, suffix = WRITERS[printer.format]
    if delimiter:
        write = partial(worksheet_csv, delimiter=DELIMITERS[delimiter])
    outcome = Outcome()
    with outcome.collect(), usage_errors():
        texts: dict[str, str] = {}
        if students:
            roster = read_roster(students)
            for student in with_progress(roster, len(roster), "sheets"):
                variant = Variant(student.seed(seed or 0), allow_remainders, secret)
                texts[os.path.join(str(output), student.stem + suffix)] = write(sheets.sheet(variant, student))
        else:
            text = write(sheets.sheet(None if seed is None else Variant(seed, allow_remainders, secret)))
            texts = {output: text} if output else {}
            click.echo("" if output else text, nl=False)
        if texts:
            write_files([Written(name, text, suffix == ".csv") for name, text in texts.items()], force=printer.force)
            click.echo(f"{several(len(texts), 'key' if key else 'sheet')} in {output}")
    outcome.exit()
