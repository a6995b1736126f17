"""Counts as students write them: `34,944`, `34.9K`, `3.5e4`, `11*11*3*96 + 96`."""

from __future__ import annotations

import re
from fractions import Fraction

from cnncalc import formula
from cnncalc.explaining.statement import Reading
from cnncalc.figures import FIGURES
from cnncalc.homework.answer_parts import MAX_LENGTH, REMARK, answer_parts
from cnncalc.language.expressions import ExpressionError, Number, bounded

SIGNS = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-", "–": "-", "·": "*", "∗": "*", "⋅": "*", "’": "'"}
)  # fmt: skip
"""Signs of word processors that mean the same as plain ones."""

MAX_VALUE = 10**18

NOTHING = ("-", "--", "–", "—", "none", "nothing", "no", "keine", "ninguno", "aucun")
"""Words for a count of 0."""

COUNT_SUFFIXES = {"": 0, "k": 3, "thousand": 3, "m": 6, "mio": 6, "million": 6, "g": 9, "b": 9, "billion": 9, "t": 12}
"""The power of ten that each suffix means."""

BYTE_SUFFIXES = {
    "": 1, "b": 1, "byte": 1, "bytes": 1, "k": 10**3, "kb": 10**3, "kib": 2**10, "m": 10**6, "mb": 10**6,
    "mib": 2**20, "g": 10**9, "gb": 10**9, "gib": 2**30,
}  # fmt: skip

WORDS = {
    *(head for figure in FIGURES.values() if figure.unit == "count" for head in figure.heads.split()),
    *("value", "weight", "px", "pixel", "pixels"),
}
"""Units that a student may write after a number."""

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_NUMBER = re.compile(
    r"(?:[~≈]|ca\.?|about)?\s*(?P<digits>\d[\d.,'_ ]*?)\s*"
    r"(?:(?:e|[x×*]\s*10\s*(?:\^|\*\*)\s*|[x×*]\s*10(?=[⁰¹²³⁴⁵⁶⁷⁸⁹]))(?P<power>[+-]?\d{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))?"
    r"\s*(?P<unit>[a-z]*)\s*(?P<word>[a-z]*)"
)
_ARITHMETIC = re.compile(r"[\d.,\s()+*/x×^²³-]+")


class NotAnAnswer(Exception):
    """An answer is not a number or a shape; the message says what was expected."""


def check_length(text: str) -> None:
    """Raise NotAnAnswer if a text is too long to be an answer."""
    if len(text) > MAX_LENGTH:
        raise NotAnAnswer(f"{len(text):,} characters are not an answer; at most {MAX_LENGTH} are read")


def calculated(text: str) -> Number | None:
    """The value of a calculation with numbers only; None if it is not one, or has no value."""
    powers = text.replace("²", "^2").replace("³", "^3")
    powers = re.sub(r"(\d+)\s*\^\s*2", r"(\1*\1)", powers)
    powers = re.sub(r"(\d+)\s*\^\s*3", r"(\1*\1*\1)", powers)
    try:
        return formula.evaluate(formula.parse(re.sub(r"×|(?<=[\d)\s])x(?=[\d(\s])", "*", powers)), {}, bounded)
    except (formula.FormulaError, ExpressionError, KeyError):
        return None


def shortened(text: str) -> str:
    """A text, cut to fit into a message."""
    return text if len(text) <= 40 else f"{text[:37]}..."


def read_count(text: str, *, bytes_: bool = False) -> tuple[Reading, ...]:
    """The ways to read a count, most plausible first.

    Args:
        text: what was written.
        bytes_: whether it is a number of bytes, with units such as kB and MiB.

    Raises:
        NotAnAnswer: it is not a number.
    """
    check_length(text)
    bare = " ".join(REMARK.sub(_unit, text.translate(SIGNS).lower()).split())
    parts = answer_parts(bare)
    numbers = [found for part in parts if (found := _from_number(part, bytes_))]
    exact = [found for found in numbers if not found[0].tolerance]
    readings = next(iter((*exact, *numbers)), ()) or _from_arithmetic(parts[0])
    if not readings:
        raise NotAnAnswer(f"'{shortened(text)}' is not a whole number of 0 or more; write it as 34944, 34,944 or 34.9K")
    return readings


def _from_number(written: str, bytes_: bool) -> tuple[Reading, ...]:
    """The value of a plain number, or 0 for a word that means none."""
    match = _NUMBER.fullmatch(written)
    return (Reading(0),) if written in NOTHING else _from_match(match, bytes_) if match else ()


def _unit(remark: re.Match[str]) -> str:
    """The part of a remark that belongs to the number: none, but `35 (thousand)` is not 35."""
    word = remark[1].strip()
    return f" {word}" if word in COUNT_SUFFIXES or word in BYTE_SUFFIXES else ""


def _from_match(match: re.Match[str], bytes_: bool) -> tuple[Reading, ...]:
    unit, word = match["unit"], match["word"]
    if unit in WORDS and not word:
        unit, word = "", unit
    units = BYTE_SUFFIXES if bytes_ else {name: 10**power for name, power in COUNT_SUFFIXES.items()}
    if unit not in units or (word and word not in WORDS):
        return ()
    power = int((match["power"] or "0").translate(SUPERSCRIPTS))
    if abs(power) > 18:
        return ()
    scale = Fraction(10) ** power * units[unit]
    rounded = units[unit] != 1 or bool(match["power"])
    found = []
    for whole, decimals in _mantissas(match["digits"].strip()):
        value = Fraction(whole + decimals) / 10 ** len(decimals) * scale
        unit_of_last = scale / 10 ** len(decimals)
        tolerance = unit_of_last / 2 if rounded and unit_of_last > 1 else Fraction(0)
        if value.denominator == 1 and value <= MAX_VALUE:
            found.append(Reading(value.numerator, tolerance))
    return tuple(dict.fromkeys(found))


def _mantissas(digits: str) -> list[tuple[str, str]]:
    """The ways to read digits with separators, each as whole part and decimals."""
    plain = re.sub(r"[ '_]", "", digits)
    if plain != digits and not re.fullmatch(r"\d{1,3}([ '_]\d{3})+([.,]\d+)?", digits):
        return []
    signs = [sign for sign in plain if sign in ".,"]
    if not signs:
        return [(plain, "")]
    last = signs[-1]
    decimal = plain.count(last) == 1
    whole, _, decimals = plain.rpartition(last)
    others = re.sub(r"[.,]", "", whole)
    grouped = bool(re.fullmatch(r"\d{1,3}([.,]\d{3})+", plain)) and len(set(signs)) == 1
    readings = [(plain.replace(last, ""), "")] if grouped else []
    if decimal and (len(signs) == 1 or re.fullmatch(r"\d{1,3}([.,]\d{3})+", whole)):
        readings.append((others, decimals))
    return readings


def _from_arithmetic(text: str) -> tuple[Reading, ...]:
    """The value of a calculation without its result."""
    if not _ARITHMETIC.fullmatch(text) or _NUMBER.fullmatch(text):
        return ()
    value = calculated(text.replace(",", ""))
    return (Reading(int(value)),) if value is not None and value.denominator == 1 and value >= 0 else ()
