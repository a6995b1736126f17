"""`cnncalc report`: architectures as one page."""

from __future__ import annotations

from typing import Unpack

import click

from cnncalc.cli.common import Outcome, check_standard_input, load_report
from cnncalc.cli.options import SpecOptions, spec_options
from cnncalc.cli.output import Printer, force_option
from cnncalc.cli.writing import check_target
from cnncalc.errors import ExportError
from cnncalc.pages.page import report_page
from cnncalc.render.summary import Summarized

MOST_LAYERS = 10_000
"""The most layers of a page: with their arithmetic they are 13 MB."""

EPILOG = """\b
Examples:
  cnncalc report resnet50 -o resnet50.html
  cnncalc report vgg16 resnet50 mobilenet_v2 -o three.html
  cnncalc report mine.yaml --batch 32 --dtype fp16 > mine.html
"""


@click.command(epilog=EPILOG)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("-o", "--output", "path", metavar="FILE", help="The file to write; without it the page is printed.")
@force_option
@spec_options
def command(specs: tuple[str, ...], path: str | None, force: bool, **options: Unpack[SpecOptions]) -> None:
    """Architectures as one page, for a browser or a printer.

    It holds the table, which folds and sorts, a figure, the arithmetic of every figure, memory over time,
    the receptive field, and the claims with their state; for several specs a comparison, too. The file
    needs no other one, and asks nothing of any server.
    """
    check_standard_input(specs)
    check_target("--output", path, (".html", ".htm"), force=force)
    printer = Printer("html", path=path, force=force)
    printer.check_file("page")
    outcome = Outcome()
    networks: list[Summarized] = []
    for spec in specs:
        with outcome.collect():
            report = load_report(spec, **options)
            if len(report.layers) > MOST_LAYERS:
                raise ExportError(
                    f"{spec}: a page of {len(report.layers):,} layers is too long for a browser; at most"
                    f" {MOST_LAYERS:,} are shown; 'cnncalc show' prints any number"
                )
            networks.append(Summarized(spec, report))
    if networks:
        printer.write(report_page(networks))
    outcome.exit()
