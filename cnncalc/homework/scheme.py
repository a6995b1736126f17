"""The marking scheme: points for each cell, and the credit for an answer that is not simply right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from cnncalc.errors import OverrideError
from cnncalc.explaining.figures import ASKED
from cnncalc.explaining.verdict import State
from cnncalc.homework.marking import Mark, Marked
from cnncalc.homework.points import read_points
from cnncalc.homework.reading import read_text
from cnncalc.language.expressions import ExpressionError
from cnncalc.language.nodes import MapNode, ScalarNode
from cnncalc.language.problems import Problems, TooManyProblems, suggestion
from cnncalc.language.reader import read_nodes

CREDITS: dict[State, Fraction] = {
    "right": Fraction(1),
    "rounded": Fraction(1),
    "coarse": Fraction(0),
    "swapped": Fraction(1),
    "follows": Fraction(1),
    "wrong": Fraction(0),
    "blank": Fraction(0),
    "unreadable": Fraction(0),
}
"""The part of its points that a cell gets by its state, unless a scheme has another one."""

CHANGEABLE = ("rounded", "coarse", "swapped", "follows")

AGAIN = "again"
"""The credit for a wrong answer whose mistake was already made above in the same column."""

MAX_POINTS = 1000


class Scheme(NamedTuple):
    """The rules by which answers get points.

    Attributes:
        points: of a cell, by figure, or by `layer.figure` for a single one; 1 by default.
        credits: the part of them that a state gets.
        again: the part for a mistake that was made before.
    """

    points: Mapping[str, Fraction] = {}
    credits: Mapping[State, Fraction] = CREDITS
    again: Fraction = Fraction(0)

    def maximum(self, mark: Mark) -> Fraction:
        """The points that a cell is worth."""
        return self.points.get(f"{mark.layer}.{mark.figure}", self.points.get(mark.figure, Fraction(1)))

    def score(self, mark: Mark) -> Fraction:
        """The points that an answer gets."""
        return self.maximum(mark) * self._part(mark) if mark.given is None else mark.given.points

    def credit(self, mark: Mark) -> Fraction:
        """The part of its points that an answer gets; 0 if there is no answer."""
        return self.score(mark) / self.maximum(mark) if self.maximum(mark) else Fraction(0)

    def _part(self, mark: Mark) -> Fraction:
        return self.again if mark.state == "wrong" and mark.again else self.credits[mark.state]

    def total(self, marked: Marked) -> tuple[Fraction, Fraction]:
        """The points that a sheet gets, and their maximum."""
        return sum(map(self.score, marked.marks), Fraction(0)), sum(map(self.maximum, marked.marks), Fraction(0))

    def unused(self, sheets: Iterable[Marked]) -> list[str]:
        """The single cells with points in the scheme that no sheet has."""
        cells = {f"{mark.layer}.{mark.figure}" for marked in sheets for mark in marked.marks}
        return [name for name in self.points if name not in ASKED and name not in cells]


def read_scheme(value: str) -> Scheme:
    """The scheme in `params=2,follows=0.5`, or in a YAML file with the same words.

    Raises:
        OverrideError: a name or a number is not known.
        SpecError: the file cannot be read, or is not YAML.
    """
    return make_scheme(_settings(value))


def _settings(value: str) -> Mapping[str, str]:
    if "=" in value:
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        names = [name.strip() for name, _, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise OverrideError(f"scheme: {twice} occurs twice")
        return {name.strip(): text.strip() for name, _, text in pairs}
    text = read_text(value)
    problems = Problems(value, text)
    try:
        root = read_nodes(text, problems)
    except TooManyProblems:
        raise problems.error() from None
    problems.raise_if_any()
    if not isinstance(root, MapNode):
        raise OverrideError(f"scheme: {value} is not a mapping; write lines such as 'params: 2' and 'follows: 0.5'")
    return {name: node.text if isinstance(node, ScalarNode) else "?" for name, node in root.values.items()}


def make_scheme(settings: Mapping[str, str]) -> Scheme:
    """A scheme from settings as they are written: `{"params": "2", "follows": "0.5", "conv1.out": "3"}`.

    Raises:
        OverrideError: a name or a number is not known.
    """
    points: dict[str, Fraction] = {}
    credits_ = dict(CREDITS)
    again = Fraction(0)
    for name, text in settings.items():
        if name in CHANGEABLE or name == AGAIN:
            credit = _number(name, text, 1)
            again = credit if name == AGAIN else again
            credits_ |= {state: credit for state in CREDITS if state == name}
        elif name in ASKED or name.rpartition(".")[2] in ASKED:
            points[name] = _number(name, text, MAX_POINTS)
        else:
            known = (*CHANGEABLE, AGAIN, *ASKED)
            near = (
                suggestion(name, known)
                or f"; known are {', '.join(known)} and, for one cell, LAYER.FIGURE, as {name}.params"
            )
            raise OverrideError(f"scheme: there is no '{name}'{near}")
    return Scheme(points, credits_, again)


def _number(name: str, text: str, most: int) -> Fraction:
    try:
        number = read_points(text)
    except ExpressionError as error:
        raise OverrideError(f"scheme: {name}={text}: {error}") from None
    if number > most:
        what = "a credit is the fraction of the points that an answer gets" if most == 1 else "points of one cell"
        raise OverrideError(f"scheme: {name}={text}: {what}, from 0 to {most}")
    return number
