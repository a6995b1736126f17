"""A JSON object, for programs. Keys are added within a version, never changed."""

from __future__ import annotations

from typing import Any

from cnncalc.check.results import Located, Results
from cnncalc.render.reporters.words import end_column

VERSION = 1


def results_document(results: Results) -> dict[str, Any]:
    """The results as plain data.

    `files` counts the specs that were checked, `claims` the claims that were compared, `skipped` the other
    YAML files and `known` the findings that a baseline holds; `failed` says whether a finding is at least
    as severe as `fail_on`.
    """
    return {
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


def _finding(located: Located) -> dict[str, Any]:
    finding = located.finding
    return {
        "file": located.file,
        "line": finding.line,
        "column": finding.column,
        "end_column": end_column(located),
        "severity": finding.severity,
        "rule": finding.rule,
        "message": finding.message,
        "layer": finding.layer or None,
        "fingerprint": located.fingerprint,
    }
