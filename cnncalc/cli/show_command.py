"""`cnncalc show`: the table of an architecture, and its totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn, Unpack

import click

from cnncalc.analysis.report import Report
from cnncalc.cli.common import Outcome, check_standard_input, load_report
from cnncalc.cli.options import Names, SpecOptions, depth_options, spec_options, watch_option
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
  cnncalc show mine.yaml --watch
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
    about="json gives a document for each spec, one a line if there are several. svg, png and pdf are plots of "
    "--summary: params against MACs, or the two figures of --columns.",
    more=" With --summary spec, title, input, output and every total.", instead=_summary_columns,
)  # fmt: skip
@depth_options
@watch_option
@spec_options
def command(
    specs: tuple[str, ...], summary: bool, printer: Printer, depth: int, expand: bool, watch: bool,
    **options: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """The table of an architecture, and its totals.

    Each line of a spec is a row. SPEC is a path, - for standard input, or the name of a bundled
    architecture ('cnncalc list' shows them).
    """
    check_standard_input(specs)
    if printer.format in PLOTS and not summary:
        raise click.UsageError(f"{printer.format} plots what --summary has; 'cnncalc draw' draws an architecture")
    printer.check_picture()
    load = partial(load_report, open_sizes=printer.format not in PLOTS, **options)
    show = partial(_print, printer, summary, None if expand else depth, len(specs) > 1)
    if watch:
        _watch(specs, printer, load, show)
    outcome = Outcome()
    reports: list[tuple[str, Report]] = []
    for spec in specs:
        with outcome.collect():
            reports.append((spec, load(spec)))
    show(reports)
    outcome.exit()


Reports = Sequence[tuple[str, Report]]


def _print(printer: Printer, summary: bool, depth: int | None, several: bool, reports: Reports) -> None:
    if not summary:
        documents = (report_document(spec, report, printer.columns, depth) for spec, report in reports)
        printer.print_each(documents, several=several)
    elif printer.format in PLOTS:
        printer.draw(_plot(reports, printer.columns))
    elif reports:
        printer.print(_summary(reports, printer.columns))


def _watch(
    specs: Sequence[str], printer: Printer, load: Callable[[str], Report], show: Callable[[Reports], None]
) -> NoReturn:
    from cnncalc.cli.watching import follow, require_files, show_kept  # most tables are shown once
    from cnncalc.targets import file_of

    if not printer.is_for_people:
        raise click.UsageError("--watch shows tables; leave out --format and -o")
    require_files(specs)
    kept: dict[str, Report] = {}
    shown = partial(show_kept, specs, load, kept, lambda: show([(spec, kept[spec]) for spec in specs if spec in kept]))
    follow(lambda: map(file_of, specs), shown)


def _summary(reports: Reports, columns: Sequence[str]) -> Document:
    from cnncalc.render.summary import Summarized, summary_document

    return summary_document([Summarized(*each) for each in reports], columns)


def _plot(reports: Reports, columns: Sequence[str]) -> Picture:
    from cnncalc.drawing.plot import PlottedNetwork, axes_of, plot_picture

    networks = [
        PlottedNetwork(spec, {figure.name: number_of(report.totals, figure.name) for figure in NUMBERS})
        for spec, report in reports
    ]
    return plot_picture(several(len(networks), "network"), networks, axes_of(columns))
