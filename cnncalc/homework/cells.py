"""The text of a cell as an answer for its figure."""

from __future__ import annotations

import re

from cnncalc.analysis.misconceptions.values import Value
from cnncalc.homework.answers import Reading, is_blank
from cnncalc.homework.counts import NOTHING, read_count
from cnncalc.homework.figures import FIGURES
from cnncalc.homework.shape_answers import read_shape, read_sizes
from cnncalc.shapes import Layout, Shape


def read_cell(text: str, figure: str, right: Value, layout: Layout) -> tuple[Reading, ...]:
    """The ways to read an answer for a figure.

    Raises:
        NotAnAnswer: it is no number or shape.
    """
    match FIGURES[figure]:
        case "shape" if isinstance(right, Shape):
            return read_shape(text, right.rank, layout)
        case "sizes" if isinstance(right, tuple):
            return read_sizes(text, len(right))
        case written:
            return read_count(text, bytes_=written == "bytes")


def is_blank_cell(text: str, figure: str) -> bool:
    """Whether nothing was answered; a dash is a count of 0, but no shape."""
    return is_blank(text) or (FIGURES[figure] in ("shape", "sizes") and text.lower() in NOTHING)


def not_a_value(text: str) -> str:
    """What is wrong with an answer that is a formula or an error of a spreadsheet; empty where it is none."""
    if re.match(r"=.*[A-Za-z]+\$?\d", text):
        return f"'{text[:40]}' is a formula, not its value; save the sheet as CSV with values shown"
    if re.match(r"#[A-Z/0!?]+", text):
        return f"'{text[:40]}' is an error of the spreadsheet; mend its formula"
    return ""
