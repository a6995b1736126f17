"""Numbers with decimal commas and points between thousands, as `37.752.832` and `54,25`, in English signs."""

from __future__ import annotations

import re

_THOUSANDS = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.]*\d)(?!,\d{3})")
_COMMA = re.compile(r"(?<![\w.,(\[])(\d+)(?:\{,\}|,)(\d+)(?![\w\]]|,\d|\{,)")
_SURE = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3}){2,}(?![.\d])")
_ENGLISH = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:(?:,|\{,\})\d{3})+(?![\d,])")
_WORDS = re.compile(
    r"\b(?:und|der|die|das|ist|mit|eine?|auch|werden|sind|le|les|est|une|des|avec|dans|el|los|las|una|con|que|por"
    r"|il|della|di|sono|um|uma|os|het|een|van|wordt)\b"
)
MOST_RARE = 40
"""A text is in a language with decimal commas if one in so many words is from one; English prose has fewer."""


def in_english(text: str) -> str:
    """A text with English numbers, each line as long as before, if its numbers are those of another language."""
    if not _has_decimal_commas(text):
        return text
    swapped = _THOUSANDS.sub(lambda match: match[0].replace(".", "\0"), text)
    return _COMMA.sub(_with_point, swapped).replace("\0", ",")


def _with_point(match: re.Match[str]) -> str:
    """The number with a point, as wide as it was: LaTeX's braces become blanks after it."""
    return f"{match[1]}.{match[2]}".ljust(len(match[0]))


def _has_decimal_commas(text: str) -> bool:
    """Whether points separate thousands: a number has several, or the words are from such a language."""
    if any(number.count(",") > 1 for number in _ENGLISH.findall(text)):
        return False
    words = re.findall(r"\b[a-zA-Z]+\b", text)
    is_foreign = len(_WORDS.findall(text)) * MOST_RARE > len(words) > 0 and not _ENGLISH.search(text)
    return is_foreign or _SURE.search(text) is not None
