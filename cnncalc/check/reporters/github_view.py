"""Annotations of a pull request on GitHub, as workflow commands that its runner reads from the log.

Grammar and escapes: GitHub's "Workflow commands", and `command.ts` of its toolkit.
"""

from __future__ import annotations

from cnncalc.check.findings import Severity
from cnncalc.check.reporters import Surroundings
from cnncalc.check.reporters.summary_view import relative_path, summary
from cnncalc.check.results import Located, Results
from cnncalc.errors import printable_lines

COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def report(results: Results, surroundings: Surroundings) -> str:
    """`::error file=...,line=...::message` for each finding, and a line for the log that sums them up."""
    commands = (f"{_command(located, surroundings.root)}\n" for located in results.findings)
    return f"{''.join(commands)}{summary(results)}\n"


def _command(located: Located, root: str) -> str:
    finding = located.finding
    properties = {
        "file": printable_lines(relative_path(located.file, root)),
        "line": str(finding.line),
        "endLine": str(finding.line),
        "col": str(finding.column),
        "endColumn": str(located.end_column),
        "title": finding.rule,
    }
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{COMMANDS[finding.severity]} {written}::{_data(finding.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
