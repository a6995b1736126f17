"""`cnncalc verify`: executes networks in numpy and compares what happens with what is calculated."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Unpack

import click

from cnncalc.cli.common import Outcome, load_report
from cnncalc.cli.options import SpecOptions, depth_options, shape_options
from cnncalc.cli.output import Printer, output_options
from cnncalc.cli.progress import with_progress
from cnncalc.language.source import bundled_names
from cnncalc.render.document import Document
from cnncalc.render.verification import summary_document, verification_document

EPILOG = """\b
Examples:
  cnncalc verify alexnet
  cnncalc verify mine.yaml --input 3x64x64 --seed 7
  cnncalc verify lenet5 --receptive-field
  cnncalc verify resnet18 --expand
  cnncalc verify lenet5 --values
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
    "--values", is_flag=True,
    help="Compute some values of every layer a second time, by plain loops and on a small input, too.",
)  # fmt: skip
@click.option(
    "--against", type=click.Choice(["onnxruntime"]),
    help="Compare all values of every layer, too, with what another program makes of the layer's input (extra onnx).",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of random input and weights.")
@click.option("--summary", "brief", is_flag=True, help="One line for each spec in place of the table.")
@depth_options
@output_options(units=True, about="json gives a document for each spec, one a line if there are several.")
@shape_options
def command(
    specs: tuple[str, ...], all_: bool, receptive_field: bool, values: bool, against: str | None, seed: int,
    brief: bool, depth: int, expand: bool, printer: Printer, **shapes: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """Execute networks in numpy and compare them with what is calculated: shapes, weight tensors and MACs.

    Input and weights are random. The execution knows the layers' settings and none of the formulas: it
    lists windows, multiplies, and counts what it did. The exit status is 1 if anything differs, or if a claim
    of the spec does not hold for its own input and vars; 'cnncalc check' explains it.

    Shapes say little about values. With --values, loops as a textbook has them compute some values of every layer a
    second time; with --against, another program computes them all. Both get what entered the layer here, so that the
    first layer that differs is the wrong one.
    """
    if all_ == bool(specs):
        raise click.UsageError("give a SPEC, or --all for every bundled architecture")
    if values and against:
        raise click.UsageError("--values and --against are two judges of the same values; ask one after the other")
    names = tuple(bundled_names()) if all_ else specs
    from cnncalc.verification.verify import verified

    outcome, differing = Outcome(), 0

    def documents() -> Iterator[Document]:
        nonlocal differing
        for number, name in enumerate(names, start=1):
            place = f"{number} of {len(names)}, " if len(names) > 1 else ""
            with outcome.collect():
                report = load_report(name, **shapes)
                found = verified(
                    report,
                    seed=seed,
                    receptive_field=receptive_field,
                    against=against,
                    values=values,
                    watch=partial(with_progress, before=place),
                )
                # What a spec claims is about its own input and vars.
                differing += bool(found.mismatches or (found.failed_claims and not any(shapes.values())))
                if brief or all_:
                    yield summary_document(name, found)
                else:
                    yield verification_document(name, found, None if expand else depth)

    printer.print_each(documents(), several=len(names) > 1, at_once=True)
    if all_ and printer.format == "table" and not differing and not outcome.failures:
        click.echo(f"{len(names)} architectures: all as claimed")
    outcome.exit(failed=bool(differing))
