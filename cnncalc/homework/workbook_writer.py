"""Handouts → XLSX, by openpyxl: a head that stays, coloured cells to fill in, and rules for their contents."""

from __future__ import annotations

from copy import copy
from io import BytesIO
from typing import Any

from cnncalc.errors import MissingExtra
from cnncalc.homework.handout import CellKind, Handout, HandoutCell

COLOURS = {"head": "1F3A5F", "answer": "FFF6CC", "none": "EEEEEE"}
"""The fill of a head, of cells to write into, and of cells without a question."""

A4 = 9
"""The paper's number in the format; programs print it on Letter, too."""

WIDTHS = {"words": (10, 48), "answer": (16, 24), "working": (40, 60)}
"""The least and the most signs of a column, by its contents."""


def workbook_bytes(handout: Handout) -> bytes:
    """The workbook of a handout; that of a key has a second sheet with worked solutions.

    Raises:
        MissingExtra: openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("openpyxl", "xlsx") from None
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "key" if handout.solutions else "worksheet"
    head = _write_words(sheet, handout)
    _write_table(sheet, handout, head)
    _set_up_page(sheet, handout, head)
    if handout.solutions:
        _write_solutions(book.create_sheet("solutions"), handout)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _write_words(sheet: Any, handout: Handout) -> int:
    """The row of the table's head, after the words of the handout are written above it."""
    from openpyxl.styles import Font

    facts = {"student": ""} | dict(handout.facts)
    for number, (word, text) in enumerate(facts.items(), start=1):
        _put(sheet, number, 1, word).font = Font(bold=True)
        _put(sheet, number, 2, text)
    _put(sheet, len(facts) + 1, 1, handout.how).font = Font(italic=True)
    return len(facts) + 2


def _write_table(sheet: Any, handout: Handout, head: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for column, text in enumerate(handout.heads, start=1):
        cell = _put(sheet, head, column, text)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=COLOURS["head"])
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    rules = _rules(sheet)
    styled: dict[CellKind, Any] = {}
    for row, cells in enumerate(handout.rows, start=head + 1):
        for column, cell in enumerate(cells, start=1):
            put = _write_cell(sheet, row, column, cell, styled)
            if cell.kind in rules:
                rules[cell.kind].add(put)
    for column, cells in enumerate(zip(*handout.rows, strict=True), start=1):
        sheet.column_dimensions[_letter(column)].width = _width(handout.heads[column - 1], cells)


def _write_cell(sheet: Any, row: int, column: int, cell: HandoutCell, styled: dict[CellKind, Any]) -> Any:
    """The cell that is written; it has the style of the first one of its kind, because styles take long to make."""
    is_count = cell.kind == "number" and cell.text.isdecimal()
    put = _put(sheet, row, column, int(cell.text) if is_count else cell.text)
    if cell.kind in styled:
        put._style = copy(styled[cell.kind]._style)
    else:
        styled[cell.kind] = put
        _style(put, cell)
    return put


def _style(put: Any, cell: HandoutCell) -> None:
    from openpyxl.styles import Alignment, Border, PatternFill, Side

    line = Side(style="thin", color="999999")
    put.border = Border(left=line, right=line, top=line, bottom=line)
    put.alignment = Alignment(wrap_text=not cell.is_answer, vertical="center")
    if cell.is_answer or cell.kind == "none":
        put.fill = PatternFill("solid", fgColor=COLOURS["answer" if cell.is_answer else "none"])
    put.number_format = {"number": "#,##0", "shape": "@", "working": "@"}.get(cell.kind, "General")


def _rules(sheet: Any) -> dict[str, Any]:
    """The rules for the contents of cells, by their kind; cells are added to each."""
    from openpyxl.worksheet.datavalidation import DataValidation

    numbers = DataValidation("whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    numbers.error = "A whole number of 0 or more, or a formula that gives one, as =11*11*3*96+96"
    shapes = DataValidation("textLength", operator="lessThanOrEqual", formula1="60", allow_blank=True)
    shapes.error = "A shape, as 55x55x96"
    rules = {"number": numbers, "shape": shapes}
    for rule in rules.values():
        rule.errorTitle, rule.prompt, rule.showInputMessage, rule.showErrorMessage = "Answer", rule.error, True, True
        sheet.add_data_validation(rule)
    return rules


def _width(head: str, cells: tuple[HandoutCell, ...]) -> int:
    kinds = {cell.kind for cell in cells}
    least, most = WIDTHS["working" if "working" in kinds else "words" if kinds == {"words"} else "answer"]
    longest = max(len(text) for text in (head, *(cell.text for cell in cells)))
    return min(max(longest + 2, least), most)


def _set_up_page(sheet: Any, handout: Handout, head: int) -> None:
    """Keep the head on the screen and on every page of paper; a page is as wide as the table."""
    sheet.freeze_panes = f"B{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation = "landscape" if len(handout.heads) > 4 else "portrait"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.center.text = _clean(handout.title).replace("&", "&&")[:200]
    sheet.oddFooter.center.text = "&P / &N"


def _write_solutions(sheet: Any, handout: Handout) -> None:
    from openpyxl.styles import Font

    row = 1
    for solution in handout.solutions:
        _put(sheet, row, 1, solution.layer).font = Font(bold=True)
        _put(sheet, row, 2, solution.what)
        for number, step in enumerate(solution.steps, start=1):
            _put(sheet, row + number, 2, step)
        row += len(solution.steps) + 2
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 100


def _put(sheet: Any, row: int, column: int, value: str | int) -> Any:
    """The cell with a value; a text is never a formula, whatever it begins with."""
    cell = sheet.cell(row, column)
    if isinstance(value, int):
        cell.value = value
    elif value:
        cell.value = _clean(value)
        cell.data_type = "s"
    return cell


def _clean(text: str) -> str:
    """A text without the signs that the format cannot store."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))
