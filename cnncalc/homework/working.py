"""A student's working: does it give the stated result, and with the right numbers?"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from math import floor, prod
from typing import NamedTuple

from cnncalc.analysis.misconceptions.explain import Explainer, Explanation
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.explaining.figures import TOTALLED
from cnncalc.formula import SOURCE, Formula, Number, write
from cnncalc.homework.answer_parts import MAX_LENGTH, answer_parts, equal_parts
from cnncalc.homework.counts import SIGNS, NotAnAnswer, calculated, read_count
from cnncalc.homework.sheet import Cell
from cnncalc.notation import digits
from cnncalc.shapes import Shape

SLIP = "the calculation is right, its result is not"


class Remark(NamedTuple):
    """A remark that costs no points.

    Attributes:
        line: its line in the sheet, from 1.
        layer: the row that it is about; empty for the whole sheet.
        id: its name in reports.
        message: its sentence.
    """

    line: int
    layer: str
    id: str
    message: str


def check_working(layer: str, cell: Cell, explainer: Explainer, figure: str = "") -> list[Remark]:
    """The remarks on a calculation, as `(224 - 11 + 2*2)/4 + 1 = 55`; none if it is not arithmetic.

    Args:
        layer: the row's name.
        cell: the working, or an answer with its working.
        explainer: the row with its right inputs.
        figure: the figure of the answer; empty for working in a column of its own.
    """
    steps = _steps(cell.text, figure, explainer.row.output)
    found = next((_untrue(step, figure, explainer) for step in steps if not step.holds), [])
    if steps and (found or not figure):
        found = [*found, *_explained(steps[-1].calculation, floor(steps[-1].worked), explainer)]
    return [Remark(cell.line, layer, id_, message) for id_, message in found]


def is_slip(text: str, figure: str, right: Value) -> bool:
    """Whether the calculation in an answer gives the right value, but the answer is another one."""
    if len(answer_parts(text)) < 2:
        return False
    output = right if isinstance(right, Shape) else Shape(1)
    steps = _steps(text, figure, output)
    rights = right.sizes() if isinstance(right, Shape) else (right,)
    return any(not step.holds and step.worked in rights for step in steps)


class _Step(NamedTuple):
    """A calculation, its value, and the result beside it, which may be empty."""

    calculation: str
    worked: Number
    result: str
    holds: bool


def _steps(text: str, figure: str, output: Shape) -> list[_Step]:
    """The calculations of a working, in their order."""
    signs = r"[-−–+/*·⋅∗×^²³⌊]|\dx\d|floor" if figure != "out" or not output.rank else r"[-−–+/⌊]|floor"
    found = []
    for parts in equal_parts(text):
        for before, after in pairwise(parts if len(parts) > 1 else (*parts, "")):
            calculation, result = (before, after) if re.search(signs, before.lower()) else (after, before)
            worked = value_of(calculation)
            if worked is not None and (not figure or re.search(signs, calculation.lower())):
                found.append(_Step(calculation, worked, result, _is(worked, result, figure)))
    return found


def _is(worked: Number, result: str, figure: str) -> bool:
    """Whether a text says a number, or among the sizes of a shape; also if it says none."""
    if figure == "out" and (sizes := [int(size) for size in re.findall(r"\d{1,12}", result)]):
        return worked in (*sizes, prod(sizes))
    claimed = value_of(result)
    try:
        readings = read_count(result)
    except NotAnAnswer:
        readings = ()
    near = any(isinstance(one.value, int) and abs(Fraction(worked) - one.value) <= one.tolerance for one in readings)
    return near or worked == claimed or (claimed is None and not readings)


def _parts(text: str) -> tuple[str, str]:
    """The last calculation and the result after its equals sign; the result may be missing."""
    before, equals, after = text.rpartition("=")
    return (before.rsplit("=", 1)[-1].strip(), after) if equals else (after.strip(), "")


def shown_by(working: str, explanations: tuple[Explanation, ...], figure: str) -> tuple[Explanation, ...]:
    """The explanations with the calculation that was written down; all of them if none has it."""
    calculation = _bare(_parts(working)[0])
    shown = [one for one in explanations if _bare(_source(one.calculation(figure))) == calculation]
    return tuple(shown) or explanations


def _source(calculation: Formula | None) -> str:
    return write(calculation, SOURCE) if calculation is not None else ""


def _bare(calculation: str) -> str:
    """A calculation without parentheses, rounding and a padding of 0, so that its spellings are equal."""
    text = calculation.translate(SIGNS).lower().replace("//", "/").replace("×", "*")
    return re.sub(r"floor|ceil|[()⌊⌋⌈⌉\s]|[+-]2\*0(?!\d)|[+-]0(?!\d)", "", re.sub(r"\s", "", text))


def _untrue(step: _Step, figure: str, explainer: Explainer) -> list[tuple[str, str]]:
    """The remark on a calculation that does not give the result beside it."""
    worked, claimed = step.worked, value_of(step.result) if figure != "out" else None
    message = f"{step.calculation} is {digits(worked)}, not {digits(claimed) if claimed is not None else step.result}"
    if worked.denominator > 1 and _is(Fraction(floor(worked)), step.result, figure):
        return [("floor-missing", f"{message}: the quotient is not whole and has to be rounded down, ⌊ ⌋")]
    right = explainer.row.output if figure == "out" else explainer.row.value(figure) if figure else None
    is_right = right is not None and worked in (right.sizes() if isinstance(right, Shape) else (right,))
    return [("wrong-arithmetic", f"{message}{f': {SLIP}' if is_right else ''}")]


def _explained(calculation: str, value: int, explainer: Explainer) -> list[tuple[str, str]]:
    """The mistake that the numbers in a calculation show."""
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
    """The value of a calculation; None for any other text. `⌊ ⌋` and `floor( )` round down."""
    if len(text) > MAX_LENGTH:
        return None
    bare = text.translate(SIGNS).lower().replace("×", "*").replace("⌊", "floor(").replace("⌋", ")")
    return calculated(re.sub(r"(?<=\d)\s*,\s*(?=\d{3}\b)", "", bare))
