"""`cnncalc check`: what a reviewer or a build wants to know about specs."""

from __future__ import annotations

import os.path
import sys
from typing import Any

import click

from cnncalc.check.baseline import Baseline, baseline_text, beyond, known_now, read_baseline
from cnncalc.check.configuration import Configuration
from cnncalc.check.engine import unsound
from cnncalc.check.expectations import Key, read_key
from cnncalc.check.patterns import Excluded
from cnncalc.check.results import Checked, Results
from cnncalc.check.rulebook import require_rule, rulebook
from cnncalc.check.run import check_targets
from cnncalc.check.targets import find_targets
from cnncalc.cli.check_options import configuration, rule_options, settings
from cnncalc.cli.check_reports import REPORTERS, print_document
from cnncalc.cli.common import output_console, spec_options, usage_errors
from cnncalc.cli.progress import with_progress
from cnncalc.errors import SpecError
from cnncalc.spec.source import read_source

EPILOG = """\b
Examples:
  cnncalc check mine.yaml
  cnncalc check . --fail-on warning
  cnncalc check mobilenet_v2 --max-params 5M --max-peak-memory 10MB
  cnncalc check 'architectures/**/*.yaml' --format github
  cnncalc check alexnet --expect key.yaml
  cnncalc check . --baseline known.json --write-baseline
  cnncalc check --explain-rule claim
"""


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format", "format_", type=click.Choice(list(REPORTERS)), default="text", show_default=True,
    help="github annotates a pull request, sarif is for code scanning, junit for test reports.",
)  # fmt: skip
@click.option(
    "--expect", type=click.Path(exists=True, dir_okay=False), metavar="KEY.yaml",
    help="More claims, as under expect:, that every spec must fulfil.",
)  # fmt: skip
@rule_options
@click.option("--write-baseline", is_flag=True, help="Accept today's findings: write them to the baseline.")
@click.option(
    "--config", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
    help="A configuration in place of the nearest .cnncalc.toml or pyproject.toml.",
)  # fmt: skip
@click.option(
    "--skip-others", is_flag=True, help="Skip files that are no specs or are excluded even where they are named."
)
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes; for many files one a processor.")
@click.option("--list-rules", is_flag=True, help="Print every rule and exit.")
@click.option("--explain-rule", metavar="ID", help="Print what a rule is for and exit.")
@spec_options
def command(
    paths: tuple[str, ...], format_: str, expect: str | None, write_baseline: bool, config: str | None,
    skip_others: bool, jobs: int | None, list_rules: bool, explain_rule: str | None, **options: Any,
) -> None:  # fmt: skip
    """Check specs: are they valid, do their claims hold, are budgets kept, what would a reviewer say?

    PATH is a file, a folder with specs, a pattern, - for standard input, or a bundled architecture. Of the
    YAML files in a folder those with layers: at their top level are specs. The exit status is 1 if anything
    is found that is at least as severe as --fail-on.
    """
    if list_rules or explain_rule:
        _print_rules(explain_rule, format_)
        return
    if not paths:
        raise click.UsageError("give a PATH: a file, a folder, a pattern, -, or the name of a bundled architecture")
    with usage_errors():
        configured = configuration(config, options)
        key, others = _key(expect)
        wanted = settings(configured, key, options)
        baseline = _baseline(configured, options["baseline"], write_baseline)
        excluded = Excluded(".", options["exclude"]) if options["exclude"] else configured.excluded
        targets = find_targets(paths, excluded, as_found=skip_others)
    checked = list(with_progress(check_targets(targets, wanted, jobs), len(targets), "files"))
    files = tuple(file for file in checked if file is not None)
    if not files and not skip_others:
        raise click.UsageError(f"there is no spec in {', '.join(paths)}; {_others(len(checked))}")
    results = Results(files, others, len(checked) - len(files), configured.fail_on)
    if write_baseline and baseline is not None:
        baseline = _written(baseline._replace(known=known_now(baseline, results)))
    if baseline is not None:
        results = beyond(baseline, results, wanted)
    REPORTERS[format_](results)
    if results.failed:
        sys.exit(1)


def _others(files: int) -> str:
    return f"of {files:,} YAML files none has layers: at its top level" if files else "there are no YAML files"


def _print_rules(id_: str | None, format_: str) -> None:
    from cnncalc.render.rules import rule_text, rules_document, rules_grid

    entries = rulebook()
    if id_ is not None:
        with usage_errors():
            entries = {id_: entries[require_rule(id_, entries)]}
    if format_ == "json":
        print_document(rules_document(entries.values()))
    elif id_ is not None:
        click.echo(rule_text(entries[id_]), nl=False)
    else:
        from cnncalc.render.table import print_table

        print_table(rules_grid(entries.values()), output_console(), choice=" (--format json has all)")


def _key(file: str | None) -> tuple[Key | None, tuple[Checked, ...]]:
    """The claims of a file; where they are wrong none, and what is wrong with them."""
    if file is None:
        return None, ()
    try:
        return read_key(read_source(file)), ()
    except SpecError as error:
        return None, (unsound(error),)


def _baseline(configured: Configuration, given: str | None, write: bool) -> Baseline | None:
    """The baseline that is given or configured; an empty one where it is yet to be written."""
    file = given or configured.baseline_path
    if not file:
        if write:
            raise click.UsageError("--write-baseline needs --baseline FILE, or the key baseline in the configuration")
        return None
    return Baseline(file) if write and not os.path.exists(file) else read_baseline(file)


def _written(baseline: Baseline) -> Baseline:
    """Write a baseline, and say so."""
    text = baseline_text(baseline.known)
    with open(baseline.file, "w", encoding="utf-8") as file:
        file.write(text)
    click.echo(f"{baseline.file}: {len(baseline.known):,} known findings written", err=True)
    return baseline._replace(text=text)
