"""The network of a sheet that names none: the one of its operations, or the bundled architecture that fits best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import analyze_network
from cnncalc.explaining.exercise import Exercise
from cnncalc.homework.alignment import Alignment, ReadRow
from cnncalc.homework.guessing import POOLS, STYLES
from cnncalc.homework.matching import Matching
from cnncalc.homework.operations import Guess, network_guessed, network_said, unpadded
from cnncalc.homework.row_kinds import MISSED
from cnncalc.homework.sheet import Sheet, unreadable
from cnncalc.language.source import bundled_names, read_source
from cnncalc.layers.pooling import Pool
from cnncalc.network.model import Network
from cnncalc.network.vocabulary import kind_of

MOST_ANALYZED = 24
"""How many bundled architectures are compared by their figures."""

MOST_ALIGNED = 4
"""How many of them are compared row by row."""

MOST_GUESSED = 400
"""The most rows of a table whose network is guessed: each guess is compared with all of them."""

LEAST_WIDTH = 10
"""The smallest number of channels or features that identifies a network; kernels and strides are smaller."""

LEAST_FIT = 0.5
LEAST_RIGHT = 4
"""The part of the answers, and the number of them that are not 0, which a network has to make right."""

NEAR = 0.8
"""The least part of right answers for a bundled architecture that is meant in spite of some mistakes."""

GUESSED = "no known network fits your table, so the network is read from your numbers"
"""Begins the words about an unknown network; the settings that are taken from the numbers come after it."""

MOST_NAMED = 4


class Fit(NamedTuple):
    """A network compared with a sheet.

    Attributes:
        name: as on the command line; empty for what the sheet itself says.
        exercise: what it asks.
        matching: its rows and those of the sheet.
        right: answers that are right for it.
        asked: answers that are there, and those that are missing.
        wrong: the layers with an answer that is not right.
        left: rows without a layer, and layers without a row.
    """

    name: str
    exercise: Exercise
    matching: Matching
    right: int
    asked: int
    wrong: tuple[str, ...]
    left: int

    @property
    def part(self) -> float:
        """The part of the answers that are right: 1 for all."""
        return self.right / self.asked if self.asked else 0.0

    @property
    def is_full(self) -> bool:
        """Whether all answers are right, and there are enough of them to say so."""
        return self.right == self.asked >= LEAST_RIGHT


class Taken(NamedTuple):
    """The network that a sheet is taken to be about.

    Attributes:
        exercise: what it asks.
        why: a sentence that says which network was taken.
    """

    exercise: Exercise
    why: str = ""


def find_network(sheet: Sheet, made: Callable[[str], Exercise]) -> Taken:
    """The network that a sheet is about.

    Args:
        sheet: the sheet, which names none.
        made: makes the exercise of a bundled architecture.

    Raises:
        SheetError: no network fits; says what to give.
    """
    said = "the network is read from what your table says of each layer"
    own, padded = (
        _best(sheet, (network_said(sheet, *way) for way in product(_biases(sheet), paddings)))
        for paddings in ((False,), _paddings(sheet)[1:])
    )
    if own is not None and padded is not None and padded.part > own.part:
        own, said = padded, f"{said}; it says nothing of padding: 'same' is taken, with which more is right"
    if own is not None and own.is_full:
        return Taken(own.exercise, said)
    fits = sorted(_fits(sheet, made), key=lambda fit: (-fit.part, fit.left, fit.name))
    best = fits[0] if fits else None
    if own is not None and (best is None or not best.is_full):
        return Taken(own.exercise, said)
    guess = None if best is not None and best.is_full else _guess(sheet)
    if guess is not None and _is_better(guess, best):
        return Taken(guess.exercise, _taken(guess))
    if best is None or best.part < LEAST_FIT or best.right < LEAST_RIGHT:
        raise unreadable(sheet.file, _nothing(best))
    return Taken(best.exercise, _why(best, fits[1:]))


def _guess(sheet: Sheet) -> Fit | None:
    """The network that fits the numbers of a sheet best if it says nothing else; None if they say too little.

    Of those that fit equally well, the first is taken; its pools are all alike: other numbers are mistakes.
    """
    if len(sheet.rows) > MOST_GUESSED:
        return None
    ways = product(_biases(sheet), _paddings(sheet), (True, False), (*POOLS[:2], None), STYLES)
    return _best(sheet, (network_guessed(sheet, Guess(*way)) for way in ways))


def _best(sheet: Sheet, networks: Iterable[Network | None]) -> Fit | None:
    """The first of the networks that fit a sheet best; None if there is none. After a full fit no other is tried."""
    best = None
    for network in networks:
        if network is not None:
            fit = _fit("", Exercise(analyze_network(network)), sheet)
            best = fit if best is None or fit.part > best.part else best
            if best.is_full:
                break
    return best


def _biases(sheet: Sheet) -> tuple[bool, ...]:
    """Whether layers may have biases, and may have none: who counts `weights` and not params often leaves them out."""
    return (True, False) if "weights" in sheet.figures and "params" not in sheet.figures else (True,)


def _paddings(sheet: Sheet) -> tuple[bool, ...]:
    """Whether convolutions may be unpadded, and may be padded: a single one that keeps its size is a mistake."""
    return (False, True) if unpadded(sheet) > 1 else (False,)


def _is_better(guess: Fit, best: Fit | None) -> bool:
    """Whether a guess is taken before the bundled architecture that fits best.

    An architecture that nearly fits is meant, and the rest are mistakes; but another number of classes is not one.
    """
    if guess.right < LEAST_RIGHT or guess.part <= max(best.part if best is not None else 0, LEAST_FIT):
        return False
    return best is None or best.part < NEAR or (guess.is_full and best.wrong == _classes(best.exercise))


def _classes(exercise: Exercise) -> tuple[str, ...]:
    """The name of the last fc layer, as a set."""
    return tuple(item.name for item in exercise.items if item.nodes[0].layer.kind == "fc")[-1:]


def _taken(guess: Fit) -> str:
    """The sentence about a guess: what it takes from the numbers of the sheet, and what is checked."""
    report, layout = guess.exercise.report, guess.exercise.layout
    settings = (one.layer for one in report.layers if one.facts.params or isinstance(one.layer, Pool))
    words = dict.fromkeys(_words(layer) for layer in settings)
    shape = next(iter(report.network.inputs.values())).text(layout)
    return (
        f"{GUESSED}: input {shape}; {'; '.join(words)}. These are taken as they are; "
        f"checked is what follows from them ({guess.right} of {guess.asked} answers). "
        "A column 'operation' says what was asked for"
    )


def _words(layer: Any) -> str:
    """The words for a guessed layer: `conv 96, 11×11, stride 4`; its window is square."""
    made = getattr(layer, "filters", "") or getattr(layer, "features", "")
    said = [f"{layer.kind} {made}".strip()]
    if hasattr(layer, "kernel"):
        (kernel, *_), (stride, *_) = layer.kernel, layer.stride
        padding = layer.padding if isinstance(layer.padding, str) else layer.padding[0][0]
        said.append(f"{kernel}×{kernel}")
        said += [f"stride {stride}"] if stride != (1 if made else kernel) else []
        said += [f"padding {padding}"] if padding else []
    said += ["no bias"] if getattr(layer, "bias", True) is False else []
    return ", ".join(said) if made else ", ".join([" ".join(said[:2]), *said[2:]])


def _fits(sheet: Sheet, made: Callable[[str], Exercise]) -> Iterator[Fit]:
    """The bundled architectures that may be meant, with how they fit."""
    answers = _answers(sheet)
    exercises = {name: made(name) for name in _likely(answers)}
    ways = {name: _foldings(sheet, exercise) for name, exercise in exercises.items()}
    likely = sorted(ways, key=lambda name: -max(_common(answers, way) for way in ways[name]))
    return (_best_fit(name, ways[name], sheet) for name in likely[:MOST_ALIGNED])


def unfolded_as(sheet: Sheet, exercise: Exercise) -> Exercise:
    """The exercise with the rows that a sheet has: a row for every layer, or fewer, as for the stages of a ResNet."""
    ways = _foldings(sheet, exercise)
    return _best_fit("", ways, sheet).exercise if len(ways) > 1 else exercise


def _foldings(sheet: Sheet, exercise: Exercise) -> list[Exercise]:
    """An exercise, and those with fewer rows of which the number is nearer to that of a sheet: comparing takes long."""
    rows = len(sheet.rows)
    apart = abs(len(exercise.items) - rows)
    return [exercise, *(one for one in exercise.folded if abs(len(one.items) - rows) < apart)]


def _best_fit(name: str, exercises: Sequence[Exercise], sheet: Sheet) -> Fit:
    fits = [_fit(name, exercise, sheet) for exercise in exercises]
    return max(fits, key=lambda fit: fit.part)


def _answers(sheet: Sheet) -> list[ReadRow]:
    return [Alignment.read(row) for row in sheet.rows]


def _likely(answers: Sequence[ReadRow]) -> list[str]:
    """The bundled architectures whose widths and other numbers are in the sheet, those with the largest part first."""
    numbers = {str(one) for row in answers for values in row.values.values() for value in values for one in value}
    widths = {str(one) for row in answers for value in row.values.get("out", ()) for one in _widths(value)}

    def shared(name: str) -> tuple[float, float]:
        text = read_source(name).text.partition("\ninput")[2]
        layers = text.partition("\n")[2].partition("\nexpect")[0]
        said = {number for number in re.findall(r"\d+", layers) if int(number) >= LEAST_WIDTH}
        known = set(re.findall(r"\d+", text))
        return len(widths & said) / (len(widths | said) or 1), len(numbers & known) / (len(known) + len(numbers) or 1)

    return sorted(bundled_names(), key=shared, reverse=True)[:MOST_ANALYZED]


def _widths(shape: Sequence[int]) -> Sequence[int]:
    """The sizes of a shape that may be its channels: of 55, 55 and 96 the 96."""
    single = [size for size in shape if shape.count(size) == 1]
    return [size for size in single or shape if size >= LEAST_WIDTH]


def _common(answers: Sequence[ReadRow], exercise: Exercise) -> float:
    """The part of the numbers that a sheet and a network share, wherever they are."""
    alignment = Alignment(exercise)
    figures = {figure for row in answers for figure in row.values}
    known = Counter(
        (figure, right[0] if figure != "out" else right)
        for item in exercise.items
        for figure, right in alignment.rights(item).items()
        if figure in figures
    )
    asked, common = known.total(), 0
    given = [(figure, values) for row in answers for figure, values in row.values.items() if values]
    for figure, values in given:
        keys = ((figure, value if figure == "out" else sum(value) // 2) for value in values)
        key = next((key for key in keys if known[key] > 0), None)
        if key is not None:
            known[key] -= 1
            common += 1
    return common / (asked + len(given) or 1)


def _fit(name: str, exercise: Exercise, sheet: Sheet) -> Fit:
    matching, alignment = Matching(exercise, sheet), Alignment(exercise)
    right, asked, wrong = 0, 0, list[str]()
    for item in exercise.items:
        row = matching.rows.get(item.name)
        if row is not None:
            found = alignment.compared(alignment.read(row), item)
            right, asked = right + sum(found), asked + len(found)
            wrong += [] if all(found) else [item.name]
        elif item.name not in matching.implied:
            asked += len(sheet.figures)
    taken = {id(row) for row in matching.rows.values()}
    surplus = (alignment.read(row) for row in sheet.rows if id(row) not in taken)
    asked += sum(len(row.values) for row in surplus if row.kind in MISSED)  # a row without a layer is not right
    left = len(exercise.items) + len(sheet.rows) - 2 * len(matching.rows)
    return Fit(name, exercise, matching, right, asked, tuple(wrong), left)


def _why(best: Fit, others: Sequence[Fit]) -> str:
    """The sentence that says which network was taken, which ones fit equally well, and why the next one does not."""
    fits = "fits" if best.right == best.asked else "is most like"
    said = f"your table {fits} {best.name}, {best.right} of {best.asked} answers"
    rows = len(best.matching.rows)
    if same := [other.name for other in others if other.part == best.part and len(other.matching.rows) == rows]:
        return f"{said}; so does {', '.join(same)}"
    other = next((other for other in others if other.part >= LEAST_FIT and other.wrong), None)
    return f"{said}; not {other.name}: {_difference(best, other)}" if other is not None else said


def _difference(best: Fit, other: Fit) -> str:
    """The answers that are wrong for another network, with its setting there if that is the same for all layers."""
    own = {id(row): best.exercise.item(name) for name, row in best.matching.rows.items()}
    settings = set()
    for name in other.wrong:
        item, beside = other.exercise.item(name), own.get(id(other.matching.rows[name]))
        layers = [one.nodes[0].layer for one in (item, beside) if one is not None]
        if len(layers) == 2 and layers[0].kind == layers[1].kind:
            differing = [
                (word, getattr(layers[0], word))
                for word in kind_of(layers[0].kind).parameters
                if getattr(layers[0], word, None) != getattr(layers[1], word, None)
            ]
            settings.add(tuple((word, str(value)) for word, value in differing))
    more = f" and {len(other.wrong) - MOST_NAMED} more" if len(other.wrong) > MOST_NAMED else ""
    names = ", ".join(other.wrong[:MOST_NAMED]) + more
    if len(settings) == 1 and len(only := next(iter(settings))) == 1:
        have = "has" if len(other.wrong) == 1 else "have"
        return f"{names} {have} {only[0][0]} {only[0][1]} there"
    return f"{names} {'differs' if len(other.wrong) == 1 else 'differ'} there"


def _nothing(best: Fit | None) -> str:
    near = f" (nearest: {best.name}, {best.right} of {best.asked} answers)" if best is not None and best.right else ""
    return (
        f"no bundled architecture fits the table{near}: give --spec, or write 'input: 3x227x227' above the table and "
        "what each layer does, as 'conv 96 11x11 stride 4', in a column 'operation'"
    )
