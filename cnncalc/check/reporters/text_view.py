"""For people: each finding with the line that it stands on and a caret."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from cnncalc.check.findings import Severity
from cnncalc.check.reporters.summary_view import summary
from cnncalc.check.results import Located, Results
from cnncalc.errors import printable
from cnncalc.render.problems import excerpt_text

STYLES: dict[Severity, str] = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


def print_findings(results: Results, console: Console) -> None:
    """Print every finding, and a line that sums them up."""
    for located in results.findings:
        console.print(_headline(located), soft_wrap=True)
        if located.excerpt:
            finding = located.finding
            written = "".join(c if c.isprintable() or c == "\t" else "?" for c in located.excerpt)
            style = STYLES[finding.severity]
            console.print(excerpt_text(finding.line, finding.column, finding.length, written, style), soft_wrap=True)
    if results.findings:
        console.print()
    console.print(Text(summary(results), style="bold" if results.failed else ""), soft_wrap=True)


def _headline(located: Located) -> Text:
    finding = located.finding
    return Text.assemble(
        (f"{printable(located.file)}:{finding.line}:{finding.column}: ", "bold"),
        (f"{finding.severity}: ", STYLES[finding.severity]),
        finding.message,
        (f" ({finding.rule})", "dim"),
    )
