"""`cnncalc verify`: executes networks in numpy and compares what happens with every claim."""

from __future__ import annotations

import json
import sys

import click

from cnncalc.cli.common import Outcome, ascii_only, load_report, output_console, shape_options
from cnncalc.cli.progress import with_progress
from cnncalc.language.source import bundled_names
from cnncalc.render.table import print_table
from cnncalc.render.verification import summary, verification_document, verification_grid
from cnncalc.verification.verdicts import Verification

EPILOG = """\b
Examples:
  cnncalc verify alexnet
  cnncalc verify mine.yaml --input 3x64x64 --seed 7
  cnncalc verify lenet5 --receptive-field
  cnncalc verify resnet18 --expand
  cnncalc verify lenet5 --against onnxruntime
  cnncalc verify mobilenet_v2 resnet50 --summary
  cnncalc verify vgg16 --format json
  cnncalc verify --all
"""


@click.command(epilog=EPILOG)
@click.argument("specs", nargs=-1, metavar="SPEC...")
@click.option("--all", "all_", is_flag=True, help="Every bundled architecture, one line each.")
@click.option(
    "--receptive-field", is_flag=True,
    help="Put NaN into single pixels of the input, too, and see which outputs turn NaN.",
)  # fmt: skip
@click.option(
    "--against", type=click.Choice(["onnxruntime"]),
    help="Compare the values of every layer, too, with those of another program (extra onnx).",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of random input and weights.")
@click.option("--summary", "brief", is_flag=True, help="One line for each spec in place of the table.")
@click.option("--depth", type=click.IntRange(min=1), default=1, help="Levels to unfold; 1 is the spec's own lines.")
@click.option("--expand", is_flag=True, help="Unfold down to single layers.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="json gives a document for each spec, one a line where there are several.",
)  # fmt: skip
@shape_options
def command(
    specs: tuple[str, ...], all_: bool, receptive_field: bool, against: str | None, seed: int, brief: bool, depth: int,
    expand: bool, format_: str, inputs: tuple[str, ...], variables: dict[str, str],
) -> None:  # fmt: skip
    """Execute networks in numpy and compare them with every claim: shapes, weight tensors and MACs.

    Input and weights are random. The execution knows the layers' settings and none of the formulas: it
    lists windows, multiplies, and counts what it did. The exit status is 1 if anything differs.
    """
    if all_ == bool(specs):
        raise click.UsageError("give a SPEC, or --all for every bundled architecture")
    names = tuple(bundled_names()) if all_ else specs
    from cnncalc.verification.verify import verified

    outcome = Outcome()
    confirmed = True
    for number, name in enumerate(names):
        with outcome.collect():
            report = load_report(name, inputs=inputs, variables=variables)
            found = verified(report, seed=seed, receptive_field=receptive_field, against=against, watch=with_progress)
            confirmed &= not found.mismatches
            if format_ == "json":
                indent = 2 if len(names) == 1 else None
                click.echo(json.dumps(verification_document(found), ensure_ascii=ascii_only(), indent=indent))
            elif brief or all_:
                click.echo(f"{name}: {summary(found)}")
                _print_mismatches(found)
            else:
                _print_table(found, None if expand else depth, first=not number)
    if all_ and format_ == "table" and confirmed and not outcome.failures:
        click.echo(f"{len(names)} architectures: all as claimed")
    outcome.exit()
    if not confirmed:
        sys.exit(1)


def _print_table(found: Verification, depth: int | None, *, first: bool) -> None:
    console = output_console()
    if not first:
        console.print()
    print_table(verification_grid(found, depth), console)
    _print_mismatches(found)
    console.print(f"\n{summary(found)}", soft_wrap=True)


def _print_mismatches(found: Verification) -> None:
    for mismatch in found.mismatches:
        click.echo(f"  {mismatch}")
