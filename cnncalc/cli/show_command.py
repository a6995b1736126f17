"""`cnncalc show`: the table of an architecture, and its totals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

import click

from cnncalc.analysis.report import Report
from cnncalc.cli.common import (
    Outcome,
    SpecOptions,
    ascii_only,
    load_report,
    output_console,
    parse_names,
    spec_options,
)
from cnncalc.render.columns import COLUMNS, DEFAULT_COLUMNS, report_grid
from cnncalc.render.grid import Grid
from cnncalc.render.numbers import Units


def _table(grids: list[tuple[str, Grid]], units: Units) -> None:
    from cnncalc.render.table import print_table

    console = output_console()
    for number, (_, grid) in enumerate(grids):
        if number:
            console.print()
        print_table(grid, console, units, choice=" (choose with --columns)")


def _csv(grids: list[tuple[str, Grid]], units: Units) -> None:
    from cnncalc.render.csv_text import csv_text

    click.echo(csv_text(grids), nl=False)


def _markdown(grids: list[tuple[str, Grid]], units: Units) -> None:
    from cnncalc.render.markdown import markdown_text

    click.echo("\n".join(markdown_text(grid, units) for _, grid in grids), nl=False)


def _latex(grids: list[tuple[str, Grid]], units: Units) -> None:
    from cnncalc.render.latex import latex_text

    click.echo("\n".join(latex_text(grid, units) for _, grid in grids), nl=False)


FORMATS: dict[str, Callable[[list[tuple[str, Grid]], Units], None]] = {
    "table": _table,
    "csv": _csv,
    "markdown": _markdown,
    "latex": _latex,
}


def parse_columns(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """The names of `--columns`, each once."""
    return parse_names(value, COLUMNS, "column")


EPILOG = """\b
Examples:
  cnncalc show alexnet
  cnncalc show mine.yaml --input 3x160x160 --batch 32
  cnncalc show resnet50 --depth 3 --columns layer,output,params
  cnncalc show mobilenet_v2 --set width=0.5 --units human
  cnncalc show resnet50 --profile thop
  cnncalc show vgg16 resnet18 --format csv > table.csv
  cat mine.yaml | cnncalc show - --format json
"""


@click.command(epilog=EPILOG)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option(
    "--format", "format_", type=click.Choice([*FORMATS, "json"]), default="table", show_default=True,
    help="json gives a document for each spec, one a line where there are several.",
)  # fmt: skip
@click.option(
    "--columns", default=",".join(DEFAULT_COLUMNS), callback=parse_columns, metavar="NAMES",
    help=f"all, or some of {', '.join(COLUMNS)}.",
)  # fmt: skip
@click.option("--depth", type=click.IntRange(min=1), default=1, help="Levels to unfold; 1 is the spec's own lines.")
@click.option("--expand", is_flag=True, help="Unfold down to single layers.")
@click.option(
    "--units", type=click.Choice(["exact", "human"]), default="exact", show_default=True, help="60,965,224 or 60.97M."
)
@spec_options
def command(
    specs: tuple[str, ...], format_: str, columns: tuple[str, ...], depth: int, expand: bool, units: Units,
    **options: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """The table of an architecture, and its totals.

    Each line of a spec is a row. SPEC is a path, - for standard input, or the name of a bundled
    architecture ('cnncalc list' shows them).
    """
    if specs.count("-") > 1:
        raise click.UsageError("standard input can be read only once; give - once")
    outcome = Outcome()
    reports: list[tuple[str, Report]] = []
    for spec in specs:
        with outcome.collect():
            reports.append((spec, load_report(spec, **options)))
    if format_ == "json":
        _print_documents([report for _, report in reports], one=len(specs) == 1)
    elif reports:
        grids = [(spec, report_grid(report, columns, None if expand else depth)) for spec, report in reports]
        FORMATS[format_](grids, units)
    outcome.exit()


def _print_documents(reports: list[Report], one: bool) -> None:
    from cnncalc.render.document import document_line, document_text

    for report in reports:
        write = document_text if one else document_line
        click.echo(write(report, ascii_only=ascii_only()))
