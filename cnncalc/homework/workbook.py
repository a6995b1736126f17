"""XLSX → rows, by openpyxl: the values of cells, and the formulas of a row as its working."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZipFile

from cnncalc.errors import MissingExtra
from cnncalc.homework.answer_parts import MAX_LENGTH
from cnncalc.homework.sheet import MAX_COLUMNS, MAX_ROWS, TableRow, column_meaning, unreadable

MAX_SHEETS = 20
MAX_UNPACKED = 50_000_000
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,6})\b(?!\()")
_SUM = re.compile(r"\bSUM\(\$?([A-Z]{1,3})\$?(\d{1,6}):\$?([A-Z]{1,3})\$?(\d{1,6})\)")


def workbook_tables(file: str, content: bytes) -> list[list[TableRow]]:
    """The rows of each sheet of a workbook; a formula without its value stands for itself, in numbers.

    Raises:
        SheetError: it is not a workbook.
        MissingExtra: openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("openpyxl", "xlsx") from None
    try:
        archive = ZipFile(BytesIO(content))
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise ValueError(f"more than {MAX_UNPACKED // 10**6} MB when it is unpacked")
        values = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(BytesIO(content), read_only=True) if _has_formulas(archive) else values
        return [list(_rows(values[name], formulas[name])) for name in values.sheetnames[:MAX_SHEETS]]
    except Exception as error:  # for a damaged file the library raises errors of any class
        raise unreadable(file, f"is not a workbook that can be read: {error}"[:200]) from None


def _has_formulas(archive: ZipFile) -> bool:
    """Whether a cell has a formula: only then the workbook is read a second time, which takes as long again."""
    sheets = (name for name in archive.namelist() if "worksheets/" in name)
    return any(re.search(rb"<(?:\w+:)?f[\s/>]", archive.read(name)) for name in sheets)


def _rows(values: Any, formulas: Any) -> Iterator[TableRow]:
    """The rows of one sheet, with a last column for the calculation of the first formula of a row."""
    shown: dict[str, str] = {}
    width = min(values.max_column or 1, MAX_COLUMNS)
    pairs = zip(_cells(values, width), _cells(formulas, width), strict=False)
    for number, (row, written) in enumerate(islice(pairs, MAX_ROWS + 100), start=1):
        cells, workings = [""] * width, []
        for column, (value, formula) in enumerate(zip(row, written, strict=False)):
            text = cells[column] = _text(value)
            if isinstance(formula, str) and formula.startswith("="):
                calculation = _in_numbers(formula, shown)
                cells[column] = text or calculation
                workings.append(f"{calculation[1:]} = {text}" if text else calculation[1:])
            shown[f"{_letters(column)}{number}"] = cells[column].removeprefix("=")
        is_head = any(column_meaning(cell) == "layer" for cell in cells)
        working = "working" if is_head else next(iter(workings), "")
        is_own = is_head and any(column_meaning(cell) == "working" for cell in cells)
        yield TableRow(number, tuple(cells) if is_own else (*cells, working))


def _cells(sheet: Any, width: int) -> Iterator[tuple[Any, ...]]:
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True, max_col=width)
    return rows


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _in_numbers(formula: str, shown: dict[str, str]) -> str:
    """A formula with the numbers of the cells that it names; as it is written if that is longer than an answer."""

    def number(match: re.Match[str]) -> str:
        text = shown.get(match[1] + match[2], "") or "0"
        return text if text.isdecimal() else f"({text})"

    found = _PLACE.sub(number, _SUM.sub(lambda match: _sum(match, shown), formula))
    return found if len(found) <= MAX_LENGTH else formula


def _sum(call: re.Match[str], shown: dict[str, str]) -> str:
    """The sum of the numbers of a column, J5 to J16, written out; as it is for a block of cells, or words."""
    rows = range(int(call[2]), int(call[4]) + 1)
    texts = [shown.get(f"{call[1]}{row}", "") for row in rows[: len(shown)]]
    terms = [text for text in texts if re.fullmatch(r"[\d+*/() -]*\d[\d+*/() -]*", text)]
    if call[1] != call[3] or any(text not in ("", "-", "–", *terms) for text in texts):
        return call[0]
    known = sum(int(term) for term in terms if term.isdecimal())
    return "+".join(["(" + str(known), *(f"({term})" for term in terms if not term.isdecimal())]) + ")"


def _letters(column: int) -> str:
    """The name of a column, from 0: A, B, ... Z, AA."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
