"""`cnncalc worksheet`: answer sheets, the same for all or a variant for each student, and their keys."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import click

from cnncalc.cli.common import Outcome, usage_errors
from cnncalc.cli.options import parse_names, shape_options
from cnncalc.cli.progress import with_progress
from cnncalc.cli.writing import Written, write_files
from cnncalc.explaining.figures import DEFAULT_FIGURES, FIGURES
from cnncalc.homework.grading import Exercises
from cnncalc.homework.keys import MAX_DEPTH
from cnncalc.homework.roster import Entry, read_roster
from cnncalc.homework.variants import MAX_SEED, Variant
from cnncalc.homework.worksheet import Worksheet, facts
from cnncalc.homework.worksheet_view import worksheet_csv, worksheet_markdown, worksheet_page, worksheet_yaml

FORMATS: dict[str, tuple[Callable[[Worksheet], str], str]] = {
    "csv": (worksheet_csv, ".csv"),
    "yaml": (worksheet_yaml, ".yaml"),
    "markdown": (worksheet_markdown, ".md"),
    "html": (worksheet_page, ".html"),
}
"""How each format is written, and what its files are called."""

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def _parse_figures(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    return parse_names(value, FIGURES, "figure")


EPILOG = """\b
Examples:
  cnncalc worksheet alexnet --ask out,params,macs
  cnncalc worksheet alexnet --key --format markdown
  cnncalc worksheet vgg16 --seed 7 --format html -o sheet.html
  cnncalc worksheet mnist_keras --seed 7 --allow-remainders
  cnncalc worksheet alexnet --students roster.csv -o sheets
  cnncalc worksheet alexnet --students roster.csv --key -o keys
"""


@click.command(epilog=EPILOG)
@click.argument("spec")
@click.option(
    "--ask", "figures", default=",".join(DEFAULT_FIGURES), show_default=True, callback=_parse_figures,
    metavar="NAMES", help=f"The columns to fill in: all, or some of {', '.join(FIGURES)}.",
)  # fmt: skip
@click.option(
    "--format", "format_", type=click.Choice(list(FORMATS)), default="csv", show_default=True,
    help="html is a page to print.",
)  # fmt: skip
@click.option(
    "--delimiter", type=click.Choice(list(DELIMITERS)),
    help="Of csv; semicolon is what spreadsheets open where the decimal point is a comma.  [default: comma]",
)  # fmt: skip
@click.option("--working", is_flag=True, help="A column for the calculation, too; 'grade' checks its arithmetic.")
@click.option(
    "--seed", type=click.IntRange(0, MAX_SEED), help="Other numbers than the spec's; the same ones for the same seed."
)
@click.option("--allow-remainders", is_flag=True, help="Variants in which a stride leaves a remainder.")
@click.option(
    "--students", metavar="ROSTER", type=click.Path(exists=True, dir_okay=False),
    help="A variant for each student of a CSV with names or ids.",
)  # fmt: skip
@click.option("--key", is_flag=True, help="With the answers; in markdown and html with worked solutions.")
@click.option(
    "--depth", type=click.IntRange(1, MAX_DEPTH), help="Levels of blocks to unfold.  [default: down to the layers]"
)
@click.option("-o", "--output", metavar="PATH", help="The file to write, or with --students the folder.")
@click.option("--force", is_flag=True, help="Write over files that exist.")
@shape_options
def command(
    spec: str, figures: tuple[str, ...], format_: str, working: bool, seed: int | None, allow_remainders: bool,
    students: str | None, key: bool, depth: int | None, output: str | None, force: bool, inputs: tuple[str, ...],
    variables: dict[str, str], delimiter: str | None,
) -> None:  # fmt: skip
    """Answer sheets, every layer with its settings and blank cells for what comes out, and their keys.

    With --seed or --students the network is the same and its numbers are others: input size, filters, features
    and kernels, so that every size is whole. A sheet carries its seed, by which 'grade' knows its key.
    """
    if students and not output:
        raise click.UsageError("--students writes a sheet for each; name their folder with -o")
    if allow_remainders and seed is None and not students:
        raise click.UsageError("--allow-remainders is for variants; give --seed or --students, too")
    if delimiter and format_ != "csv":
        raise click.UsageError("--delimiter is for --format csv")
    exercises = Exercises(inputs, variables)
    write, suffix = FORMATS[format_]
    if delimiter:
        write = partial(worksheet_csv, delimiter=DELIMITERS[delimiter])

    def sheet(variant: Variant | None, student: Entry | None = None) -> str:
        exercise = exercises.exercise(spec, variant, depth)
        return write(Worksheet(exercise, figures, facts(spec, exercise, depth, variant, student), key, working))

    outcome = Outcome()
    with outcome.collect(), usage_errors():
        if students:
            entries = read_roster(students)
            texts = (sheet(Variant(entry.seed(seed or 0), allow_remainders), entry) for entry in entries)
            names = (os.path.join(str(output), entry.stem + suffix) for entry in entries)
            made = zip(names, with_progress(texts, len(entries), "sheets"), strict=True)
            write_files([Written(name, text, suffix == ".csv") for name, text in made], force=force)
            click.echo(f"{len(entries)} {'key' if key else 'sheet'}{'' if len(entries) == 1 else 's'} in {output}")
        else:
            text = sheet(None if seed is None else Variant(seed, allow_remainders))
            if output:
                write_files([Written(output, text, suffix == ".csv")], force=force)
                click.echo(f"1 {'key' if key else 'sheet'} in {output}")
            else:
                click.echo(text, nl=False)
    outcome.exit()
