"""SARIF 2.1.0, which code scanning services and editors read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; and for what its readers use of it
GitHub, "SARIF support for code scanning".
"""

from __future__ import annotations

from typing import Any

from cnncalc.check.reporters import Surroundings
from cnncalc.check.reporters.json_view import document_text
from cnncalc.check.reporters.summary_view import relative_uri
from cnncalc.check.results import Located, Results
from cnncalc.check.rule import CheckRule
from cnncalc.check.rulebook import rulebook
from cnncalc.check.rules_view import rule_markdown, rule_text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"

MAX_SNIPPET = 500
"""The most characters of a region that are repeated in the log; a spec may have a word of a million."""

ROOT_ID = "%SRCROOT%"
"""The name that readers of SARIF know for the root of a repository."""


def report(results: Results, surroundings: Surroundings) -> str:
    """The log of one run, with every rule that there is."""
    root, version, _ = surroundings
    rules = rulebook()
    # The rules of `proofread` have no page of their own: only a name.
    named = sorted({located.finding.rule for located in results.findings} - rules.keys())
    index = {id_: number for number, id_ in enumerate([*rules, *named])}
    driver = {
        "name": "cnncalc",
        "version": version,
        "semanticVersion": version,
        "rules": [*map(_rule, rules.values()), *({"id": id_} for id_ in named)],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": int(results.failed)}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(located, root, index[located.finding.rule]) for located in results.findings],
    }
    return document_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, surroundings)


def _rule(rule: CheckRule) -> dict[str, Any]:
    """A reporting descriptor (section 3.49)."""
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.page.summary},
        "fullDescription": {"text": rule.page.reason},
        "help": {"text": rule_text(rule), "markdown": rule_markdown(rule)},
        "defaultConfiguration": {"level": rule.severity, "enabled": rule.when != "on request"},
    }


def _result(located: Located, root: str, rule_index: int) -> dict[str, Any]:
    """A result (section 3.27)."""
    finding = located.finding
    location: dict[str, Any] = {"physicalLocation": _place(located, root)}
    if finding.layer:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.layer, "kind": "element"}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [location],
        "partialFingerprints": {"cnncalc/v1": located.fingerprint},
    }


def _place(located: Located, root: str) -> dict[str, Any]:
    """A physical location (section 3.29)."""
    finding = located.finding
    uri = relative_uri(located.file, root)
    artifact = {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": ROOT_ID}
    region: dict[str, Any] = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.line,
        "endColumn": located.end_column,
    }
    covered = located.excerpt[finding.column - 1 : located.end_column - 1]
    if 0 < len(covered) <= MAX_SNIPPET:
        region["snippet"] = {"text": covered}
    return {"artifactLocation": artifact, "region": region}
