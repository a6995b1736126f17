"""Counts of a line: 96 filters, 34,944 parameters, 9216 features, 290,400 neurons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod

from cnncalc.proofreading.equations import Term
from cnncalc.proofreading.facts import A, Fact, is_part
from cnncalc.proofreading.plain import Plain
from cnncalc.proofreading.rounded import SCALE, Rounded, rounded_number

_COUNT = rf"(?<![\w.,/^])(\d(?:[\d,]*\d)?(?:\.\d+)?(?:\s{{0,2}}(?:{SCALE})(?![A-Za-z]))?)"
_FILTERS = (
    r"(?<![\w.×-])(\d{1,5})\)?\s{1,3}(?:(?:different|such|learned|learnable|convolutional?|conv|output)\s){0,2}"
    r"(?:filters|kernels|feature ?maps)\b",
    rf"(?<![\w.×-])(\d{{1,5}})\)?\s{{1,3}}{A}\s{{0,3}}(?:conv(?:olution(?:al)?)?\s)?(?:filters|kernels)\b",
    r"(?:number|no\.?|#) of (?:the )?(?:output )?(?:filters|kernels|feature ?maps)(?: \([A-Za-z]\))?"
    r"\s{0,3}(?:is|are|=|:)?\s{0,3}(\d{1,5})\b",
    r"(?<![A-Za-z_])(?:filters|kernels)\s{0,3}[:=]\s{0,3}(\d{1,5})\b(?!\s{0,3}×)",
    r"(\d{1,5})\s{0,2}(?:个|種|种)[^，。,.;；\d]{0,10}(?:卷积核|滤波器|过滤器|特征图)",
    rf"(\d{{1,5}})\s{{0,2}}(?:个|種|种)\s{{0,2}}{A}\s{{0,2}}的?(?:卷积核|滤波器|过滤器)",
    r"(?:卷积核|滤波器|过滤器)的?(?:个数|数量|数目|种类)\s{0,2}[:=为是]?\s{0,2}(\d{1,5})",
)
_TAKEN = re.compile(
    r"(?:\b(?:takes?|receives?|from|of the|each|every|all|per|input|first|last|next|only)\b[^.;]{0,12}|前|每)$", re.I
)
_PARAMS = (
    rf"{_COUNT}\s{{0,3}}(?:(?:trainable|learnable|unique|total|free|different)\s){{0,2}}(?:param(?:eter)?s\b|weights\b)",
    rf"{_COUNT}\s{{0,3}}个?(?:可训练|可学习)?的?参数",
    rf"\bparam(?:eter)?s\b(?: count)?\s{{0,3}}(?:[:=]|is|are)\s{{0,3}}{_COUNT}(?!\s{{0,3}}[-+*/×(])",
    rf"参数(?:总)?(?:量|个数|数量|数目|数)?\s{{0,3}}[:=为是]\s{{0,3}}{_COUNT}(?!\s{{0,3}}[-+*/×(])",
)
_NEURONS = (rf"{_COUNT}\s{{0,3}}(?:neurons|activations)\b", rf"{_COUNT}\s{{0,2}}个神经元")
_ENTERING = re.compile(rf"{_COUNT}\s{{0,2}}inputs\b", re.IGNORECASE)
_MACS = re.compile(
    rf"(?<![\w.,/^])(\d[\d,]*(?:\.\d+)?)\s?({SCALE})?\s?(?:flops?|macs?|mult(?:iply)?[- ]?adds?"
    r"|multiply\W{0,3}(?:and\W)?accumulat\w*|multiplications|次乘法|次乘加)(?![A-Za-z])",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"network|model\b|overall|altogether|architecture|in total|total params"
    r"|\b\w*net(?:-?\d+)?\b|模型|网络|总共|一共|共有",
    re.I,
)
_FLAT = re.compile(
    r"(?:flatten\w*|unroll\w*|stretched|展平|展开|拉平|拉直|扁平)"
    r"(?:(?!\d|fully|dense|\bfc|connected|linear|hidden|neuron|全连接)[^.;。])"
    rf"{{0,70}}?{_COUNT}(?P<after>\s{{0,2}}(?:×\s?1\b|-?\s?(?:features|values|elements|inputs|entries|dimension|dim\b|维|个特征))?)"
    r"(?!\s{0,3}[×*]|\s{0,2}(?:neurons|units|nodes|classes|maps|channels|images|filters))",
    re.IGNORECASE,
)

_FLATTENED = re.compile(rf"{A}\)?\s{{0,3}}→\s{{0,3}}\(?(\d(?:[\d,]*\d)?)\b(?!\s{{0,3}}[×*.(/]|,\s?\d)")


MAX_DIGITS = 15
ROUND = 4
"""The fewest digits of a number whose zeros at the end may be a rounding."""


def counts(line: Plain, equations: Sequence[Sequence[Term]]) -> Iterator[Fact]:
    """The counts in a sentence."""
    yield from _filters(line)
    for what, patterns in (("params", _PARAMS), ("neurons", _NEURONS)):
        for match in (one for pattern in patterns for one in re.finditer(pattern, line.text, re.IGNORECASE)):
            yield from _counted(what, match[1], line, match.start(1))
    for match in _ENTERING.finditer(line.text):
        yield from _of_its_own(match[1], line, match.start(1))
    yield from _macs(line)
    for sides in equations:
        last = sides[-1]
        before = line.text[max(sides[0].place - 40, 0) : sides[0].place]
        before = re.split(r"[.;,，。]\s", before)[-1]
        if last.is_calculation:
            continue
        if re.search(r"param|weights|参数", before, re.IGNORECASE):
            yield from _counted("params", f"{last.text} {last.after}", line, last.place)
        if re.search(r"flatten|展平|展开|拉平", before, re.IGNORECASE):
            yield from _of_its_own(last.text, line, last.place)
    for match in _FLATTENED.finditer(line.text):
        values = prod(map(int, match.groups()[:3]))
        yield Fact(
            "flat", int(match[4].replace(",", "")), values, *line.at(match.start(4)), "count", exact_count(match[4])
        )
    for match in _FLAT.finditer(line.text):
        yield from _counted("flat", match[1], line, match.start(1))


def _of_its_own(text: str, line: Plain, place: int) -> Iterator[Fact]:
    """A count of flattened values by its own calculation, or of any layer, not of the map before it."""
    yield from (fact._replace(channels=fact.value) for fact in _counted("flat", text, line, place))


def _macs(line: Plain) -> Iterator[Fact]:
    """The number of multiplications, or of multiplications and additions."""
    for match in _MACS.finditer(line.text):
        found = rounded_number(f"{match[1]} {match[2]}") if match[2] else exact_count(match[1])
        if found is not None:
            yield Fact("macs", int(found.value), None, *line.at(match.start(1)), "count", found)


def _filters(line: Plain) -> Iterator[Fact]:
    """The number of filters, or of the maps that they give; not of those that enter."""
    for match in (one for pattern in _FILTERS for one in re.finditer(pattern, line.text, re.IGNORECASE)):
        is_taken = _TAKEN.search(line.text[: match.start()]) is not None
        if int(match[1]) > 1 and not is_taken and not is_part(line.text, match.start()):
            yield Fact("filters", int(match[1]), None, *line.at(match.start(1)), "count")


def _counted(what: str, text: str, line: Plain, place: int) -> Iterator[Fact]:
    """One count; of a whole network it is a total."""
    found = rounded_number(text) or rounded_number(text.split()[0]) or exact_count(text.split()[0])
    if found is None:
        return
    about = line.text[max(place - 70, 0) : place]
    name = "total" if what == "params" and _WHOLE.search(re.split(r"[.;。]\s", about)[-1]) else what
    yield Fact(name, int(found.value), None, *line.at(place), "count", found)


def exact_count(text: str) -> Rounded | None:
    """A count with all its digits, or with zeros in the place of the last ones."""
    digits = text.replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    if not digits.isdigit() or len(digits) > MAX_DIGITS:
        return None
    unit = 10**zeros if zeros > 1 and len(digits) > ROUND else 0
    return Rounded(Fraction(digits), Fraction(unit), text)
