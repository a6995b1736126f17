"""`cnncalc show`: the table of an architecture, and its totals."""

from __future__ import annotations

from typing import Unpack

import click

from cnncalc.cli.common import Outcome, check_standard_input, load_report
from cnncalc.cli.options import SpecOptions, depth_options, spec_options
from cnncalc.cli.output import Printer, output_options
from cnncalc.render.columns import COLUMNS, DEFAULT_COLUMNS, report_document
from cnncalc.render.document import Document

EPILOG = """\b
Examples:
  cnncalc show alexnet
  cnncalc show mine.yaml --input 3x160x160 --batch 32
  cnncalc show resnet50 --depth 3 --columns layer,output,params
  cnncalc show mobilenet_v2 --set width=0.5 --units human
  cnncalc show resnet50 --profile thop
  cnncalc show vgg16 resnet18 --format csv > table.csv
  cat mine.yaml | cnncalc show - --format json
"""


@click.command(epilog=EPILOG)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@output_options(
    columns=COLUMNS, default=DEFAULT_COLUMNS, units=True,
    about="json gives a document for each spec, one a line where there are several.",
)  # fmt: skip
@depth_options
@spec_options
def command(
    specs: tuple[str, ...], printer: Printer, depth: int, expand: bool, **options: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """The table of an architecture, and its totals.

    Each line of a spec is a row. SPEC is a path, - for standard input, or the name of a bundled
    architecture ('cnncalc list' shows them).
    """
    check_standard_input(specs)
    outcome = Outcome()
    documents: list[Document] = []
    for spec in specs:
        with outcome.collect():
            report = load_report(spec, open_sizes=True, **options)
            documents.append(report_document(spec, report, printer.columns, None if expand else depth))
    printer.print_each(documents, several=len(specs) > 1)
    outcome.exit()
