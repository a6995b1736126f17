r"""Substitutes for signs that an encoding lacks: `x` for ×, `floor(a/b)` for ⌊a/b⌋, `\u674e` for 李."""

from __future__ import annotations

from functools import cache

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
    return _substitute(error.object[error.start]), error.start + 1


def _substitute(sign: str) -> str:
    """A sign in ASCII; a letter of a name is an escape, as in Python, so that no two names become one."""
    return SIGNS.get(sign) or sign.encode("ascii", "backslashreplace").decode()


class Substitutes(dict[int, str]):
    """The substitutes for signs that an encoding lacks, for `str.translate`: those of letters when they are met."""

    def __init__(self, encoding: str) -> None:
        super().__init__({ord(sign): ascii_ for sign, ascii_ in SIGNS.items() if not sign.encode(encoding, "ignore")})
        self._encoding = encoding

    def __missing__(self, code: int) -> str:
        if chr(code).encode(self._encoding, "ignore"):
            raise KeyError(code)
        self[code] = _substitute(chr(code))
        return self[code]


missing = cache(Substitutes)
"""The substitutes for an encoding."""
