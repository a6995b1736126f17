"""The students of a class."""

from pathlib import Path

import pytest

from cnncalc.errors import SheetError
from cnncalc.homework.attendance import attendance
from cnncalc.homework.roster import Student, distinct_stems, read_roster
from cnncalc.homework.sheet import Sheet


def roster(text: str, folder: Path) -> tuple[Student, ...]:
    path = folder / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(str(path))


@pytest.mark.parametrize(
    "text",
    [
        "id,name\nal,Ada Lovelace\nat,Alan Turing\n",
        "Name;ID;Email\nAda Lovelace;al;ada@x.org\nAlan Turing;at;alan@x.org\n",
        "First Name\tLast Name\tSID\nAda\tLovelace\tal\nAlan\tTuring\tat\n",
        "Nachname;Vorname;Matrikelnummer\nLovelace;Ada;al\nTuring;Alan;at\n",
    ],
    ids=["id and name", "semicolons and more columns", "tabs and two names", "in German"],
)
def test_a_roster_has_names_and_ids(text: str, tmp_path: Path) -> None:
    assert [entry[:3] for entry in roster(text, tmp_path)] == [
        ("Ada Lovelace", "al", "al"),
        ("Alan Turing", "at", "at"),
    ]


def test_a_list_of_names_is_a_roster(tmp_path: Path) -> None:
    assert [entry.stem for entry in roster("Ada Lovelace\nAlan Turing\n\n", tmp_path)] == [
        "ada_lovelace",
        "alan_turing",
    ]


def test_names_of_files_are_safe_and_differ(tmp_path: Path) -> None:
    text = "id\n../../etc/passwd\nÉmile Borel\na b\na/b\nada@x.org\n???\n"
    assert [entry.stem for entry in roster(text, tmp_path)] == [
        "etc_passwd", "émile_borel", "a_b", "a_b_2", "ada", "student",
    ]  # fmt: skip


def test_a_seed_depends_on_the_id_alone(tmp_path: Path) -> None:
    first = roster("id\nal\nat\n", tmp_path)[0]
    other = roster("id,name\nbb,B\nal,Ada\n", tmp_path)[1]
    assert first.seed(0) == other.seed(0) == 901014  # sheets that are handed out say so
    assert first.seed(1) != first.seed(0)


# Whose sheets they are

ROSTER = (
    Student("Ada Lovelace", "007", "007"),
    Student("Alan Turing", "at", "at"),
    Student("Émile Борель", "eb", "eb"),
)


def sheet(file: str, **facts: str) -> Sheet:
    return Sheet(file, facts, ("out",), ())


def said(*sheets: Sheet, roster: tuple[Student, ...] = ROSTER) -> list[str]:
    return [found.message for problems in attendance(sheets, roster)[0] for found in problems]


@pytest.mark.parametrize(
    ("found", "student"),
    [
        pytest.param(sheet("x.csv", id="7"), "Ada Lovelace", id="zeros that a spreadsheet took away"),
        pytest.param(sheet("x.csv", id="7.0"), "Ada Lovelace", id="a decimal that a spreadsheet added"),
        pytest.param(sheet("x.csv", id=" AT"), "Alan Turing", id="capitals and blanks"),
        pytest.param(sheet("x.csv", student="alan  turing"), "Alan Turing", id="the name"),
        pytest.param(sheet("x.csv", student="émile БОРЕЛЬ"), "Émile Борель", id="a name in other letters"),
        pytest.param(sheet("in/AT.csv"), "Alan Turing", id="the file"),
    ],
)
def test_a_student_is_found_by_id_name_or_file(found: Sheet, student: str) -> None:
    missing = [student.name for student in attendance([found], ROSTER)[1]]
    assert missing == [entry.name for entry in ROSTER if entry.name != student]
    assert "not on the roster" not in "".join(said(found))


def test_ids_that_differ_only_in_zeros_or_capitals_are_told_apart_where_they_are_written_out() -> None:
    roster = (Student("A", "07", "07"), Student("B", "7", "7"))
    assert [student.name for student in attendance([sheet("x.csv", id="7")], roster)[1]] == ["A"]
    assert [student.name for student in attendance([sheet("x.csv", id="007")], roster)[1]] == ["A", "B"]


def test_an_id_that_is_on_no_roster_is_told_even_where_the_name_is() -> None:
    # sha256 of "0:at" modulo 1,000,000
    assert said(sheet("x.csv", id="zz", student="Alan Turing", seed="774897")) == [
        "id zz is not on the roster; by the name or the file it is the sheet of Alan Turing"
    ]


def test_a_sheet_of_the_roster_without_its_seed_is_told() -> None:
    assert said(sheet("x.csv", id="at")) == ["the sheet has no seed; that of Alan Turing is 774897"]
    assert said(sheet("x.csv", id="at", seed="774897.0")) == []


def test_a_second_sheet_is_told_with_and_without_a_roster() -> None:
    sheets = (sheet("a.csv", id="at", seed="774897"), sheet("b.csv", id="AT", seed="774897"))
    assert said(*sheets) == ["a second sheet of Alan Turing; the first is a.csv"]
    assert said(*(one._replace(facts={"student": "Alan Turing"}) for one in sheets), roster=()) == [
        "a second sheet of Alan Turing; the first is a.csv"
    ]


def test_two_students_with_one_variant_are_told_if_the_others_have_their_own() -> None:
    seeds = (("Ada", "1"), ("Bob", "1"), ("Eve", "2"))
    sheets = [sheet(f"{name}.csv", student=name, seed=seed) for name, seed in seeds]
    assert said(*sheets, roster=()) == ["seed 1 is that of the sheet of Ada, too (Ada.csv)"]
    groups = [
        sheet(f"{seed}{name}.csv", student=f"{name}{seed}", seed=seed) for seed in "12" for name in ("A", "B", "C")
    ]
    assert said(*groups, roster=()) == []


# A roster that cannot be read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: there are no students; a row for each is expected, below a header with 'name' or 'id'"),
        ("id,name\n", "1:1: there are no students below the header row"),
        ("layer,out\nconv1,96x55x55\n", "1:1: the header is 'layer, out'; a column 'name' or 'id' is expected"),
        ("id,name\nal,Ada\nal,Alan\n", "3:1: 'al' occurs twice; give each student an id of their own"),
        ("id,name,room\nal,Ada,1\n,,2\n", "3:1: student 2 has neither a name nor an id"),
        ('id,name\nal,"Ada\n' + "x" * 131_072 + "\n", "3:1: not a CSV: field larger than field limit (131072)"),
        ("x\n" * 10_001, "1:1: 10,001 rows; at most 10,000 students are expected"),
    ],
)
def test_a_wrong_roster_says_what_is_wrong(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SheetError) as caught:
        roster(text, tmp_path)
    assert f"roster.csv:{message} (sheet)" in str(caught.value)


# The names of files


@pytest.mark.parametrize(
    ("paths", "stems"),
    [
        pytest.param(["class/ada.csv", "class/alan.csv"], ["ada", "alan"], id="of the files"),
        pytest.param(["m/1/s.csv", "m/2/s.csv", "m/x.csv"], ["1_s", "2_s", "x"], id="with the folder where they clash"),
        pytest.param(["a/1/s.csv", "b/1/s.csv"], ["a_1_s", "b_1_s"], id="with as many folders as it takes"),
        pytest.param(["a/s.csv", "a/s.md"], ["s", "s_2"], id="numbered where the folders are the same, too"),
        pytest.param(["a/S.csv", "b/s.csv"], ["a_S", "b_s"], id="capitals make no other file on every disk"),
        pytest.param(["a/s.csv", "b/s.csv", "c/a_s.csv"], ["a_s", "b_s", "a_s_2"], id="not that of another path"),
        pytest.param(["../s.csv", "s.csv"], ["s", "s_2"], id="nothing leaves the folder"),
    ],
)
def test_every_path_has_a_stem_of_its_own(paths: list[str], stems: list[str]) -> None:
    assert distinct_stems(paths) == stems
