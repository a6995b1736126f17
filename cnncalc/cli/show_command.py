"""`cnncalc show`: the table of an architecture, and its totals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import click

from cnncalc.analysis.report import Report
from cnncalc.cli.common import Outcome, load_report, output_console, spec_options
from cnncalc.render.columns import COLUMNS, DEFAULT_COLUMNS, report_grid
from cnncalc.render.grid import Grid

Units = Literal["exact", "human"]


def _table(grids: dict[str, Grid], units: Units) -> None:
    from cnncalc.render.table import print_table

    console = output_console()
    for number, grid in enumerate(grids.values()):
        if number:
            console.print()
        print_table(grid, console, units)


def _csv(grids: dict[str, Grid], units: Units) -> None:
    from cnncalc.render.csv_text import csv_text

    click.echo(csv_text(grids), nl=False)


def _markdown(grids: dict[str, Grid], units: Units) -> None:
    from cnncalc.render.markdown import markdown_text

    click.echo("\n".join(markdown_text(grid, units) for grid in grids.values()), nl=False)


def _latex(grids: dict[str, Grid], units: Units) -> None:
    from cnncalc.render.latex import latex_text

    click.echo("\n".join(latex_text(grid, units) for grid in grids.values()), nl=False)


FORMATS: dict[str, Callable[[dict[str, Grid], Units], None]] = {
    "table": _table,
    "csv": _csv,
    "markdown": _markdown,
    "latex": _latex,
}


def parse_columns(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """The names of `--columns`, each once."""
    if value == "all":
        return tuple(COLUMNS)
    names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or not names:
        raise click.BadParameter(f"no column '{', '.join(unknown)}'; choose from all, {', '.join(COLUMNS)}")
    return names


EPILOG = """\b
Examples:
  cnncalc show alexnet
  cnncalc show mine.yaml --input 3x160x160 --batch 32
  cnncalc show resnet50 --depth 3 --columns layer,output,params
  cnncalc show mobilenet_v2 --set width=0.5 --units human
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
    inputs: tuple[str, ...], variables: dict[str, str], batch: int,
) -> None:  # fmt: skip
    """The table of an architecture, and its totals.

    Each line of a spec is a row. SPEC is a path, - for standard input, or the name of a bundled
    architecture ('cnncalc list' shows them).
    """
    outcome = Outcome()
    reports: dict[str, Report] = {}
    for spec in specs:
        with outcome.collect():
            reports[spec] = load_report(spec, inputs, variables, batch)
    if format_ == "json":
        _print_documents(list(reports.values()), one=len(specs) == 1)
    elif reports:
        grids = {spec: report_grid(report, columns, None if expand else depth) for spec, report in reports.items()}
        FORMATS[format_](grids, units)
    outcome.exit()


def _print_documents(reports: list[Report], one: bool) -> None:
    from cnncalc.render.document import document_line, document_text

    for report in reports:
        click.echo(document_text(report) if one else document_line(report))
