"""Worksheets as a workbook to fill in, and as pages for a class."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from running import Run

MINE = """\
name: A & B
input: {C: 3, H: 32, W: 32}
layers:
- {conv: 8, kernel: 3, padding: 1}
- {maxpool: 2}
- flatten
- {fc: 10}
"""


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "roster.csv").write_text("id,name\nal,Ada <b>\nat,=Alan\n", encoding="utf-8")


def opened(path: str | Path) -> Any:
    return openpyxl.load_workbook(path)


def test_a_workbook_has_a_head_that_stays_colours_and_rules_for_cells(run: Run) -> None:
    assert run("worksheet", "mine.yaml", "-o", "sheet.xlsx").stdout == "1 sheet in sheet.xlsx\n"
    sheet = opened("sheet.xlsx").active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[4] == ["layer", "operation", "out (CxHxW)", "params (number)"]
    assert rows[5] == ["conv", "conv 8 filters, 3×3, stride 1, padding 1", None, None]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B6", "$5:$5")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddHeader.center.text == "A && B: worksheet · input 3×32×32"
    fills = [[cell.fill.fgColor.rgb[2:] for cell in row[2:]] for row in sheet.iter_rows(min_row=5)]
    assert fills[0] == ["1F3A5F"] * 2
    assert fills[1] == ["FFF6CC"] * 2
    assert fills[5] == ["EEEEEE", "FFF6CC"]  # nobody adds up shapes
    rules = {
        (rule.type, rule.operator, rule.formula1, str(rule.sqref)) for rule in sheet.data_validations.dataValidation
    }
    assert rules == {  # the output of flatten and fc is one number
        ("whole", "greaterThanOrEqual", "0", "C8 C9 D6 D7 D8 D9 D10"), ("textLength", "lessThanOrEqual", "60", "C6 C7"),
    }  # fmt: skip
    assert [sheet[f"{column}6"].number_format for column in "CD"] == ["@", "#,##0"]


def test_a_workbook_that_is_filled_in_right_gets_all_points_with_formulas_too(run: Run) -> None:
    run("worksheet", "mine.yaml", "--seed", "3", "--key", "-o", "key.xlsx")
    run("worksheet", "mine.yaml", "--seed", "3", "-o", "sheet.xlsx")
    key, book = opened("key.xlsx"), opened("sheet.xlsx")
    assert key.sheetnames == ["key", "solutions"]
    formulas = 0
    for row in book.active.iter_rows(min_row=6):
        for cell in row[2:]:
            right = key.active[cell.coordinate].value
            is_number = isinstance(right, int) and cell.column == 4
            cell.value = f"={right - 8}+8" if is_number and right > 8 else right
            formulas += is_number and right > 8
    assert formulas == 3  # conv, fc and the total; a pool has none
    book.save("sheet.xlsx")
    for name in ("key.xlsx", "sheet.xlsx"):
        ran = run("grade", name, "--spec", "mine.yaml")
        assert (ran.stderr, ran.stdout.splitlines()[0]) == ("", f"A & B · {name} · 9 of 9 points")


def test_a_class_has_a_workbook_each_in_which_no_name_is_a_formula(run: Run) -> None:
    ran = run("worksheet", "mine.yaml", "--students", "roster.csv", "--format", "xlsx", "-o", "sheets")
    assert ran.stdout == "2 sheets in sheets\n"
    cell = opened("sheets/at.xlsx").active["B1"]
    assert (cell.value, cell.data_type) == ("=Alan", "s")
    assert run("grade", "sheets", "--spec", "mine.yaml", "--students", "roster.csv").exit_code == 0


def test_a_class_is_one_page_with_a_sheet_of_paper_for_each(run: Run, folder: Path) -> None:
    ran = run("worksheet", "mine.yaml", "--students", "roster.csv", "-o", "class.html")
    assert (ran.exit_code, ran.stdout) == (0, "2 sheets in class.html\n")
    page = (folder / "class.html").read_text("utf-8")
    assert page.count("<section>") == 2
    assert "section + section { break-before: page;" in page
    assert '<thead>\n<tr class="whose"><th colspan="4">student: Ada &lt;b&gt;' in page  # on each page of a long table
    assert "//" not in page.replace("<!DOCTYPE", "")  # nothing is asked of any server
    assert "size:" not in page.partition("@page")[2].partition("}")[0]  # A4 or Letter, as the printer has


@pytest.mark.parametrize(
    ("paper", "size"), [([], (595, 842)), (["--paper", "letter"], (612, 792))], ids=["A4", "Letter"]
)
def test_a_class_is_one_pdf_with_a_page_for_each(run: Run, paper: list[str], size: tuple[int, int]) -> None:
    assert run("worksheet", "mine.yaml", "--students", "roster.csv", "-o", "class.pdf", *paper).exit_code == 0
    pages = PdfReader("class.pdf").pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [size] * 2
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert "student: Ada <b> · worksheet: mine.yaml · id: al" in texts[0]
    assert "student: =Alan" in texts[1]
    assert "maxpool 3×3" in texts[0] + texts[1] or "maxpool 2×2" in texts[0] + texts[1]


def test_the_key_of_a_class_is_printed_with_its_answers(run: Run) -> None:
    assert run("worksheet", "mine.yaml", "--key", "-o", "key.pdf").exit_code == 0
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader("key.pdf").pages)
    assert "8x32x32 224" in text
    assert "⌊(H + 2P − K)/S⌋ + 1 = ⌊(32 + 2·1 − 3)/1⌋ + 1 = 31 + 1 = 32" in text


def test_a_long_table_goes_on_with_its_head_on_the_next_page(run: Run) -> None:
    run("worksheet", "resnet18", "-o", "long.pdf")
    texts = [" ".join(page.extract_text().split()) for page in PdfReader("long.pdf").pages]
    assert len(texts) > 2
    assert all("layer operation from out (CxHxW) params (number)" in text for text in texts)
    assert texts[-1].endswith(f"{len(texts)} / {len(texts)}")


def test_a_workbook_goes_to_a_pipe_and_wants_its_own_options(run: Run) -> None:
    content = run("worksheet", "mine.yaml", "--format", "xlsx").stdout_bytes
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["worksheet"]
    ran = run("worksheet", "mine.yaml", "--paper", "a4")
    assert (ran.exit_code, "--paper is for pdf" in ran.stderr) == (2, True)
    folder = "one file for a class is html or pdf; for others give --format and name a folder"
    for file, message in (
        ("c.xlsx", folder),
        ("c.docx", folder),
        ("c.CSV", folder),
        ("c.pdf", "for csv name a folder"),
    ):
        ran = run(
            "worksheet", "mine.yaml", "--students", "roster.csv", "-o", file, *["--format=csv"] * (file == "c.pdf")
        )
        assert (ran.exit_code, message in ran.stderr) == (2, True)
