"""`cnncalc sweep`: one row for each input size, variable and batch."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from math import prod
from os.path import basename, splitext

import click

from cnncalc.analysis.choices import read_swept
from cnncalc.analysis.sweep import Variant, run_sweep, smallest_inputs, sweep_smallest
from cnncalc.cli.common import Outcome, ascii_only, output_console, usage_errors
from cnncalc.cli.progress import with_progress
from cnncalc.errors import OverrideError
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import read_source
from cnncalc.network.build import build_network
from cnncalc.render.numbers import Units
from cnncalc.render.variants import (
    DEFAULT_FIGURES,
    FIGURES,
    smallest_text,
    sweep_document,
    variants_grid,
    variants_records,
)

QUICK_SECONDS = 1.0
QUICK_SEARCH = 1024
"""The largest input that the note below the table looks for."""

LONG_SEARCH = 4096
"""The largest input that --smallest looks for."""


def _parse_columns(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(FIGURES) if value == "all" else tuple(dict.fromkeys(n.strip() for n in value.lower().split(",")))
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        raise click.BadParameter(f"no column '{', '.join(unknown)}'; choose from all, {', '.join(FIGURES)}")
    return names


EPILOG = """\b
Values are lists and ranges: 160,192 or 160..320/32 (from..to/step).

\b
Examples:
  cnncalc sweep resnet50 --input 160..320/32
  cnncalc sweep mobilenet_v2 --set width=0.5,0.75,1.0 --input 160,224
  cnncalc sweep mine.yaml --input H=32..64/8 --batch 1,8 --format csv
  cnncalc sweep densenet121 --smallest
"""


@click.command(epilog=EPILOG)
@click.argument("spec")
@click.option(
    "--input", "inputs", multiple=True, metavar="SIZES",
    help="Sizes of height and width (or of the length), shapes as 3x160x160, or sizes of one axis as H=160,192.",
)  # fmt: skip
@click.option("--set", "variables", multiple=True, metavar="NAME=VALUES", help="Values of one of the spec's vars.")
@click.option("--batch", "batches", multiple=True, metavar="VALUES", help="Inputs at once.  [default: 1]")
@click.option("--smallest", is_flag=True, help="The smallest valid input in place of --input.")
@click.option(
    "--columns", default=",".join(DEFAULT_FIGURES), callback=_parse_columns, metavar="NAMES",
    help=f"all, or some of {', '.join(FIGURES)}.",
)  # fmt: skip
@click.option(
    "--units", type=click.Choice(["exact", "human"]), default="exact", show_default=True, help="60,965,224 or 60.97M."
)
@click.option("--format", "format_", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def command(
    spec: str, inputs: tuple[str, ...], variables: tuple[str, ...], batches: tuple[str, ...], smallest: bool,
    columns: tuple[str, ...], units: Units, format_: str,
) -> None:  # fmt: skip
    """One row for each combination of input sizes, values of vars and batches.

    A variant that is not valid is a row that says why. Below the table stands the smallest valid input:
    the first of 1, 2, 3, ... with which the network can be built.
    """
    if smallest and inputs:
        raise click.UsageError("--smallest takes the place of --input; keep one")
    outcome = Outcome()
    with outcome.collect(), usage_errors():
        read = read_spec(read_source(spec))
        swept = read_swept(read, inputs, variables, batches)
        names = tuple(thing.name for thing in swept)
        total = prod(len(thing.choices) for thing in swept)
        if smallest:
            names = ("input", *names)
            variants = list(with_progress(sweep_smallest(read, swept, LONG_SEARCH), total, "variants"))
        else:
            variants = list(with_progress(run_sweep(read, swept), total, "variants"))
        if not any(variant.totals for variant in variants):
            build_network(read)  # the spec itself may be wrong: then its problems are told with their places
        _print(read, names, variants, columns, units, format_, quick=not smallest)
        if not any(variant.totals for variant in variants):
            sys.exit(1)
    outcome.exit()


def _print(
    spec: Spec, names: Sequence[str], variants: list[Variant], columns: tuple[str, ...], units: Units, format_: str,
    quick: bool,
) -> None:  # fmt: skip
    title = spec.name or splitext(basename(spec.file))[0]
    if format_ == "json":
        click.echo(json.dumps(sweep_document(title, names, variants), ensure_ascii=ascii_only(), indent=2))
    elif format_ == "csv":
        from cnncalc.render.csv_text import csv_text

        click.echo(csv_text([(title, variants_records(names, variants, columns))]), nl=False)
    else:
        from cnncalc.render.table import print_table

        notes = _smallest_note(spec) if quick else ()
        print_table(variants_grid(title, names, variants, columns, notes), output_console(), units)


def _smallest_note(spec: Spec) -> tuple[str, ...]:
    """The smallest valid input, with the spec's own values of vars."""
    try:
        found = smallest_inputs(spec, {}, QUICK_SEARCH, QUICK_SECONDS)
    except OverrideError:
        return ()
    texts = [smallest_text(one) for one in found if one.axes != ("C",)]
    return (f"smallest valid input: {'; '.join(texts)}",) if texts else ()
