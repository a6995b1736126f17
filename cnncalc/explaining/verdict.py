"""Verdicts on a statement: right, rounded, carried forward, a known mistake, or another way of counting."""

from __future__ import annotations

from typing import Literal, NamedTuple

from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.explaining.statement import Reading
from cnncalc.explaining.ways import Way

State = Literal["right", "rounded", "coarse", "swapped", "follows", "wrong", "blank", "unreadable"]

STATES: dict[State, str] = {
    "right": "the right value",
    "rounded": "the right value, rounded",
    "coarse": "the right value, rounded to fewer than three digits",
    "swapped": "the right shape, its sizes in another order than those of the sheet",
    "follows": "right for the earlier answers, which are not (error carried forward)",
    "wrong": "none of these",
    "blank": "no answer",
    "unreadable": "an answer that is not a number or shape",
}
"""The words of a verdict or of a cell's mark, with their meanings."""

MISTAKEN: tuple[State, ...] = ("wrong", "swapped")
"""The states whose explanations are mistakes that were made; those of a rounded answer may have been."""


class Verdict(NamedTuple):
    """The verdict on a statement.

    Attributes:
        state: a word of `STATES`.
        reading: how it was read; None for a number that is about no figure.
        meant: the value that it stands for: the exact one if it is rounded, else what was read.
        explanations: the mistakes that give it, most plausible first; for a rounded answer those that it hides.
        own: whether they give it with the earlier answers, not with the right ones; for what follows, whether it
            does from other rows, not from other figures of its own.
        ways: the ways of counting that give it, most plausible first.
        nearest: the nearest totals, if nothing or only mixtures give a number that is about no figure.
    """

    state: State
    reading: Reading | None = None
    meant: Value | None = None
    explanations: tuple[Explanation, ...] = ()
    own: bool = False
    ways: tuple[Way, ...] = ()
    nearest: tuple[Way, ...] = ()

    @property
    def is_single(self) -> bool:
        """Whether one mistake alone gives the number."""
        return bool(self.explanations) and len(self.explanations[0].mistakes) == 1
