"""A write-up → what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cnncalc.analysis.report import Report
from cnncalc.check.findings import Finding
from cnncalc.formula import Operation
from cnncalc.importing.source.cleaning import code_in
from cnncalc.proofreading.against import judge_against
from cnncalc.proofreading.code import judge_code
from cnncalc.proofreading.counts import counts
from cnncalc.proofreading.document import WriteUp
from cnncalc.proofreading.equations import Term, as_window, equations, formulas
from cnncalc.proofreading.facts import facts
from cnncalc.proofreading.judging import judge_equation, judge_steps
from cnncalc.proofreading.passages import MAX_LINE, passages
from cnncalc.proofreading.plain import Plain, plain
from cnncalc.proofreading.steps import Calculation, Descriptions

_ITEM = re.compile(r"^\s*(?:[-*•▼]|\d+[.)])\s")
_SUPPOSED = re.compile(r"\bwould\b|\bwanted\b|\bsuppose|\badaptive", re.IGNORECASE)
"""Words of what is no description of a layer."""

_COMMENT = re.compile(r"#(?!#)\s?(.*?)(?=\t|\\ ?[A-Za-z_#\\]|$)")


def proofread(document: WriteUp, networks: Sequence[tuple[str, Report]] = ()) -> list[Finding]:
    """What is wrong in a document, by its place.

    Args:
        document: its text.
        networks: what it should agree with: what a message calls each, and the report on it.
    """
    lines = document.text.splitlines()
    code = {number for number, line in enumerate(code_in(lines), 1) if line.strip()}
    steps, found = Descriptions(), list(judge_code([(number, lines[number - 1]) for number in sorted(code)]))
    for passage in passages(lines, code):
        found += _read(passage, steps, is_code=False)
    for number in sorted(code):
        for comment in _comments(lines[number - 1], number):
            found += _read(comment, steps, is_code=True)
    found += judge_steps(steps)
    for name, report in networks:
        found += judge_against(steps, report, name)
    return [_placed(one, document) for one in sorted(set(found), key=lambda one: (one.line, one.column, one.message))]


def _placed(found: Finding, document: WriteUp) -> Finding:
    """A finding with what a person calls its place, if that is not the line."""
    if not document.places:
        return found
    return found._replace(message=f"{document.places[found.line - 1]}: {found.message}")


def _comments(line: str, number: int) -> Iterator[Plain]:
    """The comments of a line of code."""
    for match in _COMMENT.finditer(line[:MAX_LINE]):
        yield plain(match[1], number, match.start(1) + 1)


def _read(line: Plain, steps: Descriptions, *, is_code: bool) -> Iterator[Finding]:
    calculations, all_ = [], []
    for sides in equations(line):
        if not is_code and any("%" in side.text for side in sides):
            continue
        yield from judge_equation(sides, line)
        all_.append(sides)
        calculations += list(_calculations(sides, line))
    for side in filter(_is_size, formulas(line)):
        yield from judge_equation([side], line)
    if not is_code and _SUPPOSED.search(line.text) is None:
        said = list(facts(line, is_list=_ITEM.match(line.text) is not None))
        steps.add(line.text, [*said, *counts(line, all_)], calculations)


def _is_size(side: Term) -> bool:
    """Whether a formula in a sentence states a size: a quotient alone may be a part of it, two are two axes."""
    is_quotient = isinstance(side.formula, Operation) and side.formula.signs[0] in ("/", "//")
    return not is_quotient and re.search(r"\d\s*×\s*\(", side.text) is None


def _calculations(sides: list[Term], line: Plain) -> Iterator[Calculation]:
    for side, result in zip(sides, sides[1:], strict=False):
        window, value = as_window(side.formula), result.value
        if window is not None and isinstance(value, int) and not result.is_calculation:
            length = line.length(side.place, side.end)
            yield Calculation(window, value, side, *line.at(side.place), length)
