"""The base of all commands: consoles, reading of a SPEC, and reports of errors."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Unpack

import click

from cnncalc.analysis.report import Report
from cnncalc.api import analyze_source
from cnncalc.cli.options import SpecOptions
from cnncalc.errors import (
    ArchitectureNotFound,
    ConfigurationError,
    ExecutionError,
    ExportError,
    IncompleteFigures,
    MissingExtra,
    NoVariant,
    OverrideError,
    RewritingError,
    SpecError,
)
from cnncalc.importing.sources import read_any
from cnncalc.language.source import Source
from cnncalc.render.screen import has_every_sign, problem_screen


def ascii_only() -> bool:
    """Whether the output lacks signs beyond ASCII, so that JSON must escape them."""
    return not has_every_sign(sys.stdout.encoding or "ascii")


def check_standard_input(specs: Sequence[str]) -> None:
    """Refuse to read standard input twice."""
    if specs.count("-") > 1:
        raise click.UsageError("standard input can be read only once; give - once")


def load_report(spec: str, *, open_sizes: bool = False, **options: Unpack[SpecOptions]) -> Report:
    """The report on one SPEC argument; with `open_sizes` it may leave sizes of its inputs open.

    Raises:
        SpecError: the spec is wrong.
        IncompleteFigures: a figure is not known and --strict is given.
        click.UsageError: there is no such spec, or the options do not fit it.
    """
    given = {name: value for name, value in options.items() if name != "strict"}
    with usage_errors():
        report = analyze_source(_noted(read_any(spec, options.get("inputs", ()))), open_sizes=open_sizes, **given)  # type: ignore[arg-type]  # click has checked each
    if options.get("strict") and report.incomplete:
        raise IncompleteFigures("\n".join(f"{spec}: {reason}" for reason in report.incomplete))
    return report


def _noted(source: Source) -> Source:
    """A source after what is to be said of how it was read."""
    for note in source.notes:
        say_beside(f"note: {note}")
    return source


def say_beside(text: str) -> None:
    """Say something beside the output: a note, or why something failed."""
    screen = problem_screen()
    for line in text.split("\n"):
        screen.say(line)


@contextmanager
def usage_errors() -> Iterator[None]:
    """Report errors of the command line as click does, with exit status 2."""
    try:
        yield
    except (ArchitectureNotFound, ConfigurationError, OverrideError) as error:
        raise click.UsageError(str(error)) from None


class Outcome:
    """Collects which specs failed; the others are still shown.

    Attributes:
        failures: how many did.
    """

    def __init__(self) -> None:
        self.failures = 0

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Print why a spec is wrong or incomplete, or cannot be executed, and go on."""
        try:
            yield
        except SpecError as error:
            from cnncalc.render.problems import print_problems

            print_problems(error, problem_screen())
            self.failures += 1
        except (IncompleteFigures, ExecutionError, ExportError, NoVariant, RewritingError) as error:
            say_beside(str(error))
            self.failures += 1
        except MissingExtra as error:
            raise click.ClickException(str(error)) from None  # the other specs would miss it as well

    def exit(self, *, failed: bool = False) -> None:
        """Exit with status 1 if a spec failed, or what was asked about all of them did."""
        if failed or self.failures:
            sys.exit(1)
