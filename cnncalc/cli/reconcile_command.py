"""`cnncalc reconcile`: the totals under every counting profile, and the meaning of another tool's number."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, Unpack

import click

from cnncalc.analysis.reconcile import reconcile
from cnncalc.cli.common import Outcome, load_report
from cnncalc.cli.options import SpecOptions, input_options
from cnncalc.cli.output import Printer, output_options
from cnncalc.explaining.exercise import Exercise
from cnncalc.explaining.explain import explain
from cnncalc.explaining.statement import Quantity, Statement
from cnncalc.explaining.ways import VARIANT
from cnncalc.language.claims import BYTE_UNITS, COUNT_UNITS, quantity
from cnncalc.language.expressions import ExpressionError
from cnncalc.render import reconciliation

UNITS = COUNT_UNITS | BYTE_UNITS | {"B": 10**9}
"""Suffixes of `--find`; a B alone is a billion, as in darknet's BFLOPs."""

UNIT_WORDS = ("flops", "flop", "macs", "mac", "maccs", "macc", "madds", "mult-adds", "params", "ops")

EPILOG = """\b
Examples:
  cnncalc reconcile alexnet
  cnncalc reconcile resnet50 --find 4.11G
  cnncalc reconcile resnet50 --input 3x160x160 --find 25557032
  cnncalc reconcile vgg16 --format csv > totals.csv
  cnncalc reconcile --rules
"""


class WantedTotal(NamedTuple):
    """A number as it was written, its value, and half a unit of its last digit."""

    text: str
    value: Fraction
    tolerance: Fraction


def _parse_number(ctx: click.Context, parameter: click.Parameter, value: str | None) -> WantedTotal | None:
    if value is None:
        return None
    text = value.strip()
    for word in UNIT_WORDS:
        if text.lower().endswith(word):
            text = text[: -len(word)].strip()
            break
    mantissa, e, exponent = text.lower().partition("e")
    scientific = e and exponent.lstrip("+").isdecimal() and len(exponent) < 4
    units = UNITS | {"e": 10 ** int(exponent)} if scientific else UNITS
    try:
        number, tolerance = quantity(f"{mantissa}e" if scientific else text, units)
    except ExpressionError:
        raise click.BadParameter(
            f"'{value}' is not a number; write it as 4.11G, 4.11e9, 715.553M or 714188480"
        ) from None
    if not number:
        raise click.BadParameter("0 is not a total")
    return WantedTotal(value.strip(), Fraction(number), tolerance)


@click.command(epilog=EPILOG)
@click.argument("spec", required=False)
@click.option(
    "--find", "found", callback=_parse_number, metavar="NUMBER",
    help="Say what another tool's number is: 4.11G, 715.553M, 61100840. Exit status 1 if nothing gives it.",
)  # fmt: skip
@click.option("--rules", is_flag=True, help="The rules of all profiles instead: what each counts for which kind.")
@output_options(units=True)
@input_options
def command(
    spec: str | None, found: WantedTotal | None, rules: bool, printer: Printer, **options: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """The totals under every counting profile, and which kinds of layers make the difference.

    With --find, what a number is that another tool, a paper or a README gives for the same network.
    """
    if rules:
        printer.print(reconciliation.rules_document())
        return
    if spec is None:
        raise click.UsageError("Missing argument 'SPEC'; only --rules needs none.")
    outcome, unknown = Outcome(), False
    with outcome.collect():
        report = load_report(spec, **options)
        if found is None:
            printer.print(reconciliation.tallies_document(report, reconcile(report), printer.units))
        else:
            statement = Statement("", "", found.text, quantity=Quantity(found.value, found.tolerance))
            verdict = explain(Exercise(report), statement)
            unknown = not verdict.ways
            if unknown or verdict.ways[0].rank > VARIANT:
                from cnncalc.explaining.relatives import ways_of_relatives

                others = ways_of_relatives(report, found.value, found.tolerance)
                verdict = verdict._replace(ways=(*others, *verdict.ways))
            printer.print(reconciliation.answer_document(report, found.text, found.value, verdict))
    outcome.exit(failed=unknown)
