"""Sheets that share wrong numbers: a hint for the teacher, not a judgement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log2
from typing import NamedTuple

from cnncalc.analysis.misconceptions.slips import WRONG_DIGIT
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.errors import printable
from cnncalc.homework.cells import read_cell
from cnncalc.homework.counts import NotAnAnswer
from cnncalc.homework.marking import Mark, Marked
from cnncalc.homework.matching import some
from cnncalc.language.problems import one_line
from cnncalc.shapes import Shape

CHANCE = 8
"""The bits of surprise that a pair needs besides those for the number of pairs: one class in 250 has such a pair."""

KNOWN, UNKNOWN = 1 / 8, 1 / 100
"""The prior frequency of a wrong number: of a known mistake, and of one that no mistake explains."""

WEIGHT = 20
"""How many students these frequencies count for, besides those of the class with and without the number."""


FITS, LEAST_UNKNOWN = 0.9, 2
"""The part of the answers that must be right for another's variant, and how many that no mistake explains."""


class Alike(NamedTuple):
    """Two sheets with the same numbers.

    Attributes:
        sheet, other: the two, as places in the class; the first has numbers that are right for the second, if any is.
        cells: where, as `conv1 params`, without what follows from other cells.
        is_variant: whether they are right for the other's variant.
    """

    sheet: int
    other: int
    cells: tuple[str, ...]
    is_variant: bool


class _Number(NamedTuple):
    """A number in a cell of all sheets of a network."""

    network: str
    layer: str
    figure: str
    value: tuple[int, ...]


def alike(sheets: Sequence[Marked]) -> list[Alike]:
    """The pairs of sheets that share wrong numbers which are unlikely to agree by chance.

    A number is more surprising if fewer others of the class have it. A known mistake counts once, however
    many cells it is made in; numbers that follow from earlier answers do not count.
    """
    compared = _Compared(sheets)
    found: dict[tuple[int, ...], Alike] = {}
    for sheet, other in compared.pairs():
        cells, is_variant = compared.shared(sheet, other)
        # If a sheet fits several variants, the best one is meant; the others are much like it.
        key = (sheet,) if is_variant else (min(sheet, other), max(sheet, other))
        if cells and (key not in found or len(found[key].cells) < len(cells)):
            found[key] = Alike(sheet, other, cells, is_variant)
    return [found[key] for key in sorted(found)]


def said_of(sheets: Sequence[Marked], pair: Alike) -> str:
    """A sentence about two sheets that are alike."""
    one, other = (
        f"{one_line(sheets[place].sheet.student)[:60]} ({printable(sheets[place].sheet.file)})" for place in pair[:2]
    )
    where = some(pair.cells)
    if pair.is_variant:
        return f"{one} has the numbers of the sheet of {other}, which has another variant: {where}; look at both"
    return f"{one} and {other} have the same wrong numbers, which hardly anybody else has: {where}; look at both"


class _Compared:
    """The wrong answers of a class, with the sheets that have or should have these numbers."""

    def __init__(self, sheets: Sequence[Marked]) -> None:
        self._sheets = sheets
        self._wrong = [dict(_wrong(marked)) for marked in sheets]
        self._rights = [frozenset(_rights(marked)) for marked in sheets]
        self._keys = [(_network(marked), marked.sheet.seed) for marked in sheets]
        self._sizes = Counter(network for network, _ in self._keys)
        self._has: dict[_Number, set[int]] = defaultdict(set)
        asked = {number for wrong in self._wrong for number in wrong}
        for place in range(len(sheets)):
            for number in (*self._wrong[place], *(self._rights[place] & asked)):
                self._has[number].add(place)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The pairs that share a number, in both orders if their variants differ."""
        found = {
            (min(place, other), max(place, other))
            for place, wrong in enumerate(self._wrong)
            for number in wrong
            for other in self._has[number]
            if other != place
        }
        for one, other in sorted(found):
            yield one, other
            if self._keys[one] != self._keys[other]:
                yield other, one

    def shared(self, sheet: int, other: int) -> tuple[tuple[str, ...], bool]:
        """The cells in which a sheet has the numbers of another, and whether they are right; if there are enough."""
        common = [number for number in self._wrong[sheet] if other in self._has[number]]
        cells, bits, seen, unknown = list[str](), 0.0, set[str](), 0
        for number in common:
            mark = self._wrong[sheet][number]
            ids = {id_ for one in mark.explanations for id_ in one.ids} - {WRONG_DIGIT}
            if seen.isdisjoint(ids):
                seen |= ids
                bits += self._surprise(number, KNOWN if ids else UNKNOWN)
                unknown += not ids
                cells.append(f"{number.layer} {number.figure}")
        is_variant = any(number not in self._wrong[other] for number in common)
        is_found = bits >= self._needed(sheet) or (unknown >= LEAST_UNKNOWN and self._fits(sheet, other))
        return (tuple(cells), is_variant) if is_found else ((), False)

    def _fits(self, sheet: int, other: int) -> bool:
        """Whether nearly all answers of a sheet are right for another one."""
        answers = list(_answers(self._sheets[sheet]))
        return sum(number in self._rights[other] for number in answers) >= FITS * len(answers)

    def _needed(self, sheet: int) -> float:
        size = self._sizes[self._keys[sheet][0]]
        return CHANCE + log2(size * (size - 1) / 2)

    def _surprise(self, number: _Number, prior: float) -> float:
        """The bits that say how rare a number is among the sheets other than the two."""
        others, size = len(self._has[number]) - 2, self._sizes[number.network] - 2
        return -log2((others + prior * WEIGHT) / (size + WEIGHT))


def _network(marked: Marked) -> str:
    return marked.exercise.report.network.name


def _wrong(marked: Marked) -> Iterator[tuple[_Number, Mark]]:
    """The wrong answers of a sheet, without its sums, which follow from them."""
    wrong = (mark for mark in marked.marks if mark.state == "wrong" and mark.layer in marked.exercise)
    return ((number, mark) for mark in wrong if (number := _number(marked, mark)) is not None)


def _answers(marked: Marked) -> Iterator[_Number]:
    numbers = (_number(marked, mark) for mark in marked.marks if mark.state not in ("blank", "unreadable"))
    return (number for number in numbers if number is not None)


def _number(marked: Marked, mark: Mark) -> _Number | None:
    """The answer in a cell; None if it cannot be read."""
    try:
        value = read_cell(mark.answer, mark.figure, mark.right, marked.exercise.layout)[0].value
    except NotAnAnswer:
        return None
    return _Number(_network(marked), mark.layer, mark.figure, _sizes(value))


def _rights(marked: Marked) -> Iterator[_Number]:
    name = _network(marked)
    return (_Number(name, mark.layer, mark.figure, _sizes(mark.right)) for mark in marked.marks)


def _sizes(value: Value) -> tuple[int, ...]:
    """A value without the order of its sizes."""
    if isinstance(value, Shape):
        return tuple(sorted(value.sizes()))
    return (value,) if isinstance(value, int) else value
