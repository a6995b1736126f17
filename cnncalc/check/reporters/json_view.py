"""A JSON object, for programs. Keys are added within a version, never changed."""

from __future__ import annotations

from typing import Any

from cnncalc.check.reporters import Surroundings
from cnncalc.check.results import Located, Results
from cnncalc.render.json_text import json_line

VERSION = 1


def report(results: Results, surroundings: Surroundings) -> str:
    """The results as plain data.

    `files` counts the specs that were checked, `claims` the claims that were compared, `skipped` the other
    YAML files and `known` the findings that a baseline holds; `failed` says whether a finding is at least
    as severe as `fail_on`.
    """
    document = {
        "cnncalc": VERSION,
        "files": len(results.files),
        "skipped": results.skipped,
        "claims": results.claims,
        "known": results.known,
        "fail_on": results.fail_on,
        "failed": results.failed,
        "counts": results.counts,
        "findings": [_finding(located) for located in results.findings],
    }
    return document_text(document, surroundings)


def document_text(document: Any, surroundings: Surroundings) -> str:
    """Plain data as JSON."""
    return f"{json_line(document, surroundings.ascii_only, indent=2)}\n"


def _finding(located: Located) -> dict[str, Any]:
    finding = located.finding
    return {
        "file": located.file,
        "line": finding.line,
        "column": finding.column,
        "end_column": located.end_column,
        "severity": finding.severity,
        "rule": finding.rule,
        "message": finding.message,
        "layer": finding.layer or None,
        "fingerprint": located.fingerprint,
    }
