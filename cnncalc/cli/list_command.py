"""`cnncalc list`: the bundled architectures with their totals, and whether their claims hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from cnncalc.analysis.claims import compare_claims
from cnncalc.api import analyze_source
from cnncalc.cli.common import Outcome, say_beside
from cnncalc.cli.output import Printer, output_options
from cnncalc.cli.selection import Selection, selection_options
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import bundled_names, read_bundled
from cnncalc.render.catalogue import DEFAULT_COLUMNS, LIST_COLUMNS, Architecture, catalogue_document
from cnncalc.render.claims import claims_document
from cnncalc.render.document import FORMATS, PLOTS

if TYPE_CHECKING:
    from cnncalc.drawing.picture import Picture  # loaded when one is drawn

NO_YEAR = 9999
"""The year by which an architecture without one is sorted: at the end."""

ORDERS: dict[str, Callable[[Architecture], tuple[Any, ...]]] = {
    "family": lambda entry: (entry.report.network.family.casefold(), entry.year or NO_YEAR, entry.report.totals.params),
    "year": lambda entry: (entry.year or NO_YEAR, entry.report.network.family.casefold(), entry.report.totals.params),
    "params": lambda entry: (entry.report.totals.params,),
    "macs": lambda entry: (entry.report.totals.macs,),
    "name": lambda entry: (),
}
"""The keys of `--sort`; architectures with an equal key are in the order of their names."""

EPILOG = """\b
Examples:
  cnncalc list
  cnncalc list mobile                        in name, title or family
  cnncalc list --family ResNet --family VGG
  cnncalc list --year 2014..2016 --max-params 10M --sort macs
  cnncalc list --format csv --columns name,input,params,flops
  cnncalc list --max-params 30M -o plot.svg  params against MACs
  cnncalc list --check                       is every claim true?
"""


@click.command(epilog=EPILOG)
@selection_options
@click.option(
    "--check", is_flag=True,
    help="Compare every claim of every spec with what comes out. Exit status 1 if one does not hold.",
)  # fmt: skip
@click.option("--sort", type=click.Choice(list(ORDERS)), default="family", show_default=True, help="Their order.")
@output_options(
    (*FORMATS, *PLOTS), columns=LIST_COLUMNS, default=DEFAULT_COLUMNS, units=True,
    about="svg, png and pdf are plots: params against MACs, or the two figures of --columns.",
)  # fmt: skip
def command(check: bool, sort: str, printer: Printer, **filters: Any) -> None:
    """The bundled architectures with their totals, and what their specs claim.

    With a WORD only those that have it in their name, title or family. Each can be given by its name
    wherever a command takes a SPEC.
    """
    printer.check_picture()
    if check and printer.format in PLOTS:
        raise click.UsageError("--check compares claims, which no plot shows; keep one of the two")
    outcome = Outcome()
    entries = sorted(_entries(Selection(**filters), outcome), key=ORDERS[sort])
    failed = False
    if printer.format in PLOTS:
        printer.draw(_plot(entries, printer.columns))
    elif check:
        checked = [(entry.name, compare_claims(entry.report)) for entry in entries]
        holds = [comparison.holds for _, comparisons in checked for comparison in comparisons]
        failed = not holds or not all(holds)
        printer.print(claims_document(checked, outcome.failures))
    else:
        printer.print(catalogue_document(entries, printer.columns, of=len(bundled_names())))
    outcome.exit(failed=failed)


def _plot(entries: Sequence[Architecture], columns: Sequence[str]) -> Picture:
    from cnncalc.drawing.plot import PlottedNetwork, axes_of, plot_picture

    networks = [PlottedNetwork(entry.name, entry.report.totals.values()) for entry in entries]
    return plot_picture(f"{len(entries)} architectures", networks, axes_of(columns))


def _entries(selection: Selection, outcome: Outcome) -> list[Architecture]:
    """The architectures that are meant, in the order of their names; the problems of a wrong one are printed."""
    specs: dict[str, Spec] = {}
    entries: list[Architecture] = []
    for name in bundled_names():
        with outcome.collect():
            specs[name] = read_spec(read_bundled(name))
    selection.check_families(spec.family for spec in specs.values())
    matching = selection.matching(specs)
    if not matching:
        say_beside(f"note: no bundled architecture fits{selection.near(specs)}")
    for name in matching:
        with outcome.collect():
            report = analyze_source(specs[name])
            if selection.admits(report):
                entries.append(Architecture(name, specs[name].year, report))
    return entries
