"""`cnncalc grade` as a teacher runs it."""

import csv
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from running import Run

from cnncalc.analysis.misconceptions import MISTAKES
from cnncalc.explaining.exercise import Exercise
from cnncalc.homework.marking import Marked, mark_sheet
from cnncalc.homework.sheet import Sheet

MINE = """\
name: Mine
input: {C: 3, H: 32, W: 32}
layers:
- {conv: 8, kernel: 3, padding: 1}
- {maxpool: 2}
- flatten
- {fc: 10}
"""

ADA = """\
student;Ada Lovelace
layer;out;params
conv;8x30x30;216
maxpool;8x15x15;0
flatten;1800;0
fc;10;18010
"""
"""No padding, no biases; then everything follows: 30/2 = 15, 8*15*15 and 10*(1800 + 1)."""

ALAN = "layer;out;params\nconv;8x32x32;224\nmaxpool;8x16x16;0\nflatten;2048;0\nfc;10;20490\n"


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "ada.csv").write_text(ADA, encoding="utf-8")
    (folder / "class").mkdir()
    (folder / "class" / "ada.csv").write_text(ADA, encoding="utf-16")
    (folder / "class" / "alan.csv").write_text(ALAN, encoding="utf-8")


PRINTED = """\
Mine · Ada Lovelace (ada.csv) · 6 of 8 points
layer        out           params
──────────────────────────────────────────
conv     8x30x30  wrong       216  wrong
maxpool  8x15x15  follows       0  right
flatten     1800  follows       0  right
fc            10  right     18010  follows

conv, out: 8x30x30
  padding-forgotten: The padding is left out, but it is added on both sides before the window slides.
    30 = ⌊(32 + 2·0 − 3)/1⌋ + 1
  right: ⌊(H + 2P − K)/S⌋ + 1 = ⌊(32 + 2·1 − 3)/1⌋ + 1

conv, params: 216
  bias-forgotten: The biases are left out, but each filter or output has one.
    216 = 3·3·3·8
  right: K_h·K_w·C_in·filters + filters = 3·3·3·8 + 8

from earlier answers: maxpool out, flatten out, fc params
"""


def test_a_sheet_is_marked_with_the_rule_that_was_broken(run: Run) -> None:
    ran = run("grade", "ada.csv", "--spec", "mine.yaml")
    assert (ran.exit_code, ran.stderr, ran.stdout) == (0, "", PRINTED)


def test_a_hint_shows_no_answer(run: Run) -> None:
    told = run("grade", "ada.csv", "--spec", "mine.yaml", "--feedback", "hint").stdout
    assert "  Look at the padding: is it in your numerator?\n" in told
    assert "⌊" not in told


def test_the_answer_is_shown_where_it_is_asked_for(run: Run) -> None:
    assert "  answer: 8x32x32\n" in run("grade", "ada.csv", "--spec", "mine.yaml", "--feedback", "answer").stdout


def test_a_sheet_from_standard_input_is_marked(run: Run) -> None:
    ran = run("grade", "-", "--spec", "mine.yaml", stdin=ADA)
    assert ran.stdout.startswith("Mine · Ada Lovelace (<stdin>) · 6 of 8 points\n")


@pytest.mark.parametrize(
    ("scheme", "points"),
    [("follows=0.5", "4.5 of 8"), ("params=2, out=1", "9 of 12"), ("conv.out=0", "6 of 7"), ("scheme.yaml", "3 of 10")],
)
def test_a_scheme_is_given_in_words_or_as_a_file(run: Run, folder: Path, scheme: str, points: str) -> None:
    (folder / "scheme.yaml").write_text("follows: 0\nconv.out: 3\n", encoding="utf-8")
    ran = run("grade", "ada.csv", "--spec", "mine.yaml", "--scheme", scheme)
    assert ran.stdout.splitlines()[0].endswith(f"· {points} points")


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        ("folows=1", "scheme: there is no 'folows'; did you mean 'follows'?"),
        ("params=2,params=3", "scheme: params occurs twice"),
        ("conv9.out=3", "scheme: no sheet has a cell conv9.out; it is LAYER.FIGURE with a row's name"),
        ("follows", "follows:1:1: cannot be read: No such file or directory"),
        ("list.yaml", "scheme: list.yaml is not a mapping; write lines such as 'params: 2' and 'follows: 0.5'"),
    ],
)
def test_a_wrong_scheme_is_a_usage_error(run: Run, folder: Path, scheme: str, message: str) -> None:
    (folder / "list.yaml").write_text("- 1\n", encoding="utf-8")
    ran = run("grade", "ada.csv", "--spec", "mine.yaml", "--scheme", scheme)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert message in ran.stderr


def test_json_has_every_cell(run: Run) -> None:
    document = json.loads(run("grade", "ada.csv", "--spec", "mine.yaml", "--format", "json").stdout)
    assert (document["score"], document["max_score"], document["student"]) == (6.0, 8.0, "Ada Lovelace")
    first = document["cells"][0]
    assert (first["layer"], first["figure"], first["line"], first["mark"]) == ("conv", "out", 3, "wrong")
    assert first["mistakes"] == [["padding-forgotten"]]


def test_json_of_several_sheets_is_a_line_for_each(run: Run) -> None:
    lines = run("grade", "class", "--spec", "mine.yaml", "--format", "json").stdout.splitlines()
    assert [json.loads(line)["score"] for line in lines] == [6.0, 8.0]


def test_json_has_a_line_for_a_file_that_is_not_marked(run: Run, folder: Path) -> None:
    (folder / "class" / "eve.csv").write_text("no;table\n", encoding="utf-8")
    ran = run("grade", "class", "--spec", "mine.yaml", "--format", "json")
    *_, last = map(json.loads, ran.stdout.splitlines())
    assert (ran.exit_code, last["sheet"], last["score"], last["cells"]) == (1, "class/eve.csv", None, [])
    assert last["problems"][0]["message"].startswith("no table of answers")


def test_a_class_as_csv_has_a_row_for_each_sheet(run: Run) -> None:
    ran = run("grade", "class", "--spec", "mine.yaml", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert [(row["student"], row["score"], row["max_score"], row["percent"]) for row in rows] == [
        ("Ada Lovelace", "6", "8", "75.0"), ("alan", "8", "8", "100.0"),
    ]  # fmt: skip
    assert rows[0]["conv.out"] == "wrong"
    assert rows[0]["fc.params"] == "follows"


def test_points_as_csv_are_not_rounded(run: Run) -> None:
    # Three right answers, and three that follow at 0.333 each: 3.999 points, not 4.
    ran = run("grade", "ada.csv", "--spec", "mine.yaml", "--scheme", "follows=0.333", "--format", "csv")
    assert ",3.999,8,50.0," in ran.stdout


def test_the_items_of_a_class_say_which_cells_and_mistakes_are_frequent(run: Run) -> None:
    ran = run("grade", "class", "--spec", "mine.yaml", "--format", "items")
    rows = {f"{row['layer']} {row['figure']}": row for row in csv.DictReader(io.StringIO(ran.stdout))}
    assert len(rows) == 8
    conv = rows["conv out"]
    assert (conv["answers"], conv["right"], conv["wrong"], conv["credit_percent"]) == ("2", "1", "1", "50.0")
    assert conv["mistakes"] == "padding-forgotten (1)"


SUMMARY = """\
2 sheets, 87.5 % of the points on average
sheet         points      %  right  follows  wrong
──────────────────────────────────────────────────
Ada Lovelace     6/8   75.0      3        3      2
alan             8/8  100.0      8

least credit     %  wrong  blank  most frequent mistake
───────────────────────────────────────────────────────
conv out      50.0      1         padding-forgotten (1)
conv params   50.0      1         bias-forgotten (1)

mistake            sheets  cells  what it is
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
bias-forgotten          1      1  The biases are left out, but each filter or output has one.
padding-forgotten       1      1  The padding is left out, but it is added on both sides before the window slides.
"""


def test_a_summary_shows_the_class(run: Run) -> None:
    ran = run("grade", "class", "--spec", "mine.yaml", "--summary")
    assert (ran.exit_code, ran.stderr, ran.stdout) == (0, "", SUMMARY)


def test_a_summary_tells_sheets_with_one_name_apart_by_their_folders(run: Run, folder: Path) -> None:
    for name in ("a", "b"):
        (folder / "moodle" / name).mkdir(parents=True)
        (folder / "moodle" / name / "sheet.csv").write_text(ALAN, encoding="utf-8")
    lines = run("grade", "moodle", "--spec", "mine.yaml", "--summary").stdout.splitlines()
    assert [line.split()[0] for line in lines[3:5]] == ["a_sheet", "b_sheet"]


@pytest.mark.parametrize(
    ("format_", "cells"),
    [("markdown", "| conv | 8x30x30 | wrong | 216 | wrong |"), ("latex", r"conv & 8x30x30 & wrong & 216 & wrong \\"),
     ("html", ">8x30x30</td>")],
)  # fmt: skip
def test_marked_sheets_are_pages_too(run: Run, format_: str, cells: str) -> None:
    printed = run("grade", "class", "--spec", "mine.yaml", "--format", format_).stdout
    assert cells in printed
    assert "padding-forgotten: The padding is left out" in printed.replace("\\", "")
    summary = run("grade", "class", "--spec", "mine.yaml", "--summary", "--format", format_).stdout
    assert "least credit" in summary
    assert "8x30x30" not in summary


def test_marked_sheets_are_written_to_a_folder(run: Run, folder: Path) -> None:
    ran = run("grade", "class", "--spec", "mine.yaml", "-o", "marked")
    assert (ran.exit_code, ran.stdout) == (0, SUMMARY)
    assert (folder / "marked" / "ada.txt").read_text(encoding="utf-8").splitlines()[2:] == PRINTED.splitlines()[2:]
    again = run("grade", "class", "--spec", "mine.yaml", "-o", "marked")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "2 files exist, 'marked/ada.txt' first" in again.stderr
    assert run("grade", "class", "--spec", "mine.yaml", "-o", "marked", "--force").exit_code == 0


def test_the_name_of_a_file_says_its_format(run: Run, folder: Path) -> None:
    assert run("grade", "class", "--spec", "mine.yaml", "-o", "class.csv").stdout == "written to class.csv\n"
    text = (folder / "class.csv").read_text("utf-8-sig")
    assert text == run("grade", "class", "--spec", "mine.yaml", "--format", "csv").stdout
    again = run("grade", "class", "--spec", "mine.yaml", "-o", "class.csv")
    assert (again.exit_code, again.stdout) == (2, "")


def test_gradescope_gets_one_file(run: Run, folder: Path) -> None:
    ran = run("grade", "ada.csv", "--spec", "mine.yaml", "--format", "gradescope", "-o", "results.json")
    assert (ran.exit_code, ran.stdout) == (0, "written to results.json\n")
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert sum(test["score"] for test in document["tests"]) == 6.0


def test_gradescope_takes_one_sheet_or_a_folder_with_a_file_for_each(run: Run, folder: Path) -> None:
    ran = run("grade", "class", "--spec", "mine.yaml", "--format", "gradescope")
    assert ran.exit_code == 2
    assert "Gradescope takes one sheet at a time; name a folder for 2 of them with -o" in ran.stderr
    (folder / "class" / "broken.csv").write_text("no;table\n", encoding="utf-8")
    ran = run("grade", "class", "--spec", "mine.yaml", "--format", "gradescope", "-o", "results")
    assert (ran.exit_code, ran.stdout) == (1, "written to results\n")
    scores = {path.name: json.loads(path.read_text("utf-8")).get("score") for path in (folder / "results").iterdir()}
    assert scores == {"ada.json": None, "alan.json": None, "broken.json": 0.0}


def test_sheets_with_one_name_keep_their_marks_apart(run: Run, folder: Path) -> None:
    for student, sheet in (("ada", ADA), ("alan", ALAN)):
        (folder / "moodle" / student).mkdir(parents=True)
        (folder / "moodle" / student / "sheet.csv").write_text(sheet, encoding="utf-8")
    (folder / "moodle" / "alan" / "~$sheet.csv").write_text("a lock", encoding="utf-8")
    ran = run("grade", "moodle", "--spec", "mine.yaml", "-o", "marked")
    assert ran.stdout.startswith("2 sheets, 87.5 % of the points on average\n")
    heads = {path.name: path.read_text("utf-8").splitlines()[0] for path in (folder / "marked").iterdir()}
    assert heads == {
        "ada_sheet.txt": "Mine · Ada Lovelace (moodle/ada/sheet.csv) · 6 of 8 points",
        "alan_sheet.txt": "Mine · moodle/alan/sheet.csv · 8 of 8 points",
    }


def test_gradescope_gets_results_of_a_broken_sheet_too(run: Run, folder: Path) -> None:
    (folder / "broken.csv").write_bytes(b"PK\x03\x04")
    ran = run("grade", "broken.csv", "--spec", "mine.yaml", "--format", "gradescope", "--visibility", "after_due_date")
    document = json.loads(ran.stdout)
    assert (ran.exit_code, document["score"], document["visibility"]) == (1, 0.0, "after_due_date")
    assert "is an Excel or OpenDocument workbook" in document["output"]


def test_a_broken_sheet_is_told_and_the_others_are_marked(run: Run, folder: Path) -> None:
    (folder / "class" / "broken.csv").write_text("no;table\n", encoding="utf-8")
    (folder / "class" / "formula.csv").write_text(ALAN.replace("20490", "=C2*3"), encoding="utf-8")
    ran = run("grade", "class", "--spec", "mine.yaml", "--summary")
    assert ran.exit_code == 1
    assert ran.stderr.splitlines() == [
        "class/broken.csv:1:1: no table of answers: a header row with 'layer' and figures such as 'out' and 'params' "
        "is expected (sheet)",
        "class/formula.csv:5:3: fc, params: '=C2*3' is a formula, not its value; save the sheet as CSV with values "
        "shown (sheet)",
        "not marked: 1 of 4 files: class/broken.csv",
    ]
    assert ran.stdout.startswith("3 sheets, 87.5 % of the points on average\n")  # 6/8, 8/8 and 7/8
    assert "\nclass/broken.csv  no table of answers: a header row" in ran.stdout


def test_files_of_a_folder_that_are_no_sheets_are_listed_one_by_one(run: Run, folder: Path) -> None:
    (folder / "class" / "bob.docx").write_bytes(b"PK\x03\x04")
    (folder / "class" / "eve.pdf").write_bytes(b"%PDF-1.7")
    (folder / "class" / "gone.csv").symlink_to("nowhere.csv")
    os.mkfifo(folder / "class" / "pipe.csv")
    ran = run("grade", "class", "--spec", "mine.yaml", "--format", "csv")
    assert ran.exit_code == 1
    assert ran.stderr.splitlines() == [
        "class/bob.docx:1:1: is an Excel or OpenDocument workbook, or a Word document, not text; save the sheet as CSV "
        "and hand that in (sheet)",
        "class/eve.pdf:1:1: is a PDF, not text; save the sheet as CSV and hand that in (sheet)",
        "class/gone.csv:1:1: cannot be read: No such file or directory (sheet)",
        "class/pipe.csv:1:1: is a pipe, not a file (sheet)",
        "not marked: 4 of 6 files: class/bob.docx, class/eve.pdf, class/gone.csv, class/pipe.csv",
    ]
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert [(row["sheet"], row["score"]) for row in rows] == [
        ("class/ada.csv", "6"), ("class/alan.csv", "8"), ("class/bob.docx", ""), ("class/eve.pdf", ""),
        ("class/gone.csv", ""), ("class/pipe.csv", ""),
    ]  # fmt: skip


def test_why_a_file_is_not_marked_is_shown_however_long_its_name_is(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (folder / "class" / f"Ada Lovelace_1234567_assignsubmission_file_{'_' * 30}.csv").write_text("", encoding="utf-8")
    ran = run("grade", "class", "--spec", "mine.yaml", "--summary")
    assert "the file is empty; a sheet has a row" in ran.stdout
    assert "for each layer" in ran.stdout
    assert "not shown" not in ran.stdout


def test_a_sheet_with_problems_that_could_be_marked_is_no_failure(run: Run, folder: Path) -> None:
    (folder / "ada.csv").write_text(ADA.replace("216", "#REF!"), encoding="utf-8")
    ran = run("grade", "ada.csv", "--spec", "mine.yaml")
    assert ran.exit_code == 0
    assert (
        ran.stderr == "ada.csv:3:3: conv, params: '#REF!' is an error of the spreadsheet; correct its formula (sheet)\n"
    )


def test_a_sheet_with_a_seed_is_marked_by_its_own_key(run: Run, folder: Path) -> None:
    run("worksheet", "mine.yaml", "--seed", "3", "--key", "-o", "key.csv")
    ran = run("grade", "key.csv", "--spec", "mine.yaml")
    assert "· 9 of 9 points\n" in ran.stdout
    text = (folder / "key.csv").read_text("utf-8-sig")
    (folder / "other.csv").write_text(text.replace("seed,3", "seed,4"), encoding="utf-8")
    ran = run("grade", "other.csv", "--spec", "mine.yaml")
    assert ran.exit_code == 1
    assert "but seed 4 of the spec has" in ran.stderr
    (folder / "bad.csv").write_text(text.replace("seed,3", "seed,abc"), encoding="utf-8")
    assert (
        "seed is 'abc'; a whole number from 0 to 1,000,000,000 is expected"
        in run("grade", "bad.csv", "--spec", "mine.yaml").stderr
    )


@pytest.mark.parametrize(
    "seed", ["1" + "0" * 5000, "0" * 12 + "9" * 30, "1000000001", "-1", "²", "1.5"], ids=lambda seed: seed[:12]
)
def test_a_seed_that_is_none_is_told_and_the_other_sheets_are_marked(run: Run, folder: Path, seed: str) -> None:
    (folder / "class" / "bad.csv").write_text(f"seed;{seed}\n{ALAN}", encoding="utf-8")
    ran = run("grade", "class", "--spec", "mine.yaml", "--format", "csv")
    assert (ran.exit_code, len(ran.stdout.splitlines())) == (1, 4)
    assert ran.stderr == (
        f"class/bad.csv:1:1: seed is '{seed[:40]}'; a whole number from 0 to 1,000,000,000 is expected (sheet)\n"
        "not marked: 1 of 3 files: class/bad.csv\n"
    )


@pytest.mark.parametrize("seed", ["0" * 5000 + "3", "0003", "3.0"], ids=["5000 zeros", "zeros", "a decimal"])
def test_a_seed_may_have_zeros_as_a_spreadsheet_writes_them(run: Run, folder: Path, seed: str) -> None:
    key = run("worksheet", "mine.yaml", "--seed", "3", "--key").stdout
    (folder / "key.csv").write_text(key.replace("seed,3", f"seed,{seed}"), encoding="utf-8")
    document = json.loads(run("grade", "key.csv", "--spec", "mine.yaml", "--format", "json").stdout)
    assert (document["seed"], document["score"]) == (3, 9)


def test_a_mistake_of_cnncalc_in_one_sheet_spares_the_others(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def mark(exercise: Exercise, sheet: Sheet, figures: Sequence[str]) -> Marked:
        if sheet.file == "class/ada.csv":
            raise RuntimeError("oh")
        return mark_sheet(exercise, sheet, figures)

    monkeypatch.setattr("cnncalc.homework.grading.mark_sheet", mark)
    ran = run("grade", "class", "--spec", "mine.yaml")
    assert (ran.exit_code, ran.stdout.splitlines()[0]) == (1, "Mine · class/alan.csv · 8 of 8 points")
    assert ran.stderr == (
        "class/ada.csv:1:1: cnncalc failed with RuntimeError: oh; this is a mistake of cnncalc, not of the sheet "
        "(sheet)\nnot marked: 1 of 2 files: class/ada.csv\n"
    )


def test_a_spec_of_very_many_layers_is_not_marked(run: Run, folder: Path) -> None:
    spec = "input: 3x8x8\nlayers:\n- {conv: 3, kernel: 1, repeat: 2001, out: 8x8x8}\n"
    (folder / "long.yaml").write_text(spec, encoding="utf-8")
    ran = run("grade", "long.yaml")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (
        1, "", "long.yaml:1:1: 2,001 layers; specs with at most 2,000 are marked by their claims (sheet)\n"
    )  # fmt: skip


@pytest.fixture
def handed_in(run: Run, folder: Path) -> Path:
    """A folder with the right sheets of Ada and Alan; Grace is on the roster, too."""
    (folder / "roster.csv").write_text("id,name\nal,Ada Lovelace\nat,Alan Turing\ngh,Grace Hopper\n", "utf-8")
    run("worksheet", "mine.yaml", "--students", "roster.csv", "--key", "-o", "in")
    (folder / "in" / "gh.csv").unlink()
    return folder / "in"


def test_who_has_handed_in_nothing_is_told(run: Run, handed_in: Path) -> None:
    ran = run("grade", "in", "--spec", "mine.yaml", "--students", "roster.csv", "--format", "csv")
    assert (ran.exit_code, ran.stderr) == (0, "note: no sheet that can be marked from 1 of 3: Grace Hopper (gh)\n")
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert [(row["student"], row["id"], row["score"]) for row in rows] == [
        ("Ada Lovelace", "al", "9"), ("Alan Turing", "at", "9"), ("Grace Hopper", "gh", ""),
    ]  # fmt: skip


def test_a_sheet_with_the_seed_of_somebody_else_is_told_and_marked(run: Run, handed_in: Path) -> None:
    ada = (handed_in / "al.csv").read_text("utf-8-sig")
    (handed_in / "at.csv").write_text(ada.replace("Ada Lovelace", "Alan Turing").replace("id,al", "id,at"), "utf-8")
    (handed_in / "again.csv").write_text(ada, "utf-8")
    (handed_in / "x.csv").write_text(ada.replace("Ada Lovelace", "Nobody").replace("id,al", "id,zz"), "utf-8")
    ran = run("grade", "in", "--spec", "mine.yaml", "--students", "roster.csv", "--summary")
    assert ran.exit_code == 0
    # sha256 of "0:at" modulo 1,000,000
    assert ran.stderr.splitlines()[:3] == [
        "in/al.csv:1:1: a second sheet of Ada Lovelace; the first is in/again.csv (sheet)",
        "in/at.csv:1:1: seed 901014 is that of Ada Lovelace; Alan Turing has 774897 (sheet)",
        "in/x.csv:1:1: Nobody is not on the roster (sheet)",
    ]
    assert ran.stdout.startswith("4 sheets, 100.0 % of the points on average\n")


def test_a_sheet_without_its_seed_shows_the_settings_of_another_network(run: Run, handed_in: Path) -> None:
    lines = (handed_in / "al.csv").read_text("utf-8-sig").splitlines()
    (handed_in / "al.csv").write_text("\n".join(line for line in lines if line[:5] not in ("seed,", "input")), "utf-8")
    ran = run("grade", "in/al.csv", "--spec", "mine.yaml")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "other settings than the network that the sheet is marked by, first conv: 'conv " in ran.stderr
    assert "not 'conv 8 filters, 3×3, stride 1, padding 1'; has the sheet lost its seed" in ran.stderr
    ran = run("grade", "in/al.csv", "--spec", "mine.yaml", "--require-seed")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == f"in/al.csv:1:1: the sheet has no seed; {WRITE} (sheet)\n"


WRITE = "write the lines of the worksheet above the table again, as 'seed,17'"


@pytest.mark.parametrize("suffix", [".csv", ".yaml"])
def test_a_sheet_without_its_head_is_neither_marked_nor_counted(run: Run, handed_in: Path, suffix: str) -> None:
    run("worksheet", "mine.yaml", "--students", "roster.csv", "--format", suffix[1:], "--key", "-o", "more")
    text = (handed_in.parent / "more" / f"at{suffix}").read_text("utf-8-sig")
    start = text.index("layer," if suffix == ".csv" else "answers:")
    (handed_in / "at.csv").unlink()
    (handed_in / f"at{suffix}").write_text(text[start:], "utf-8")
    ran = run("grade", "in", "--spec", "mine.yaml", "--summary")
    assert ran.exit_code == 1
    assert ran.stdout.startswith("1 sheet, 100.0 % of the points on average\n")
    assert f"in/at{suffix}:" in ran.stderr
    assert WRITE in ran.stderr
    assert ran.stderr.endswith(f"\nnot marked: 1 of 2 files: in/at{suffix}\n")
    ran = run("grade", "in", "--spec", "mine.yaml", "--students", "roster.csv", "--format", "csv")
    assert "'seed,774897' of Alan Turing" in ran.stderr  # sha256 of "0:at" modulo 1,000,000
    ran = run("grade", f"in/at{suffix}", "--spec", "mine.yaml")  # its settings say that it is for other numbers
    assert (ran.exit_code, ran.stdout) == (1, "")


SECRET = "correct horse battery staple"
"""Its fingerprint, the first eight digits of HMAC-SHA256(SECRET, "fingerprint") with g to p for 0 to 9."""


def test_a_secret_keeps_the_key_from_those_who_know_the_seed(run: Run, folder: Path) -> None:
    (folder / "class.key").write_text(f"{SECRET}\r\n", encoding="utf-8")
    (folder / "other.key").write_text(SECRET[::-1], encoding="utf-8")
    key = run("worksheet", "mine.yaml", "--seed", "7", "--secret", "class.key", "--key").stdout
    assert key.splitlines()[1:3] == ["seed,7", "secret,imbidokc"]
    assert key.splitlines()[4:] != run("worksheet", "mine.yaml", "--seed", "7", "--key").stdout.splitlines()[3:]
    (folder / "key.csv").write_text(key, encoding="utf-8")
    assert "· 9 of 9 points\n" in run("grade", "key.csv", "--spec", "mine.yaml", "--secret", "class.key").stdout
    for arguments, message in (
        ((), "the sheet was made with a secret (imbidokc); give its file with --secret"),
        (
            ("--secret", "other.key"),
            "the sheet was made with another secret (imbidokc) than that of --secret (ddkkhngi)",
        ),
    ):
        ran = run("grade", "key.csv", "--spec", "mine.yaml", *arguments)
        assert (ran.exit_code, ran.stdout, ran.stderr) == (1, "", f"key.csv:1:1: {message} (sheet)\n")
    (folder / "key.csv").write_text(key.replace("secret,imbidokc\n", ""), encoding="utf-8")
    ran = run("grade", "key.csv", "--spec", "mine.yaml", "--secret", "class.key")
    assert "the sheet has no line 'secret' (imbidokc): it was made without --secret, or its head was" in ran.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "nowhere.key",
            'there is no file nowhere.key; make one with: python -c "import secrets; print(secrets.token_hex',
        ),
        ("short.key", "short.key has 7 bytes, which can be guessed; at least 16: make one with: python -c"),
        (".", ". cannot be read: it is not a regular file"),
    ],
)
def test_a_secret_that_is_none_is_a_usage_error(run: Run, folder: Path, name: str, message: str) -> None:
    (folder / "short.key").write_text("alexnet\n", encoding="utf-8")
    for command in (["grade", "ada.csv", "--spec"], ["worksheet", "--seed", "7"]):
        ran = run(*command, "mine.yaml", "--secret", name)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert message in ran.stderr


NESTED = """\
name: Nested
input: 3x8x8
blocks:
  pair(c): [{conv: c, kernel: 1}, relu]
layers:
- {name: body, pair: 4, repeat: 2}
- {conv: 2, kernel: 1}
"""


def test_a_sheet_says_how_far_its_rows_are_unfolded(run: Run, folder: Path) -> None:
    (folder / "nested.yaml").write_text(NESTED, encoding="utf-8")
    key = run("worksheet", "nested.yaml", "--depth", "1", "--key").stdout
    assert key.splitlines()[:2] == ["worksheet,nested.yaml", "depth,1"]
    (folder / "key.csv").write_text(key, encoding="utf-8")
    ran = run("grade", "key.csv", "--spec", "nested.yaml")
    assert (ran.stderr, ran.stdout.splitlines()[0]) == ("", "Nested · key.csv · 5 of 5 points")
    ran = run("grade", "key.csv", "--spec", "nested.yaml", "--depth", "2")  # body.1 and body.2 are blank
    assert ran.stdout.splitlines()[0] == "Nested · key.csv · 3 of 7 points"
    (folder / "key.csv").write_text(key.replace("depth,1", "depth,0"), encoding="utf-8")
    assert run("grade", "key.csv", "--spec", "nested.yaml").stderr == (
        "key.csv:1:1: depth is '0'; a whole number from 1 to 1,000 is expected (sheet)\n"
    )


def test_a_sheet_of_another_worksheet_is_told(run: Run, folder: Path) -> None:
    (folder / "ada.csv").write_text("worksheet;vgg16\n" + ADA, encoding="utf-8")
    assert run("grade", "ada.csv", "--spec", "mine.yaml").stderr == (
        "ada.csv:1:1: the sheet is a worksheet of vgg16, and is marked by mine.yaml (sheet)\n"
    )
    (folder / "ada.csv").write_text("worksheet;C:\\course\\Mine.yaml\n" + ADA, encoding="utf-8")
    assert run("grade", "ada.csv", "--spec", "mine.yaml").stderr == ""


def test_a_sheet_may_say_itself_which_bundled_architecture_it_is_about(run: Run, folder: Path) -> None:
    run("worksheet", "lenet5", "--key", "-o", "lenet.csv")
    assert run("grade", "lenet.csv").stdout.startswith("LeNet-5 · lenet.csv · ")
    (folder / "odd.csv").write_text("layer;out;params\na;5x5x5;7\nb;4x4x4;9\n", encoding="utf-8")
    ran = run("grade", "odd.csv")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == (
        "odd.csv:1:1: no bundled architecture fits the table: give --spec, or write 'input: 3x227x227' above the table "
        "and what each layer does, as 'conv 96 11x11 stride 4', in a column 'operation' (sheet)\n"
    )


CLAIMS = MINE.replace("padding: 1}", "padding: 1, out: 8x32x32, params: 216}").replace("10}", "10, out: 10}")


def test_the_claims_of_a_spec_are_marked_by_its_own_layers_or_by_a_key(run: Run, folder: Path) -> None:
    (folder / "student.yaml").write_text(CLAIMS, encoding="utf-8")
    for arguments in ((), ("--spec", "mine.yaml")):
        ran = run("grade", "student.yaml", *arguments)
        assert ran.exit_code == 0
        assert ran.stdout.startswith("Mine · student.yaml · 2 of 3 points\n")
        assert "bias-forgotten" in ran.stdout


def test_what_is_asked_for_and_not_claimed_is_blank(run: Run, folder: Path) -> None:
    (folder / "student.yaml").write_text(MINE.replace("maxpool: 2", "maxpool: 2, params: 0"), encoding="utf-8")
    assert "· 1 of 1 points\n" in run("grade", "student.yaml", "--spec", "mine.yaml").stdout
    ran = run("grade", "student.yaml", "--spec", "mine.yaml", "--ask", "params")
    assert "· 1 of 3 points\n" in ran.stdout  # conv and fc are blank; that flatten has none is not asked
    assert "no answer: conv params, fc params\n" in ran.stdout


def test_a_block_that_is_claimed_as_a_whole_stands_for_its_layers(run: Run, folder: Path) -> None:
    spec = "input: {C: 3, H: 8, W: 8}\nlayers:\n- {name: two, conv: 4, kernel: 1, repeat: 2}\n- {conv: 2, kernel: 1}\n"
    (folder / "key.yaml").write_text(spec, encoding="utf-8")
    (folder / "student.yaml").write_text(spec.replace("repeat: 2", "repeat: 2, out: 4x8x8"), encoding="utf-8")
    ran = run("grade", "student.yaml", "--spec", "key.yaml", "--ask", "out")
    assert "· 1 of 2 points\n" in ran.stdout


def test_a_students_spec_that_is_wrong_has_its_problems_told(run: Run, problems_of_wrong: str) -> None:
    ran = run("grade", "wrong.yaml", "--spec", "mine.yaml")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (1, "", problems_of_wrong)


def test_a_wrong_spec_is_told_once(run: Run, problems_of_wrong: str) -> None:
    ran = run("grade", "class", "--spec", "wrong.yaml")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (1, "", problems_of_wrong)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody.csv"], "'nobody.csv' does not exist"),
        (["ada.csv", "--spec", "nowhere"], "there is no file 'nowhere'"),
        (["ada.csv", "--ask", "colour"], "no figure 'colour'"),
        (["empty"], "there are no sheets in empty; they end in .csv, .tsv, .txt, .md, .markdown, .yaml, .yml, .json"),
        ([], "Missing argument 'SHEET...'; only --mistakes and --autograder need none."),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(run: Run, folder: Path, arguments: list[str], message: str) -> None:
    (folder / "empty").mkdir()
    ran = run("grade", *arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert message in ran.stderr


def test_only_asked_columns_are_marked(run: Run) -> None:
    ran = run("grade", "ada.csv", "--spec", "mine.yaml", "--ask", "out")
    assert ran.stdout.startswith("Mine · Ada Lovelace (ada.csv) · 3 of 4 points\n")


def test_the_mistakes_that_are_known_are_listed(run: Run) -> None:
    lines = [" ".join(line.split()) for line in run("grade", "--mistakes").stdout.splitlines()]
    assert lines[0] == "What goes wrong, the most plausible first"
    assert "bias-forgotten The biases are left out, but each filter or output has one." in lines
    assert len(lines) == 3 + len(MISTAKES)
