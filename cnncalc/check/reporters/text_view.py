"""For people: each finding with the line that it is on and a caret."""

from __future__ import annotations

from cnncalc.check.findings import Severity
from cnncalc.check.reporters.summary_view import summary
from cnncalc.check.results import Located, Results
from cnncalc.errors import printable
from cnncalc.render.problems import print_excerpt
from cnncalc.render.screen import Part, Screen

STYLES: dict[Severity, str] = {"error": "bold red", "warning": "bold magenta", "note": "bold cyan"}


def print_findings(results: Results, screen: Screen) -> None:
    """Print every finding, and a line that sums them up."""
    for located in results.findings:
        screen.say(*_headline(located))
        if located.excerpt:
            finding = located.finding
            style = STYLES[finding.severity]
            print_excerpt(finding.line, finding.column, finding.length, located.excerpt, screen, style)
    if results.findings:
        screen.line()
    screen.say((summary(results), "bold" if results.failed else ""))


def _headline(located: Located) -> tuple[Part, ...]:
    finding = located.finding
    return (
        (f"{printable(located.file)}:{finding.line}:{finding.column}: ", "bold"),
        (f"{finding.severity}: ", STYLES[finding.severity]),
        finding.message,
        (f" ({finding.rule})", "dim"),
    )
