"""Facts about a layer in a line: input, kernel, stride, padding, output; in sentences, lists and assignments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.proofreading.plain import Plain
from cnncalc.proofreading.rounded import Rounded

Sizes = tuple[int, ...]

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_N = rf"(\d{{1,5}}|zero|{'|'.join(NUMBERS)})(?![\w.]*\d)(?!\s*×)"
A = (
    r"(?<![\d.])(?<![×*])(?<![×*] )(\d{1,5})\s{0,3}[×*]\s{0,3}(\d{1,5})(?:\s{0,3}[×*]\s{0,3}(\d{1,6}))?"
    r"(?![\d.]*\d)(?!\s?(?:[×*/]|\+)\s?\(?\d)"
)
"""Two or three numbers with a times sign between them, which are not part of a longer calculation."""

IS = (
    r"(?:\s{0,3}(?:value|size|width|of|is|are|be|equals?|equal to|set to|to|=|:|,|\(|a|the|pixels?|\([A-Za-z]\)"
    r"|大小|尺寸|为|是)){0,4}\s{0,3}"
)
"""Words between a setting and its value."""


_SMALL = r"1[01]|[1-9]"
KERNEL = r"kernels?|filters?|windows?|pool(?:ing)?|convolutions?|conv|卷积核?|滤波器|过滤器|池化核?"
WINDOW = rf"(?:{KERNEL}|窗口|核)(?:\s?\d{{1,2}})?(?:\slayer)?{IS}"
"""The words before the size of a window."""

_LETTERS = {"W": "size", "H": "size", "N": "size", "n": "size", "I": "size", "i": "size", "K": "kernel", "F": "kernel",
            "f": "kernel", "k": "kernel", "P": "padding", "p": "padding", "S": "stride", "s": "stride"}  # fmt: skip


class Fact(NamedTuple):
    """One statement about a layer.

    Attributes:
        what: size, kernel, stride, padding, output; filters, params, total, neurons or flat, which are counts.
        value: along one axis, or the count; sizes that are not square are passed over.
        channels: of a map or a kernel, if they are stated; of a flattened map, the values of the map beside it.
        line: from 1.
        column: from 1.
        source: sentence, list, result or count.
        rounded: the number that a count stands for.
    """

    what: str
    value: int
    channels: int | None
    line: int
    column: int
    source: str
    rounded: Rounded | None = None


STRIDED = r"(?=[,，]?\s(?:with |and |a |max |pool\w* ){0,3}(?:stride|步长))"
"""The words after the size of a window that has no word of its own."""

_SENTENCES: tuple[tuple[str, str], ...] = (
    ("kernel", rf"(?:size{IS}|(?:{KERNEL})\s+size{IS}|window of{IS}|(?:filters|kernels) of{IS}){A}"),
    ("kernel", rf"{WINDOW}({_SMALL})\s{{0,3}}×\s{{0,3}}({_SMALL})(?!\s?[×*\d])"),
    (
        "kernel",
        rf"(?:^|[:：,，(]|filters|kernels|\ba|\ban|again)\s{{0,3}}({_SMALL})\s{{0,3}}×\s{{0,3}}({_SMALL}){STRIDED}",
    ),
    ("kernel", rf"{A}\s*(?:的)?(?:max|average|avg|mean|conv|最大|平均)?[ -]*(?:{KERNEL})(?![a-z])"),
    ("kernel", rf"(?:{KERNEL})\s(?:with |of )?(?:an? )?size{IS}({_SMALL})(?!\s?[×*.\d%])"),
    ("stride", rf"(?:\bstrides?|步长|步幅){IS}(?:{_N}|{A})"),
    ("padding", rf"(?:\bpad(?:ding|ded by)?|填充){IS}{_N}"),
    ("padding", rf"(?:\bpad(?:ding|ded by)?|填充) ?[:=(]? ?(?:of |is )?{A}"),
    ("padding", r"\b(no|without)\b (?:any |zero[- ]?)?padding|(没有|不)(?:使用|用|加)?填充"),
)
_NOT_KERNEL = re.compile(r"(?:input|output|image|feature|maps?|each|every)\b[^.;,]{0,25}$", re.IGNORECASE)
_CHANGES = (
    r"(?:(?:is |are |it )?(?:reduced|turned|shrunk|shrinks?|goes|mapped|downsampled|converted|changes?)\s)?"
    r"(?:to|into|→)|becomes?|变为|变成|变到"
)
_MOVE = re.compile(
    rf"\bfrom\s+{A}\s+(?:to|into|→)\s+{A}"
    rf"|{A}[)\]]?(?:\s(?:volume|map)s?)?\s*(?:{_CHANGES})\s*(?:an? )?[(\[]?{A}",
    re.IGNORECASE,
)
_ARROW = re.compile(rf"→\s*\(?{A}")
_BECOMES = (
    r"(?:of|with) (?:the |a )?(?:same )?(?:size|shape|dimensions?)(?: of)?"
    r"|of|is|becomes?|into|will be|turns into|are|[:=为是]"
)
_RESULT = re.compile(
    rf"(?:maps?|output)\b(?:(?!kernel|filter|window|pool)[^.;]){{0,60}}?\b(?:{_BECOMES})\s+{A}", re.IGNORECASE
)
_GIVES = re.compile(
    rf"(?:\b(?:results? in|resulting in|giv(?:es?|ing)|produc(?:es?|ing)|yield(?:s|ing)?|leav(?:es|ing)|(?:we|to) get"
    rf"|outputs?:)|输出:?|得到|变为|变成)"
    rf"(?:\s\w+){{0,5}}?\s*\(?{A}|\b(?:stays|remains)(?:\s\w+){{0,2}}\s+{A}|{A}\s+outputs?\b"
    rf"|\b(?:reduc|shr[iu]nk|decreas|downsampl)\w*[^.;\d]{{0,50}}\bto\s+{A}|\bto\s+{A}\s+reduced|^\W*{A}\)\s*:?\s*(?:conv|pool|max|avg|sub)"
    rf"|^\W*(?:conv|(?:max |avg |average )?pool|sub)[\w-]*\s?\d*\s*\|\s*\(?{A}|输出[^，。;\d]{{0,12}}{A}",
    re.IGNORECASE,
)
_INPUT = re.compile(
    rf"{A}\)?\s+(?:\w+ )?(?:input|image)s?\b"
    rf"|(?<!output )(?<!each )\b(?:input|image)s?\b(?: \w+){{0,4}}?\s*(?:of|is|are|[:=(|])[\s(]*"
    rf"(?:the )?(?:images of )?(?:size |shape )?{A}|输入[^，。;\d出]{{0,12}}{A}",
    re.IGNORECASE,
)
_FOR_KERNEL = re.compile(rf"\s{{0,3}}(?:max|average|avg|conv\w*)?[ -]?(?:{KERNEL})(?![a-z])", re.IGNORECASE)
_MAPS = re.compile(rf"{A}\s+(?:feature )?maps?\b", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"(?<![\w.])([WHNnIiKFfkPpSs])\s{0,3}=\s{0,3}(\d{1,5})(?:\s{0,3}×\s{0,3}(\d{1,5}))?(?:\s{0,3}×\s{0,3}\d{1,6})?(?!\s{0,3}[-+*/\d.(])"
)
_LISTED = re.compile(
    r"^\s*(?:[-*•]|\d+[.)])?\s*(?:size of (?:the )?)?"
    r"(?P<what>input|kernel|filter|convolution kernels?|pool|window|stride|padding)s?"
    rf"(?: size)?(?: \([A-Za-z]\))?(?:\s*[:=]\s*|\s+)(?:{A}|{_N})\b",
    re.IGNORECASE,
)


def facts(line: Plain, *, is_list: bool) -> Iterator[Fact]:
    """The facts that a line states.

    Args:
        line: in plain signs.
        is_list: whether it is an item of a list of settings.
    """
    source = "list" if is_list else "sentence"
    for letter, match in ((match[1], match) for match in _ASSIGNED.finditer(line.text)):
        if match[3] is None or match[2] == match[3]:
            yield Fact(_LETTERS[letter], int(match[2]), None, *line.at(match.start()), "list")
    if is_list and (listed := _LISTED.match(line.text)) and not _ASSIGNED.search(line.text):
        word = listed["what"].lower()
        what = {"input": "size", "stride": "stride", "padding": "padding"}.get(word, "kernel")
        if not listed[2] or listed[2] == listed[3]:
            value = int(listed[2]) if listed[2] else _whole(listed[5])
            depth = int(listed[4]) if listed[4] else None
            yield Fact(what, value, depth, *line.at(listed.start()), "list")
        return
    yield from _said(line, source)


def _said(line: Plain, source: str) -> Iterator[Fact]:
    """The facts that a sentence states, or an item that is a sentence."""
    yield from _settings(line, source)
    moves = list(_moves(line, source))
    yield from moves
    if moves:
        return
    for match in _INPUT.finditer(line.text):
        entering = square_map(_filled(match))
        if entering is not None:
            yield Fact("size", *entering, *line.at(match.start()), source)
    seen = set()
    for result in (_ARROW, _RESULT, _MAPS, _GIVES):
        for match in result.finditer(line.text):
            leaving = None if is_part(line.text, match.end()) else square_map(_filled(match))
            place = next(match.start(i) for i, group in enumerate(match.groups(), 1) if group)
            if (
                leaving is not None
                and place not in seen
                and not _FOR_KERNEL.match(line.text, match.end(match.lastindex or 0))
            ):
                seen.add(place)
                yield Fact("output", *leaving, *line.at(place), "result")


def _settings(line: Plain, source: str) -> Iterator[Fact]:
    """Kernel, stride and padding."""
    for what, pattern in _SENTENCES:
        for match in re.finditer(pattern, line.text, re.IGNORECASE):
            said = [group for group in match.groups() if group is not None]
            if len(said) > 1 and said[0] != said[1]:
                continue
            if what != "kernel":
                yield Fact(what, _whole(said[0]), None, *line.at(match.start()), source)
            elif _NOT_KERNEL.search(line.text[: match.start()]) is None:
                depth = int(said[2]) if len(said) > 2 else None
                yield Fact(what, int(said[0]), depth, *line.at(match.start()), source)


def _moves(line: Plain, source: str) -> Iterator[Fact]:
    """Input and output of `from 224x224x3 to 55x55x96`; not those of one part of several."""
    for match in _MOVE.finditer(line.text):
        groups = match.groups()[:6] if match[1] else match.groups()[6:]
        before, after = square_map(groups[:3]), square_map(groups[3:])
        if before is not None and after is not None and not is_part(line.text, match.start()):
            yield Fact("size", *before, *line.at(match.start()), source)
            yield Fact("output", *after, *line.at(match.start()), source)


def is_part(text: str, place: int) -> bool:
    """Whether a map is that of one part of several."""
    return re.search(r"each (?:part|tower|gpu|group)", text[max(place - 25, 0) : place + 18], re.IGNORECASE) is not None


def _filled(match: re.Match[str]) -> tuple[str | None, ...]:
    """The three numbers of the alternative that has matched."""
    groups = match.groups()
    start = next(i for i in range(0, len(groups), 3) if groups[i] is not None)
    return groups[start : start + 3]


def square_map(groups: Sequence[str | None]) -> tuple[int, int | None] | None:
    """Size and channels of a square map, whichever way round it is written."""
    one, two, three = (int(group) if group is not None else None for group in groups)
    if one is None or two is None:
        return None
    if one == two:
        return one, three
    return (two, one) if two == three and two is not None else None


def _whole(word: str) -> int:
    """A whole number; 0 if there is none."""
    if word.isdigit():
        return int(word)
    return NUMBERS.index(word.lower()) + 1 if word.lower() in NUMBERS else 0
