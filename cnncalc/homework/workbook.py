"""XLSX → rows, by openpyxl: the values of cells, and the formulas of a row as its working."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZipFile

from cnncalc.errors import MissingExtra
from cnncalc.files import open_member
from cnncalc.homework.answer_parts import MAX_LENGTH
from cnncalc.homework.reading import MAX_BYTES
from cnncalc.homework.sheet import MAX_COLUMNS, MAX_ROWS, TableRow, column_meaning, unreadable

MAX_SHEETS, MAX_LISTED = 20, 200
"""The most sheets that are read, and that a workbook may have: each takes its time before it is read."""

MAX_UNPACKED = 50_000_000
MAX_TAGS = 1_500_000
"""The most tags of all sheets that are read; a cell has about five."""

MAX_FORMULAS = 2_000_000
"""The most signs of all formulas, if each is as long as the longest: a formula may stand for those of many cells."""

MAX_NAMED = 1_000_000
"""The most cells that all formulas of a sheet name."""

_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]*)|<(?:\w+:)?f\s[^>]*/>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet[\s/>]")
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
        parts = _unpacked(content)
        book = _packed(parts)
        values = openpyxl.load_workbook(book, read_only=True, data_only=True)
        has_formulas = any(map(_FORMULA.search, parts.values()))  # a second reading takes as long again
        formulas = openpyxl.load_workbook(book, read_only=True) if has_formulas else values
        return [list(_rows(values[name], formulas[name])) for name in values.sheetnames[:MAX_SHEETS]]
    except Exception as error:  # for a damaged file the library raises errors of any class
        raise unreadable(file, f"is not a workbook that can be read: {error}"[:200]) from None


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook by their names: by their real sizes, not by those that the file states.

    Raises:
        ValueError: they are larger than those of any sheet of answers.
    """
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            with open_member(archive, name) as member:
                parts[name] = member.read(room + 1)
            room -= len(parts[name])
            if room < 0:
                raise ValueError(f"more than {MAX_UNPACKED // 10**6} MB when it is unpacked")
    _bound(b"\n".join(parts.values()).replace(b"\0", b""))  # of UTF-16
    return parts


def _bound(text: bytes) -> None:
    """Refuse what takes openpyxl long.

    Raises:
        ValueError: it is larger than any sheet of answers.
    """
    sheets, formulas = len(_SHEET.findall(text)), _FORMULA.findall(text)
    if b"<!DOCTYPE" in text:
        raise ValueError("it has a DOCTYPE, which no program for sheets writes")
    if sheets > MAX_LISTED:
        raise ValueError(f"it has {sheets:,} sheets; at most {MAX_LISTED} are expected")
    if min(sheets, MAX_SHEETS) * text.count(b"<") > MAX_TAGS:
        raise ValueError("it has more cells than any sheet of answers")
    if len(formulas) * max(map(len, formulas), default=0) > MAX_FORMULAS:
        raise ValueError("its formulas are longer than those of any sheet of answers")


def _packed(parts: Mapping[str, bytes]) -> BytesIO:
    """A workbook of these parts."""
    book = BytesIO()
    with ZipFile(book, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return book


class _Shown:
    """The values that the cells above show; every look at one is counted.

    A sheet of a few bytes may have formulas that name its cells again and again.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._looks = 0

    def __len__(self) -> int:
        return len(self._texts)

    def keep(self, place: str, text: str) -> None:
        """Keep the text of a cell, `B7`."""
        self._texts[place] = text

    def text(self, place: str) -> str:
        """The text of a cell; empty if it is not known.

        Raises:
            ValueError: too many cells were looked at.
        """
        self._looks += 1
        if self._looks > MAX_NAMED:
            raise ValueError(f"its formulas name more than {MAX_NAMED:,} cells")
        return self._texts.get(place, "")


def _rows(values: Any, formulas: Any) -> Iterator[TableRow]:
    """The rows of one sheet, with a last column for the calculation of the first formula of a row."""
    shown, room = _Shown(), MAX_BYTES
    pairs = list(islice(zip(_cells(values), _cells(formulas), strict=False), MAX_ROWS + 100))
    filled = (number for pair in pairs for row in pair for number, cell in enumerate(row, 1) if cell is not None)
    width = max(filled, default=1)
    for number, (row, written) in enumerate(pairs, start=1):
        cells, workings = [""] * width, []
        for column, (value, formula) in enumerate(zip(row[:width], written[:width], strict=False)):
            text = cells[column] = _text(value)
            if isinstance(formula, str) and formula.startswith("="):
                calculation = _in_numbers(formula, shown)
                cells[column] = text or calculation
                workings.append(f"{calculation[1:]} = {text}" if text else calculation[1:])
            shown.keep(f"{_letters(column)}{number}", cells[column].removeprefix("="))
            room -= len(cells[column])
        if room < 0:
            raise ValueError(f"more than {MAX_BYTES // 10**6} MB of text")
        is_head = any(column_meaning(cell) == "layer" for cell in cells)
        working = "working" if is_head else next(iter(workings), "")
        is_own = is_head and any(column_meaning(cell) == "working" for cell in cells)
        yield TableRow(number, tuple(cells) if is_own else (*cells, working))


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """All rows; what the file states of their number and their length is often not true."""
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)
    return rows


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _in_numbers(formula: str, shown: _Shown) -> str:
    """A formula with the numbers of the cells that it names; as it is written if that is longer than an answer."""

    def number(match: re.Match[str]) -> str:
        text = shown.text(match[1] + match[2]) or "0"
        return match[0] if len(text) > MAX_LENGTH else text if text.isdecimal() else f"({text})"

    found = _PLACE.sub(number, _SUM.sub(lambda match: _sum(match, shown), formula))
    return found if len(found) <= MAX_LENGTH else formula


def _sum(call: re.Match[str], shown: _Shown) -> str:
    """The sum of the numbers of a column, J5 to J16, written out; as it is for a block of cells, or words."""
    if call[1] != call[3]:
        return call[0]
    texts = [shown.text(f"{call[1]}{row}") for row in range(int(call[2]), int(call[4]) + 1)[: len(shown)]]
    terms = [text for text in texts if re.fullmatch(r"[+*/() -]*\d[\d+*/() -]*", text[: MAX_LENGTH + 1])]
    if any(text not in ("", "-", "–", *terms) for text in texts):
        return call[0]
    known = sum(int(term) for term in terms if term.isdecimal())
    return "+".join(["(" + str(known), *(f"({term})" for term in terms if not term.isdecimal())]) + ")"


def _letters(column: int) -> str:
    """The name of a column, from 0: A, B, ... Z, AA."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
