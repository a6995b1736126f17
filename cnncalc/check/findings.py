"""What a check finds, and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.network.model import Node
from cnncalc.spec.model import Spec

Severity = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""The most severe first."""


class Finding(NamedTuple):
    """One thing that a check has to say about a spec, with its place.

    Attributes:
        line, column: where, from 1.
        message: what was found with which values, and what to do.
        rule: the id of the rule.
        severity: how much it matters.
        length: the characters that it covers on its line, for the caret excerpt.
        layer: the path of the layer that it is about; empty for the whole network.
    """

    line: int
    column: int
    message: str
    rule: str
    severity: Severity
    length: int = 1
    layer: str = ""


class Subject(NamedTuple):
    """What a rule looks at: a spec that is valid, as it was written and with every figure."""

    spec: Spec
    report: Report


class Remark(NamedTuple):
    """What a rule has to say about one layer, or about the whole spec where there is none.

    Attributes:
        node: the layer, whose place the finding takes; None for the first line of the spec.
        message: what was found with which values, and what to do.
    """

    node: Node | None
    message: str


class Rule(NamedTuple):
    """A lint rule: one module of `check/rules/` declares one.

    Attributes:
        id: its name in `--select`, in comments and in reports.
        severity: how much a finding of it matters.
        summary: one sentence that says what it finds.
        reason: a paragraph: why it matters, and when it does not.
        bad: a spec in which it finds something.
        good: the same spec, mended.
        find: looks at a spec and yields what it has to say, in the order of the layers.
        by_default: whether it is on where nothing is selected.
    """

    id: str
    severity: Severity
    summary: str
    reason: str
    bad: str
    good: str
    find: Callable[[Subject], Iterator[Remark]]
    by_default: bool = True
