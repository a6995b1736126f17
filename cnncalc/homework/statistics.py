"""What a class got right and wrong: every cell, and every mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from cnncalc.explaining.verdict import STATES, State
from cnncalc.homework.marking import Mark, Marked
from cnncalc.homework.scheme import Scheme


class CellStatistics(NamedTuple):
    """One cell over all sheets.

    Attributes:
        layer, figure: which cell.
        states: how many answers have each state.
        credit: the part of its points that was got on average.
        mistakes: the most plausible mistake of each wrong answer, with how many made it, most frequent first.
    """

    layer: str
    figure: str
    states: dict[State, int]
    credit: Fraction
    mistakes: tuple[tuple[str, int], ...]

    @property
    def answers(self) -> int:
        """The sheets that were asked for it."""
        return sum(self.states.values())


def cell_statistics(sheets: Sequence[Marked], scheme: Scheme) -> tuple[CellStatistics, ...]:
    """The statistics of every cell, in the order of the sheets."""
    places: dict[tuple[str, str], list[Mark]] = {}
    for mark in chain.from_iterable(marked.marks for marked in sheets):
        places.setdefault((mark.layer, mark.figure), []).append(mark)
    return tuple(_cell(layer, figure, marks, scheme) for (layer, figure), marks in places.items())


def _cell(layer: str, figure: str, marks: Sequence[Mark], scheme: Scheme) -> CellStatistics:
    found = Counter(mark.state for mark in marks)
    made = Counter(" + ".join(mark.made) for mark in marks if mark.made)
    states = {state: found[state] for state in STATES}
    frequent = sorted(made.items(), key=lambda pair: (-pair[1], pair[0]))
    return CellStatistics(layer, figure, states, mean(map(scheme.credit, marks)), tuple(frequent))


def frequent_mistakes(sheets: Sequence[Marked]) -> list[tuple[str, int, int]]:
    """Each mistake with the number of sheets and of cells in which it was made, the most frequent first."""
    made = [[id_ for mark in marked.marks for id_ in mark.made] for marked in sheets]
    cells, files = Counter(chain.from_iterable(made)), Counter(chain.from_iterable(map(set, made)))
    frequent = sorted(files, key=lambda id_: (-files[id_], -cells[id_], id_))
    return [(id_, files[id_], cells[id_]) for id_ in frequent]


def mean(numbers: Iterable[Fraction]) -> Fraction:
    """The average; 0 of nothing."""
    listed = list(numbers)
    return sum(listed, Fraction(0)) / len(listed) if listed else Fraction(0)
