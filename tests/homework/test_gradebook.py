"""Rosters and grade files of Moodle and Canvas: read as they come, and filled in with nothing else changed."""

from pathlib import Path

import pytest
from running import Run

from cnncalc.homework.roster import read_roster

MINE = """\
input: {C: 3, H: 32, W: 32}
layers:
- {conv: 8, kernel: 3, padding: 1}
- {maxpool: 2}
- flatten
- {fc: 10}
"""

ADA = "student;Ada Lovelace\nlayer;out;params\nconv;8x30x30;216\nmaxpool;8x15x15;0\nflatten;1800;0\nfc;10;18010\n"
"""6 of 8 points: no padding, no biases; then everything follows."""

ALAN = "student;Alan Turing\nlayer;out;params\nconv;8x32x32;224\nmaxpool;8x16x16;0\nflatten;2048;0\nfc;10;20490\n"
"""All 8 points."""

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (501),Essay (502),Current Score\n"
    ",,,,,Manual Posting,,\n"
    "    Points Possible,,,,,8.00,10.00,(read only)\n"
    '"Lovelace, Ada",1001,U7,al,A & B,,9.5,"91,5"\n'
    '"Turing, Alan",1002,U8,at,"A ""B""",3.00,,\n'
    '"Hopper, Grace",1003,U9,gh,A,EX,,\n'
    '"Student, Test",1004,,test,A,,,\n'
)

MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
    'Participant 71,"Ada Lovelace",al@x.org,"Submitted for grading - 2 hours late",,100.00,Yes,'
    '"Monday, 1 June 2026, 9:00 AM",-,"two\r\nlines"\r\n'
    'Participant 72,"Alan Turing",at@x.org,"Submitted for grading",,100.00,Yes,-,-,\r\n'
    'Participant 73,"Grace Hopper",gh@x.org,"No submission",12.00,100.00,Yes,-,-,\r\n'
)


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "in").mkdir()
    (folder / "in" / "1.csv").write_text(ADA, encoding="utf-8")
    (folder / "in" / "2.csv").write_text(ALAN, encoding="utf-8")


def graded(run: Run, folder: Path, book: bytes, *arguments: str) -> tuple[bytes, str]:
    """The grade file that is written, and what is said about it."""
    (folder / "book.csv").write_bytes(book)
    ran = run("grade", "in", "--spec", "mine.yaml", "--gradebook", "book.csv", "-o", "out.csv", *arguments)
    assert ran.exit_code == 0, ran.output
    return (folder / "out.csv").read_bytes(), ran.stderr


@pytest.mark.parametrize(
    ("text", "students"),
    [
        pytest.param(
            CANVAS, [("Ada Lovelace", "1001"), ("Alan Turing", "1002"), ("Grace Hopper", "1003")], id="Canvas"
        ),
        pytest.param(
            "LastName,FirstName,ID,SIS Login ID,Section\n    Points Possible,,,,\nLovelace,Ada,1001,al,A\n",
            [("Ada Lovelace", "1001")], id="Canvas's with two names",
        ),
        pytest.param(
            MOODLE, [("Ada Lovelace", "al@x.org"), ("Alan Turing", "at@x.org"), ("Grace Hopper", "gh@x.org")],
            id="Moodle's grading worksheet",
        ),
        pytest.param(
            '"First name";"Last name";"Email address";Groups\nAda;Lovelace;al@x.org;\n', [("Ada Lovelace", "al@x.org")],
            id="Moodle's participants",
        ),
        pytest.param(
            "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\nÉmile;Borel;;eb@x.org\n", [("Émile Borel", "eb@x.org")],
            id="in German",
        ),
        pytest.param("Identifier,Status,Grade\nParticipant 9,-,\n", [("Participant 9", "Participant 9")], id="hidden"),
    ],
)  # fmt: skip
def test_rosters_of_platforms_are_read_as_they_come(folder: Path, text: str, students: list[tuple[str, str]]) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (folder / "roster.csv").write_bytes(text.encode(encoding))
        assert [(student.name, student.id) for student in read_roster("roster.csv")] == students


def test_canvas_gets_its_grades_and_keeps_everything_else(run: Run, folder: Path) -> None:
    out, said = graded(run, folder, CANVAS.encode(), "--column", "Homework 1")
    expected = CANVAS.replace("A & B,,9.5", "A & B,6,9.5").replace('"A ""B""",3.00', '"A ""B""",8')
    assert out == expected.encode()
    assert said == "note: no sheet that can be marked from 1 of 3: Grace Hopper (1003)\n"


def test_moodle_gets_grades_of_its_maximum_and_says_who_is_late(run: Run, folder: Path) -> None:
    out, said = graded(run, folder, MOODLE.encode())
    # 6/8 and 8/8 of 100
    expected = MOODLE.replace('late",,100', 'late",75,100').replace(
        'Submitted for grading",,100', 'Submitted for grading",100,100'
    )
    assert out == expected.encode()
    assert said.splitlines() == [
        "note: late: Ada Lovelace (in/1.csv)",
        "note: no sheet that can be marked from 1 of 3: Grace Hopper (gh@x.org)",
        "note: 8 points are the 100 of the column 'Grade'",
    ]
    _, said = graded(run, folder, MOODLE.encode(), "--scheme", "params=1/3", "--force")
    # 4 sizes and 4 thirds
    assert said.endswith("note: 5 1/3 points are the 100 of the column 'Grade'\n")


def test_who_is_late_is_known_beside_a_roster_of_ones_own(run: Run, folder: Path) -> None:
    (folder / "roster.csv").write_text("id,name\nal,Ada Lovelace\nat,Alan Turing\n", encoding="utf-8")
    out, said = graded(run, folder, MOODLE.encode(), "--students", "roster.csv")
    assert b'2 hours late",75,100' in out
    assert "note: late: Ada Lovelace (in/1.csv)\n" in said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_marks_encodings_semicolons_and_decimal_commas_stay(run: Run, folder: Path, encoding: str) -> None:
    text = "ID;Vollständiger Name;Status;Bewertung;Bestwertung\nTeilnehmer/in 1;Ada Lovelace;ü;;10,00\n"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    out, _ = graded(run, folder, (mark + text).encode(encoding), "--force")
    assert out == (mark + text.replace("ü;;10,00", "ü;7,5;10,00")).encode(encoding)


def test_a_grade_with_a_comma_is_in_quotes_where_the_comma_separates(run: Run, folder: Path) -> None:
    text = 'Identifier,Full name,Grade,Maximum grade\nParticipant 1,Ada Lovelace,,"10,00"\n'
    assert graded(run, folder, text.encode())[0] == text.replace("Lovelace,,", 'Lovelace,"7,5",').encode()


def test_a_grade_is_never_rounded_up(run: Run, folder: Path) -> None:
    text = "Identifier,Full name,Grade,Maximum grade\nParticipant 1,Ada Lovelace,,10\n"
    # 3 + 3 * 0.999 of 8 points: 7.49625 of 10
    out, _ = graded(run, folder, text.encode(), "--scheme", "follows=0.999")
    assert out == text.replace("Lovelace,,", "Lovelace,7.49,").encode()


def test_what_is_locked_or_excused_is_kept_and_said(run: Run, folder: Path) -> None:
    book = CANVAS.replace("A & B,,9.5", "A & B,EX,9.5").encode()
    out, said = graded(run, folder, book, "--column", "501")
    assert out == book.replace(b",3.00,", b",8,")
    assert "note: line 4 (Lovelace, Ada): no grade is written, because it says EX\n" in said
    out, said = graded(run, folder, MOODLE.replace("100.00,Yes", "100.00,No").encode(), "--force")
    assert out == MOODLE.replace("100.00,Yes", "100.00,No").encode()
    assert "no grade is written, because it is locked" in said


def test_two_sheets_of_one_student_and_a_stranger_get_no_grade(run: Run, folder: Path) -> None:
    (folder / "in" / "3.csv").write_text(ALAN.replace("8x32x32", "1"), encoding="utf-8")
    (folder / "in" / "4.csv").write_text(ALAN.replace("Alan Turing", "Nobody"), encoding="utf-8")
    out, said = graded(run, folder, CANVAS.encode(), "--column", "homework 1 (501)")
    assert out == CANVAS.replace("A & B,,9.5", "A & B,6,9.5").encode()
    assert "note: no grade for Alan Turing, who has 2 sheets: in/2.csv, in/3.csv\n" in said
    assert "note: no grade for in/4.csv: Nobody is not in the gradebook\n" in said


@pytest.mark.parametrize(
    ("book", "arguments", "message"),
    [
        (CANVAS, [], "several columns that may be for the grades; name one with --column: 'Homework 1 (501)', "),
        (CANVAS, ["--column", "Home"], "book.csv has no column 'Home'; name one with --column: 'Homework 1 (501)'"),
        (CANVAS, ["--column", "Current Score"], "the column 'Current Score' is computed by Canvas; name another one"),
        ("id,name,hw\nal,Ada,\n", [], "no column that is known to be for grades; name one with --column: 'hw'"),
        ("id,name\nal,Ada Lovelace\n", [], "book.csv has no column that is known to be for grades; add one"),
        ("id,name\nal,Ada\n", ["--column", "name"], "the column 'name' says who the students are, not grades"),
        (MOODLE, ["-o", "no/out.csv"], "-o no/out.csv: there is no folder 'no'"),
        (MOODLE, ["-o", "book.csv"], "-o book.csv: the file exists; --force writes over it"),
    ],
)  # fmt: skip
def test_a_column_or_file_that_cannot_be_taken_is_a_usage_error(
    run: Run, folder: Path, book: str, arguments: list[str], message: str
) -> None:
    (folder / "book.csv").write_bytes(book.encode())
    ran = run("grade", "in", "--spec", "mine.yaml", "--gradebook", "book.csv", "-o", "out.csv", *arguments)
    assert (ran.exit_code, message in ran.stderr) == (2, True), ran.stderr
    assert not (folder / "out.csv").exists()


def test_a_gradebook_needs_a_file_to_write_and_a_column_a_gradebook(run: Run, folder: Path) -> None:
    (folder / "book.csv").write_bytes(MOODLE.encode())
    assert "fills in a copy of FILE; name it with -o" in run("grade", "in", "--gradebook", "book.csv").stderr
    assert "--column is a column of --gradebook" in run("grade", "in", "--column", "x").stderr


def test_a_file_that_cannot_be_written_back_is_refused(run: Run, folder: Path) -> None:
    (folder / "book.csv").write_bytes(b'Identifier,Full name,Grade\n1,"Ada" Lovelace,\n')
    ran = run("grade", "in", "--spec", "mine.yaml", "--gradebook", "book.csv", "-o", "out.csv")
    assert (ran.exit_code, ran.stderr) == (1, "book.csv:2:1: a cell has text after its quotation marks (sheet)\n")
