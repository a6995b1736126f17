"""Numbers as people write them: `1 2; 3 4`, `[[1, 2], [3, 4]]`, or the lines of a CSV file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from os.path import getsize
from typing import NamedTuple

import numpy as np

from cnncalc.errors import ExecutionError
from cnncalc.executor.files.reading import AnyArray, reading
from cnncalc.language.problems import one_line
from cnncalc.notation import several

SUFFIXES = (".csv", ".tsv")

MAX_CHARACTERS = 16_000_000
MAX_DEPTH = 6

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"

SIGNS = r"[-+\d.eE,;\[\]\s]+"
"""The signs of numbers and their rows."""

HOW = "write rows as '1 2 3; 4 5 6', or nested lists as '[[1, 2, 3], [4, 5, 6]]'"


class TypedNumbers(NamedTuple):
    """Numbers as they were written.

    Attributes:
        array: all of them.
        nested: whether brackets give every axis; else the axes are matrices, rows and columns.
    """

    array: AnyArray
    nested: bool


def is_typed(text: str) -> bool:
    """Whether a text can only mean numbers, perhaps with a slip as in `1 2; 3 x`: it is not a name of a file."""
    if re.match(r"\s*\[*\s*[-+]?[\d.]+[\s,;]", text) and re.search(r"[;\[]", text):
        return True
    return re.fullmatch(SIGNS, text) is not None and re.search(r"\d", text) is not None


def read_matrices(path: str) -> TypedNumbers:
    """The numbers of a text file.

    Raises:
        ExecutionError: it is too long, or something else.
    """
    with reading(path, "a text file of numbers"):
        if getsize(path) > MAX_CHARACTERS:
            raise _too_long(path)
        with open(path, encoding="utf-8-sig") as file:
            return parse_matrices(file.read(), path)


def parse_matrices(text: str, what: str) -> TypedNumbers:
    """The numbers of a text, which messages call `what`.

    A row is a line, or ends at a `;`; an empty row is between two matrices.

    Raises:
        ExecutionError: it is too long, something else, or its rows are not equally long.
    """
    if len(text) > MAX_CHARACTERS:
        raise _too_long(what)
    bare = text.strip()
    if bare.startswith("[") and ";" not in bare:
        return TypedNumbers(_nested(bare, what), nested=True)
    bare = bare.removeprefix("[").removesuffix("]")
    matrices: list[list[list[float]]] = [[]]
    for place, cells in _rows(bare):
        if not cells:
            matrices += [[]] if matrices[-1] else []
            continue
        row = [_number(cell, f"{what}, {place}, value {index}") for index, cell in enumerate(cells, 1)]
        first = matrices[0][0] if matrices[0] else row
        if len(row) != len(first):
            raise ExecutionError(f"{what}, {place}: {several(len(row), 'value')}; the first row has {len(first)}")
        matrices[-1].append(row)
    matrices = [matrix for matrix in matrices if matrix]
    if not matrices:
        raise ExecutionError(f"{what}: there are no numbers; {HOW}")
    counts = [len(matrix) for matrix in matrices]
    if len(set(counts)) > 1:
        found = ", ".join(map(str, counts[:10]))
        raise ExecutionError(f"{what}: the matrices have {found} rows; as many are expected in each")
    return TypedNumbers(np.array(matrices), nested=False)


def _rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each row, with its place and its cells; an empty row between two matrices."""
    lines = text.splitlines()
    if len(lines) > 1:
        for number, line in enumerate(lines, 1):
            yield f"line {number}", _cells(line.strip().removesuffix(";"))
        return
    for number, row in enumerate(text.split(";"), 1):
        yield f"row {number}", _cells(row)


def _cells(row: str) -> list[str]:
    separator = next((sign for sign in (";", ",", "\t") if sign in row), None)
    if separator == "," and re.search(r"\d,\d+\s+[-+\d]", row):
        separator = None  # blanks are between the numbers, whose commas are decimal ones
    return [cell.strip() for cell in row.split(separator)] if row.strip() else []


def _number(cell: str, place: str) -> float:
    if re.fullmatch(NUMBER, cell) is None:
        found = f"'{one_line(cell[:30])}' is not a number" if cell else "a number is missing"
        comma = f"; write {cell.replace(',', '.')}" if re.fullmatch(r"[-+]?\d+,\d+", cell) else ""
        raise ExecutionError(f"{place}: {found}{comma}")
    return float(cell)


def _nested(text: str, what: str) -> AnyArray:
    """An array from nested lists, as Python or numpy print them."""
    if re.match(rf"(\[\s*){{{MAX_DEPTH + 1}}}", text):
        raise ExecutionError(f"{what}: more than {MAX_DEPTH} nested brackets")
    separated = re.sub(r"(?<=[\d.\]])\s+(?=[-+\d.\[])", ", ", text)
    try:
        return np.array(json.loads(re.sub(NUMBER, lambda found: repr(float(found[0])), separated)), np.float64)
    except (ValueError, TypeError, RecursionError):
        reason = "the lists are not equally long, or a bracket or a number is wrong"
        raise ExecutionError(f"{what}: {reason}; {HOW}") from None


def _too_long(what: str) -> ExecutionError:
    return ExecutionError(f"{what}: more than {MAX_CHARACTERS:,} characters; give larger arrays as .npy")
