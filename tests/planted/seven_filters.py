"""A lint rule for tests of what runs and reports rules, so that these do not depend on the real ones."""

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject


@rule("warning")
def seven_filters(subject: Subject) -> Iterator[Complaint]:
    for node in subject.report.network.nodes:
        if getattr(node.layer, "filters", None) == 7:
            yield Complaint(node, f"{node.path}: 7 filters, as [x](y) | `z` <b> & 100 %: a, b")
