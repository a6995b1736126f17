"""What all commands share: how specs and overrides are given, consoles, and how errors are told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from rich.console import Console

from cnncalc.analysis.report import DEFAULT_PROFILE, Report
from cnncalc.api import analyze_source
from cnncalc.errors import ArchitectureNotFound, IncompleteFigures, OverrideError, SpecError
from cnncalc.spec.source import read_source

F = TypeVar("F", bound=Callable[..., Any])

UNLIMITED = 100_000
"""The width where output goes to a file or pipe: there nothing is left out or cut."""


def output_console() -> Console:
    """The console for results: coloured on a terminal only, as wide as it needs when piped."""
    limited = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(highlight=False, markup=False, emoji=False, width=None if limited else UNLIMITED)


def problem_console() -> Console:
    """The console for problems."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def spec_options(function: F) -> F:
    """The options that change what a spec says: --input, --set, --batch."""
    options = (
        click.option(
            "--input", "inputs", multiple=True, metavar="SHAPE",
            help="Another input: 3x160x160 in the spec's layout, or one size as H=160.",
        ),
        click.option(
            "--set", "variables", multiple=True, metavar="NAME=VALUE", callback=_parse_variables,
            help="Another value for one of the spec's vars.",
        ),
        click.option("--batch", type=click.IntRange(min=1), default=1, show_default=True, help="Inputs at once."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def _parse_variables(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    variables = {}
    for assignment in ",".join(values).split(",") if values else ():
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"'{assignment}' is not NAME=VALUE, as width=0.5")
        variables[name.strip()] = value.strip()
    return variables


def load_report(
    spec: str, inputs: tuple[str, ...], variables: dict[str, str], batch: int, profile: str = DEFAULT_PROFILE
) -> Report:
    """The report on one SPEC argument.

    Raises:
        SpecError: the spec is wrong.
        click.UsageError: there is no such spec, or the options do not fit it.
    """
    with usage_errors():
        return analyze_source(read_source(spec), inputs=inputs, variables=variables, batch=batch, profile=profile)


@contextmanager
def usage_errors() -> Iterator[None]:
    """Tell errors of the command line as click does, with exit status 2."""
    try:
        yield
    except (ArchitectureNotFound, OverrideError) as error:
        raise click.UsageError(str(error)) from None


class Outcome:
    """Collects which specs failed; the others are still shown."""

    def __init__(self) -> None:
        self._failed = False

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Print the problems of a wrong or incomplete spec and go on."""
        from cnncalc.render.problems import print_problems

        try:
            yield
        except SpecError as error:
            print_problems(error, problem_console())
            self._failed = True
        except IncompleteFigures as error:
            click.echo(str(error), err=True)
            self._failed = True

    def exit(self) -> None:
        """Exit with status 1 if a spec was wrong."""
        if self._failed:
            sys.exit(1)
