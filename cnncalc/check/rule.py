"""The rule of a finding's id: a record, and the page `ID.md` beside the module that makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pkgutil import get_data
from typing import Literal, NamedTuple

from cnncalc.check.findings import Finding, Fix, Severity
from cnncalc.check.subject import Subject
from cnncalc.language.nodes import ScalarNode
from cnncalc.network.model import Node
from cnncalc.notation import several

When = Literal["always", "by default", "on request"]
"""When a rule is used: always, unless it is ignored or not selected, or when an option asks for it."""


class Complaint(NamedTuple):
    """The complaint of a lint rule about one layer, or about something else in the spec.

    Attributes:
        node: the layer; None if it is about no layer.
        message: what was found with which values, and what to do.
        parameter: the parameter of the layer to point at; if its line does not give it, or this is empty,
            the finding points at the layer's kind.
        inherited: whether to point into `defaults:` if these give the parameter. All layers that take it
            from there are one finding then.
        at: the word to point at if `node` is None; the first line of the spec if both are.
        severity: how much it matters, if that is less than usual for the rule.
        fixes: changes after which there is no complaint any more.
    """

    node: Node | None
    message: str
    parameter: str = ""
    inherited: bool = False
    at: ScalarNode | None = None
    severity: Severity | None = None
    fixes: tuple[Fix, ...] = ()


class RulePage(NamedTuple):
    """The page of a rule.

    Attributes:
        summary: one sentence that says what was found.
        reason: why it matters, when it does not, and what to do.
        bad: a spec in which it is found; empty if no short spec shows it.
        good: the same spec, corrected; empty if `bad` is.
    """

    summary: str
    reason: str
    bad: str = ""
    good: str = ""


Find = Callable[[Subject], Iterator[Complaint]]
"""A function from a spec to its complaints, in the order of the layers."""


class CheckRule(NamedTuple):
    """The rule of an id.

    Attributes:
        id: its name in `--select`, in comments and in reports.
        severity: how much a finding of it matters.
        when: when it is looked for.
        find: the function of a lint rule; None for findings of reading and comparing.
    """

    id: str
    severity: Severity = "error"
    when: When = "always"
    find: Find | None = None

    @property
    def page(self) -> RulePage:
        """Its page, beside the module that finds it."""
        return _read_page(self.find.__module__ if self.find else "cnncalc.check.problems", f"{self.id}.md")


@cache
def _read_page(module: str, file: str) -> RulePage:
    """A page: the heading is the summary; below the reason two specs may be between fences."""
    prose, *fenced = (get_data(module, file) or b"").decode("utf-8").split("```")
    summary, reason = prose.split("\n\n")[:2]
    examples = (block.removeprefix("yaml\n") for block in fenced[::2])
    return RulePage(summary.removeprefix("# "), " ".join(reason.split()), *examples)


def rule(severity: Severity, when: When = "by default") -> Callable[[Find], CheckRule]:
    """Makes a lint rule of a function; its id is the function's name."""
    return lambda find: CheckRule(find.__name__.replace("_", "-"), severity, when, find)


Place = tuple[int, int, int]
"""Line and column, from 1, and the number of characters."""


def lint_findings(rule: CheckRule, subject: Subject) -> Iterator[Finding]:
    """The findings of a lint rule in a spec, in the order of its complaints.

    A line in a block or with `repeat:` stands for many layers; what the rule says about them is one
    finding, with the first layer's numbers and how many others there are.
    """
    found: dict[tuple[Place, str], list[Complaint]] = {}
    for complaint in rule.find(subject) if rule.find else ():
        message = complaint.message if complaint.node is None else ""
        found.setdefault((_place(complaint, subject), message), []).append(complaint)
    for ((line, column, length), _), (first, *others) in found.items():
        path = first.node.path if first.node else ""
        more = f" (in {path} and {several(len(others), 'more layer')})" if path and others else ""
        severity = first.severity or rule.severity
        fixes = tuple(fix for fix in first.fixes if all(fix in other.fixes for other in others))
        yield Finding(line, column, first.message + more, rule.id, severity, length, path, fixes=fixes)


def _place(complaint: Complaint, subject: Subject) -> Place:
    """The place of the word that a complaint points at."""
    node, at = complaint.node, complaint.at
    if node is not None:
        at = subject.places.parameter(node, complaint.parameter)
        if at is None and complaint.inherited:
            at = subject.places.default(node, complaint.parameter)
        at = at or subject.places.kind(node)
    return (1, 1, 1) if at is None else (at.line + 1, at.column + 1, max(len(at.text), 1))
