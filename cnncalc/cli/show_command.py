"""`cnncalc show`: the table of an architecture, and its totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import click

from cnncalc.analysis.report import Report
from cnncalc.cli.common import Outcome, check_standard_input, load_report
from cnncalc.cli.options import Names, SpecOptions, depth_options, spec_options
from cnncalc.cli.output import Printer, output_options
from cnncalc.figures import NUMBERS, number_of
from cnncalc.notation import several
from cnncalc.render.columns import COLUMNS, DEFAULT_COLUMNS, report_document
from cnncalc.render.document import FORMATS, PLOTS, Document

if TYPE_CHECKING:
    from cnncalc.drawing.picture import Picture  # loaded when one is drawn

EPILOG = """\b
Examples:
  cnncalc show alexnet
  cnncalc show mine.yaml --input 3x160x160 --batch 32
  cnncalc show resnet50 --depth 3 --columns layer,output,params
  cnncalc show mobilenet_v2 --set width=0.5 --units human
  cnncalc show resnet50 --profile thop
  cnncalc show vgg16 resnet18 --format csv > table.csv
  cnncalc show vgg16 resnet18 resnet50 --summary
  cat mine.yaml | cnncalc show - --format json
"""


def _summary_columns(ctx: click.Context) -> Names | None:
    """The columns of --summary, if it is given."""
    if not ctx.params.get("summary"):
        return None
    from cnncalc.render.summary import SUMMARY_COLUMNS, USUAL_COLUMNS

    return SUMMARY_COLUMNS, USUAL_COLUMNS


@click.command(epilog=EPILOG)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("--summary", is_flag=True, is_eager=True, help="A line for each spec, with what differs from the first.")
@output_options(
    (*FORMATS, *PLOTS), columns=COLUMNS, default=DEFAULT_COLUMNS, units=True,
    about="json gives a document for each spec, one a line where there are several. svg, png and pdf are plots of "
    "--summary: params against MACs, or the two figures of --columns.",
    more=" With --summary spec, title, input, output and every total.", instead=_summary_columns,
)  # fmt: skip
@depth_options
@spec_options
def command(
    specs: tuple[str, ...], summary: bool, printer: Printer, depth: int, expand: bool, **options: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """The table of an architecture, and its totals.

    Each line of a spec is a row. SPEC is a path, - for standard input, or the name of a bundled
    architecture ('cnncalc list' shows them).
    """
    check_standard_input(specs)
    if printer.format in PLOTS and not summary:
        raise click.UsageError(f"{printer.format} plots what --summary has; 'cnncalc draw' draws an architecture")
    printer.check_picture()
    outcome = Outcome()
    reports: list[tuple[str, Report]] = []
    for spec in specs:
        with outcome.collect():
            reports.append((spec, load_report(spec, open_sizes=printer.format not in PLOTS, **options)))
    if not summary:
        unfolded = None if expand else depth
        documents = (report_document(spec, report, printer.columns, unfolded) for spec, report in reports)
        printer.print_each(documents, several=len(specs) > 1)
    elif printer.format in PLOTS:
        printer.draw(_plot(reports, printer.columns))
    elif reports:
        printer.print(_summary(reports, printer.columns))
    outcome.exit()


def _summary(reports: Sequence[tuple[str, Report]], columns: Sequence[str]) -> Document:
    from cnncalc.render.summary import Summarized, summary_document

    return summary_document([Summarized(*each) for each in reports], columns)


def _plot(reports: Sequence[tuple[str, Report]], columns: Sequence[str]) -> Picture:
    from cnncalc.drawing.plot import PlottedNetwork, axes_of, plot_picture

    networks = [
        PlottedNetwork(spec, {figure.name: number_of(report.totals, figure.name) for figure in NUMBERS})
        for spec, report in reports
    ]
    return plot_picture(several(len(networks), "network"), networks, axes_of(columns))
