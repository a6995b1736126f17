"""Substitutes for signs that an encoding lacks: `x` for ×, `floor(a/b)` for ⌊a/b⌋."""

from __future__ import annotations

from functools import cache
from unicodedata import normalize

SIGNS = {
    "×": "x", "·": "*", "−": "-", "–": "-", "—": "-", "…": "...", "•": "*", "²": "^2", "³": "^3",
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "√": "sqrt",
    "→": "->", "←": "<-", "⇒": "=>", "≥": ">=", "≤": "<=", "≈": "~", "∞": "inf",
    "─": "-", "━": "-", "│": "|", "├": "|", "└": "`", "┌": ".", "▼": "v", "▶": ">",
}  # fmt: skip
"""Each sign that we print, in ASCII."""


def replacement(error: UnicodeError) -> tuple[str, int]:
    """The substitute for the first sign that cannot be encoded, and the place to go on: an error handler of codecs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    sign = error.object[error.start]
    letter = normalize("NFKD", sign)[0]
    return SIGNS.get(sign) or (letter if letter.isascii() else "?"), error.start + 1


@cache
def missing(encoding: str) -> dict[int, str]:
    """The substitutes for each of `SIGNS` that an encoding lacks, for `str.translate`."""
    return {ord(sign): ascii_ for sign, ascii_ in SIGNS.items() if not sign.encode(encoding, "ignore")}
