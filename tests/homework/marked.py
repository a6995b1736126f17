"""Marking a text in one line, and looking at what it became."""

from collections.abc import Sequence

import cnncalc
from cnncalc.explaining.exercise import Exercise
from cnncalc.homework.marking import Mark, Marked, mark_sheet
from cnncalc.homework.reading import parse_sheet
from cnncalc.homework.worksheet import value_text

NET = """\
name: Small net
input: {C: 3, H: 32, W: 32}
layers:
- {name: conv1, conv: 8, kernel: 5, activation: relu}
- {name: pool1, maxpool: 2}
- {name: conv2, conv: 16, kernel: 3, padding: 1}
- {name: pool2, maxpool: 2}
- flatten
- {fc: 10}
"""
"""28, 14, 14 and 7: every size is whole. 8*(75 + 1) = 608, 16*(72 + 1) = 1168 and 10*(784 + 1) = 7850 params."""

RIGHT = {
    "conv1": ("8x28x28", "608"),
    "pool1": ("8x14x14", "0"),
    "conv2": ("16x14x14", "1168"),
    "pool2": ("16x7x7", "0"),
    "flatten": ("784", "0"),
    "fc": ("10", "7850"),
}


def exercise(spec: str = NET, depth: int | None = None) -> Exercise:
    """The exercise of a spec's text, or of a bundled architecture."""
    report = cnncalc.analyze(text=spec) if "\n" in spec else cnncalc.analyze(spec)
    return Exercise(report, depth)


def marked(sheet: str, spec: str = NET, *, file: str = "sheet.csv", figures: Sequence[str] = ()) -> Marked:
    """A sheet's text, marked."""
    return mark_sheet(exercise(spec), parse_sheet(file, sheet), figures)


def table(answers: dict[str, tuple[str, str]], separator: str = ";") -> str:
    """Answers for out and params as a CSV."""
    lines = [separator.join(("layer", "out", "params"))]
    lines += [separator.join((name, *cells)) for name, cells in answers.items()]
    return "\n".join(lines) + "\n"


def not_right(marks: Marked) -> dict[str, str]:
    """The cells that are not simply right, with what they are and the most plausible mistake."""
    return {f"{mark.layer} {mark.figure}": described(mark) for mark in marks.marks if mark.state != "right"}


def described(mark: Mark) -> str:
    """A mark in words: `wrong: bias-forgotten`."""
    return ": ".join((mark.state, *(" + ".join(one.ids) for one in mark.explanations[:1])))


def filled(exercise_: Exercise, figures: Sequence[str], wrong: dict[tuple[str, str], str] | None = None) -> str:
    """A CSV with every right answer, but for some cells."""
    lines = [";".join(("layer", *figures))]
    for item in exercise_.items:
        rights = [(figure, exercise_.right(item, figure)) for figure in figures]
        texts = {figure: "" if right is None else value_text(right, exercise_.layout) for figure, right in rights}
        lines.append(";".join((item.name, *((wrong or {}).get((item.name, f), texts[f]) for f in figures))))
    return "\n".join(lines)
