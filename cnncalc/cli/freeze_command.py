"""`cnncalc freeze`: the claims that today's figures make."""

from __future__ import annotations

import click

from cnncalc.analysis.analyze import analyze_spec
from cnncalc.cli.common import Outcome, say_beside, usage_errors
from cnncalc.cli.options import names_option
from cnncalc.cli.writing import replace_text, require_own_file
from cnncalc.errors import printable
from cnncalc.figures import CLAIMABLE
from cnncalc.importing.sources import read_any
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import read_source
from cnncalc.rewriting.expectations import with_expectations
from cnncalc.rewriting.frozen import NETWORK_FIGURES, expect_block, freeze, numbered

EPILOG = """\b
Examples:
  cnncalc freeze alexnet
  cnncalc freeze mine.yaml --layers
  cnncalc freeze mine.yaml --figures params,peak_memory
  cnncalc freeze mine.yaml --write
"""


@click.command(epilog=EPILOG)
@click.argument("spec")
@click.option("--layers", is_flag=True, help="Those of every line of layers:, too.")
@names_option("--figures", CLAIMABLE, None, "figure", f"  [default: {','.join(NETWORK_FIGURES)}]")
@click.option("--write", is_flag=True, help="Put them into the file; all else stays as it is, to the byte.")
@click.option("--force", is_flag=True, help="With --write: replace claims that do not hold today.")
def command(spec: str, layers: bool, figures: tuple[str, ...], write: bool, force: bool) -> None:
    """The claims that today's figures make, as an expect: to paste or to --write into the file.

    Figures that the spec claims already are among them. Budgets (max and min) stay what they are. With
    --write a claim that holds stays as it is written, and one that does not is replaced only with --force.
    """
    if force and not write:
        raise click.UsageError("--force is for --write")
    outcome = Outcome()
    with outcome.collect():
        with usage_errors():
            source = read_source(spec) if write else read_any(spec)
        read = read_spec(source)
        report = analyze_spec(read, open_sizes=True)
        frozen = freeze(read, report, figures, layers=layers)
        if layers:
            _note_numbers(numbered(read, report))
        if not write:
            click.echo(expect_block(frozen, read.claims))
            return
        if spec == "-":
            raise click.UsageError("standard input cannot be written to; name a file")
        require_own_file(source, "freeze --write")
        text = with_expectations(read, report, frozen, force=force)
        if text != source.text:
            replace_text(spec, text, old=source.text)
        click.echo(f"{printable(source.file)}: {'frozen' if text != source.text else 'claims all of it already'}")
    outcome.exit()


def _note_numbers(paths: list[str]) -> None:
    """Say which claims will be about other layers once a line is added above."""
    if paths:
        names = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
        why = "numbers of their kind, which change with a line of that kind added above"
        say_beside(f"note: {names}: {why}; give these lines a name: to keep the claims with them")
