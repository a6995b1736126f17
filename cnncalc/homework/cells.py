"""Cells as students write them: `96x55x55`, `(55, 55, 96)`, `6@28x28`, `H=55, W=55, C=96`; or counts."""

from __future__ import annotations

import re

from cnncalc.analysis.misconceptions.values import Value
from cnncalc.explaining.figures import ASKED
from cnncalc.explaining.statement import Reading, shape_readings
from cnncalc.homework.answer_parts import REMARK, answer_parts
from cnncalc.homework.counts import NOTHING, SIGNS, NotAnAnswer, check_length, read_count, shortened
from cnncalc.notation import several
from cnncalc.shapes import AXES, Layout, Shape, by_axis, letters_of

BLANK = ("", "?", "...", "…", "n/a", "tbd", "todo")
"""Words of cells without an answer."""


def read_cell(text: str, figure: str, right: Value, layout: Layout) -> tuple[Reading, ...]:
    """The ways to read an answer for a figure.

    Raises:
        NotAnAnswer: it is not a number or a shape.
    """
    match ASKED[figure]:
        case "shape" if isinstance(right, Shape):
            return read_shape(text, right.rank, layout)
        case "sizes" if isinstance(right, tuple):
            return read_sizes(text, len(right))
        case written:
            return read_count(text, bytes_=written == "bytes")


def is_blank(text: str, figure: str) -> bool:
    """Whether there is no answer; a dash is a count of 0, but not a shape."""
    bare = text.strip().lower()
    return bare in BLANK or (ASKED[figure] in ("shape", "sizes") and bare in NOTHING)


def not_a_value(text: str) -> str:
    """The message about an answer that is a formula or an error of a spreadsheet; empty for any other."""
    if re.match(r"=.*[A-Za-z]+\$?\d", text):
        return f"'{text[:40]}' is a formula, not its value; save the sheet as CSV with values shown"
    if re.match(r"#[A-Z/0!?]+", text):
        return f"'{text[:40]}' is an error of the spreadsheet; correct its formula"
    return ""


def read_shape(text: str, rank: int, layout: Layout) -> tuple[Reading, ...]:
    """The ways to read a shape, in the order `layout` first.

    Args:
        text: what was written.
        rank: the number of spatial axes that it should have.
        layout: the order in which sizes are expected.

    Raises:
        NotAnAnswer: it is not a shape, or one with another number of sizes.
    """
    check_length(text)
    if not rank and (vector := _vector(text)):
        return vector
    order, bare = _stated_order(text, rank)
    parts = _parts(bare)
    named = (shape for one in (text, *parts) if (shape := _named(one, rank)) is not None)
    stated = next(named, None)
    if stated is not None and min(stated.sizes()) > 0:
        return (Reading(stated),)
    listed = [_sizes(part) for part in parts]
    sizes = next((found for found in listed if len(found) == rank + 1 and None not in found), listed[0])
    if len(sizes) == rank + 2 and sizes[0] in (None, 1):
        sizes = sizes[1:]
    known = tuple(size for size in sizes if size is not None)
    if len(known) < len(sizes) or not known or min(known) < 1:
        raise NotAnAnswer(f"'{shortened(text)}' is not a shape; write it as {_example(rank, layout)}")
    if order is not None and len(known) == rank + 1:
        return (Reading(Shape.of(known, order), other_order=order != layout),)
    readings = shape_readings(known, rank, layout)
    if not readings:
        found = several(len(known), "size")
        raise NotAnAnswer(f"'{shortened(text)}' has {found}; {rank + 1} are expected, as {_example(rank, layout)}")
    return readings


def _stated_order(text: str, rank: int) -> tuple[Layout | None, str]:
    """The order that an answer states, `32x32x8 (H×W×C)` or `H×W×C = 32x32x8`, and the answer without its words."""
    bare = REMARK.sub("", text)
    before, equals, after = bare.partition("=")
    letters = "".join(AXES[rank]).lower()
    orders: dict[str, Layout] = {f"c{letters}": "CHW", f"{letters}c": "HWC"}
    words = [re.sub("[^a-wyz]", "", word.lower()) for word in (*REMARK.findall(text), before if equals else "")]
    order = next((orders[word] for word in words if word in orders), None) if rank else None
    return order, after if equals and order else bare


def _parts(text: str) -> tuple[str, ...]:
    """The parts of an answer that may be its sizes; the brackets of `96 (55x55)` are not a working."""
    parts = answer_parts(text)
    return (*parts, re.split(r"[;,]\s+", parts[0])[-1]) if re.search("[-−+/=→]", text) else (text,)


def _vector(text: str) -> tuple[Reading, ...]:
    if column := re.fullmatch(r"\s*[(\[]\s*([1-9]\d{0,11})\s*,\s*1\s*[)\]]\s*", text):  # (120,1), not 120.1
        return (Reading(Shape(int(column[1]))),)
    if all(re.search("[x×]", part) for part in answer_parts(text.lower())):
        return ()
    try:
        readings = read_count(text)
    except NotAnAnswer:
        return ()
    counts = [(reading.value, reading.tolerance) for reading in readings]
    return tuple(Reading(Shape(count), tolerance) for count, tolerance in counts if type(count) is int and count > 0)


def _example(rank: int, layout: Layout) -> str:
    """An example of a shape of this rank, as it should be written."""
    return by_axis(letters_of(rank, layout)) if rank else "9216"


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
    """The sizes that a text lists; None for a batch, and for what is not a size."""
    bare = re.sub(r"torch\.size|tensorshape|shape", "", text.translate(SIGNS).lower()).strip(" ()[]{}'\"")
    bare = re.sub(r"(\d+)\s*(?:²|\^\s*2\b)", r"\1x\1", bare)
    signs = r"\s*[x×*]\s*|\s*[,;]\s+" if re.search(r"[x×*]", bare) else r"\s*[,;/]\s*|\s+"
    return [_size(part) for part in re.split(signs, bare) if part]


def _size(text: str) -> int | None:
    plain = text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text) else text
    plain = plain.removesuffix(".0")
    return int(plain) if plain.isascii() and plain.isdigit() and 0 < len(plain) <= 12 else None


def read_sizes(text: str, rank: int) -> tuple[Reading, ...]:
    """The ways to read one number for each axis; a single one is for all axes.

    Raises:
        NotAnAnswer: it is not a size.
    """
    check_length(text)
    found = [_sizes(re.sub(r" ?(px|pixels?)$", "", " ".join(part.lower().split()))) for part in _parts(text)]
    sizes = next((sizes for sizes in found if len(sizes) in (1, rank) and None not in sizes), found[0])
    known = tuple(size for size in sizes if size is not None)
    if len(known) < len(sizes) or len(known) not in (1, rank):
        raise NotAnAnswer(f"'{shortened(text)}' is not a size; write it as 11 or 11x11")
    return (Reading(known * rank if len(known) == 1 else known),)
