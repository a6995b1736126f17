"""Sheets as they come in: every separator, encoding and format, and what is broken about them."""

import json
from pathlib import Path

import pytest
from homework.marked import NET, RIGHT, exercise, marked, not_right, table

from cnncalc.errors import SheetError, SpecError
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.reading import MAX_BYTES, decoded, parse_sheet, read_sheet, sheet_files
from cnncalc.homework.sheet import MAX_ROWS

ALL = {**RIGHT, "total": ("", "9626")}  # 608 + 1168 + 7850


def problems(sheet: str, file: str = "sheet.csv") -> list[str]:
    """What is wrong with a sheet, as it is printed."""
    return SpecError(file, marked(sheet, file=file).problems).lines()


def refused(content: bytes | str, file: str = "sheet.csv") -> str:
    """The message with which a sheet is refused."""
    with pytest.raises(SheetError) as caught:
        parse_sheet(file, decoded(file, content) if isinstance(content, bytes) else content)
    return str(caught.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
def test_every_separator_is_recognised(separator: str) -> None:
    found = marked(table(ALL, separator))
    assert (not_right(found), found.problems, found.remarks) == ({}, (), ())
    assert len(found.marks) == 13  # out and params of six rows, and the sum of the params


def test_a_sheet_with_commas_that_a_spreadsheet_with_semicolons_has_saved_is_read() -> None:
    # All of it was in the first column, which is quoted as a whole or has the other columns' separators after it.
    lines = table(ALL, ",").splitlines()
    quoted = "".join('"{}"\n'.format(line.replace('"', '""')) for line in lines)
    trailing = "".join(f"{line};;\n" for line in lines)
    for saved in (quoted, trailing, quoted.replace('"\n', '";;\n')):
        found = marked(saved)
        assert (not_right(found), found.problems, len(found.marks)) == ({}, (), 13)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_every_encoding_is_recognised(encoding: str, tmp_path: Path) -> None:
    text = "student;Zoë\n" + table(ALL).replace("8x28x28", "8×28×28")
    (tmp_path / "sheet.csv").write_bytes(text.encode(encoding))
    sheet = read_sheet(str(tmp_path / "sheet.csv"))
    assert sheet.student == "Zoë"
    assert not_right(mark_sheet(exercise(), sheet)) == {}


def test_quoted_cells_decimal_commas_and_thousands_are_read() -> None:
    sheet = '"Layer";"Output shape";"Param #"\r\n"conv1";"(8, 28, 28)";"608"\r\n"conv2";"16 x 14 x 14";"1.168"\r\n'
    assert {mark.layer: mark.state for mark in marked(sheet).marks if mark.answer} == {
        "conv1": "right",
        "conv2": "right",
    }


def test_a_markdown_table_is_read_up_to_its_end() -> None:
    rows = [f"| {name} | {out} | {params} |" for name, (out, params) in RIGHT.items()]
    text = "\n".join(["# Homework", "", "student: Ada\\_L", "", "| layer | out | params |", "|---|:--:|--:|", *rows, "",
                      "Notes | are | no answers", "conv9 | 1 | 2"])  # fmt: skip
    found = marked(text, file="sheet.md")
    assert (not_right(found), found.problems, found.sheet.student) == ({}, (), "Ada_L")


def test_yaml_answers_are_read() -> None:
    answers = "".join(f"  {name}:\n    out: {out}\n    params: {params}\n" for name, (out, params) in RIGHT.items())
    found = marked(f"student: Ada\nanswers:\n{answers}", file="sheet.yaml")
    assert (not_right(found), found.sheet.student) == ({}, "Ada")


def test_yaml_lists_and_json_are_read() -> None:
    answers = {
        name: {"out": list(map(int, out.split("x"))), "params": int(params)} for name, (out, params) in RIGHT.items()
    }
    assert not_right(marked(json.dumps({"answers": answers}), file="sheet.json")) == {}


def test_names_of_layers_need_not_be_written_exactly() -> None:
    names = ["Conv 1", "POOL_1", "conv-2", "Pool2", "Flatten1", "fc1"]
    sheet = table(dict(zip(names, RIGHT.values(), strict=True)))
    assert not_right(marked(sheet)) == {}
    assert problems(sheet) == []


def test_rows_with_other_names_are_taken_in_their_order() -> None:
    sheet = table({f"Schicht {number}": cells for number, cells in enumerate(RIGHT.values(), start=1)})
    assert (not_right(marked(sheet)), problems(sheet)) == ({}, [])
    assert problems(sheet.replace("1168", "1152")) == [
        "sheet.csv:2:1: the layers have other names than in the exercise; the rows are matched by their order (sheet)"
    ]


def test_the_sums_may_have_their_name_where_the_layers_have_others() -> None:
    renamed = {f"L{number}": cells for number, cells in enumerate(RIGHT.values())}
    sheet = table({**renamed, "total": ("", "9626")})  # 608 + 1168 + 7850
    assert (not_right(marked(sheet)), len(marked(sheet).marks), len(problems(sheet))) == ({}, 13, 0)


@pytest.mark.parametrize("name", ["conv1", "pool1", "fc"], ids=["the first", "one between others", "the last"])
@pytest.mark.parametrize("total", [{}, {"total": ("", "9626")}], ids=["without sums", "with sums"])
def test_one_row_with_another_name_is_read_by_its_place(name: str, total: dict[str, tuple[str, str]]) -> None:
    sheet = table({"Schicht A" if key == name else key: cells for key, cells in RIGHT.items()} | total)
    line = list(RIGHT).index(name) + 2
    assert (not_right(marked(sheet)), problems(sheet)) == ({}, [])
    assert problems(sheet.replace(f"Schicht A;{RIGHT[name][0]}", "Schicht A;9x9x9")) == [
        f"sheet.csv:{line}:1: there is no layer 'Schicht A' in the exercise; read as {name}, which follows here (sheet)"
    ]


def test_two_rows_with_other_names_and_values_in_one_place_are_left_out() -> None:
    cells = {key: value for key, value in RIGHT.items() if key != "pool1"}
    sheet = table(cells).replace("conv2;", "one;8x15x15;0\ntwo;8x13x13;0\nconv2;")
    assert not_right(marked(sheet)) == {"pool1 out": "blank", "pool1 params": "blank"}


def test_a_head_is_looked_for_among_the_first_200_rows() -> None:
    assert not_right(marked(",,\n" * 199 + table(RIGHT, ","))) == {}
    with pytest.raises(SheetError, match=r"sheet.csv:1:1: no table of answers: a header row with 'layer' and figures"):
        marked(",,\n" * 200 + table(RIGHT, ","))


# Broken, but still marked


def test_missing_rows_are_named_and_blank() -> None:
    sheet = table({name: cells for name, cells in RIGHT.items() if name not in ("conv2", "pool2")})
    assert not_right(marked(sheet)) == {
        "conv2 out": "blank", "conv2 params": "blank", "pool2 out": "blank", "pool2 params": "blank",
    }  # fmt: skip
    assert problems(sheet) == ["sheet.csv:5:1: 2 rows are missing and counted as blank: conv2, pool2 (sheet)"]


def test_extra_columns_and_rows_are_named_and_left_out() -> None:
    sheet = "layer;out;remark;out\nconv1;8x28x28;easy;1x1x1\nlstm7;1x1x1;?;\n"
    found = problems(sheet)
    assert [line.split("; figures are out, elements, ")[0] for line in found if "missing" not in line] == [
        "sheet.csv:1:3: column 'remark' is not asked for and is left out",
        "sheet.csv:1:4: column 'out' occurs twice; the first one is marked (sheet)",
        "sheet.csv:3:1: there is no layer 'lstm7' in the exercise; its layers are conv1, pool1, conv2, pool2, flatten, "
        "fc (sheet)",
    ]
    assert marked(sheet).marks[0].state == "right"


def test_a_row_that_is_there_twice_counts_once() -> None:
    sheet = table(RIGHT) + "conv1;1x1x1;1\n"
    assert not_right(marked(sheet)) == {}
    assert problems(sheet) == ["sheet.csv:8:1: 'conv1' occurs twice (first on line 2); this one is left out (sheet)"]


def test_a_merged_cell_leaves_a_row_without_a_name_that_follows_from_its_place() -> None:
    sheet = table(RIGHT).replace("pool1;", ";")
    assert not_right(marked(sheet)) == {}
    assert problems(sheet) == [
        "sheet.csv:3:1: no layer name (merged cells?); read as pool1, which follows here (sheet)"
    ]


def test_a_row_without_a_name_that_could_be_anything_is_left_out() -> None:
    sheet = table(RIGHT) + ";5x5x5;5\n"
    assert problems(sheet) == ["sheet.csv:8:1: no layer name (merged cells?); the row is left out (sheet)"]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("=B2*3", "'=B2*3' is a formula, not its value; save the sheet as CSV with values shown"),
        ("=SUM(C2:C9)", "'=SUM(C2:C9)' is a formula, not its value; save the sheet as CSV with values shown"),
        ("#REF!", "'#REF!' is an error of the spreadsheet; correct its formula"),
        ("#DIV/0!", "'#DIV/0!' is an error of the spreadsheet; correct its formula"),
        ("many", "'many' is not a whole number of 0 or more; write it as 34944, 34,944 or 34.9K"),
    ],
)
def test_a_cell_that_is_no_value_has_its_place_and_the_others_are_marked(cell: str, message: str) -> None:
    sheet = table({**RIGHT, "conv2": ("16x14x14", cell)})
    assert not_right(marked(sheet)) == {"conv2 params": "unreadable"}
    assert problems(sheet) == [f"sheet.csv:4:3: conv2, params: {message} (sheet)"]


def test_unquoted_commas_that_move_cells_are_noticed() -> None:
    sheet = "layer,out,params\nconv1,8,28,28,608\n"
    assert problems(sheet)[1] == (
        "sheet.csv:2:4: 5 cells, but the head has 3: does a value have commas of its own? write shapes as 96x55x55 and "
        "numbers without commas, or in quotes (sheet)"
    )


def test_thousands_of_problems_are_cut_short() -> None:
    sheet = table(RIGHT) + "".join(f"layer{number};1;1\n" for number in range(5000))
    found = problems(sheet)
    assert len(found) == 21
    assert found[-1] == "sheet.csv:28:1: 4,980 more problems from here on (sheet)"


def test_words_of_a_sheet_cannot_steer_the_terminal() -> None:
    (problem,) = problems(table(RIGHT) + "\x1b[31mconv9;1;1\n")
    assert "\x1b" not in problem


# Not readable at all


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "is an Excel or OpenDocument workbook, or a Word document, not text; save"),
        (b"%PDF-1.7", "is a PDF, not text; save the sheet as CSV and hand that in"),
        (b"a\x00\x00", "is not text in UTF-8, UTF-16 or Windows-1252; save the sheet as CSV in UTF-8"),
        ("", "the file is empty; a sheet has a row for each layer"),
        ("a;b\n1;2\n", "no table of answers: a header row with 'layer' and figures such as 'out' and 'params' is"),
        ('layer;out\n"' + "x" * 200_000, "not a CSV: field larger than field limit (131072)"),
        ("layer;out\n" + ";" * 500, "501 columns; at most 200 are read"),
    ],
    ids=["a workbook", "a PDF", "damaged UTF-16", "nothing", "another table", "a field without end", "500 columns"],
)  # fmt: skip
def test_a_sheet_that_cannot_be_read_says_why(content: bytes | str, message: str) -> None:
    assert message in refused(content)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2]", "sheet.yaml:1:1: a mapping with 'answers:' is expected, with the layers below it (sheet)"),
        ("student: Ada", "sheet.yaml:1:1: there is no 'answers:' with the layers below it (sheet)"),
    ],
)
def test_a_yaml_that_is_no_sheet_says_what_is_expected(text: str, message: str) -> None:
    assert refused(text, "sheet.yaml") == message


def test_answers_without_figures_are_noted() -> None:
    sheet = "answers:\n  conv1: 96x55x55\n  pool1: {out: 8x14x14, colour: red}\n"
    found = problems(sheet, "sheet.yaml")
    assert (
        "sheet.yaml:2:3: conv1: figures with their answers are expected below it, as 'out: 96x55x55' (sheet)" in found
    )
    assert any(line.startswith("sheet.yaml:3:25: pool1: 'colour' is not asked for") for line in found)


def test_wrong_yaml_has_the_place_of_the_mistake() -> None:
    with pytest.raises(SpecError, match=r"^sheet\.yaml:2:17: not valid YAML"):
        parse_sheet("sheet.yaml", "answers:\n  conv1: {out: 1\n")


def test_files_and_tables_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "big.csv").write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(SheetError, match="the file is larger than 2 MB; an answer sheet is a few kB"):
        read_sheet(str(tmp_path / "big.csv"))
    rows = "x;1\n" * (MAX_ROWS + 1)
    assert "more than 20,000 rows; a sheet has one row for each layer" in refused("layer;out\n" + rows)
    assert "1,000,001 columns; at most 200 are read" in refused("|" * 1_000_000 + "\nx\n")


def test_a_folder_stands_for_its_sheets_in_natural_order(tmp_path: Path) -> None:
    for name in ("s10.csv", "s2.csv", "notes.docx", ".hidden.csv", "s1.yaml", "~$s1.xlsx", "Thumbs.db"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    names = [Path(file).name for file in sheet_files((str(tmp_path),))]
    assert names == ["notes.docx", "s1.yaml", "s2.csv", "s10.csv"]


def test_a_missing_file_is_said_to_be() -> None:
    with pytest.raises(SheetError, match=r"^nowhere\.csv:1:1: cannot be read: No such file or directory \(sheet\)$"):
        read_sheet("nowhere.csv")


def test_the_exercise_of_these_tests_is_what_its_comment_says() -> None:
    found = exercise(NET)
    assert [found.report.shapes[item.row.output].text() for item in found.items] == [out for out, _ in RIGHT.values()]


def test_the_problems_of_a_damaged_sheet_of_yaml_have_an_end() -> None:
    with pytest.raises(SpecError) as caught:
        parse_sheet("sheet.yaml", "answers:\n  fc: {params: 7850}\n" + "ms: 7850\n" * 3000)
    # The keys of one mapping: each but the first is there already.
    assert len(caught.value.problems) == 100
    assert "reading stopped here" in caught.value.problems[-1].message
