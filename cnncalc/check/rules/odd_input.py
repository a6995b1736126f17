"""odd-input: sizes without names that may mean something other than their writer thinks."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.language.nodes import MapNode
from cnncalc.network.slips import doubt


@rule("warning")
def odd_input(subject: Subject) -> Iterator[Complaint]:
    """Report inputs that look like steps before features, or like a batch in front, and whose sizes have no names."""
    for name, (key, node) in subject.spec.inputs.items():
        shape = subject.report.network.inputs[name]
        message = "" if isinstance(node, MapNode) else doubt(shape, subject.report.network.layout)
        if message:
            yield Complaint(None, message, at=key)
