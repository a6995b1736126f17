"""What a check finds."""

from __future__ import annotations

from typing import Literal, NamedTuple

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
        key: what else it is known by in a baseline than its rule and what its line says.
    """

    line: int
    column: int
    message: str
    rule: str
    severity: Severity
    length: int = 1
    layer: str = ""
    key: str = ""
