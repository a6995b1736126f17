"""Answers as students write them: `34,944`, `34.9K`, `96x55x55`, `(55, 55, 96)`, `11*11*3*96 + 96`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.misconceptions.terms import Value
from cnncalc.shapes import AXES, MAX_RANK, Layout, Shape
from cnncalc.spec.expressions import ExpressionError, evaluate

MAX_LENGTH = 200
"""Characters of an answer; a longer one is no number."""

MAX_VALUE = 10**18

BLANK = ("", "?", "...", "…", "n/a", "tbd", "todo")
NOTHING = ("-", "–", "—", "none", "nothing", "no", "keine", "ninguno", "aucun")
"""What is written for a count of 0."""

COUNT_UNITS = {"": 0, "k": 3, "thousand": 3, "m": 6, "mio": 6, "million": 6, "g": 9, "b": 9, "billion": 9, "t": 12}
"""The power of ten behind each suffix."""

BYTE_UNITS = {
    "": 1, "b": 1, "byte": 1, "bytes": 1, "k": 10**3, "kb": 10**3, "kib": 2**10, "m": 10**6, "mb": 10**6,
    "mib": 2**20, "g": 10**9, "gb": 10**9, "gib": 2**30,
}  # fmt: skip

WORDS = (
    "params", "parameters", "parameter", "param", "macs", "mac", "flops", "flop", "values", "value", "weights",
    "weight", "neurons", "buffers", "elements", "px", "pixels", "pixel",
)  # fmt: skip
"""Units that a student may write behind a number."""

SIGNS = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-", "–": "-", "·": "*", "∗": "*", "⋅": "*", "’": "'"}
)  # fmt: skip

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_NUMBER = re.compile(
    r"(?:[~≈]|ca\.?|about)?\s*(?P<digits>\d[\d.,'_ ]*?)\s*"
    r"(?:(?:e|[x×*]\s*10\s*(?:\^|\*\*)\s*|[x×*]\s*10(?=[⁰¹²³⁴⁵⁶⁷⁸⁹]))(?P<power>[+-]?\d{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))?"
    r"\s*(?P<unit>[a-z]*)\s*(?P<word>[a-z]*)"
)
_ARITHMETIC = re.compile(r"[\d.,\s()+*/x×^²³-]+")


class NotAnAnswer(Exception):
    """What is written is no number or shape; the message says what was expected."""


class Reading(NamedTuple):
    """One way to read an answer.

    Attributes:
        value: what it says.
        tolerance: half a unit of the last digit written, for a rounded count.
        other_order: whether a shape was read in the other order than the sheet's.
        partial: whether a shape has no channels, only sizes; they are 0 then.
    """

    value: Value
    tolerance: Fraction = Fraction(0)
    other_order: bool = False
    partial: bool = False


def is_blank(text: str) -> bool:
    """Whether nothing was answered."""
    return text.strip().lower() in BLANK


def read_count(text: str, *, bytes_: bool = False) -> tuple[Reading, ...]:
    """The ways to read a count, most plausible first.

    Args:
        text: what was written.
        bytes_: whether it is a number of bytes, with units such as kB and MiB.

    Raises:
        NotAnAnswer: it is no number.
    """
    written = _last_result(text.translate(SIGNS).strip().lower())
    if written in NOTHING:
        return (Reading(0),)
    if len(written) > MAX_LENGTH:
        raise NotAnAnswer(f"{len(written)} characters are no number")
    match = _NUMBER.fullmatch(written)
    readings = _from_match(match, bytes_) if match else _from_arithmetic(written)
    if not readings:
        raise NotAnAnswer(f"'{_short(text)}' is not a whole number; write it as 34944, 34,944 or 34.9K")
    return readings


def _last_result(text: str) -> str:
    """What stands behind the last equals sign: `11*11*3*96 + 96 = 34944` says 34944."""
    return text.rsplit("=", 1)[-1].strip()


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


def _from_match(match: re.Match[str], bytes_: bool) -> tuple[Reading, ...]:
    unit, word = match["unit"], match["word"]
    if unit in WORDS and not word:
        unit, word = "", unit
    units = BYTE_UNITS if bytes_ else {name: 10**power for name, power in COUNT_UNITS.items()}
    if unit not in units or (word and word not in WORDS):
        return ()
    power = int((match["power"] or "0").translate(SUPERSCRIPTS))
    if abs(power) > 18:
        return ()
    scale = Fraction(10) ** power * units[unit]
    rounded = bool(unit not in ("", "b", "byte", "bytes") or match["power"])
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
    """A calculation that was not carried out."""
    if not _ARITHMETIC.fullmatch(text):
        return ()
    powers = text.replace("²", "^2").replace("³", "^3")
    powers = re.sub(r"(\d+)\s*\^\s*2", r"(\1*\1)", powers)
    powers = re.sub(r"(\d+)\s*\^\s*3", r"(\1*\1*\1)", powers)
    try:
        value = evaluate(re.sub(r"[x×]", "*", powers.replace(",", "")), _no_names)
    except ExpressionError:
        return ()
    return (Reading(int(value)),) if value.denominator == 1 and value >= 0 else ()


def _no_names(name: str) -> int:
    raise ExpressionError(f"unknown name '{name}'")


def rounding(value: int) -> Fraction:
    """Half a unit of the last digit that is not 0: 105,000,000 is 105 million, perhaps rounded."""
    digits = str(value)
    zeros = len(digits) - len(digits.rstrip("0"))
    return Fraction(10**zeros, 2) if 0 < zeros < len(digits) else Fraction(0)


def read_shape(text: str, rank: int, layout: Layout) -> tuple[Reading, ...]:
    """The ways to read a shape, in the order `layout` first.

    Args:
        text: what was written.
        rank: the number of spatial axes that it should have.
        layout: the order in which sizes are expected.

    Raises:
        NotAnAnswer: it is no shape, or one with another number of sizes.
    """
    if not rank and (vector := _vector(_last_result(text))):
        return vector
    stated = _named(text, rank)
    if stated is not None:
        return (Reading(stated),)
    sizes = _sizes(text)
    if len(sizes) == rank + 2 and sizes[0] in (None, 1):
        sizes = sizes[1:]
    known = tuple(size for size in sizes if size is not None)
    if len(known) < len(sizes) or not known:
        raise NotAnAnswer(f"'{_short(text)}' is not a shape; write it as {_example(rank, layout)}")
    return _ordered(text, known, rank, layout)


def _vector(text: str) -> tuple[Reading, ...]:
    if re.search("[x×]", text.lower()):
        return ()
    try:
        return tuple(Reading(Shape(reading.value)) for reading in read_count(text) if type(reading.value) is int)
    except NotAnAnswer:
        return ()


def _ordered(text: str, sizes: tuple[int, ...], rank: int, layout: Layout) -> tuple[Reading, ...]:
    other: Layout = "HWC" if layout == "CHW" else "CHW"
    if len(sizes) == rank + 1:
        first, second = Shape.of(sizes, layout), Shape.of(sizes, other)
        return (Reading(first),) if first == second else (Reading(first), Reading(second, other_order=True))
    if len(sizes) > 1 and sorted(sizes)[:-1] == [1] * (len(sizes) - 1):
        return (Reading(Shape(max(sizes), (1,) * rank)),)  # 1x1x4096 is the vector, or the map of one pixel
    if not rank and 2 <= len(sizes) <= MAX_RANK + 1:
        return (Reading(Shape.of(sizes, layout)), Reading(Shape.of(sizes, other), other_order=True))
    if len(sizes) == 1 and rank:
        one_pixel = Reading(Shape(sizes[0], (1,) * rank))
        return (one_pixel, Reading(Shape(0, sizes * rank), partial=True))
    if len(sizes) == rank:
        return (Reading(Shape(0, sizes), partial=True),)
    found = f"{len(sizes)} size{'' if len(sizes) == 1 else 's'}"
    raise NotAnAnswer(f"'{_short(text)}' has {found}; {rank + 1} are expected, as {_example(rank, layout)}")


def _example(rank: int, layout: Layout) -> str:
    """How a shape of this rank is written."""
    letters = AXES[rank]
    return "x".join((*letters, "C") if layout == "HWC" else ("C", *letters)) if rank else "9216"


def _named(text: str, rank: int) -> Shape | None:
    """A shape that names its sizes: `H=55, W=55, C=96`, or LeNet's `6@28x28`."""
    if match := re.fullmatch(r"\s*(\d{1,9})\s*@\s*(\d{1,9}(?:\s*[x×]\s*\d{1,9})*)\s*", text.lower()):
        spatial = tuple(map(int, re.split(r"\s*[x×]\s*", match[2])))
        return Shape(int(match[1]), spatial) if len(spatial) == rank else None
    pairs = re.findall(r"\b([CLDHW])\s*[=:]\s*(\d{1,9})\b", text.upper())
    named = {letter: int(size) for letter, size in pairs}
    letters = AXES[rank]
    return Shape(named["C"], tuple(named[a] for a in letters)) if set(named) == {"C", *letters} else None


def _sizes(text: str) -> list[int | None]:
    """The sizes that a text lists; None for a batch, and for what is no size."""
    bare = re.sub(r"torch\.size|tensorshape|shape", "", text.translate(SIGNS).lower()).strip(" ()[]{}'\"")
    signs = r"\s*[x×*]\s*" if re.search(r"[x×*]", bare) else r"\s*[,;/]\s*|\s+"
    return [_size(part) for part in re.split(signs, bare) if part]


def _size(text: str) -> int | None:
    plain = text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text) else text
    plain = plain.removesuffix(".0")
    return int(plain) if plain.isascii() and plain.isdigit() and 0 < len(plain) <= 12 else None


def read_sizes(text: str, rank: int) -> tuple[Reading, ...]:
    """The ways to read one number for each axis; a single one is for all axes.

    Raises:
        NotAnAnswer: it is something else.
    """
    sizes = _sizes(re.sub(r"\s*(px|pixels?)\s*$", "", text.strip().lower()))
    known = tuple(size for size in sizes if size is not None)
    if len(known) < len(sizes) or len(known) not in (1, rank):
        raise NotAnAnswer(f"'{_short(text)}' is not a size; write it as 11 or 11x11")
    return (Reading(known * rank if len(known) == 1 else known),)
