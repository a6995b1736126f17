"""The options of `cnncalc check`, and what they make of a repository's configuration."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import click

from cnncalc.analysis.report import DEFAULT_PROFILE
from cnncalc.check.configuration import LIMITS, Configurations, read_configuration, read_limit
from cnncalc.check.expectations import Key
from cnncalc.check.results import FAIL_ON
from cnncalc.check.settings import Overrides, Settings, folder_of
from cnncalc.cli.options import parse_list
from cnncalc.errors import ConfigurationError
from cnncalc.language.model import Claim

F = TypeVar("F", bound=Callable[..., Any])


def _limit(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Claim | None:
    option = parameter.opts[0].removeprefix("--")
    try:
        return None if value is None else read_limit(option, value)
    except ConfigurationError as error:
        raise click.BadParameter(str(error).removeprefix(f"{option}: ")) from None


def rule_options(function: F) -> F:
    """The options that say what is looked for, and where: the keys of a configuration."""
    options: list[Callable[[F], F]] = [
        click.option(
            "--select", multiple=True, metavar="RULES", callback=parse_list,
            help="Look for these only: ids with commas, default, or all.",
        ),
        click.option("--ignore", multiple=True, metavar="RULES", callback=parse_list, help="Do not look for these."),
        click.option(
            "--exclude", multiple=True, metavar="PATTERN", callback=parse_list, help="Leave files out: 'old/*'."
        ),
        click.option(
            "--fail-on", type=click.Choice(FAIL_ON),
            help="The least severity for exit status 1; error, if not configured otherwise.",
        ),
        click.option("--baseline", type=click.Path(dir_okay=False), help="Findings that are known and accepted."),
        *map(_limit_option, LIMITS),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def _limit_option(option: str) -> Callable[[F], F]:
    figure = option.removeprefix("max-").replace("-", "_")
    metavar, example = ("BYTES", "as 16MB") if figure.endswith("memory") else ("NUMBER", "as 5M")
    return click.option(f"--{option}", metavar=metavar, callback=_limit, help=f"Budget for {figure}, {example}.")


def configurations(file: str | None, options: Mapping[str, Any]) -> Configurations:
    """The settings of the files' repositories, with the options of the command line in place of their keys.

    Args:
        file: the file of the configuration; None for the nearest of each.
        options: those of `rule_options`, and `strict`.

    Raises:
        ConfigurationError: the file is wrong.
    """
    limits = {option: limit for option in LIMITS if (limit := options[option.replace("-", "_")]) is not None}
    given = {key: options[key] for key in ("select", "ignore", "fail_on", "strict") if options[key]}
    return Configurations(read_configuration(file) if file else None, given, limits)


def settings(found: Configurations, files: Collection[str], key: Key | None, options: Mapping[str, Any]) -> Settings:
    """The settings of a check for every file.

    Args:
        found: what the repositories have settled.
        files: the files.
        key: what is expected of every spec.
        options: those that say what figures are for.

    Raises:
        ConfigurationError: a rule is not known.
        OverrideError: there is no such counting profile.
    """
    if options["profile"] != DEFAULT_PROFILE:
        from cnncalc.analysis.counting import profile_named

        profile_named(options["profile"])
    overrides = Overrides(**{name: options[name] for name in Overrides._fields})
    by_folder = {folder_of(file): found.of(file) for file in files}
    whole = found.of_run(files)
    others = {folder: one.settings(key, overrides) for folder, one in by_folder.items() if one != whole}
    return whole.settings(key, overrides)._replace(others=others)
