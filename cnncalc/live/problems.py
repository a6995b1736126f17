"""The problems of the text, with their fixes."""

from __future__ import annotations

from cnncalc.check.baseline import beyond
from cnncalc.check.results import Located, Results
from cnncalc.editing.actions import fixed
from cnncalc.editing.places import TextPlace, TextRange
from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer, Request
from cnncalc.notation import several

MAX_SHOWN = 200
"""The most problems that a page shows: more make it slow."""

KEPT = "; the figures are those of the last text without a mistake"


def problems(text: OpenText, _: Request) -> Answer:
    """All findings of a check, without those of the baseline, and one sentence about them."""
    results = Results((text.edited.checked,))
    if text.baseline is not None:  # what is stale in it is for a check of all files to say
        results = beyond(text.baseline, results, text.edited.settings)._replace(others=())
    (checked,) = results.files
    here = [located for located in checked.findings if located.file == checked.file]
    compared = f"; {several(checked.claims, 'claim')} compared" if checked.claims else ""
    shown = f"; the first {MAX_SHOWN} are shown" if len(here) > MAX_SHOWN else ""
    state = broken_state(text) or f"{results.found}{compared}{results.left_out}{shown}"
    return {"problems": [_problem(text, located) for located in here[:MAX_SHOWN]], "state": state}


def broken_state(text: OpenText) -> str:
    """How much is wrong with a text that has no figures, and the place of the first of it; empty for a good one."""
    if not (mistakes := text.edited.mistakes):
        return ""
    kept = KEPT if text.edited.good is not None else ""
    return f"{several(len(mistakes), 'error')}: line {mistakes[0].line}, column {mistakes[0].column}{kept}"


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
