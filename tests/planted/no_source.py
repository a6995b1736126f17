"""A lint rule for tests that is off unless it is selected."""

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject


@rule("note", "on request")
def no_source(subject: Subject) -> Iterator[Complaint]:
    if not subject.spec.source:
        yield Complaint(None, "the spec names no source")
