"""One line for each finding, as compilers print them: editors jump to it."""

from __future__ import annotations

from cnncalc.check.reporters import Surroundings
from cnncalc.check.results import Located, Results
from cnncalc.errors import printable


def report(results: Results, surroundings: Surroundings) -> str:
    """`file:line:column: severity: message (rule)` for each finding."""
    return "".join(f"{concise_line(located)}\n" for located in results.findings)


def concise_line(located: Located) -> str:
    """One finding."""
    finding = located.finding
    place = f"{printable(located.file)}:{finding.line}:{finding.column}"
    return f"{place}: {finding.severity}: {finding.message} ({finding.rule})"
