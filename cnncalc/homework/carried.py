"""What follows from the other answers of the same row: FLOPs from MACs, bytes from values."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from cnncalc.analysis.misconceptions.reckoner import Reckoner
from cnncalc.analysis.misconceptions.terms import Value
from cnncalc.figures import FIGURES, attribute_of
from cnncalc.formula import evaluate, parse, symbols


def carried(figure: str, answers: Mapping[str, Value], reckoner: Reckoner) -> list[int]:
    """The values of a figure that follow from answers of its row; none where none of them leads to it.

    Args:
        figure: what is asked for.
        answers: the answers of the row so far, by figure.
        reckoner: the row, for what was not answered.
    """
    formula = parse(FIGURES[figure].formula) if figure in FIGURES and FIGURES[figure].formula else None
    if formula is None:
        return []
    names = {symbol: attribute_of(symbol) for symbol in symbols(formula)}
    leading = {name: [*_whole(answers.get(name)), *carried(name, answers, reckoner)] for name in names.values()}
    if not any(leading.values()):
        return []
    right = {"value_bytes": reckoner.terms[0].value_bytes}
    choices = [leading[name] or _whole(right.get(name) or reckoner.value(name)) for name in names.values()]
    chosen = (dict(zip(names, values, strict=True)) for values in product(*choices))
    return [int(evaluate(formula, values)) for values in chosen]


def _whole(value: Value | None) -> list[int]:
    return [value] if type(value) is int else []
