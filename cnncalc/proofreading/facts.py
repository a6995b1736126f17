"""What a line says of a layer: its input, kernel, stride, padding, output; in sentences, lists and assignments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.proofreading.plain import Plain

Sizes = tuple[int, ...]

_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_N = rf"(\d{{1,5}}|{'|'.join(_NUMBERS)})(?![\w.]*\d)(?!\s*×)"
_A = r"(?<![\d.])(\d{1,5})\s{0,3}×\s{0,3}(\d{1,5})(?:\s{0,3}×\s{0,3}(\d{1,6}))?"
_IS = r"(?:\s{0,3}(?:value|size|width|of|is|are|be|equals?|equal to|set to|to|=|:|,|\(|a|the|pixels?)){0,4}\s{0,3}"

_LETTERS = {"W": "size", "H": "size", "N": "size", "n": "size", "I": "size", "i": "size", "K": "kernel", "F": "kernel",
            "f": "kernel", "k": "kernel", "P": "padding", "p": "padding", "S": "stride", "s": "stride"}  # fmt: skip
_KERNEL = r"kernels?|filters?|windows?|pool(?:ing)?|convolutions?|conv"


class Fact(NamedTuple):
    """One thing that is said of a layer.

    Attributes:
        what: size, kernel, stride, padding, output.
        value: along one axis; what is not square is passed over.
        channels: of a map, if they are said.
        line: from 1.
        column: from 1.
        source: sentence, list or result.
    """

    what: str
    value: int
    channels: int | None
    line: int
    column: int
    source: str


_SENTENCES: tuple[tuple[str, str], ...] = (
    ("kernel", rf"(?:size{_IS}|(?:{_KERNEL})\s+size{_IS}|window of{_IS}|(?:filters|kernels) of{_IS}){_A}"),
    ("kernel", rf"{_A}\s*(?:max|average|avg|mean)?[ -]*(?:{_KERNEL})\b"),
    ("stride", rf"strides?{_IS}{_N}"),
    ("padding", rf"padding{_IS}{_N}"),
)
_NOT_KERNEL = re.compile(r"(?:input|output|image|feature|maps?|each|every)\b[^.;,]{0,25}$", re.IGNORECASE)
_MOVE = re.compile(rf"\bfrom\s+{_A}\s+(?:to|into|→)\s+{_A}|{_A}\s+(?:to|→)\s+{_A}", re.IGNORECASE)
_ARROW = re.compile(rf"→\s*\(?{_A}")
_BECOMES = r"of (?:the )?(?:same )?size(?: of)?|of|is|becomes?|into|will be|turns into|are"
_RESULT = re.compile(
    rf"(?:maps?|output)\b(?:(?!kernel|filter|window|pool)[^.;]){{0,60}}?\b(?:{_BECOMES})\s+{_A}", re.IGNORECASE
)
_INPUT = re.compile(rf"{_A}\s+(?:\w+ )?(?:input|image)s?\b|\b(?:input|image) (?:of|is) (?:size )?{_A}", re.IGNORECASE)
_MAPS = re.compile(rf"{_A}\s+(?:feature )?maps?\b", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"(?<![\w.])([WHNnIiKFfkPpSs])\s{0,3}=\s{0,3}(\d{1,5})(?:\s{0,3}×\s{0,3}(\d{1,5}))?(?:\s{0,3}×\s{0,3}\d{1,6})?(?!\s{0,3}[-+*/\d.(])"
)
_LISTED = re.compile(
    r"^\s*(?:[-*•]|\d+[.)])?\s*(?:size of (?:the )?)?"
    r"(?P<what>input|kernel|filter|convolution kernels?|pool|window|stride|padding)s?"
    rf"(?: size)?\s*[:=]?\s*(?:{_A}|{_N})\b",
    re.IGNORECASE,
)


def facts(line: Plain, *, is_list: bool) -> Iterator[Fact]:
    """What a line says.

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
            yield Fact(what, value, None, *line.at(listed.start()), "list")
        return
    yield from _said(line, source)


def _said(line: Plain, source: str) -> Iterator[Fact]:
    """What a sentence says, or an item that is one."""
    yield from _settings(line, source)
    moves = list(_moves(line, source))
    yield from moves
    if moves:
        return
    for match in _INPUT.finditer(line.text):
        entering = _map(match.groups()[:3] if match[1] else match.groups()[3:])
        if entering is not None:
            yield Fact("size", *entering, *line.at(match.start()), source)
    for result in (_ARROW, _RESULT, _MAPS):
        for match in result.finditer(line.text):
            leaving = None if _is_part(line.text, match.end()) else _map(match.groups()[:3])
            if leaving is not None:
                yield Fact("output", *leaving, *line.at(match.start(1)), "result")


def _settings(line: Plain, source: str) -> Iterator[Fact]:
    """Kernel, stride and padding."""
    for what, pattern in _SENTENCES:
        for match in re.finditer(pattern, line.text, re.IGNORECASE):
            said = [group for group in match.groups() if group is not None]
            if what != "kernel":
                yield Fact(what, _whole(said[0]), None, *line.at(match.start()), source)
            elif said[0] == said[1] and _NOT_KERNEL.search(line.text[: match.start()]) is None:
                yield Fact(what, int(said[0]), None, *line.at(match.start()), source)


def _moves(line: Plain, source: str) -> Iterator[Fact]:
    """Input and output of `from 224x224x3 to 55x55x96`; not those of one part of several."""
    for match in _MOVE.finditer(line.text):
        groups = match.groups()[:6] if match[1] else match.groups()[6:]
        before, after = _map(groups[:3]), _map(groups[3:])
        if before is not None and after is not None and not _is_part(line.text, match.start()):
            yield Fact("size", *before, *line.at(match.start()), source)
            yield Fact("output", *after, *line.at(match.start()), source)


def _is_part(text: str, place: int) -> bool:
    """Whether a map is that of one part of several."""
    return re.search(r"each (?:part|tower|gpu|group)", text[max(place - 25, 0) : place + 18], re.IGNORECASE) is not None


def _map(groups: tuple[str | None, ...]) -> tuple[int, int | None] | None:
    """Term and channels of a square map, whichever way round it is written."""
    one, two, three = (int(group) if group is not None else None for group in groups)
    if one is None or two is None:
        return None
    if one == two:
        return one, three
    return (two, one) if two == three and two is not None else None


def _whole(word: str) -> int:
    return _NUMBERS.index(word.lower()) + 1 if word.lower() in _NUMBERS else int(word)
