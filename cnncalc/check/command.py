"""`cnncalc check`: what a reviewer or a build wants to know about specs."""

from __future__ import annotations

import os.path
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import click

from cnncalc.check.baseline import Baseline, baseline_text, beyond, is_baseline, known_now, read_baseline
from cnncalc.check.configuration import Configuration, Configurations
from cnncalc.check.engine import unsound
from cnncalc.check.expectations import Key, read_key
from cnncalc.check.options_command import configurations, rule_options, settings
from cnncalc.check.reporters import FORMATS
from cnncalc.check.results import Checked, Results
from cnncalc.check.rulebook import require_rule, rulebook
from cnncalc.check.run import check_targets
from cnncalc.check.settings import Settings
from cnncalc.cli.common import say_beside, usage_errors
from cnncalc.cli.files import models_there, no_spec
from cnncalc.cli.options import jobs_option, skip_others_option, spec_options, watch_option
from cnncalc.cli.progress import with_progress
from cnncalc.cli.reports import print_results, surroundings
from cnncalc.errors import ArchitectureNotFound, SpecError
from cnncalc.files import replace_file
from cnncalc.language.source import read_source
from cnncalc.notation import several
from cnncalc.render.screen import output_screen
from cnncalc.targets import SOURCES, Excluded, Excludes, Target, file_of, find_targets, is_yaml

NAMED_BY = "--write-baseline takes no name; the baseline is named with --baseline FILE"

EPILOG = """\b
Examples:
  cnncalc check mine.yaml
  cnncalc check models --format github
  cnncalc check 'models/**/*.yaml' --max-params 70M --max-peak-memory 64MB
  cnncalc check mine.yaml --expect key.yaml
  cnncalc check mobilenet_v2 alexnet --select claim --format json
  cat mine.yaml | cnncalc check - --strict --max-macs 1G
  cnncalc check models --watch
  cnncalc check --explain-rule claim
"""


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True,
    help="github annotates a pull request, gitlab a merge request; sarif is for code scanning, junit for test reports.",
)  # fmt: skip
@click.option(
    "--expect", type=click.Path(exists=True, dir_okay=False), metavar="KEY.yaml",
    help="More claims, as under expect:, that every spec must fulfil.",
)  # fmt: skip
@rule_options
@click.option("--write-baseline", is_flag=True, help="Accept today's findings: write them to the file of --baseline.")
@click.option(
    "--config", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
    help="A configuration in place of the .cnncalc.toml or pyproject.toml nearest to each file.",
)  # fmt: skip
@skip_others_option
@watch_option
@jobs_option("files")
@click.option("--list-rules", is_flag=True, help="Print every rule and exit.")
@click.option("--explain-rule", metavar="ID", help="Print what a rule is for and exit.")
@spec_options
def command(
    paths: tuple[str, ...], format_: str, expect: str | None, write_baseline: bool, config: str | None,
    skip_others: bool, watch: bool, jobs: int | None, list_rules: bool, explain_rule: str | None, **options: Any,
) -> None:  # fmt: skip
    """Check specs: problems, claims that fail, budgets that are exceeded, lint.

    PATH is a file, a folder with specs, a pattern, - for standard input, or a bundled architecture. Of the
    YAML files in a folder those with layers: at their top level are specs; a model file is checked if it is
    named. The exit status is 1 if anything is found that is at least as severe as --fail-on.
    """
    if list_rules or explain_rule:
        _print_rules(explain_rule, format_)
        return
    if not paths:
        raise click.UsageError("give a PATH: a file, a folder, a pattern, -, or the name of a bundled architecture")
    run = partial(_results, paths, expect, write_baseline, config, skip_others, jobs, options)
    if watch:
        if format_ != "text" or write_baseline:
            raise click.UsageError("--watch shows findings; leave out --format and --write-baseline")
        from cnncalc.cli.watching import follow, require_files  # most checks are made once

        require_files(paths)
        follow(partial(_followed, paths, expect, config, options), lambda: print_results(run(), format_))
    results = run()
    print_results(results, format_)
    if results.failed:
        sys.exit(1)


def _followed(
    paths: Sequence[str], expect: str | None, config: str | None, options: Mapping[str, Any]
) -> Iterator[str]:
    """The files that a check depends on: specs, claims, the baseline, and the places of configurations."""
    found = configurations(config, options)
    targets = find_targets(paths, _excluded(found, options))
    baseline = options["baseline"] or found.of_run([target.file for target in targets]).baseline_path
    yield from (file_of(target.file) for target in targets)
    yield from filter(None, (expect, config, baseline, *found.files))


def _excluded(found: Configurations, options: Mapping[str, Any]) -> Excludes:
    return Excluded(".", options["exclude"]) if options["exclude"] else found


def _results(
    paths: Sequence[str], expect: str | None, write_baseline: bool, config: str | None, skip_others: bool,
    jobs: int | None, options: Mapping[str, Any],
) -> Results:  # fmt: skip
    """The results of a check of a command line's files.

    Raises:
        click.UsageError: there is none, or an option or a configuration is wrong.
    """
    with usage_errors():
        found = configurations(config, options)
        key, others = _key(expect)
        excluded = _excluded(found, options)
        targets = _found(paths, excluded, write_baseline, as_found=skip_others)
        files = [target.file for target in targets]
        configured, wanted = found.of_run(files), settings(found, files, key, options)
        baseline = _baseline(configured, options["baseline"], write_baseline)
    if len(paths) > 1:  # of several sources those without a model are something else
        targets = [one._replace(found=one.found or one.file.endswith(SOURCES)) for one in targets]
    results = _checked(targets, wanted, jobs)._replace(others=others, fail_on=configured.fail_on)
    if not results.files and not skip_others:
        raise no_spec(paths, excluded, models_there(paths, excluded, "check"))
    if baseline is not None:
        baseline = _written(baseline, results, wanted) if write_baseline else baseline
        results = beyond(baseline, results, wanted)
    return results


def _found(paths: Sequence[str], excluded: Excludes, write_baseline: bool, *, as_found: bool) -> list[Target]:
    """The files to check.

    Raises:
        ArchitectureNotFound: there is no such file, or a pattern fits none.
        click.UsageError: one of them is a baseline.
    """
    try:
        targets = find_targets(paths, excluded, as_found=as_found)
    except ArchitectureNotFound as error:
        hint = f"; {NAMED_BY}" if write_baseline else ""
        raise ArchitectureNotFound(f"{error}{hint}") from None
    if file := next((target.file for target in targets if not target.found and is_baseline(target.file)), None):
        raise click.UsageError(f"{file} is a baseline, not a spec; write --baseline {file}")
    return targets


def _checked(targets: Sequence[Target], wanted: Settings, jobs: int | None) -> Results:
    checked = list(with_progress(check_targets(targets, wanted, jobs), len(targets), "files"))
    files = tuple(file for file in checked if file is not None)
    others = (target.file for target, file in zip(targets, checked, strict=True) if file is None)
    return Results(files, skipped=sum(map(is_yaml, others)))


def _print_rules(id_: str | None, format_: str) -> None:
    from cnncalc.check.rules_view import rule_text, rules_document, rules_grid, rules_text

    entries = rulebook()
    if id_ is not None:
        with usage_errors():
            entries = {id_: entries[require_rule(id_, entries)]}
    if format_ == "json":
        from cnncalc.check.reporters.json_view import document_text

        click.echo(document_text(rules_document(entries.values()), surroundings()), nl=False)
    elif id_ is not None:
        screen = output_screen()
        screen.prose(rule_text(entries[id_], screen.width))
    else:
        from cnncalc.render.table import natural_widths, print_table, table_width

        grid, screen = rules_grid(entries.values()), output_screen()
        if table_width(natural_widths(grid)) > screen.width:
            screen.prose(rules_text(entries.values(), screen.width))
        else:
            print_table(grid, screen)


def _key(file: str | None) -> tuple[Key | None, tuple[Checked, ...]]:
    """The claims of a file; none if they are wrong, and what is wrong with them."""
    if file is None:
        return None, ()
    try:
        return read_key(read_source(file)), ()
    except SpecError as error:
        return None, (unsound(error),)


def _baseline(configured: Configuration, given: str | None, write: bool) -> Baseline | None:
    """The baseline that is given or configured; an empty one if it is yet to be written."""
    file = given or configured.baseline_path
    if not file:
        if write:
            raise click.UsageError(f"{NAMED_BY}, or with the key baseline of a configuration")
        return None
    return Baseline(file) if write and not os.path.exists(file) else read_baseline(file)


def _written(baseline: Baseline, results: Results, wanted: Settings) -> Baseline:
    """Write a baseline of what is found now, and say so."""
    known = known_now(baseline, results, wanted)
    text = baseline_text(known)
    try:
        replace_file(baseline.file, text.encode())
    except OSError as error:
        raise click.UsageError(f"{baseline.file}: cannot be written: {error.strerror or error}") from None
    say_beside(f"{baseline.file}: {several(len(known), 'known finding')} written")
    return Baseline(baseline.file, text, known)
