"""Files → sheets: CSV from any spreadsheet, workbooks, tables of documents, YAML, and specs with claims."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from cnncalc.homework.listing import listing_rows
from cnncalc.homework.sheet import MAX_COLUMNS, MAX_ROWS, Sheet, TableRow, head_meanings, read_table, unreadable
from cnncalc.homework.tables import column_rows, has_html, has_latex, html_tables, latex_tables
from cnncalc.homework.yaml_sheet import read_yaml_sheet

MAX_BYTES = 2_000_000

WORKBOOKS = (".xlsx", ".xlsm")

SUFFIXES = (
    ".csv", ".tsv", ".txt", ".md", ".markdown", ".yaml", ".yml", ".json", ".ipynb", ".html", ".htm", ".tex", *WORKBOOKS
)  # fmt: skip
"""The suffixes of sheets in a folder."""

NOT_HANDED_IN = ("Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__")
"""Names of files and folders that systems make."""

SEPARATORS = ",;\t|"

HEADS = "a header row with 'layer' and figures such as 'out' and 'params' is expected"

BINARY = {
    b"PK": "an Excel or OpenDocument workbook, or a Word document",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"{\\rtf": "a document of a word processor",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
"""The first bytes of files that are not text."""


MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
"""Byte-order marks, and the encodings that they announce."""


def sheet_files(paths: tuple[str, ...]) -> list[str]:
    """The files of all paths, each once; in a folder and its folders all that somebody may have handed in."""
    files = [file for path in paths for file in (_sheets_below(path) if os.path.isdir(path) else [path])]
    return list({os.path.realpath(file): file for file in reversed(files)}.values())[::-1]


def _sheets_below(folder: str) -> list[str]:
    """The files of a folder, and folders that cannot be read; not those that are hidden or made by a program."""
    closed: list[OSError] = []
    found = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in folders if name[0] != "." and name not in NOT_HANDED_IN]
        found += [os.path.join(place, name) for name in names if name[0] not in ".~" and name not in NOT_HANDED_IN]
    return sorted([*found, *(str(error.filename) for error in closed)], key=_natural)


def _natural(name: str) -> list[tuple[int, str]]:
    """A key for sorting that puts s2 before s10."""
    parts = re.findall(r"\d{1,18}|\D+", name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def read_sheet(path: str) -> Sheet:
    """The sheet in a file, or on standard input for `-`.

    Raises:
        SheetError: it cannot be read at all; carries the file and the line.
        SpecError: it is a spec with problems.
        MissingExtra: it is a workbook, and openpyxl is not installed.
    """
    file = "<stdin>" if path == "-" else path
    content = read_content(path)
    if not file.lower().endswith(WORKBOOKS):
        return parse_sheet(file, decoded(file, content))
    from cnncalc.homework.workbook import workbook_tables

    sheet = _fullest(file, workbook_tables(file, content))
    if sheet is None:
        raise unreadable(file, f"no table of answers: {HEADS}")
    return sheet


def read_text(path: str) -> str:
    """The text of a file, in any encoding that spreadsheets write, or of standard input for `-`.

    Raises:
        SheetError: it cannot be read, or is not text.
    """
    file = "<stdin>" if path == "-" else path
    return decoded(file, read_content(path))


def parse_sheet(file: str, text: str) -> Sheet:
    """The sheet in a text.

    Raises:
        SheetError, SpecError: as `read_sheet`.
    """
    if not text.strip():
        raise unreadable(file, "the file is empty; a sheet has a row for each layer")
    suffix = os.path.splitext(file)[1].lower()
    if suffix in (".yaml", ".yml", ".json"):
        return read_yaml_sheet(file, text)
    sheet = _document_sheet(file, text)
    if sheet is not None:
        return sheet
    if suffix not in (".csv", ".tsv", ".md", ".markdown") and re.search(r"^\s*(answers|layers)\s*:", text, re.M):
        return read_yaml_sheet(file, text)
    raise unreadable(file, f"no table of answers: {HEADS}")


def _document_sheet(file: str, text: str) -> Sheet | None:
    """The sheet in a text that is not YAML; None if it has no table with answers."""
    if has_html(text):
        return _fullest(file, html_tables(text))
    if has_latex(text):
        return _fullest(file, latex_tables(text))
    if _has_markdown_table(text):
        return markdown_sheet(file, text)
    return _csv_sheet(file, text) or read_table(file, column_rows(text)) or read_table(file, listing_rows(text))


def _fullest(file: str, tables: Iterable[Iterable[TableRow]]) -> Sheet | None:
    """The sheet in the table with most answers."""
    sheets = [sheet for rows in tables if (sheet := read_table(file, rows)) is not None]
    return max(sheets, key=lambda sheet: len(sheet.figures) * len(sheet.rows), default=None)


def markdown_sheet(file: str, text: str) -> Sheet | None:
    """The sheet in the tables of a Markdown text; None if no table has answers."""
    return read_table(file, _markdown_rows(text)) if _has_markdown_table(text) else None


def read_content(path: str) -> bytes:
    """The bytes of a file, or of standard input for `-`.

    Raises:
        SheetError: it cannot be read, or is too large.
    """
    file = "<stdin>" if path == "-" else path
    try:
        if path == "-":
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            if stat.S_ISFIFO(os.stat(path).st_mode) and not path.startswith("/dev/"):
                raise unreadable(file, "is a pipe, not a file")
            with open(path, "rb") as stream:
                content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise unreadable(file, f"cannot be read: {error.strerror or error}") from None
    if len(content) > MAX_BYTES:
        raise unreadable(file, f"the file is larger than {MAX_BYTES // 10**6} MB; an answer sheet is a few kB")
    return content


def decoded(file: str, content: bytes) -> str:
    """The text in the bytes: UTF-8 or UTF-16 with or without their marks, else Windows-1252.

    Raises:
        SheetError: the file is not text.
    """
    mark, codec = encoding_of(file, content)
    return content[len(mark) :].decode(codec)


def encoding_of(file: str, content: bytes) -> tuple[bytes, str]:
    """The byte-order mark of a text, if it has one, and the encoding of what comes after it.

    Raises:
        SheetError: as `decoded`.
    """
    for start, what in BINARY.items():
        if content.startswith(start):
            raise unreadable(file, f"is {what}, not text; save the sheet as CSV and hand that in")
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    if mark:
        codecs = [MARKS[mark]]
    elif b"\0" in content[:200]:
        codecs = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        codecs = []
    for codec in codecs or ["utf-8", "cp1252", "latin-1"]:
        try:
            text = content[len(mark) :].decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return mark, codec
    raise unreadable(file, "is not text in UTF-8, UTF-16 or Windows-1252; save the sheet as CSV in UTF-8")


def csv_table(file: str, text: str) -> list[TableRow]:
    """The rows of a CSV, with the separator that gives most columns; raises as `read_sheet`."""
    tables = [list(_csv_rows(file, text, separator)) for separator in SEPARATORS if separator in text]
    return max(tables, key=lambda rows: sum(len(row.cells) for row in rows), default=[])


def _csv_sheet(file: str, text: str) -> Sheet | None:
    """The sheet in a CSV, with the separator that gives most columns."""
    found = [read_table(file, _csv_rows(file, text, separator)) for separator in SEPARATORS if separator in text]
    sheets = [sheet for sheet in found if sheet is not None]
    return max(sheets, key=lambda sheet: len(sheet.figures), default=None)


def _csv_rows(file: str, text: str, separator: str) -> Iterator[TableRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for cells in islice(reader, MAX_ROWS + 100):
            if len(cells) > MAX_COLUMNS:
                raise unreadable(file, f"{len(cells):,} columns; at most {MAX_COLUMNS} are read", line)
            yield TableRow(line, tuple(_unwrapped(cells) if separator == "," else cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(file, f"not a CSV: {error}", line) from None


def _unwrapped(cells: list[str]) -> list[str]:
    """The cells of a row that became a single cell in a spreadsheet that separates by semicolons.

    Saved again it is in quotes as a whole, or has that spreadsheet's empty cells after it.
    """
    bare = [*cells[:-1], *(cell.rstrip(";") for cell in cells[-1:])]
    return next(csv.reader(bare), bare) if len(bare) == 1 and "," in bare[0] else bare


_RULE = r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?"
"""The row of dashes below the head of a Markdown table."""


def _has_markdown_table(text: str) -> bool:
    """Whether a row of dashes is below a row with bars."""
    lines = text.splitlines()
    return any("|" in above and re.fullmatch(_RULE, below.strip()) for above, below in pairwise(lines))


def _markdown_rows(text: str) -> Iterator[TableRow]:
    """The lines above the table of answers as rows of one cell, then its rows."""
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if re.fullmatch(_RULE, bare):
            continue
        if "|" in bare:
            parts = re.split(r"(?<!\\)\|", bare.removeprefix("|").removesuffix("|"))
            yield TableRow(number, tuple(_unmarked(part) for part in parts[:MAX_COLUMNS]))
            inside = inside or bool(head_meanings(parts[:MAX_COLUMNS]))
        elif inside:
            return
        else:
            yield TableRow(number, (_unmarked(bare),))


def _unmarked(cell: str) -> str:
    """A cell without emphasis, code marks and escapes."""
    return re.sub(r"\\([\\|*_`<\[\]~&])", r"\1", re.sub(r"(?<!\\)(\*\*|`)", "", cell.strip()))
