"""What an id stands for that no lint rule declares."""

from __future__ import annotations

from typing import NamedTuple


class Explained(NamedTuple):
    """What an id stands for.

    Attributes:
        summary: one sentence that says what was found.
        reason: why it is wrong, and what to do.
        bad: a spec in which it is found; empty where no short spec shows it.
        good: the same spec, mended; empty where `bad` is.
    """

    summary: str
    reason: str
    bad: str = ""
    good: str = ""
