"""The working that a student wrote down: does it give what it says, and with the right numbers?"""

from __future__ import annotations

import re
from math import floor
from typing import NamedTuple

from cnncalc.analysis.misconceptions.explain import Explainer, Explanation
from cnncalc.explaining.figures import TOTALLED
from cnncalc.formula import SOURCE, Formula, Number, write
from cnncalc.homework.counts import MAX_LENGTH, SIGNS, calculated
from cnncalc.homework.sheet import Cell
from cnncalc.notation import digits
from cnncalc.shapes import Shape


class Remark(NamedTuple):
    """Something to say that costs no points.

    Attributes:
        line: where in the sheet, from 1.
        layer: the row that it is about; empty for the whole sheet.
        id: its name in reports.
        message: what is to be said.
    """

    line: int
    layer: str
    id: str
    message: str


def check_working(layer: str, cell: Cell, explainer: Explainer) -> list[Remark]:
    """What is to be said about a calculation, as `(224 - 11 + 2*2)/4 + 1 = 55`; nothing where it is no arithmetic.

    Args:
        layer: the row's name.
        cell: the working.
        explainer: the row with its right inputs.
    """
    calculation, result = _parts(cell.text)
    worked, claimed = value_of(calculation), value_of(result)
    if worked is None:
        return []
    found = [] if claimed is None or worked == claimed else [_untrue(calculation, worked, claimed)]
    found += _explained(calculation, floor(worked), explainer)
    return [Remark(cell.line, layer, id_, message) for id_, message in found]


def _parts(text: str) -> tuple[str, str]:
    """The calculation and the result behind its equals sign; the result may be missing."""
    before, equals, behind = text.rpartition("=")
    return (before.rsplit("=", 1)[-1].strip(), behind) if equals else (behind.strip(), "")


def shown_by(working: str, explanations: tuple[Explanation, ...], figure: str) -> tuple[Explanation, ...]:
    """Those of several explanations whose calculation is the one that was written down; all where none is."""
    calculation = _bare(_parts(working)[0])
    shown = [one for one in explanations if _bare(_source(one.calculation(figure))) == calculation]
    return tuple(shown) or explanations


def _source(calculation: Formula | None) -> str:
    return write(calculation, SOURCE) if calculation is not None else ""


def _bare(calculation: str) -> str:
    """A calculation without parentheses, rounding and a padding of 0, so that two ways to write it agree."""
    text = calculation.translate(SIGNS).lower().replace("//", "/").replace("×", "*")
    return re.sub(r"floor|ceil|[()⌊⌋⌈⌉\s]|[+-]2\*0(?!\d)|[+-]0(?!\d)", "", re.sub(r"\s", "", text))


def _untrue(calculation: str, worked: Number, claimed: Number) -> tuple[str, str]:
    """What to say about a calculation that does not give what stands behind its equals sign."""
    message = f"{calculation} is {digits(worked)}, not {digits(claimed)}"
    if worked.denominator > 1 and floor(worked) == claimed:
        return "floor-missing", f"{message}: the quotient is not whole and has to be rounded down, ⌊ ⌋"
    return "wrong-arithmetic", message


def _explained(calculation: str, value: int, explainer: Explainer) -> list[tuple[str, str]]:
    """Which mistake the numbers show that were put in."""
    row = explainer.row
    rights = [row.value(figure) for figure in TOTALLED]
    if value in (*row.output.sizes(), *rights):
        return []
    shape = Shape(row.output.channels, (value,) * row.output.rank)
    found = explainer.misconceptions("out", shape) if shape.rank else ()
    noun, figure = ("size", "out") if found else ("count", "params")
    found = found or explainer.misconceptions("params", value)
    if not found:
        return []
    found = shown_by(calculation, found, figure)
    phrases = ", or ".join(one.mistakes[0].phrase for one in found)
    return [(found[0].ids[0], f"{value:,} is the {noun} {phrases}")]


def value_of(text: str) -> Number | None:
    """The value of a calculation; None where it is none. `⌊ ⌋` and `floor( )` round down."""
    if len(text) > MAX_LENGTH:
        return None
    bare = text.translate(SIGNS).lower().replace("×", "*").replace("⌊", "floor(").replace("⌋", ")")
    return calculated(re.sub(r"(?<=\d)\s*,\s*(?=\d{3}\b)", "", bare))
