"""What a statement is: right, rounded, carried forward, a known mistake, or another way of counting."""

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
    "unreadable": "an answer that is no number or shape",
}
"""What a verdict or the mark of a cell can say."""

MISTAKEN: tuple[State, ...] = ("wrong", "swapped")
"""The states whose explanations are mistakes that were made; those of a rounded answer may have been."""


class Verdict(NamedTuple):
    """What a statement is.

    Attributes:
        state: a word of `STATES`.
        reading: how it was read; None for a number that is about no figure.
        meant: the value that it stands for: the exact one of what is rounded, else what was read.
        explanations: the mistakes that give it, most plausible first; of a rounded answer those that it hides.
        own: whether they give it with the earlier answers, not with the right ones; of what follows, whether it
            does from other rows, not from other figures of its own.
        ways: the ways of counting that give it, most plausible first.
        nearest: where nothing or only mixtures give a number that is about no figure, the nearest totals.
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
