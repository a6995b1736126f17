"""Listings → rows: `CONV3-64: [224x224x64] weights: (3*3*3)*64 = 1,728`, `1. Conv2D(32, 3x3): 26x26x32, 320 params`."""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.homework.counts import COUNT_SUFFIXES
from cnncalc.homework.row_kinds import NOT_LAYERS, kind_said
from cnncalc.homework.sheet import TableRow, column_meaning

LEAST_LINES = 3
"""The fewest lines about layers that make a listing."""

MAX_LINE = 400

_SIZE = r"\d{1,9}(?:\s*[x×*]\s*\d{1,9}){0,3}"
_LINE = re.compile(
    r"^\s*(?:[-*•]|\d{1,3}[.)])?\s*(?P<name>.{1,80}?)\s*(?::|[-=]>|→|⟶|\s[-–—=]\s)"
    rf"\s*(?:(?P<out>{_SIZE}|[\[(][\d\s,x×*]{{1,40}}[\])])(?![\w,.]\d))?(?P<more>.*)$"
)
_INPUT = re.compile(rf"\b({'|'.join(NOT_LAYERS)})\b\D{{0,30}}?({_SIZE})", re.IGNORECASE)
_WORD = r"weights|params?|parameters?|gewichte|parametern?"
_BEFORE = re.compile(rf"\b({_WORD})\s*[:=]\s*([^;|]+)$", re.IGNORECASE)
_SUFFIX = "|".join(filter(None, COUNT_SUFFIXES))
_AFTER = re.compile(rf"(\d[\d,.'_]*(?:\s?(?:{_SUFFIX})\b)?)\s*(?:[a-z]+ )?({_WORD})\b", re.IGNORECASE)
_MARKS = re.compile(r"\*\*|`")
_FEATURES = re.compile(r"\(\s*(\d+)")
"""The size of a layer in its name: `Dense(10)`."""


class _Line(NamedTuple):
    """A line about a layer: its name, its output, its count and the word for what is counted."""

    name: str
    out: str
    number: str = ""
    word: str = ""


def listing_rows(text: str) -> list[TableRow]:
    """The rows of a table, with its head, for the lines of a listing; none if too few lines are about layers."""
    lines = [(number, line, _read(line[:MAX_LINE])) for number, line in enumerate(_MARKS.sub("", text).splitlines(), 1)]
    places = [place for place, (_, _, said) in enumerate(lines) if said is not None]
    if len(places) < LEAST_LINES:
        return []
    within = lines[places[0] : places[-1] + 1]
    if sum(bool(line.strip()) for _, line, _ in within) > 2 * len(places):
        return []  # sentences that name layers now and then
    found = [(number, said) for number, _, said in within if said is not None]
    heads = [meaning for _, said in found if (meaning := column_meaning(said.word))]
    head = max(heads, key=heads.count, default="params")
    rows = (TableRow(number, (said.name, said.out, said.number)) for number, said in found)
    return [TableRow(found[0][0], ("layer", "out", head)), *rows]


def _read(line: str) -> _Line | None:
    """The words of a line about a layer; None if it is not about one, or says nothing of it."""
    found = _LINE.match(line)
    name = found["name"] if found is not None else ""
    if found is None or not kind_said(name):
        shape = _INPUT.search(line)
        return _Line(shape[1], shape[2]) if shape is not None else None
    out, more = found["out"] or "", found["more"]
    if before := _BEFORE.search(more):
        return _Line(name, out, before[2].strip(" .,)]"), before[1].lower())
    if after := _AFTER.search(f"{out}{more}"):
        features = _FEATURES.search(name) if kind_said(name) == "fc" else None
        out = out if after.start() else features[1] if features is not None else ""
        return _Line(name, out, after[1], after[2].lower())
    return _Line(name, out) if out else None
