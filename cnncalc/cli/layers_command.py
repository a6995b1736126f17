"""`cnncalc layers`: the reference of layer kinds."""

from __future__ import annotations

import json

import click

from cnncalc.cli.common import ascii_only, output_console
from cnncalc.language.problems import suggestion
from cnncalc.network.vocabulary import ALIASES
from cnncalc.render.grid import Grid, Header
from cnncalc.render.reference import entries, entry_document, reference_text, usage
from cnncalc.render.table import print_table

HEADERS = (Header("kind", "kind"), Header("usage", "write"), Header("summary", "what it is", priority=1))

EPILOG = """\b
Examples:
  cnncalc layers
  cnncalc layers conv
  cnncalc layers residual
  cnncalc layers --format json
"""


@click.command(epilog=EPILOG)
@click.argument("kind", required=False)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(kind: str | None, format_: str) -> None:
    """The reference of layer kinds: parameters, defaults, formulas, what is counted."""
    known = entries()
    if kind is not None:
        word = ALIASES[kind][0] if kind in ALIASES else kind
        if word not in known:
            hint = suggestion(kind, [*known, *ALIASES]) or "; 'cnncalc layers' lists the kinds"
            raise click.UsageError(f"there is no layer kind '{kind}'{hint}")
        known = {word: known[word]}
    if format_ == "json":
        click.echo(json.dumps([entry_document(entry) for entry in known.values()], ensure_ascii=ascii_only(), indent=2))
    elif kind is not None:
        click.echo("\n".join(map(reference_text, known.values())), nl=False)
    else:
        rows = tuple((entry.kind, usage(entry), entry.summary) for entry in known.values())
        notes = (
            "cnncalc layers KIND says more; name, from, repeat, first, out and params may stand on every line,",
            "beside them a kind that needs no value without one: {name: last, relu, repeat: 2}",
        )
        print_table(
            Grid(f"{len(rows)} layer kinds", HEADERS, rows, notes=notes),
            output_console(),
            choice=" (--format json has all)",
        )
