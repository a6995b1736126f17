"""Markdown: the summary of a job, or a comment on a pull request."""

from __future__ import annotations

import re

from cnncalc.check.reporters import Surroundings
from cnncalc.check.reporters.summary_view import summary
from cnncalc.check.results import Located, Results
from cnncalc.errors import printable
from cnncalc.render.markdown import escaped

MOST_SHOWN = 500
"""The most findings in the table: GitHub takes at most 1 MiB for a job's summary, and nobody reads more."""


def report(results: Results, surroundings: Surroundings) -> str:
    """A heading, the totals, and a table of the findings."""
    verdict = "failed" if results.failed else "passed"
    lines = [f"## cnncalc check {verdict}", "", f"{escaped(summary(results))}."]
    findings = results.findings
    if findings:
        lines += ["", "| severity | place | finding | rule |", "| --- | --- | --- | --- |"]
        lines += [_row(located) for located in findings[:MOST_SHOWN]]
    if len(findings) > MOST_SHOWN:
        lines += ["", f"{len(findings) - MOST_SHOWN:,} more findings are in the log."]
    return "\n".join(lines) + "\n"


def _row(located: Located) -> str:
    finding = located.finding
    place = f"{printable(located.file)}:{finding.line}:{finding.column}"
    cells = (finding.severity, place, finding.message, finding.rule)
    return f"| {' | '.join(map(_inert, cells))} |"


def _inert(text: str) -> str:
    """A text that mentions nobody and no issue: `@name` and `#1` of a spec are only words."""
    return re.sub(r"(@(?=\w)|#(?=\d))", r"\1<!-- -->", escaped(text))
