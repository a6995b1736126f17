"""The steps of a derivation as lines: `formula = numbers put in = result`."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.derivation import OTHER_SYMBOLS, Derivation, derive
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.figures import FIGURES
from cnncalc.formula import parse, symbols
from cnncalc.layers.base import Step
from cnncalc.layers.steps import LAYER_SYMBOLS, of_input
from cnncalc.notation import PrintedNotation
from cnncalc.shapes import AXIS_NAMES


def steps_to(report: Report, layer: LayerReport, figure: str) -> tuple[Step, ...]:
    """The steps with a formula that lead to one figure of a layer."""
    label = FIGURES[figure].derived_with or figure
    steps = derive(report, layer, (label,)).steps
    return tuple(step for step in steps if step.formula and _leads(step, figure, label))


def _leads(step: Step, figure: str, label: str) -> bool:
    axis, what = axis_of(step)
    match FIGURES[figure].unit:
        case "shape":
            return bool(axis) or step.label in ("channels", "features")
        case "sizes":
            return what == figure
    return step.label == label


def axis_of(step: Step) -> tuple[str, str]:
    """The axis that a step is about, and its figure if that is not the size; empty for none."""
    axis, _, what = step.label.partition(", ")
    return (axis, what.replace(" ", "_")) if axis in AXIS_NAMES.values() else ("", "")


class DerivationLine(NamedTuple):
    """One line of a derivation, ready to be laid out."""

    label: str
    arithmetic: str
    note: str


def lines(derivation: Derivation, notation: PrintedNotation) -> list[DerivationLine]:
    """The steps of a derivation; an axis that repeats the arithmetic of the one before says so."""
    written: list[DerivationLine] = []
    before: dict[str, Step] = {}
    for step in derivation.steps:
        axis, _, what = step.label.partition(", ")
        if axis in AXIS_NAMES.values():
            if what in before and _repeats(step, before[what]):
                written.append(
                    DerivationLine(step.label, f"{notation.words('the same, ')}{notation.number(step.result)}", "")
                )
                continue
            before[what] = step
        written.append(DerivationLine(step.label, _arithmetic(step, notation), step.note))
    return written


def _repeats(step: Step, before: Step) -> bool:
    """Whether two axes have the same arithmetic, but for the letter of the axis, and the same note."""
    numbers = list(step.values.values()) == list(before.values.values())
    return (
        numbers
        and step.note == before.note
        and step.result == before.result
        and len(step.formula) == len(before.formula)
    )


def _arithmetic(step: Step, notation: PrintedNotation) -> str:
    """`formula = numbers put in = result`, with what is rounded on the way."""
    result = notation.number(step.result)
    if not step.formula:
        return result
    if step.label == "out":
        product = notation.formula(step.formula, step.values).replace(notation.times, notation.by)
        values = f"{result}{notation.words(' values')}"
        return values if product == result else f"{product} = {values}"
    return " = ".join(notation.calculation(step.formula, step.values, step.result))


def symbols_in(text: str) -> dict[str, str]:
    """The symbols of a formula that need explaining, with their meanings."""
    names = symbols(parse(text))
    known = LAYER_SYMBOLS | OTHER_SYMBOLS
    meanings = {name: known[name] for name in known if name in names}
    return meanings | {name: meaning for name in sorted(names) if (meaning := of_input(name))}
