"""Findings in the formats of `check` and `proofread`."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

import cnncalc
from cnncalc.check.reporters import Surroundings
from cnncalc.check.results import Results
from cnncalc.cli.common import ascii_only, say_beside
from cnncalc.render.screen import output_screen


def print_results(results: Results, format_: str) -> None:
    """Print the results of a check in one of `FORMATS`; in a job of GitHub, its summary gets them, too."""
    if format_ == "text":
        _reporter("text").print_findings(results, output_screen())
        return
    # The name of a file may hold any character, which click would take out of a log.
    click.echo(_report(results, format_), nl=False, color=True)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if format_ == "github" and summary:
        try:
            with open(summary, "a", encoding="utf-8", errors="replace") as file:
                file.write(f"{_report(results, 'markdown')}\n")
        except OSError as error:
            say_beside(f"note: the job's summary {summary} cannot be written: {error.strerror or error}")


def _report(results: Results, format_: str) -> str:
    report: str = _reporter(format_).report(results, surroundings())
    return report


def _reporter(format_: str) -> Any:
    return import_module(f"cnncalc.check.reporters.{format_}_view")


def surroundings() -> Surroundings:
    """The folder of the run; the root is the checkout of GitHub or GitLab if this is inside of it."""
    here, workspace = os.getcwd(), os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR", "")
    inside = workspace and f"{here}{os.sep}".startswith(f"{workspace.rstrip(os.sep)}{os.sep}")
    return Surroundings(workspace if inside else here, cnncalc.__version__, ascii_only())
