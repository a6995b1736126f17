"""What a misconception is, as the tables of this folder declare it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from cnncalc.analysis.misconceptions.layer_terms import Around
from cnncalc.analysis.misconceptions.terms import Terms


class Misconception(NamedTuple):
    """One way of going wrong.

    Attributes:
        id: its name in reports and statistics.
        rank: how far-fetched it is: of several that give a number the lowest is told first.
        phrase: how a number comes about: "34,848 is the count `without the biases`".
        sentence: what a student should know, in one sentence.
        hint: which term to look at, without the answer.
        wrong: the wrong formula: the terms as they were misread, each reading by itself. What it
            yields may equal the right terms; then the mistake is not seen in this layer.
    """

    id: str
    rank: int
    phrase: str
    sentence: str
    hint: str
    wrong: Callable[[Terms, Around], Iterable[Terms]]
