"""The formats of `cnncalc check --format`, each loaded when it is used."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import click

import cnncalc
from cnncalc.check.results import Results
from cnncalc.cli.common import ascii_only, output_console


def _text(results: Results) -> None:
    from cnncalc.render.reporters.text import print_findings

    print_findings(results, output_console())


def _concise(results: Results) -> None:
    from cnncalc.render.reporters.concise import concise_text

    click.echo(concise_text(results), nl=False)


def _json(results: Results) -> None:
    from cnncalc.render.reporters.json_document import results_document

    print_document(results_document(results))


def _github(results: Results) -> None:
    from cnncalc.render.reporters.github import github_text
    from cnncalc.render.reporters.markdown import markdown_report

    # The name of a file may hold any character, which click would take out of a log.
    click.echo(github_text(results, _root()), nl=False, color=True)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with open(summary, "a", encoding="utf-8", errors="replace") as file:
                file.write(f"{markdown_report(results)}\n")
        except OSError as error:
            click.echo(f"note: the job's summary {summary} cannot be written: {error.strerror or error}", err=True)


def _sarif(results: Results) -> None:
    from cnncalc.render.reporters.sarif import sarif_document

    print_document(sarif_document(results, _root(), cnncalc.__version__))


def _junit(results: Results) -> None:
    from cnncalc.render.reporters.junit import junit_text

    click.echo(junit_text(results, ascii_only=ascii_only()), nl=False)


def _markdown(results: Results) -> None:
    from cnncalc.render.reporters.markdown import markdown_report

    click.echo(markdown_report(results), nl=False)


REPORTERS: dict[str, Callable[[Results], None]] = {
    "text": _text,
    "concise": _concise,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
    "junit": _junit,
    "markdown": _markdown,
}
"""What prints the results of a check, by the word for it."""


def print_document(document: Any) -> None:
    """Print plain data as JSON."""
    click.echo(json.dumps(document, ensure_ascii=ascii_only(), indent=2))


def _root() -> str:
    """The folder of the repository's checkout: GitHub's workspace where this is inside of it."""
    here, workspace = os.getcwd(), os.environ.get("GITHUB_WORKSPACE", "")
    return workspace if workspace and f"{here}{os.sep}".startswith(f"{workspace.rstrip(os.sep)}{os.sep}") else here
