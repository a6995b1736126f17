"""What a class got right and wrong: every cell, and every mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.explaining.verdict import MISTAKEN, STATES, State
from cnncalc.homework.marking import Marked
from cnncalc.homework.scheme import Scheme


class ItemStatistics(NamedTuple):
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


class ClassStatistics(NamedTuple):
    """A whole class.

    Attributes:
        items: every cell, in the order of the sheets.
        mistakes: each mistake with the number of sheets and of cells in which it was made, the most
            frequent first.
    """

    items: tuple[ItemStatistics, ...]
    mistakes: tuple[tuple[str, int, int], ...]


def class_statistics(sheets: Sequence[Marked], scheme: Scheme) -> ClassStatistics:
    """The statistics of marked sheets."""
    places: dict[tuple[str, str], _Tally] = {}
    sheets_with: Counter[str] = Counter()
    cells_with: Counter[str] = Counter()
    for marked in sheets:
        made: list[str] = []
        for mark in marked.marks:
            tally = places.setdefault((mark.layer, mark.figure), _Tally(Counter(), Counter(), []))
            tally.states[mark.state] += 1
            maximum = scheme.maximum(mark)
            tally.credits.append(scheme.score(mark) / maximum if maximum else Fraction(0))
            ids = mark.explanations[0].ids if mark.explanations and mark.state in MISTAKEN else ()
            tally.mistakes.update([" + ".join(ids)] if ids else [])
            made += ids
        cells_with.update(made)
        sheets_with.update(set(made))
    items = tuple(_item(layer, figure, tally) for (layer, figure), tally in places.items())
    frequent = sorted(sheets_with, key=lambda id_: (-sheets_with[id_], -cells_with[id_], id_))
    return ClassStatistics(items, tuple((id_, sheets_with[id_], cells_with[id_]) for id_ in frequent))


class _Tally(NamedTuple):
    states: Counter[State]
    mistakes: Counter[str]
    credits: list[Fraction]


def _item(layer: str, figure: str, tally: _Tally) -> ItemStatistics:
    states = {state: tally.states[state] for state in STATES}
    return ItemStatistics(layer, figure, states, mean(tally.credits), tuple(_by_frequency(tally.mistakes)))


def _by_frequency(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def mean(numbers: Iterable[Fraction]) -> Fraction:
    """The average; 0 of nothing."""
    listed = list(numbers)
    return sum(listed, Fraction(0)) / len(listed) if listed else Fraction(0)
