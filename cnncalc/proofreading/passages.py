"""Passages of a write-up: single lines, but the lines of one formula or of one broken paragraph together."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from cnncalc.proofreading.plain import Plain, plain

MAX_LINE = 4_000
MAX_LINES = 40
"""The most lines of one formula; a longer one is read line by line."""

_ENVIRONMENTS = r"(?:align|aligned|equation|gather|gathered|eqnarray|multline|split|flalign|alignat)\*?"
_OPENS = re.compile(rf"\\begin\{{({_ENVIRONMENTS})\}}|\\\[|\$\$")
BROKEN = 60
"""A line of at least this length may go on in the next one."""

_WORDS = re.compile(r"\s{0,3}(?![-+*•▼#|>=~`]|\d+[.)]\s|\$\$|\\(?:begin|end|\[|item|section|subsection)|!\[)\S")
_SENTENCE = re.compile(r"(?<=[a-z)\d$\] ][.!?])\s+(?=[A-Z(])|。")
_GOES_ON = re.compile(r"\s*(?:[>*-]\s+)?[=≈](?!=)")


def passages(lines: Sequence[str], code: Container[int]) -> Iterator[Plain]:
    """The passages that are to be read together, in plain signs.

    Args:
        lines: of the write-up.
        code: the numbers of those that are code; they are left out.
    """
    start = 0
    while start < len(lines):
        end = start + 1
        if start + 1 not in code:
            end = _end(lines, code, start)
            yield plain("\n".join(lines[start:end])[:MAX_LINE], start + 1)
        start = end


def _end(lines: Sequence[str], code: Container[int], start: int) -> int:
    """The number of the last line of the passage that begins with a line."""
    closing = _closing(lines[start])
    end = start + 1
    if closing is not None:
        while end < min(len(lines), start + MAX_LINES) and end + 1 not in code:
            end += 1
            if closing in lines[end - 1]:
                return end
        return start + 1
    while end < min(len(lines), start + MAX_LINES) and end + 1 not in code and _goes_on(lines[end - 1], lines[end]):
        end += 1
    return end


def _goes_on(line: str, after: str) -> bool:
    """Whether a line goes on with the one before it."""
    if _GOES_ON.match(after):
        return True
    return (
        len(line) >= BROKEN
        and not line.rstrip().endswith(("$$", "\\]"))
        and _WORDS.match(after) is not None
        and not line.lstrip().startswith(("#", "|"))
    )


def sentences(passage: Plain) -> Iterator[Plain]:
    """The sentences of a passage."""
    ends = [match.end() for match in _SENTENCE.finditer(passage.text)]
    for start, end in zip([0, *ends], [*ends, len(passage.text)], strict=True):
        if start < end:
            yield Plain(passage.text[start:end], passage.places[start:end])


def _closing(line: str) -> str | None:
    """The sign that closes a formula that is open at the end of a line; None if none is open."""
    place = 0
    while (match := _OPENS.search(line, place)) is not None:
        closing = f"\\end{{{match[1]}}}" if match[1] else "\\]" if match[0] == "\\[" else "$$"
        found = line.find(closing, match.end())
        if found < 0:
            return closing
        place = found + len(closing)
    return None
