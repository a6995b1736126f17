"""What all commands share: how specs and overrides are given, consoles, and how errors are told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

import click

from cnncalc.analysis.analyze import MAX_BATCH
from cnncalc.analysis.memory import DTYPES, OPTIMIZERS
from cnncalc.analysis.report import DEFAULT_PROFILE, Report
from cnncalc.api import analyze_source
from cnncalc.errors import (
    ArchitectureNotFound,
    ConfigurationError,
    ExecutionError,
    IncompleteFigures,
    MissingExtra,
    NoVariant,
    OverrideError,
    RewritingError,
    SpecError,
)
from cnncalc.language.problems import suggestion
from cnncalc.language.source import read_source

if TYPE_CHECKING:
    from rich.console import Console  # loaded where something is printed with it

F = TypeVar("F", bound=Callable[..., Any])

UNLIMITED = 100_000
"""The width where output goes to a file or pipe: there nothing is left out or cut."""


def output_console(file: IO[str] | None = None) -> Console:
    """The console for results: coloured on a terminal only, as wide as it needs when piped or for a file."""
    from rich.console import Console

    if file is not None:
        return Console(file=file, force_terminal=False, highlight=False, markup=False, emoji=False, width=UNLIMITED)
    columns = os.environ.get("COLUMNS", "")
    limited = sys.stdout.isatty() or (columns.isdigit() and int(columns) > 0)
    return Console(highlight=False, markup=False, emoji=False, width=None if limited else UNLIMITED)


def ascii_only() -> bool:
    """Whether the output lacks signs beyond ASCII, so that JSON must escape them."""
    return (sys.stdout.encoding or "").lower().replace("-", "") not in ("utf8", "utf16", "utf32")


def problem_console() -> Console:
    """The console for problems."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def together(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    """Several options as one decorator, in the order of the help."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def parse_variables(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """The assignments of `--set`, each NAME=VALUE."""
    variables = {}
    for assignment in ",".join(values).split(",") if values else ():
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"'{assignment}' is not NAME=VALUE, as width=0.5")
        variables[name.strip()] = value.strip()
    return variables


def parse_names(value: str, known: Iterable[str], what: str) -> tuple[str, ...]:
    """The names in a list with commas, or all of them for `all`.

    Raises:
        click.BadParameter: one is not known.
    """
    if value == "all":
        return tuple(known)
    names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        near = suggestion(unknown[0], known) if len(unknown) == 1 else ""
        raise click.BadParameter(f"no {what} '{', '.join(unknown)}'; choose from all, {', '.join(known)}{near}")
    return names


def names_option(
    name: str, known: Collection[str], default: Iterable[str] | None, what: str, more: str = ""
) -> Callable[[F], F]:
    """An option that takes names with commas, or `all`.

    Args:
        name: the option, as `--columns`.
        known: the names that there are.
        default: those that are meant if the option is not given; None for an empty tuple.
        what: what a message calls a name.
        more: what the help says after the names.
    """

    def parse(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
        return () if value is None else parse_names(value, known, what)

    help_ = f"all, or some of {', '.join(known)}.{more}"
    given = None if default is None else ",".join(default)
    return click.option(name, default=given, callback=parse, metavar="NAMES", help=help_)


set_option = click.option(
    "--set", "variables", multiple=True, metavar="NAME=VALUE", callback=parse_variables,
    help="Another value for one of the spec's vars.",
)  # fmt: skip

batch_option = click.option(
    "--batch", type=click.IntRange(1, MAX_BATCH), default=1, show_default=True, help="Inputs at once."
)

shape_options = together(
    click.option(
        "--input", "inputs", multiple=True, metavar="SHAPE",
        help="Another input: 3x160x160 in the spec's layout, or one size as H=160.",
    ),
    set_option,
)  # fmt: skip
"""The options that change what a spec says: --input, --set."""

input_options = together(shape_options, batch_option)
"""`shape_options`, and the batch that figures are for: --input, --set, --batch."""

spec_options = together(
    input_options,
    click.option(
        "--dtype", type=click.Choice(list(DTYPES)), default="fp32", show_default=True,
        help="Number format, for figures in bytes.",
    ),
    click.option(
        "--optimizer", type=click.Choice(list(OPTIMIZERS)), default="sgd", show_default=True,
        help="Whose state the memory for training holds.",
    ),
    click.option(
        "--profile", default=DEFAULT_PROFILE, show_default=True, metavar="NAME",
        help="Count FLOPs as another tool does: thop, fvcore, ... ('cnncalc reconcile --rules' shows all).",
    ),
    click.option("--strict", is_flag=True, help="Fail where a figure is only a lower bound or unknown."),
)  # fmt: skip
"""The options of every command that prints a report: `SpecOptions`."""


class SpecOptions(TypedDict, total=False):
    """What is given beside a spec: other inputs and variables, and what figures are for."""

    inputs: tuple[str, ...]
    variables: dict[str, str]
    batch: int
    dtype: str
    optimizer: str
    profile: str
    strict: bool


def load_report(spec: str, **options: Unpack[SpecOptions]) -> Report:
    """The report on one SPEC argument.

    Raises:
        SpecError: the spec is wrong.
        IncompleteFigures: a figure is not known and --strict is given.
        click.UsageError: there is no such spec, or the options do not fit it.
    """
    given = {name: value for name, value in options.items() if name != "strict"}
    with usage_errors():
        report = analyze_source(read_source(spec), **given)  # type: ignore[arg-type]  # click has checked each
    if options.get("strict") and report.incomplete:
        raise IncompleteFigures("\n".join(f"{spec}: {reason}" for reason in report.incomplete))
    return report


@contextmanager
def usage_errors() -> Iterator[None]:
    """Tell errors of the command line as click does, with exit status 2."""
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

            print_problems(error, problem_console())
            self.failures += 1
        except (IncompleteFigures, ExecutionError, NoVariant, RewritingError) as error:
            click.echo(str(error), err=True)
            self.failures += 1
        except MissingExtra as error:
            raise click.ClickException(str(error)) from None  # the other specs would miss it as well

    def exit(self, *, failed: bool = False) -> None:
        """Exit with status 1 if a spec failed, or what was asked about all of them did."""
        if failed or self.failures:
            sys.exit(1)
