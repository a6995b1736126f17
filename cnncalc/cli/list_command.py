"""`cnncalc list`: the bundled architectures with their totals, and whether their claims hold."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from cnncalc.analysis.claims import compare_claims
from cnncalc.api import analyze_source
from cnncalc.cli.common import Outcome, ascii_only, output_console, parse_names
from cnncalc.cli.selection import Selection, selection_options
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import bundled_names, read_bundled
from cnncalc.render.catalogue import COLUMNS, DEFAULT_COLUMNS, Entry, catalogue_document, catalogue_grid
from cnncalc.render.claims import Checked, claims_document, claims_grid, claims_text
from cnncalc.render.csv_text import csv_text
from cnncalc.render.grid import Grid
from cnncalc.render.markdown import markdown_text
from cnncalc.render.numbers import Units
from cnncalc.render.table import print_table

NO_YEAR = 9999
"""Where an architecture without a year stands among those that have one: at the end."""

ORDERS: dict[str, Callable[[Entry], tuple[Any, ...]]] = {
    "family": lambda entry: (entry.report.network.family.casefold(), entry.year or NO_YEAR, entry.report.totals.params),
    "year": lambda entry: (entry.year or NO_YEAR, entry.report.network.family.casefold(), entry.report.totals.params),
    "params": lambda entry: (entry.report.totals.params,),
    "macs": lambda entry: (entry.report.totals.macs,),
    "name": lambda entry: (),
}
"""What `--sort` goes by; architectures that are equal in it are in the order of their names."""

EPILOG = """\b
Examples:
  cnncalc list
  cnncalc list mobile                        in name, title or family
  cnncalc list --family ResNet --family VGG
  cnncalc list --year 2014..2016 --max-params 10M --sort macs
  cnncalc list --format csv --columns name,input,params,flops
  cnncalc list --check                       is every claim true?
"""


def parse_columns(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """The names of `--columns`, each once."""
    return parse_names(value, COLUMNS, "column")


@click.command(epilog=EPILOG)
@selection_options
@click.option(
    "--check", is_flag=True,
    help="Compare every claim of every spec with what comes out. Exit status 1 if one does not hold.",
)  # fmt: skip
@click.option("--sort", type=click.Choice(list(ORDERS)), default="family", show_default=True, help="Their order.")
@click.option(
    "--columns", default=",".join(DEFAULT_COLUMNS), callback=parse_columns, metavar="NAMES",
    help=f"all, or some of {', '.join(COLUMNS)}.",
)  # fmt: skip
@click.option(
    "--format", "format_", type=click.Choice(["table", "json", "csv", "markdown"]), default="table", show_default=True
)
@click.option(
    "--units", type=click.Choice(["exact", "human"]), default="exact", show_default=True, help="60,965,224 or 60.97M."
)
def command(check: bool, sort: str, columns: tuple[str, ...], format_: str, units: Units, **filters: Any) -> None:
    """The bundled architectures with their totals, and what their specs claim.

    With a WORD only those that have it in their name, title or family. Each can be given by its name
    wherever a command takes a SPEC.
    """
    outcome = Outcome()
    entries = sorted(_entries(Selection(**filters), outcome), key=ORDERS[sort])
    if check:
        checked = [(entry.name, compare_claims(entry.report)) for entry in entries]
        if not _print_claims(checked, outcome.failures, format_):
            sys.exit(1)
    else:
        _print_catalogue(entries, columns, format_, units)
    outcome.exit()


def _entries(selection: Selection, outcome: Outcome) -> list[Entry]:
    """The architectures that are meant, in the order of their names; the problems of a wrong one are printed."""
    specs: dict[str, Spec] = {}
    entries: list[Entry] = []
    for name in bundled_names():
        with outcome.collect():
            specs[name] = read_spec(read_bundled(name))
    selection.check_families(spec.family for spec in specs.values())
    for name, spec in specs.items():
        if selection.matches(name, spec):
            with outcome.collect():
                report = analyze_source(spec)
                if selection.admits(report):
                    entries.append(Entry(name, spec.year, report))
    return entries


def _print_catalogue(entries: Sequence[Entry], columns: tuple[str, ...], format_: str, units: Units) -> None:
    grid = catalogue_grid(entries, columns, of=len(bundled_names()))
    if format_ == "table":
        print_table(grid, output_console(), units, choice=" (choose with --columns)")
    else:
        _print(grid, catalogue_document(entries), format_, units)


def _print_claims(checked: Sequence[Checked], wrong: int, format_: str) -> bool:
    """Print how claims and figures compare; whether there are any claims and all of them hold."""
    if format_ == "table":
        click.echo(claims_text(checked, wrong), nl=False)
    else:
        _print(claims_grid(checked, wrong), claims_document(checked), format_)
    holds = [comparison.holds for _, comparisons in checked for comparison in comparisons]
    return bool(holds) and all(holds)


def _print(grid: Grid, document: list[dict[str, Any]], format_: str, units: Units = "exact") -> None:
    match format_:
        case "json":
            click.echo(json.dumps(document, ensure_ascii=ascii_only(), indent=2))
        case "csv":
            click.echo(csv_text([("", grid)]), nl=False)
        case _:
            click.echo(markdown_text(grid, units), nl=False)
