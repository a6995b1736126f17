"""Feedback for the student on a marked sheet: a hint, the derivation, or the answer."""

from __future__ import annotations

from typing import Literal

from cnncalc.analysis.derivation_lines import axis_of, steps_to
from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.misconception import Misconception
from cnncalc.analysis.misconceptions.slips import Slip
from cnncalc.analysis.misconceptions.table import ANOTHER, MISTAKES
from cnncalc.analysis.misconceptions.values import first_number
from cnncalc.explaining.exercise import TOTAL
from cnncalc.figures import FIGURES
from cnncalc.formula import evaluate, write
from cnncalc.homework.marking import Mark, Marked
from cnncalc.homework.points import points
from cnncalc.homework.working import SLIP, Remark, is_slip
from cnncalc.homework.worksheet import value_text
from cnncalc.language.problems import one_line
from cnncalc.layers.base import Step
from cnncalc.notation import PLAIN
from cnncalc.shapes import Shape

Level = Literal["hint", "explain", "answer"]

LEVELS: dict[Level, str] = {
    "hint": "which term to look at",
    "explain": "which rule was broken, and the formula with the right numbers put in",
    "answer": "all of that, and the right value",
}
"""How much the feedback says."""

MOST_SHOWN = 3
"""How many mistakes are named if several give the same number."""

MAX_ANSWER = 30


def shown(answer: str) -> str:
    """An answer as it may be printed: short, and without signs that would steer a terminal."""
    text = one_line(answer)
    return text if len(text) <= MAX_ANSWER else f"{text[: MAX_ANSWER - 1]}…"


def feedback(marked: Marked, mark: Mark, level: Level) -> list[str]:
    """The lines of feedback on one cell; none on an answer that is simply right.

    Args:
        marked: the sheet.
        mark: one of its marks.
        level: how much is said.
    """
    return [*_by_hand(mark), *_of_state(marked, mark, level)]


def _by_hand(mark: Mark) -> list[str]:
    """The line about points that the teacher has given, with the reason."""
    if mark.given is None:
        return []
    number, reason = points(mark.given.points), one_line(mark.given.reason)
    return [f"regraded by hand, points: {number}{f'; {reason}' if reason else ''}"]


def _of_state(marked: Marked, mark: Mark, level: Level) -> list[str]:
    match mark.state:
        case "right":
            return []
        case "rounded":
            return [f"rounded: right to the digits that are written{_hidden(mark, level)}"]
        case "coarse":
            return [f"rounded too far: write at least three digits{_hidden(mark, level)}"]
        case "swapped":
            return ["right, but its sizes are in another order than those of the other rows"]
        case "follows":
            return ["follows from an earlier answer: correctly calculated"]
        case "blank" | "unreadable":
            said = ["no answer" if mark.state == "blank" else "cannot be read"]
            return [*said, *(_right(marked, mark, level) if level == "answer" else [])]
        case _:
            return [*_mistakes(marked, mark, level), *(_right(marked, mark, level) if level != "hint" else [])]


def remarked(remark: Remark, level: Level) -> str:
    """The feedback on the working, or on the whole sheet; a hint does not name the mistake."""
    if level == "hint" and remark.id in MISTAKES:
        return f"the numbers put in are wrong: {MISTAKES[remark.id].hint}"
    return f"{remark.message} ({remark.id})"


def _hidden(mark: Mark, level: Level) -> str:
    """The words for a mistake that a rounded answer may hide."""
    if not mark.explanations:
        return ""
    hidden = mark.explanations[0].what(mark.figure) if level != "hint" else "a wrong value"
    return f"; {hidden} would be written the same"


def _mistakes(marked: Marked, mark: Mark, level: Level) -> list[str]:
    if not mark.explanations and is_slip(mark.answer, mark.figure, mark.right):
        return [SLIP]
    if not mark.explanations:
        general = "no known mistake gives this number; check the formula term by term"
        return [general if mark.layer != TOTAL else "not the sum of the column; add it up again"]
    if level == "hint":
        return list(dict.fromkeys(mistake.hint for mistake in mark.explanations[0].mistakes))
    first, *others = mark.explanations[:MOST_SHOWN]
    said = [_sentence(first, mark.again)]
    said += [f"  {first.row}: {step}"] if (step := _step(first)) else []
    said += [f"  {worked}"] if (worked := _worked(first, mark)) else []
    for other in others:
        # Only the steps that were done in the head differ: all come to the same number.
        worked = _step(other) if other.row else _worked(other, mark)
        place = f" in {other.row}" if other.row else ""
        said.append(f"or {' + '.join(map(_name, other.mistakes))}{place}{f': {worked}' if worked else ''}")
    return [*said, *(["with your own earlier answers"] if mark.own else [])]


def _name(mistake: Misconception | Slip) -> str:
    """The id of a mistake; with the layer from which a setting was taken, if there is one."""
    usual = MISTAKES[mistake.id].phrase
    return f"{mistake.id} ({mistake.phrase})" if ANOTHER in usual and mistake.phrase != usual else mistake.id


def _sentence(explanation: Explanation, again: bool) -> str:
    """The mistakes by name, each with its sentence; a mistake that was explained before has its name only."""
    names = " + ".join(explanation.ids)
    if again:
        return f"{names}, again"
    return f"{names}: {' '.join(mistake.sentence for mistake in explanation.mistakes)}"


def _worked(explanation: Explanation, mark: Mark) -> str:
    """The calculation that gives the wrong number: `54 = ⌊(224 + 2·0 − 11)/4⌋ + 1`."""
    calculation = explanation.calculation(mark.figure)
    if calculation is None or (mark.figure == "out" and not _sizes_differ(explanation, mark)):
        return ""
    number, written = PLAIN.number(first_number(explanation.value)), write(calculation, PLAIN)
    return "" if written == number else f"{number} = {written}"


def _step(explanation: Explanation) -> str:
    """The calculation in a row without an answer: `54 = ⌊(224 + 2·0 − 11)/4⌋ + 1`; empty if there is none."""
    made = explanation.step()
    return f"{PLAIN.number(evaluate(made, {}))} = {write(made, PLAIN)}" if made is not None else ""


def _sizes_differ(explanation: Explanation, mark: Mark) -> bool:
    """Whether more than the channels of a shape is wrong."""
    value, right = explanation.value, mark.right
    return isinstance(value, Shape) and isinstance(right, Shape) and (value.spatial != right.spatial or not value.rank)


def _right(marked: Marked, mark: Mark, level: Level) -> list[str]:
    """The formula with the right numbers put in; for the level `answer` with the result."""
    said = _derivation(marked, mark, level == "answer")
    if level == "answer":
        said.append(f"answer: {value_text(mark.right, marked.exercise.layout)}")
    return said


def _derivation(marked: Marked, mark: Mark, with_result: bool) -> list[str]:
    """The formulas of one figure of a row, each once."""
    report = marked.exercise.report
    item = marked.exercise.item(mark.layer)
    layers = report.row_report(item.row).layers if item else ()
    said: dict[tuple[object, ...], str] = {}
    for layer in layers:
        for step in steps_to(report, layer, mark.figure):
            if step.result or len(layers) == 1:
                # The width repeats the arithmetic of the height, with another letter.
                place = "" if FIGURES[mark.figure].handed_on else layer.path
                axis, what = axis_of(step)
                about = f", {what.replace('_', ' ')}" if what not in ("", mark.figure) else ""
                same = (place, what if axis else step.label, *step.values.values())
                said.setdefault(same, f"right{about}: {_formula(step, with_result)}")
    return list(said.values())


def _formula(step: Step, with_result: bool) -> str:
    steps = PLAIN.calculation(step.formula, step.values, step.result)
    return " = ".join(steps if with_result else dict.fromkeys((steps[0], PLAIN.formula(step.formula, step.values))))
