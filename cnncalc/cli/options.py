"""Options that several commands have, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypedDict, TypeVar

import click
from click.core import ParameterSource

from cnncalc.analysis.analyze import MAX_BATCH
from cnncalc.analysis.memory import DTYPES, OPTIMIZERS
from cnncalc.analysis.report import DEFAULT_PROFILE
from cnncalc.language.problems import suggestion

F = TypeVar("F", bound=Callable[..., Any])


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


def parse_list(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """The words of an option that can be given again, each with commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


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


def jobs_option(items: str) -> Callable[[F], F]:
    """How many processes share the work; `items` is the word for what they are given."""
    about = f"Processes; for many {items} one a processor."
    return click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help=about)


Names = tuple[Collection[str], Sequence[str]]
"""The names that an option can have, and those that are meant if it is not given."""


def names_option(
    name: str, known: Collection[str], default: Iterable[str] | None, what: str, more: str = "",
    instead: Callable[[click.Context], Names | None] = lambda ctx: None,
) -> Callable[[F], F]:  # fmt: skip
    """An option that takes names with commas, or `all`.

    Args:
        name: the option, as `--columns`.
        known: the names that there are.
        default: those that are meant if the option is not given; None for an empty tuple.
        what: what a message calls a name.
        more: what the help says after the names.
        instead: other names, if eager options ask for them.
    """

    def parse(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
        if others := instead(ctx):
            is_given = ctx.get_parameter_source(str(parameter.name)) is not ParameterSource.DEFAULT
            return parse_names(value, others[0], what) if is_given and value else tuple(others[1])
        return () if value is None else parse_names(value, known, what)

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        others = instead(ctx)
        before, comma, last = incomplete.rpartition(",")
        return [before + comma + each for each in ("all", *(others[0] if others else known)) if each.startswith(last)]

    help_ = f"all, or some of {', '.join(known)}.{more}"
    given = None if default is None else ",".join(default)
    return click.option(name, default=given, callback=parse, shell_complete=complete, metavar="NAMES", help=help_)


set_option = click.option(
    "--set", "variables", multiple=True, metavar="NAME=VALUE", callback=parse_variables,
    help="Another value for one of the spec's vars.",
)  # fmt: skip

batch_option = click.option(
    "--batch", type=click.IntRange(1, MAX_BATCH), default=1, show_default=True, help="Inputs at once."
)

depth_options = together(
    click.option("--depth", type=click.IntRange(min=1), default=1, help="Levels to unfold; 1 is the spec's own lines."),
    click.option("--expand", is_flag=True, help="Unfold down to single layers."),
)

skip_others_option = click.option(
    "--skip-others", is_flag=True, help="Skip files that are not specs or are excluded even if they are named."
)

watch_option = click.option(
    "--watch", is_flag=True, help="Follow the files: show it again when one changes, until Ctrl-C."
)

input_option = click.option(
    "--input", "inputs", multiple=True, metavar="SHAPE",
    help="Another input: 3x160x160 in the spec's layout, or one size as H=160.",
)  # fmt: skip

shape_options = together(input_option, set_option)
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
    click.option("--strict", is_flag=True, help="Fail if a figure is only a lower bound or unknown."),
)  # fmt: skip
"""The options of every command that prints a report: `SpecOptions`."""


class SpecOptions(TypedDict, total=False):
    """Options of a spec: other inputs and variables, and the values that figures depend on."""

    inputs: tuple[str, ...]
    variables: dict[str, str]
    batch: int
    dtype: str
    optimizer: str
    profile: str
    strict: bool
