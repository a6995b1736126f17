"""The problems of the text, with their fixes."""

from __future__ import annotations

from cnncalc.check.results import Located, Results
from cnncalc.editing.actions import fixed
from cnncalc.editing.places import TextPlace, TextRange
from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer, Request
from cnncalc.notation import several

MAX_SHOWN = 200
"""Problems that a page shows: more make it slow."""

KEPT = "; the figures are those of the last text without a mistake"


def problems(text: OpenText, _: Request) -> Answer:
    """Everything that a check finds, and one sentence about it."""
    checked = text.edited.checked
    here = [located for located in checked.findings if located.file == checked.file]
    return {"problems": [_problem(text, located) for located in here[:MAX_SHOWN]], "state": _state(text, here)}


def _state(text: OpenText, found: list[Located]) -> str:
    """The state of the whole text in words: the findings of a check; if it is broken, the first mistake's place."""
    count, claims = Results((text.edited.checked,)).found, text.edited.checked.claims
    shown = f"; the first {MAX_SHOWN} are shown" if len(found) > MAX_SHOWN else ""
    if text.edited.report is not None or not found:
        return count + (f"; {several(claims, 'claim')} compared" if claims else "") + shown
    first, kept = found[0].finding, KEPT if text.edited.good is not None else ""
    return f"{count}: line {first.line}, column {first.column}{shown}{kept}"


def _problem(text: OpenText, located: Located) -> Answer:
    finding = located.finding
    start = TextPlace(finding.line - 1, finding.column - 1)
    return {
        "range": text.range(TextRange(start, TextPlace(start.line, located.end_column - 1))),
        "place": f"{finding.line}:{finding.column}",
        "severity": finding.severity,
        "rule": finding.rule,
        "message": finding.message,
        "fixes": [
            {"title": fix.title, "changes": text.changes([change])}
            for fix in finding.fixes
            if (change := fixed(text.edited, fix)) is not None
        ],
    }
