"""`cnncalc fmt`: specs in canonical names and layout."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from typing import NamedTuple

import click

from cnncalc.check.configuration import Configurations
from cnncalc.cli.common import Outcome, check_standard_input, usage_errors
from cnncalc.cli.files import no_spec
from cnncalc.cli.options import skip_others_option
from cnncalc.cli.progress import with_progress
from cnncalc.cli.writing import replace_text, require_own_file, require_spec
from cnncalc.errors import CnnCalcError, printable
from cnncalc.language.source import Source
from cnncalc.notation import several
from cnncalc.rewriting.format import format_spec
from cnncalc.targets import Excludes, Target, find_targets, is_yaml, read_target

EPILOG = """\b
Examples:
  cnncalc fmt mine.yaml              in place, only if something changes
  cnncalc fmt models 'm*.yaml'       the specs of a folder and of a pattern
  cnncalc fmt --check mine.yaml      for CI: names the files, exit status 1
  cat mine.yaml | cnncalc fmt -      to standard output
"""


class Formatted(NamedTuple):
    """A spec with its canonical text.

    Attributes:
        file: its path, or `-`.
        source: the present text.
        text: the canonical one.
    """

    file: str
    source: Source
    text: str

    @property
    def changes(self) -> bool:
        """Whether these two differ."""
        return self.text != self.source.text


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--check", is_flag=True, help="Write nothing; name the files that would change. Exit status 1 if any.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@skip_others_option
def command(paths: tuple[str, ...], check: bool, diff: bool, skip_others: bool) -> None:
    """Specs in canonical names and layout, with every comment kept.

    Aliases become the words of the reference (conv2d: conv, kernel_size: kernel), keys get their usual
    order, claims of a layer their column. Comments, blank lines, quotes and the lines of a table of
    numbers stay. No figure changes, and a spec with problems is left alone.

    PATH is a file, a folder with specs, a pattern, or - for standard input. Of the YAML files in a folder
    those with layers: at their top level are specs; what the configuration excludes is left out.
    """
    check_standard_input(paths)
    with usage_errors():
        excluded = Configurations()
    targets = _targets(paths, excluded, skip_others, writes=not (check or diff))
    outcome, specs, skipped = Outcome(), [], 0
    # File by file: each is read just before it is written.
    attempts = with_progress(map(_attempt, targets), len(targets), "files")
    for target, attempt in zip(targets, attempts, strict=True):
        with outcome.collect(), usage_errors():
            if isinstance(attempt, CnnCalcError):
                raise attempt
            if attempt is None:
                skipped += is_yaml(target.file)
                continue
            _report(attempt, check, diff)
            specs.append(attempt)
    if not (specs or outcome.failures or skip_others):
        raise no_spec(paths, excluded)
    if specs and not diff and (check or paths != ("-",)):
        click.echo(_summary(specs, skipped, "would be formatted" if check else "formatted"))
    outcome.exit()
    if check and any(spec.changes for spec in specs):
        sys.exit(1)


def _targets(paths: tuple[str, ...], excluded: Excludes, skip_others: bool, *, writes: bool) -> list[Target]:
    """The files to format; if they are to be written, none that comes with cnncalc."""
    with usage_errors():
        targets = find_targets(paths, excluded, as_found=skip_others)
    for target in targets:
        if not target.found:
            require_spec(target.file, "fmt")
    for target in targets if writes else ():
        require_own_file(target, "fmt")
    return targets


def _attempt(target: Target) -> Formatted | CnnCalcError | None:
    """The canonical text of a file, or the error; None for one of a folder that is not a spec."""
    try:
        source = read_target(target)
        return None if source is None else Formatted(target.file, source, format_spec(source))
    except CnnCalcError as error:
        return error


def _report(spec: Formatted, check: bool, diff: bool) -> None:
    """Write or print the result that the options ask for."""
    if diff:
        click.echo("".join(_difference(spec)), nl=False)
    elif not check:
        _write(spec)
    elif spec.changes:
        click.echo(f"{printable(spec.source.file)}: would be formatted")


def _write(spec: Formatted) -> None:
    """Write the text to its file; a text from standard input goes to standard output."""
    if spec.file == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(spec.text.encode())
    elif spec.changes:
        replace_text(spec.file, spec.text, old=spec.source.text)
        click.echo(f"{printable(spec.file)}: formatted")


def _summary(specs: Sequence[Formatted], skipped: int, verb: str) -> str:
    """The number of files: `1 file: 1 formatted, 0 unchanged; 2 other YAML files skipped`."""
    changed = sum(spec.changes for spec in specs)
    others = f"; {several(skipped, 'other YAML file')} skipped" if skipped else ""
    return f"{several(len(specs), 'file')}: {changed:,} {verb}, {len(specs) - changed:,} unchanged{others}"


def _difference(spec: Formatted) -> Iterator[str]:
    """The lines of a unified diff, as `patch` takes it."""
    before, after = (one.splitlines(keepends=True) for one in (spec.source.text, spec.text))
    for line in unified_diff(before, after, spec.source.file, spec.source.file):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
