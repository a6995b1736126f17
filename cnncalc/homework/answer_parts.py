"""Answers with their working → the parts that should be equal: `896 (=27*32+32)` → `896` and `27*32+32`."""

from __future__ import annotations

import re

MAX_LENGTH = 200
"""The most characters of an answer; a longer one is not a number."""

MAX_WORKING = 5 * MAX_LENGTH

REMARK = re.compile(r"\s*[(\[]([^()\[\]\d]*)[)\]]")
"""Words in brackets, as in `896 (with bias)`."""

_EQUALS = re.compile(r"=>|->|<-|[=→←⇒≈]")
_NEXT = re.compile(r"(?<=[\d)])[;,]\s+(?=[^;=]*=)")
_PART_OF_A_CALCULATION = re.compile(r"(?:floor|ceil|[-−+*/·^(,;]|(?<![a-z])[x×])\s*$")
_MARKS = re.compile(r"[=→←⇒≈()\[\]{}]|->|<-")
_OPENING = {")": "(", "]": "[", "}": "{"}


def answer_parts(text: str) -> tuple[str, ...]:
    """The parts of an answer that may be its value, most plausible first.

    What is outside of brackets comes first, and the end of a chain of equal parts before its start.
    """
    if len(text) > MAX_LENGTH or not _MARKS.search(text):
        return (text,)
    outside, inside = _bracketed(_NEXT.split(text)[-1])
    chain, working = _chain(outside), _chain(inside)
    return tuple(dict.fromkeys((*chain[-1:], *chain[:1], *working[-1:]))) or (text,)


def equal_parts(text: str) -> list[tuple[str, ...]]:
    """The parts of each statement in an answer that should be equal, those in brackets first; none of a long text."""
    if len(text) > MAX_WORKING:
        return []
    pairs = [_bracketed(statement) for statement in _NEXT.split(REMARK.sub("", text))]
    return [(*_chain(inside), *_chain(outside)) for outside, inside in pairs]


def _chain(text: str) -> list[str]:
    return [part.strip() for part in _EQUALS.split(text) if part.strip()]


def _bracketed(text: str) -> tuple[str, str]:
    """An answer, and the working in the brackets after it; none if they are part of a calculation."""
    end = len(text.rstrip("abcdefghijklmnopqrstuvwxyz \t"))
    start = _opening(text[:end])
    before, inside, after = text[:start], text[start + 1 : end - 1].strip(), text[end:]
    apart = before.endswith((" ", "\t")) or inside.startswith("=") or text[start : start + 1] in "[{"
    is_working = re.search(r"\d", before) and re.search(r"\d", inside) and not re.match(r"[-−+*/·^x×]", inside)
    if not apart or not is_working or _PART_OF_A_CALCULATION.search(before):
        return text, ""
    return before.strip() + after, inside


def _opening(text: str) -> int:
    """The place of the bracket that the last sign closes; 0 if it closes none."""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += (text[place] in _OPENING) - (text[place] in _OPENING.values())
        if depth == 0:
            return place if _OPENING.get(text[-1]) == text[place] else 0
    return 0
