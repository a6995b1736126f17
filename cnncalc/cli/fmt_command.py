"""`cnncalc fmt`: specs in canonical names and layout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff

import click

from cnncalc.cli.common import Outcome, usage_errors
from cnncalc.cli.rewriting import replace_text, require_own_file
from cnncalc.rewriting.format import format_spec
from cnncalc.spec.source import Source, read_source

EPILOG = """\b
Examples:
  cnncalc fmt mine.yaml            in place, only if something changes
  cnncalc fmt --check mine.yaml    for CI: names the files, exit status 1
  cat mine.yaml | cnncalc fmt -    to standard output
"""


@click.command(epilog=EPILOG)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
@click.option("--check", is_flag=True, help="Write nothing; name the files that would change. Exit status 1 if any.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
def command(specs: tuple[str, ...], check: bool, diff: bool) -> None:
    """Specs in canonical names and layout, with every comment kept.

    Aliases become the words of the reference (conv2d: conv, kernel_size: kernel), keys get their usual
    order, claims of a layer their column. Comments, blank lines, quotes and the lines of a table of
    numbers stay. No figure changes, and a spec with problems is left alone.
    """
    if specs.count("-") > 1:
        raise click.UsageError("standard input can be read only once; give - once")
    outcome, changes = Outcome(), []
    for spec in specs:
        with outcome.collect():
            with usage_errors():
                source = read_source(spec)
            if not (check or diff):
                require_own_file(source, "fmt")
            text = format_spec(source)
            if diff:
                click.echo("".join(_difference(source, text)), nl=False)
            elif not check:
                _write(spec, source, text)
            elif text != source.text:
                click.echo(f"{source.file}: would be formatted")
            changes.append(text != source.text)
    if changes and not diff and (check or specs != ("-",)):
        click.echo(_summary(changes, "would be formatted" if check else "formatted"))
    outcome.exit()
    if check and any(changes):
        sys.exit(1)


def _write(spec: str, source: Source, text: str) -> None:
    """Put the text where it belongs: what came from standard input goes to standard output."""
    if spec == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    elif text != source.text:
        replace_text(spec, text)
        click.echo(f"{source.file}: formatted")


def _summary(changes: list[bool], verb: str) -> str:
    """How many files: `1 file formatted, 2 unchanged`."""
    changed, unchanged = changes.count(True), changes.count(False)
    files = f"{len(changes)} file{'' if len(changes) == 1 else 's'}"
    return f"{files}: {changed} {verb}, {unchanged} unchanged"


def _difference(source: Source, text: str) -> Iterator[str]:
    """The lines of a unified diff, as `patch` takes it."""
    before, after = (one.splitlines(keepends=True) for one in (source.text, text))
    for line in unified_diff(before, after, source.file, source.file):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
