"""`cnncalc list`: the bundled architectures with their totals."""

from __future__ import annotations

import json

import click

from cnncalc.api import analyze_source
from cnncalc.cli.common import ascii_only, output_console
from cnncalc.render.grid import Grid, Header
from cnncalc.render.numbers import Units
from cnncalc.render.table import print_table
from cnncalc.spec.source import bundled_names, read_bundled

HEADERS = (
    Header("name", "name"),
    Header("title", "title", priority=2),
    Header("params", "params", "right"),
    Header("buffers", "buffers", "right", priority=3),
    Header("macs", "MACs", "right", priority=1),
    Header("source", "source", priority=4),
)

EPILOG = """\b
Examples:
  cnncalc list
  cnncalc list --units human
  cnncalc list --format json
"""


@click.command(epilog=EPILOG)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--units", type=click.Choice(["exact", "human"]), default="exact", show_default=True, help="60,965,224 or 60.97M."
)
def command(format_: str, units: Units) -> None:
    """The bundled architectures with their totals and sources.

    Each can be given by its name wherever a command takes a SPEC.
    """
    reports = [(name, analyze_source(read_bundled(name))) for name in bundled_names()]
    entries: list[dict[str, str | int]] = [
        {"name": name, "title": r.network.name, "source": r.network.source, "params": r.totals.params,
         "buffers": r.totals.buffers, "macs": r.totals.macs}
        for name, r in reports
    ]  # fmt: skip
    if format_ == "json":
        click.echo(json.dumps(entries, ensure_ascii=ascii_only(), indent=2))
        return
    rows = tuple(tuple(entry[header.name] for header in HEADERS) for entry in entries)
    print_table(
        Grid(f"{len(rows)} bundled architectures", HEADERS, rows),
        output_console(),
        units,
        choice=" (--format json has all)",
    )
