"""Sentences judged by themselves: rounded counts, memory, ratios, stacked kernels, settings that are said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from cnncalc.check.findings import Finding
from cnncalc.notation import digits
from cnncalc.proofreading.facts import NUMBERS, A
from cnncalc.proofreading.plain import Plain
from cnncalc.proofreading.rounded import SCALE, Rounded, rounded_number

FARTHEST = Fraction(3, 2)
"""A slip is at most so many times the right number: a number farther away counts something else."""

_NUMBER = r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)"
_ROUND = re.compile(
    rf"(?<![\w.,])(\d{{1,3}}(?:,\d{{3}})+|\d{{5,12}})(?![\d.,]*\d)(?:\s[A-Za-z一-鿿-]+){{0,2}}\s?[,(，]?\s?"
    rf"(?:or|so|that is|i\.e\.|thus|也就是)?,?\s?(?:about|approximately|approx\.?|roughly|around|≈|~|约|ca\.)\s?"
    rf"{_NUMBER}\s?({SCALE})(?![A-Za-z])",
    re.IGNORECASE,
)
_PARAMS = re.compile(rf"{_NUMBER}\s?({SCALE})?(?![A-Za-z])\s?(?:\w+\s)?(?:param(?:eter)?s?|weights)\b", re.IGNORECASE)
_EXACT = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d{3,12})(?![\d.,]*\d)")
_MEMORY = re.compile(rf"{_NUMBER}\s?([MG])i?B\b")
_MORE = re.compile(r"gradient|optimi[sz]er|activation|buffer|\bfile|\bdisk|train|batch", re.IGNORECASE)
"""Words of sentences about memory that is not only for params."""

_BYTES = {
    4: r"float ?32|fp32|32[- ]bit|single precision|(?:4|four) bytes",
    2: r"float ?16|fp16|16[- ]bit|half precision|bfloat|(?:2|two) bytes",
    1: r"int ?8|8[- ]bit|(?:1|one) byte",
}
_FACTOR = re.compile(
    rf"factor of (?:about |roughly )?{_NUMBER}|{_NUMBER}\s?(?:times|×) (?:fewer|less|smaller|more|larger)",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:about|roughly|around|almost|nearly|approximately|up to)\b|~|≈", re.IGNORECASE)
_STACK = re.compile(
    rf"\b(two|three|four)\s(?:stacked\s)?{A}\s(?:conv\w*|kernels?|filters?|layers?)(?:\s(?:layers?|stacked))?[^.;\d]{{0,40}}"
    rf"\b(?:see|sees|receptive field|field of view|equivalent to|as large as|cover|covers)\b[^.;\d]{{0,25}}{A}"
    rf"(?:[^.;\d]{{0,25}},?\s(?:and\s)?(three|four|five)\s(?:of them\s)?(?:see\s|cover\s|a\s)?{A})?",
    re.IGNORECASE,
)
_TWICE = (
    ("padding", re.compile(r"\b(?:no|without) (?:zero[- ])?padding\b[^.;\d]{0,14}\bP\s?=\s?(?P<b>\d+)(?P<a>)\b")),
    ("padding", re.compile(r"\bpad(?:ding)? (?:of )?(?P<a>\d+)\b[^.;\d]{0,8}\bP\s?=\s?(?P<b>\d+)\b")),
    ("stride", re.compile(r"\bstride (?:of )?(?P<a>\d+)\b[^.;\d]{0,8}\bS\s?=\s?(?P<b>\d+)\b")),
)


def judge_quantities(sentence: Plain) -> Iterator[Finding]:
    """The findings in a single sentence."""
    for judge in (_judge_rounding, _judge_memory, _judge_factor, _judge_stack, _judge_twice):
        yield from judge(sentence)


def _found(sentence: Plain, match: re.Match[str], group: int | str, message: str, rule: str = "count") -> Finding:
    start, end = match.span(group)
    return Finding(*sentence.at(start), message, rule, "error", sentence.length(start, end))


def _is_near(one: Fraction, other: Fraction) -> bool:
    return 1 / FARTHEST < one / other < FARTHEST if other else False


def _judge_rounding(sentence: Plain) -> Iterator[Finding]:
    """The finding for a count that is rounded to a wrong one, as 1,179,648, about 1.28 million."""
    for match in _ROUND.finditer(sentence.text):
        exact, said = int(match[1].replace(",", "")), rounded_number(f"{match[2]} {match[3]}")
        if said is None or _reaches(said, exact, said.unit) or not _is_near(Fraction(exact), said.value):
            continue
        yield _found(sentence, match, 2, f"{match[1]} is not {said.text}", "wrong-arithmetic")


def _reaches(said: Rounded, exact: Fraction | int, unit: Fraction) -> bool:
    """Whether a count may be meant, rounded up or down, in thousands of 1,000 or 1,024."""
    counts = (Fraction(exact) / 1024**power * 1000**power for power in range(3))
    return any(abs(said.value - count) <= unit for count in counts)


def _judge_memory(sentence: Plain) -> Iterator[Finding]:
    """The finding for megabytes that the params of the sentence do not take."""
    params, memory = list(_PARAMS.finditer(sentence.text)), list(_MEMORY.finditer(sentence.text))
    sizes = [size for size, words in _BYTES.items() if re.search(words, sentence.text, re.IGNORECASE)]
    if _MORE.search(sentence.text) or not len(params) == len(memory) == len(sizes) == 1:
        return
    count = rounded_number(f"{params[0][1]} {params[0][2] or ''}") or rounded_number(f"{params[0][1]} k")
    taken = rounded_number(f"{memory[0][1]} {memory[0][2]}")
    if count is None or taken is None:
        return
    scale = 1 if params[0][2] else 1000
    exact = count.value / scale * sizes[0]
    unit = taken.unit + count.unit / scale * sizes[0]
    if not _reaches(taken, exact, unit) and _is_near(exact, taken.value):
        shown = f"{params[0][0].strip()} of {sizes[0]} bytes take {digits(round(exact / 10**6, 1))} MB"
        yield _found(sentence, memory[0], 0, f"{shown}, not {memory[0][0]}")


def _judge_factor(sentence: Plain) -> Iterator[Finding]:
    """The finding for a wrong ratio of two counts of params in one sentence."""
    counts = _EXACT.findall(sentence.text) if re.search("param|weights", sentence.text, re.IGNORECASE) else []
    factors = list(_FACTOR.finditer(sentence.text))
    if len(counts) != 2 or len(factors) != 1:
        return
    few, many = sorted(Fraction(count.replace(",", "")) for count in counts)
    said = factors[0][1] or factors[0][2]
    unit = Fraction(1, 10 ** len(said.partition(".")[2]))
    ratio, value = many / few if few else Fraction(0), Fraction(said.replace(",", ""))
    off = unit if _ABOUT.search(sentence.text) else unit / 2
    if _is_near(ratio, value) and abs(ratio - value) > off and not 0 <= ratio - value < unit:
        message = f"{digits(many)} is {float(ratio):.4g} times {digits(few)}, not {said}"
        yield _found(sentence, factors[0], 1 if factors[0][1] else 2, message, "wrong-arithmetic")


def _judge_stack(sentence: Plain) -> Iterator[Finding]:
    """The finding for a wrong field of stacked kernels: two of 3 see 5 pixels, three 7, without strides or holes."""
    if re.search(r"strid|dilat|atrous|hole", sentence.text, re.IGNORECASE):
        return
    for match in _STACK.finditer(sentence.text):
        kernel = int(match[2])
        for number, group in ((match[1], 5), (match[8], 9)):
            times = NUMBERS.index(number.lower()) + 1 if number else 0
            seen = times * (kernel - 1) + 1
            if times and match[group] == match[group + 1] and int(match[group]) != seen and match[2] == match[3]:
                message = f"{number} {kernel}×{kernel} kernels see {times}·({kernel} − 1) + 1 = {seen} pixels, not "
                yield _found(sentence, match, group, message + match[group], "does-not-follow")


def _judge_twice(sentence: Plain) -> Iterator[Finding]:
    """The finding for a setting that is stated in words, and with a letter as another value."""
    for what, pattern in _TWICE:
        for match in pattern.finditer(sentence.text):
            if int(match["a"] or 0) != int(match["b"]):
                yield _found(sentence, match, "b", f"the {what} is {match['a'] or 0} in words, but {match['b']} here")
