"""A write-up → what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from cnncalc.analysis.report import Report
from cnncalc.check.findings import Finding
from cnncalc.formula import Call, Constant, Operation
from cnncalc.importing.source.cleaning import code_in
from cnncalc.proofreading.against import judge_against, judge_counts_against
from cnncalc.proofreading.chain import judge_steps
from cnncalc.proofreading.code import judge_code
from cnncalc.proofreading.counts import counts
from cnncalc.proofreading.coverage import CALCULATION, LAYER, SUPPOSED, UNKNOWN, UNUSUAL, Coverage
from cnncalc.proofreading.document import WriteUp
from cnncalc.proofreading.equations import Term, as_window, equations, formulas
from cnncalc.proofreading.facts import facts
from cnncalc.proofreading.fitting import is_plain
from cnncalc.proofreading.foreign_numbers import in_english
from cnncalc.proofreading.german import is_german, translated
from cnncalc.proofreading.judging import judge_equation
from cnncalc.proofreading.passages import MAX_LINE, passages, sentences
from cnncalc.proofreading.plain import Plain, plain
from cnncalc.proofreading.quantities import judge_quantities
from cnncalc.proofreading.squares import judge_squares
from cnncalc.proofreading.steps import Calculation, Descriptions
from cnncalc.proofreading.sums import judge_sums
from cnncalc.proofreading.tables import judge_table, tables

_ITEM = re.compile(r"^\s*(?:[-*•▼]|\d+[.)])\s")
_SUPPOSED = re.compile(
    r"\bwould\b|\bwanted\b|\bsuppose|\badaptive|\bif we\b|\bstages\b|\bblocks\b|如果|假设|假如", re.IGNORECASE
)
"""Words of lines that do not describe a layer."""

_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?(?: ?[xX×*] ?\d+)*[KMGB]?")
"""A count or a size: 34,840, 1.2M or 54x54x96."""
_NUMBERS = re.compile(r"(?<![\w.#-])\d{2,}|\d\s?×\s?\d")
"""Numbers of sentences that may say something of a layer."""

_COMMENT = re.compile(r"#(?!#)\s?(.*?)(?=\t|\\ ?[A-Za-z_#\\]|$)")


def proofread(
    document: WriteUp, networks: Sequence[tuple[str, Report]] = (), coverage: Coverage | None = None,
    watch: Callable[[Sequence[Plain], int, str], Iterable[Plain]] = lambda passages, total, word: passages,
) -> list[Finding]:  # fmt: skip
    """The findings in a document, in the order of their places.

    Args:
        document: its text.
        networks: those that it should agree with: the words of messages for each, and its report.
        coverage: gets what is understood and what is passed over.
        watch: hands on the passages, with their number and the word for them; a progress bar is one.
    """
    coverage = coverage or Coverage()
    lines = in_english(document.text).splitlines()
    code = {number for number, line in enumerate(code_in(lines), 1) if line.strip()}
    steps, found = Descriptions(), list(judge_code([(number, lines[number - 1]) for number in sorted(code)]))
    prose = list(passages(lines, code))
    found += judge_squares(prose)
    found += judge_sums(lines)
    tabled = list(tables(lines))
    found += [one for table in tabled for one in judge_table(table, coverage)]
    coverage.rows = {number for table in tabled for number in table.lines}
    said = translated if is_german(document.text) else lambda line: line
    for passage in watch(prose, len(prose), "passages"):
        found += _read(passage, steps, coverage, said)
    for number in sorted(code):
        found += _in_code(lines[number - 1], number)
        for comment in _comments(lines[number - 1], number):
            found += _read(comment, steps, coverage)
    found += judge_steps(steps)
    for step in steps:
        if len(step.facts) + len(step.calculations) > 1:
            coverage.add(LAYER if is_plain(step) else UNUSUAL, step.span[0])
    for name, report in networks:
        found += judge_against(steps, report, name)
    found += judge_counts_against(steps.counted, networks)
    ordered = sorted(set(found), key=lambda one: (one.line, one.column, one.message))
    return [_placed(_covering(one, lines), document) for one in ordered]


def _covering(found: Finding, lines: Sequence[str]) -> Finding:
    """A finding about one sign as a finding about the whole number or size that begins there."""
    number = _NUMBER.match(lines[found.line - 1], found.column - 1) if found.length == 1 else None
    return found if number is None else found._replace(length=len(number[0]))


def _placed(found: Finding, document: WriteUp) -> Finding:
    """A finding with the words for its place, if that is not the line."""
    if not document.places:
        return found
    return found._replace(message=f"{document.places[found.line - 1]}: {found.message}")


def _in_code(line: str, number: int) -> Iterator[Finding]:
    """The findings in a calculation that is not code: `size = (227 - 11)/4 + 1 = 55` is valid in no language."""
    text = plain(line.partition("#")[0][:MAX_LINE], number)
    for sides in equations(text) if line.count("=") > 1 else ():
        numbers = [side for side in sides if side.value is not None]
        if len(numbers) > 1:
            yield from judge_equation(numbers, text)


def _comments(line: str, number: int) -> Iterator[Plain]:
    """The comments of a line of code."""
    for match in _COMMENT.finditer(line[:MAX_LINE]):
        yield plain(match[1], number, match.start(1) + 1)


def _read(
    line: Plain, steps: Descriptions, coverage: Coverage, said_in: Callable[[Plain], Plain] | None = None
) -> Iterator[Finding]:
    """The findings in a passage.

    Args:
        line: the passage.
        steps: gets the statements about layers.
        coverage: gets what is understood and what is passed over.
        said_in: gives a sentence in English; None for code, which has no sentences.
    """
    calculations, understood = [], []
    for sides in equations(line):
        if said_in is not None and any("%" in side.text for side in sides):
            continue
        if any(one.is_calculation and None not in (one.value, after.value) for one, after in pairwise(sides)):
            understood.append(line.at(sides[0].place))
            coverage.add(CALCULATION, understood[-1][0])
        yield from judge_equation(sides, line)
        calculations += list(_calculations(sides, line))
    for side in filter(_is_size, formulas(line)):
        yield from judge_equation([side], line)
    for sentence in map(said_in, sentences(line)) if said_in is not None else ():
        if _SUPPOSED.search(sentence.text) is not None:
            steps.skip()
            coverage.add(SUPPOSED, sentence.at(0)[0])
        else:
            yield from judge_quantities(sentence)
            said = list(facts(sentence, is_list=_ITEM.match(line.text) is not None))
            at = sentence.at(0), sentence.at(len(sentence.text))
            own = [one for one in calculations if at[0] <= (one.line, one.column) <= at[1]]
            said += counts(sentence, list(equations(sentence)))
            steps.add(sentence.text, said, own)
            if not said and not any(at[0] <= one <= at[1] for one in understood) and _NUMBERS.search(sentence.text):
                coverage.add(UNKNOWN, at[0][0])


def _is_size(side: Term) -> bool:
    """Whether a formula in a sentence states a size: without an added number it may be a part; two are two axes."""
    formula = side.formula
    adds = (
        isinstance(formula, Operation) and formula.is_sum and any(isinstance(one, Constant) for one in formula.operands)
    )
    return (adds or isinstance(formula, Call)) and re.search(r"\d\s*×\s*\(", side.text) is None


def _calculations(sides: list[Term], line: Plain) -> Iterator[Calculation]:
    for side, result in zip(sides, sides[1:], strict=False):
        window, value = as_window(side.formula), result.value
        if window is not None and isinstance(value, int) and not result.is_calculation:
            length = line.length(side.place, side.end)
            yield Calculation(window, value, side, *line.at(side.place), length)
