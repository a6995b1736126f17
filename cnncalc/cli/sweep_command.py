"""`cnncalc sweep`: one row for each input size, variable and batch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from os.path import basename, splitext
from typing import TYPE_CHECKING

import click

from cnncalc.analysis.choices import read_swept
from cnncalc.analysis.sweep import ALL_FIGURES, Combination, run_sweep, smallest_inputs, sweep_smallest
from cnncalc.cli.common import Outcome, usage_errors
from cnncalc.cli.options import jobs_option
from cnncalc.cli.output import Printer, output_options
from cnncalc.cli.progress import with_progress
from cnncalc.errors import OverrideError
from cnncalc.figures import FIGURES
from cnncalc.importing.sources import read_any
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.network.build import build_network
from cnncalc.render.document import FORMATS, PLOTS
from cnncalc.render.variants import SWEPT_FIGURES, USUALLY_SWEPT, smallest_text, variants_document

if TYPE_CHECKING:
    from cnncalc.drawing.picture import Picture  # loaded when one is drawn

QUICK_SECONDS = 1.0
QUICK_SEARCH = 1024
"""The input up to which the note below the table tries every size."""

LONG_SEARCH = 4096
"""The input up to which --smallest tries every size."""


EPILOG = """\b
Values are lists and ranges: 160,192 or 160..320/32 (from..to/step).

\b
Examples:
  cnncalc sweep resnet50 --input 160..320/32
  cnncalc sweep mobilenet_v2 --set width=0.5,0.75,1.0 --input 160,224
  cnncalc sweep mine.yaml --input H=32..64/8 --batch 1,8 --format csv
  cnncalc sweep densenet121 --smallest
  cnncalc sweep mobilenet_v2 --set width=0.5,1 --input 160,224 -o plot.svg
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
@jobs_option("variants")
@output_options(
    (*FORMATS, *PLOTS), columns=SWEPT_FIGURES, default=USUALLY_SWEPT, units=True,
    about="svg, png and pdf are plots: params against MACs, or the two figures of --columns.",
)  # fmt: skip
def command(
    spec: str, inputs: tuple[str, ...], variables: tuple[str, ...], batches: tuple[str, ...], smallest: bool,
    jobs: int | None, printer: Printer,
) -> None:  # fmt: skip
    """One row for each combination of input sizes, values of vars and batches.

    A variant that is not valid is a row that says why. Below the table is the smallest valid input:
    the first of 1, 2, 3, ... with which the network can be built; if a window is larger than all of these, the
    least that it fits into.
    """
    if smallest and inputs:
        raise click.UsageError("--smallest takes the place of --input; keep one")
    printer.check_picture()
    outcome, valid = Outcome(), False
    with outcome.collect(), usage_errors():
        read = read_spec(read_any(spec))
        swept = read_swept(read, inputs, variables, batches)
        names = (*(["input"] if smallest else []), *(thing.name for thing in swept))
        shown = [name for name in printer.columns if name in FIGURES]
        figures = ALL_FIGURES if printer.format == "json" else shown
        if smallest:
            made = sweep_smallest(read, swept, LONG_SEARCH, figures, jobs)
        else:
            made = run_sweep(read, swept, figures, jobs)
        variants = list(with_progress(made, prod(len(thing.choices) for thing in swept), "variants"))
        valid = any(variant.totals is not None for variant in variants)
        if not valid:
            build_network(read)  # the spec itself may be wrong: then its problems are reported with their places
        title = read.name or splitext(basename(read.file))[0]
        if printer.format in PLOTS:
            printer.draw(_plot(title, variants, printer.columns))
            outcome.exit(failed=not valid)
            return
        notes = partial(_smallest_note, read) if not smallest else tuple
        printer.print(variants_document(title, names, variants, printer.columns, notes))
    outcome.exit(failed=not valid)


def _plot(title: str, variants: Sequence[Combination], columns: Sequence[str]) -> Picture:
    from cnncalc.drawing.plot import PlottedNetwork, axes_of, plot_picture

    networks = [PlottedNetwork(" ".join(each.labels).replace("x", "×"), each.totals or {}) for each in variants]
    return plot_picture(title, networks, axes_of(columns))


def _smallest_note(spec: Spec) -> tuple[str, ...]:
    """The smallest valid input, with the spec's own values of vars."""
    try:
        found = smallest_inputs(spec, {}, QUICK_SEARCH, QUICK_SECONDS)
    except OverrideError:
        return ()
    texts = [smallest_text(one) for one in found if one.axes != ("C",)]
    return (f"smallest valid input: {'; '.join(texts)}",) if texts else ()
