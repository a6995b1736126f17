"""The mark for one cell of a sheet."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.homework.judging import State


class Mark(NamedTuple):
    """The mark for one cell.

    Attributes:
        layer: the row's name.
        figure: what was asked for.
        answer: what was written.
        line: where, from 1; 0 for a row that is missing.
        state: what it is.
        right: the right value.
        read: how it was read; None for no answer.
        meant: the value that it stands for: the exact one of what is rounded.
        explanations: the mistakes that give a wrong answer, most plausible first.
        own: whether they do so with the student's own earlier answers.
        again: whether the most plausible of them was made further up already.
    """

    layer: str
    figure: str
    answer: str
    line: int
    state: State
    right: Value
    read: Value | None = None
    meant: Value | None = None
    explanations: tuple[Explanation, ...] = ()
    own: bool = False
    again: bool = False
