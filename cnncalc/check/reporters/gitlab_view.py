"""GitLab's code quality report, which a merge request shows beside its changes.

Keys and severities: GitLab's "Code Quality", section "Code Quality report format".
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import Any

from cnncalc.check.findings import Severity
from cnncalc.check.reporters import Surroundings
from cnncalc.check.reporters.json_view import document_text
from cnncalc.check.reporters.summary_view import relative_path
from cnncalc.check.results import Located, Results

SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "note": "info"}


def report(results: Results, surroundings: Surroundings) -> str:
    """A JSON list with an object for each finding; GitLab shows one of those with the same fingerprint only."""
    return document_text([_violation(located, surroundings.root) for located in results.findings], surroundings)


def _violation(located: Located, root: str) -> dict[str, Any]:
    finding, path = located.finding, relative_path(located.file, root)
    place = {"line": finding.line, "column": finding.column}
    return {
        "description": finding.message,
        "check_name": finding.rule,
        "fingerprint": sha256(os.fsencode(f"{path}\0{located.fingerprint}")).hexdigest(),
        "severity": SEVERITIES[finding.severity],
        "location": {"path": path, "lines": {"begin": finding.line}, "positions": {"begin": place}},
    }
