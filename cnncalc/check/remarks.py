"""Remarks → findings: each gets its place in the spec, and one line of a spec says a thing only once."""

from __future__ import annotations

from cnncalc.check.findings import Finding, Remark, Rule, Subject
from cnncalc.check.places import Places
from cnncalc.language.nodes import ScalarNode
from cnncalc.network.model import Node

Place = tuple[int, int, int]
"""Line and column, from 1, and the number of characters."""


def findings(rule: Rule, subject: Subject) -> list[Finding]:
    """What a rule finds in a spec, in the order of the rule's remarks.

    A line in a block or with `repeat:` stands for many layers; what the rule says about them is one
    finding, with the first layer's numbers and how many others there are.
    """
    found: dict[tuple[Place, str], list[Remark]] = {}
    for remark in rule.find(subject):
        place = _place(remark.at if remark.node is None else _word(remark, remark.node, subject.places))
        found.setdefault((place, remark.message if remark.node is None else ""), []).append(remark)
    return [_finding(rule, place, remarks) for (place, _), remarks in found.items()]


def _word(remark: Remark, node: Node, places: Places) -> ScalarNode:
    """The word that a remark about a layer points at."""
    given = places.parameter(node, remark.parameter)
    if given is None and remark.inherited:
        given = places.default(node, remark.parameter)
    return given or places.kind(node)


def _place(at: ScalarNode | None) -> Place:
    return (1, 1, 1) if at is None else (at.line + 1, at.column + 1, max(len(at.text), 1))


def _finding(rule: Rule, place: Place, remarks: list[Remark]) -> Finding:
    """One finding for what a rule says about all the layers of one place."""
    line, column, length = place
    remark, *others = remarks
    path = remark.node.path if remark.node is not None else ""
    more = f" (in {path} and {len(others)} more layer{'s' * (len(others) > 1)})" if path and others else ""
    return Finding(line, column, remark.message + more, rule.id, remark.severity or rule.severity, length, path)
