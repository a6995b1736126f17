"""`cnncalc layers`: the reference of layer kinds."""

from __future__ import annotations

import click

from cnncalc.cli.output import Printer, output_options
from cnncalc.network.vocabulary import ALIASES, foreign, kind_suggestion, resolved
from cnncalc.render.document import FORMATS
from cnncalc.render.reference import kind_document, kinds_document, references

EPILOG = """\b
Examples:
  cnncalc layers
  cnncalc layers conv
  cnncalc layers residual
  cnncalc layers --format json
"""


@click.command(epilog=EPILOG)
@click.argument("kind", required=False)
@output_options(("text", *FORMATS))
def command(kind: str | None, printer: Printer) -> None:
    """The reference of layer kinds: parameters, defaults, formulas, what is counted."""
    known = references()
    if kind is None:
        printer.print(kinds_document(tuple(known.values())))
        return
    word = resolved(kind)[0]
    if word not in known:
        elsewhere = foreign(kind)
        hint = f": {elsewhere.reason}" if elsewhere else kind_suggestion(kind, [*known, *ALIASES])
        hint = hint or "; 'cnncalc layers' lists the kinds"
        raise click.UsageError(f"there is no layer kind '{kind}'{hint}")
    printer.print(kind_document(known[word]))
