"""The findings of a check."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""The most severe first."""


class Fix(NamedTuple):
    """A change of the spec with which a finding is gone.

    Attributes:
        title: says what it does.
        line, column: the word that it is about, from 1.
        text: the new one; None to remove the entry of the word.
        key: the parameter of the word's line that gets the text; empty if the word itself, or its value, does.
        length: the characters that the text replaces; 0 for the whole word or value.
    """

    title: str
    line: int
    column: int
    text: str | None = None
    key: str = ""
    length: int = 0


class Finding(NamedTuple):
    """One thing that a check has to say about a spec, with its place.

    Attributes:
        line, column: its place, from 1.
        message: says what was found with which values, and what to do.
        rule: the id of the rule.
        severity: how much it matters.
        length: the characters that it covers on its line, for the caret excerpt.
        layer: the path of the layer that it is about; empty for the whole network.
        key: a text by which a baseline knows it, besides its rule and its line.
        fixes: changes with which it is gone; one of them is enough.
    """

    line: int
    column: int
    message: str
    rule: str
    severity: Severity
    length: int = 1
    layer: str = ""
    key: str = ""
    fixes: tuple[Fix, ...] = ()
