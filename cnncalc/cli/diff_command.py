"""`cnncalc diff`: what was edited between two specs, and what follows from it."""

from __future__ import annotations

import os
import subprocess

import click

from cnncalc.analysis.analyze import analyze_spec
from cnncalc.cli.common import Outcome, check_standard_input, usage_errors
from cnncalc.cli.options import input_option
from cnncalc.cli.output import Printer, output_options
from cnncalc.comparison.compare import Side, compare
from cnncalc.importing.sources import read_any
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source, read_bytes
from cnncalc.render.differences import differences_document, new_document

EPILOG = """\b
Examples:
  cnncalc diff alexnet alexnet_one_tower
  cnncalc diff resnet18 resnet50 --units human
  cnncalc diff alexnet mine.yaml --format markdown
  cnncalc diff resnet18 resnet50 --input H=160 --input W=160
"""


@click.command(epilog=EPILOG)
@click.argument("specs", nargs=-1, required=True, metavar="OLD NEW")
@click.option("--git", "revision", metavar="REV", help="Compare one SPEC with what it was in this revision.")
@input_option
@output_options(units=True, about="markdown is for a pull request.")
@click.option("--exit-code", is_flag=True, help="Exit status 1 if anything differs, as git diff has it.")
def command(
    specs: tuple[str, ...], revision: str | None, inputs: tuple[str, ...], printer: Printer, exit_code: bool
) -> None:
    """Show what was edited between two specs, and what follows from it.

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
            printer.print(new_document(_side(new, inputs), revision or ""))
        else:
            differences = compare(_side(old, inputs), _side(new, inputs))
            differ = differences.exist
            printer.print(differences_document(differences, printer.units))
    outcome.exit(failed=exit_code and differ)


def _with_past(revision: str, specs: tuple[str, ...]) -> tuple[Source | None, Source]:
    """The old spec and the present one; None for an old one that does not exist."""
    if len(specs) != 1:
        raise click.UsageError("--git compares one SPEC with its own past; give one")
    if specs == ("-",):
        raise click.UsageError("standard input has no history; name a file")
    source = read_any(specs[0])
    if source.bundled:
        raise click.UsageError(f"'{specs[0]}' is a bundled architecture, which has no history here; give two specs")
    return _read_revision(revision, specs[0]), source


def _sources(specs: tuple[str, ...]) -> tuple[Source, Source]:
    if len(specs) != 2:
        raise click.UsageError("give two specs, OLD and NEW, or --git REV and one")
    check_standard_input(specs)
    return read_any(specs[0]), read_any(specs[1])


def _side(source: Source, inputs: tuple[str, ...]) -> Side:
    spec = read_spec(source)
    with usage_errors():
        return Side(spec, analyze_spec(spec, inputs=inputs))


def _read_revision(revision: str, path: str) -> Source | None:
    """The text of a file in a revision of its repository; None if that does not have it.

    Args:
        revision: a commit, branch or tag: `HEAD~1`, `main`.
        path: the file under its name of today.

    Raises:
        click.UsageError: git, the repository or the revision is missing.
        SpecError: the text is not UTF-8 or too large.
    """
    folder, name = os.path.split(os.path.realpath(path))
    if revision.startswith("-") or ":" in revision:
        raise click.UsageError(f"'{revision}' is not a revision; write a commit, branch or tag, as HEAD~1 or main")
    if _git(folder, "rev-parse", "--git-dir") is None:
        raise click.UsageError(f"'{path}' is in no git repository; give two files")
    if _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise click.UsageError(f"the repository of '{path}' has no revision '{revision}'")
    content = _git(folder, "cat-file", "blob", f"{revision}:./{name}")
    return None if content is None else read_bytes(f"{revision}:{path}", content)


def _git(folder: str, *arguments: str) -> bytes | None:
    """The output of git; None if it fails."""
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise click.UsageError("git is not installed; give two files") from None
    return done.stdout if done.returncode == 0 else None
