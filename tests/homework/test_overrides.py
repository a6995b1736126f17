"""Points that a teacher gives by hand."""

import csv
import io
import json
from pathlib import Path

import pytest
from running import Run

MINE = "name: Mine\ninput: 3x32x32\nlayers:\n- {conv: 8, kernel: 3, padding: 1}\n- {maxpool: 2}\n"

ADA = "student;Ada Lovelace\nid;al\nlayer;out;params\nconv;8x30x30;224\nmaxpool;8x16x16;1\n"
"""No padding; and a pool has no params: 2 of 4 points."""


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "in").mkdir()
    (folder / "in" / "ada.csv").write_text(ADA, encoding="utf-8")
    (folder / "in" / "alan.csv").write_text(ADA.replace("Ada Lovelace", "Alan").replace("al", "at", 1), "utf-8")


GRADE = ("grade", "in", "--spec", "mine.yaml")


@pytest.mark.parametrize("whose", ["Ada Lovelace", "ada lovelace", "in/ada.csv", "ada.csv", "ada"])
def test_points_by_hand_are_added_up_and_shown_with_their_reason(run: Run, folder: Path, whose: str) -> None:
    rows = (
        f"student,layer,figure,points,reason\n{whose},Conv,output,1/3,said padding in class\n{whose},conv,params,0,\n"
    )
    (folder / "more.csv").write_text(rows, encoding="utf-8")
    ran = run(*GRADE, "--overrides", "more.csv")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Mine · Ada Lovelace (in/ada.csv) · 1 1/3 of 4 points\n")
    assert " ".join(ran.stdout.splitlines()[3].split()) == "conv 8x30x30 wrong, by hand 1/3 224 right, by hand 0"
    assert "conv, out: 8x30x30\n  regraded by hand, points: 1/3; said padding in class\n  padding-" in ran.stdout
    assert "conv, params: 224\n  regraded by hand, points: 0\n" in ran.stdout
    assert "Mine · Alan (in/alan.csv) · 2 of 4 points\n" in ran.stdout
    found = list(csv.DictReader(io.StringIO(run(*GRADE, "--overrides", "more.csv", "--format", "csv").stdout)))
    assert [row["score"] for row in found] == ["1.333333333333", "2"]
    line = run(*GRADE, "--overrides", "more.csv", "--format", "json").stdout.splitlines()[0]
    assert json.loads(line)["cells"][0]["by_hand"] == "said padding in class"


def test_a_template_is_filled_in_and_read_again(run: Run, folder: Path) -> None:
    written = run(*GRADE, "--format", "overrides").stdout
    assert written.splitlines() == [
        "sheet,student,layer,figure,answer,mark,score,max_score,points,reason",
        "in/ada.csv,Ada Lovelace,conv,out,8x30x30,wrong,0,1,,",
        "in/ada.csv,Ada Lovelace,maxpool,params,1,wrong,0,1,,",
        "in/alan.csv,Alan,conv,out,8x30x30,wrong,0,1,,",
        "in/alan.csv,Alan,maxpool,params,1,wrong,0,1,,",
    ]
    (folder / "more.csv").write_text(written.replace("1,wrong,0,1,,", '1,wrong,0,1,0.5,"a slip, no more"'), "utf-8")
    ran = run(*GRADE, "--overrides", "more.csv", "--summary")
    assert ran.stdout.startswith("2 sheets, 62.5 % of the points on average\n")  # 2.5 of 4
    again = run(*GRADE, "--overrides", "more.csv", "--format", "overrides").stdout
    assert again.splitlines()[2] == 'in/ada.csv,Ada Lovelace,maxpool,params,1,wrong,0.5,1,0.5,"a slip, no more"'


REFUSED = """\
student;layer;figure;points;reason
Bob;conv;out;1;
Alan;conv9;out;1;
Alan;conv;out;2;
Alan;conv;out;1;
Alan;conv;out;0;
"""


def test_points_that_cannot_be_given_are_reported_with_their_lines(run: Run, folder: Path) -> None:
    (folder / "more.csv").write_text(REFUSED, encoding="utf-8")
    ran = run(*GRADE, "--overrides", "more.csv")
    assert ran.exit_code == 1
    assert ran.stderr.splitlines() == [
        "more.csv:2:1: no marked sheet is from 'Bob' (sheet)",
        "more.csv:3:1: the sheet has no cell 'conv9 out'; did you mean 'conv out'? (sheet)",
        "more.csv:4:1: 'conv out' is worth 1 at most, not 2 (sheet)",
        "more.csv:6:1: 'conv out' gets its points on line 5 already (sheet)",
    ]
    assert "Mine · Alan (in/alan.csv) · 3 of 4 points\n" in ran.stdout


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["1:1: no column sheet, layer, figure, points; the header is 'student,layer,figure,points,reason', or "
              "'sheet' for a file (sheet)"]),
        ("student,layer,points\n", ["1:1: no column figure; the header is 'student,layer,figure,points,reason', or "
                                    "'sheet' for a file (sheet)"]),
        ("id,layer,figure,points\nal,conv,out,much\nal,conv,out,-1\nal,conv,out,1/0\n",
         ["2:1: points: 'much' is not a number of 0 or more; write them as 1, 0.5 or 1/3 (sheet)",
          "3:1: points: '-1' is not a number of 0 or more; write them as 1, 0.5 or 1/3 (sheet)",
          "4:1: points: '1/0' is divided by 0; write them as 1, 0.5 or 1/3 (sheet)"]),
    ],
)  # fmt: skip
def test_a_file_that_is_none_of_overrides_marks_nothing(run: Run, folder: Path, text: str, messages: list[str]) -> None:
    (folder / "more.csv").write_text(text, encoding="utf-8")
    ran = run(*GRADE, "--overrides", "more.csv")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.splitlines() == [f"more.csv:{message}" for message in messages]


def test_two_sheets_of_one_student_are_told_apart_by_their_files(run: Run, folder: Path) -> None:
    (folder / "in" / "again.csv").write_text(ADA, encoding="utf-8")
    (folder / "more.csv").write_text(
        "student,layer,figure,points\nAda Lovelace,conv,out,1\nagain,conv,out,1\n", "utf-8"
    )
    ran = run(*GRADE, "--overrides", "more.csv")
    assert (
        "more.csv:2:1: 2 sheets are from 'Ada Lovelace': in/ada.csv, in/again.csv; name the file (sheet)" in ran.stderr
    )
    assert "(in/again.csv) · 3 of 4 points\n" in ran.stdout
