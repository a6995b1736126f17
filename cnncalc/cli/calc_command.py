"""`cnncalc calc`: one-liners without a file."""

from __future__ import annotations

import click

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.derivation import derive
from cnncalc.cli.common import Outcome, usage_errors
from cnncalc.cli.options import batch_option
from cnncalc.cli.output import Printer, output_options
from cnncalc.network.build import build_network
from cnncalc.network.oneliner import read_oneliner
from cnncalc.render.columns import COLUMNS, DEFAULT_COLUMNS, report_document
from cnncalc.shapes import Layout

EPILOG = """\b
LAYERS are separated by commas: each is a kind, its values, and what differs
from the defaults:
  conv 96 11x11          filters, kernel     dropout 0.5   the first parameter
  pool 3 /2              /2 is the stride; pool is maxpool
  conv 64 3 p1           p1, p1x2, p1+2 (before+after), psame, phalf: padding
  conv 64 3 d2 g2        dilation 2, groups 2
  conv 64 3 bn relu      norm and activation
  conv 64 3 bias=false   any other parameter; 'cnncalc layers conv' lists them

\b
Examples:
  cnncalc calc 3x227x227 "conv 96 11x11 /4, pool 3 /2"
  cnncalc calc 3x32x32 "conv 8 3 p1 relu, pool 2, flatten, fc 10" --explain
  cnncalc calc 1x16000 "conv 64 80 /4 psame bn relu" --units human
  cnncalc calc 224x224x3 "conv 64 7 /2 phalf" --layout HWC --format json
"""


@click.command(epilog=EPILOG)
@click.argument("shape", metavar="INPUT")
@click.argument("layers", nargs=-1, required=True)
@click.option("--layout", type=click.Choice(["CHW", "HWC"]), default="CHW", show_default=True, help="Order of shapes.")
@batch_option
@output_options(columns=COLUMNS, default=DEFAULT_COLUMNS, units=True)
@click.option("--explain", is_flag=True, help="The arithmetic of every figure, in place of the table.")
def command(shape: str, layers: tuple[str, ...], layout: Layout, batch: int, printer: Printer, explain: bool) -> None:
    """The figures of a few layers, without a file.

    INPUT is a shape as 3x227x227, 1x16000 or 784. LAYERS is the notation below, best in quotes.
    """
    outcome = Outcome()
    with outcome.collect():
        with usage_errors():
            spec = read_oneliner(shape, " ".join(layers), layout)
        report = analyze_network(build_network(spec), batch=batch)
        if explain:
            from cnncalc.render.explanations import derivations_document

            printer.print(derivations_document(report, [derive(report, layer) for layer in report.layers]))
        else:
            printer.print(report_document(shape, report, printer.columns))
    outcome.exit()
