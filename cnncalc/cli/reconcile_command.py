"""`cnncalc reconcile`: the totals under every counting profile, and what another tool's number is."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any, NamedTuple, Unpack

import click

from cnncalc.analysis.identify import identify
from cnncalc.analysis.reconcile import reconcile
from cnncalc.analysis.report import Report
from cnncalc.cli.common import Outcome, SpecOptions, ascii_only, input_options, load_report, output_console
from cnncalc.language.claims import BYTE_UNITS, COUNT_UNITS, quantity
from cnncalc.language.expressions import ExpressionError
from cnncalc.render import findings, reconciliation
from cnncalc.render.csv_text import csv_text
from cnncalc.render.grid import Grid
from cnncalc.render.markdown import markdown_text
from cnncalc.render.table import print_table

UNITS = COUNT_UNITS | BYTE_UNITS | {"B": 10**9}
"""Suffixes of `--find`; a B alone is a billion, as in darknet's BFLOPs."""

UNIT_WORDS = ("flops", "flop", "macs", "mac", "maccs", "macc", "madds", "mult-adds", "params", "ops")

EPILOG = """\b
Examples:
  cnncalc reconcile alexnet
  cnncalc reconcile resnet50 --find 4.11G
  cnncalc reconcile resnet50 --input 3x160x160 --find 25557032
  cnncalc reconcile vgg16 --format csv > totals.csv
  cnncalc reconcile --rules
"""


class Written(NamedTuple):
    """A number as it was written, its value, and half a unit of its last digit."""

    text: str
    value: Fraction
    tolerance: Fraction


def _parse_number(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Written | None:
    if value is None:
        return None
    text = value.strip()
    for word in UNIT_WORDS:
        if text.lower().endswith(word):
            text = text[: -len(word)].strip()
            break
    try:
        number, tolerance = quantity(text, UNITS)
    except ExpressionError:
        raise click.BadParameter(f"'{value}' is not a number; write it as 4.11G, 715.553M or 714188480") from None
    if not number:
        raise click.BadParameter("0 is no total")
    return Written(value.strip(), Fraction(number), tolerance)


@click.command(epilog=EPILOG)
@click.argument("spec", required=False)
@click.option(
    "--find", "found", callback=_parse_number, metavar="NUMBER",
    help="Say what another tool's number is: 4.11G, 715.553M, 61100840. Exit status 1 if nothing gives it.",
)  # fmt: skip
@click.option("--rules", is_flag=True, help="The rules of all profiles instead: what each counts for which kind.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "json", "markdown", "csv"]), default="table", show_default=True
)
@input_options
def command(
    spec: str | None, found: Written | None, rules: bool, format_: str,
    **options: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """The totals under every counting profile, and which kinds of layers make the difference.

    With --find, what a number is that another tool, a paper or a README gives for the same network.
    """
    if rules:
        _print(reconciliation.rules_grid(), reconciliation.rules_document(), format_)
        return
    if spec is None:
        raise click.UsageError("Missing argument 'SPEC'; only --rules needs none.")
    outcome = Outcome()
    with outcome.collect():
        report = load_report(spec, **options)
        if found is None:
            _print_tallies(report, format_)
        elif not _print_answer(report, found, format_):
            sys.exit(1)
    outcome.exit()


def _print_tallies(report: Report, format_: str) -> None:
    tallies = reconcile(report)
    grid = reconciliation.flat_grid if format_ == "csv" else reconciliation.tallies_grid
    _print(grid(report, tallies), reconciliation.tallies_document(report, tallies), format_)


def _print_answer(report: Report, found: Written, format_: str) -> bool:
    """Print what a number is; whether anything gives it."""
    answer = identify(report, found.value, found.tolerance)
    if format_ == "table":
        width = output_console().width
        click.echo(findings.answer_text(report, found.text, found.value, answer, width), nl=False)
    else:
        grid = findings.answer_grid(report, found.text, found.value, answer)
        _print(grid, findings.answer_document(report, found.text, found.value, answer), format_)
    return bool(answer.fitting)


def _print(grid: Grid, document: Any, format_: str) -> None:
    match format_:
        case "json":
            click.echo(json.dumps(document, ensure_ascii=ascii_only(), indent=2))
        case "csv":
            click.echo(csv_text([("", grid)]), nl=False)
        case "markdown":
            click.echo(markdown_text(grid), nl=False)
        case _:
            print_table(grid, output_console())
