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

_SIZES = r"\d{1,9}(?:\s*[x×*]\s*\d{1,9}){0,3}"
_SHAPE = rf"(?:{_SIZES}|[\[(][\d\s,x×*]{{1,40}}[\])])(?![\w,.]\d)"
_BULLET = re.compile(r"^\s*(?:[-*•]\s|(?:(?:layer|schicht|couche|capa)\s*)?\d{1,3}\s*[.):])", re.IGNORECASE)
_NAME = re.compile(r"\s*(.{1,80}?)\s*(?::|[-=]>|→|⟶|\s[-–—=]\s)\s*(.*)")
_OUT = re.compile(
    r"(?:\b(?:outputs?|out|ausgabe|sortie|salida)(?:\s+(?:shape|size|volume))?\s*[:=]?|[-=]>|→|⟶)"
    rf"\s*(?:is|of|outputs?|out)?\s*({_SHAPE})",
    re.IGNORECASE,
)
_INPUT = re.compile(rf"\b({'|'.join(NOT_LAYERS)})\b\D{{0,30}}?({_SIZES})", re.IGNORECASE)
_WORD = r"weights|params?|parameters?|gewichte|parametern?"
_BEFORE = re.compile(rf"\b({_WORD})\s*[:=]\s*([^;|]+?)(?=,\s*[a-z]+\s*[:=]|[;|]|$)", re.IGNORECASE)
_SUFFIX = "|".join(filter(None, COUNT_SUFFIXES))
_NUMBER = r"(?:\d+[,.'_])*+\d++"
_OPEN = r"\((?=[^()]{1,60}\)\s*[-+*·=x×])"
_AFTER = re.compile(  # no size of a shape: of `5x5x16, params` none
    rf"(?<![\w.,'×*+·/^-])(?<![x×*+·/^] )(?!\d+(?:\s*[x×]\s*\d+)+\s*(?:[a-z]+ )?(?:{_WORD})\b)"
    rf"((?:{_OPEN})?(?>{_NUMBER}(?:\)?\s*[-+*·=x×]\s*\(?{_NUMBER})*+\)?)(?:\s?(?:{_SUFFIX})\b)?)"
    rf"\s*(?:[a-z]+ )?({_WORD})\b",
    re.IGNORECASE,
)
_SUM = re.compile(r"(\d[\d,.']*)\s*weights?\s*(?:\+|and|und)\s*(\d[\d,.']*)\s*bias(?:es)?\b(?!\s*=)", re.IGNORECASE)
_MARKS = re.compile(r"(?<!\d)\*\*|\*\*(?!\d)|`")  # 3**2 is a power
_FEATURES = re.compile(r"\(\s*(\d+)")
"""The size of a layer in its name: `Dense(10)`."""


class _Line(NamedTuple):
    """A line about a layer: its name, what it does, its output, its count and the word for what is counted."""

    name: str
    operation: str
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
    figures = ("out", head) if any(said.number for _, said in found) else ("out",)
    rows = [TableRow(number, (said.name, said.operation, said.out, said.number)) for number, said in found]
    entering = _INPUT.search("\n".join(line[:MAX_LINE] for _, line, _ in lines[: places[0] + 1]))
    above = [TableRow(1, ("input", entering[2]))] if entering is not None else []
    return [*above, TableRow(found[0][0], ("layer", "operation", *figures)), *rows]


def _read(line: str) -> _Line | None:
    """The words of a line about a layer; None if it is not about one, or says nothing of it."""
    found = _NAME.match(_BULLET.sub("", line, count=1))
    if found is None or not kind_said(found[1]):
        return None
    name, said = found[1], _SUM.sub(r"\1 + \2 params", found[2])
    counted = _params_first(_BEFORE, said, 1)
    after = _params_first(_AFTER, said, 2) if counted is None else None
    number, word = (counted[2], counted[1]) if counted else (after[1], after[2]) if after else ("", "")
    rest = said[: counted.start()] if counted is not None else said
    first, later = re.match(_SHAPE, rest), _OUT.search(rest)
    if later is not None:
        operation, out = rest[: later.start()], later[1]
    elif first is not None and (after is None or after.start()):
        operation, out = "", first[0]
    else:
        features = _FEATURES.search(name) if kind_said(name) == "fc" else None
        operation, out = ("" if after is not None else rest), (features[1] if features is not None else "")
    operation = _INPUT.sub("", operation).strip(" .,;-=>→")
    return _Line(name, operation, out, _balanced(number), word.lower()) if out or number else None


def _params_first(pattern: re.Pattern[str], said: str, word: int) -> re.Match[str] | None:
    """The first count that is found with a word for params, else the first one; None if there is none."""
    found = list(pattern.finditer(said))
    return next((one for one in found if column_meaning(one[word]) == "params"), found[0] if found else None)


def _balanced(number: str) -> str:
    """A number or calculation without what only ends its line: `16*(25+1)` keeps its bracket, `156)` does not."""
    bare = number.strip(" .,]")
    return bare.rstrip(" .,)") if bare.count(")") > bare.count("(") else bare
