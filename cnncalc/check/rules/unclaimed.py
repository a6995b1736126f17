"""unclaimed: a spec without any claims."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject


@rule("note", "on request")
def unclaimed(subject: Subject) -> Iterator[Complaint]:
    """Report a spec without `expect:`."""
    if not subject.spec.claims:
        totals = subject.report.totals
        figures = f"params: {totals.params}, macs: {totals.macs}"
        yield Complaint(
            None, f"no expect:, so that no check notices a change; today it would be 'expect: {{{figures}}}'"
        )
