"""`cnncalc diff`: what was edited between two specs, and what follows from it."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from cnncalc.analysis.analyze import analyze_network
from cnncalc.cli.common import Outcome, ascii_only, output_console, usage_errors
from cnncalc.cli.git import read_revision
from cnncalc.comparison.compare import Differences, Side, compare
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source, read_source
from cnncalc.network.build import build_network
from cnncalc.render.differences import changes_grid, differences_markdown, in_width, new_grid, title, totals_grid
from cnncalc.render.differences_document import differences_document, new_document
from cnncalc.render.markdown import markdown_text
from cnncalc.render.numbers import Units
from cnncalc.render.table import print_table

EPILOG = """\b
Examples:
  cnncalc diff alexnet alexnet_one_tower
  cnncalc diff resnet18 resnet50 --units human
  cnncalc diff alexnet mine.yaml --format markdown
"""


@click.command(epilog=EPILOG)
@click.argument("specs", nargs=-1, required=True, metavar="OLD NEW")
@click.option("--git", "revision", metavar="REV", help="Compare one SPEC with what it was in this revision.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "markdown", "json"]), default="table", show_default=True,
    help="markdown is for a pull request.",
)  # fmt: skip
@click.option(
    "--units", type=click.Choice(["exact", "human"]), default="exact", show_default=True, help="60,965,224 or 60.97M."
)
@click.option("--exit-code", is_flag=True, help="Exit status 1 if anything differs, as git diff has it.")
def command(specs: tuple[str, ...], revision: str | None, format_: str, units: Units, exit_code: bool) -> None:
    """What was edited between two specs, and what follows from it.

    Lines are paired by name, then by what they say: an inserted layer leaves the others alone. A row whose
    own words changed is edited; one whose figures changed because of an edit elsewhere follows. With
    --git REV SPEC the old text is the one of that revision: cnncalc diff --git HEAD mine.yaml. A file that
    REV does not have is new. Claims, comments and layout are not compared.
    """
    outcome, differ = Outcome(), False
    with outcome.collect():
        with usage_errors():
            old, new = _sources(specs) if revision is None else _with_past(revision, specs)
        if old is None:
            differ = True
            _print_new(_side(new), revision or "", format_, units)
        else:
            differences = compare(_side(old), _side(new))
            differ = differences.exist
            _print(differences, format_, units)
    outcome.exit()
    if exit_code and differ:
        sys.exit(1)


def _with_past(revision: str, specs: tuple[str, ...]) -> tuple[Source | None, Source]:
    """A spec as it was and as it is; None where there was none."""
    if len(specs) != 1:
        raise click.UsageError("--git compares one SPEC with its own past; give one")
    if specs == ("-",):
        raise click.UsageError("standard input has no history; name a file")
    source = read_source(specs[0])
    if source.bundled:
        raise click.UsageError(f"'{specs[0]}' is a bundled architecture, which has no history here; give two specs")
    return read_revision(revision, specs[0]), source


def _sources(specs: tuple[str, ...]) -> tuple[Source, Source]:
    if len(specs) != 2:
        raise click.UsageError("give two specs, OLD and NEW, or --git REV and one")
    if specs.count("-") > 1:
        raise click.UsageError("standard input can be read only once; give - once")
    return read_source(specs[0]), read_source(specs[1])


def _side(source: Source) -> Side:
    spec = read_spec(source)
    return Side(spec, analyze_network(build_network(spec)))


def _print(differences: Differences, format_: str, units: Units) -> None:
    if format_ == "json":
        _print_document(differences_document(differences))
    elif not differences.exist:
        click.echo(f"{title(differences)}: no difference")
    elif format_ == "markdown":
        click.echo(differences_markdown(differences, units), nl=False)
    else:
        console = output_console()
        print_table(in_width(changes_grid(differences, units), console.width), console)
        print_table(totals_grid(differences, units), console, units)


def _print_new(side: Side, revision: str, format_: str, units: Units) -> None:
    """Say that there is nothing to compare with."""
    if format_ == "json":
        _print_document(new_document(side))
    elif format_ == "markdown":
        click.echo(markdown_text(new_grid(side, revision), units), nl=False)
    else:
        print_table(new_grid(side, revision), output_console(), units)


def _print_document(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=ascii_only(), indent=2))
