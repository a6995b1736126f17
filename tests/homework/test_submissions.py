"""The archives that Moodle and Canvas hand out, read as they come; nothing in them can do harm."""

import io
import stat
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import pytest
from running import Run

from cnncalc.homework.sheet import Submitter
from cnncalc.homework.submissions import submitter_of

MINE = "input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 8, kernel: 3, padding: 1}\n"
RIGHT = "layer;out;params\nconv;8x32x32;224\n"
WRONG = "layer;out;params\nconv;8x32x32;216\n"

ROSTER = "Student,ID,SIS Login ID,Section,HW (5)\n    Points Possible,,,,10\n" + (
    '"Lovelace, Ada",1001,al,A,\n"Turing, Alan",1002,at,A,\n"García López, Ana María",1003,ag,A,\n'
)


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "book.csv").write_text(ROSTER, encoding="utf-8")


def archive(members: Mapping[str, str | bytes]) -> None:
    with ZipFile("in.zip", "w", ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)


def test_nothing_is_left_of_an_archive_and_nothing_made_without_one(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "left").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder / "left"))
    archive({"a.csv": RIGHT})
    assert run("grade", "in.zip", "--spec", "mine.yaml").exit_code == 0
    assert [*(folder / "left").iterdir()] == []
    (folder / "a.csv").write_text(RIGHT, encoding="utf-8")
    (folder / "left").rmdir()  # a folder for members could not be made
    assert run("grade", "a.csv", "--spec", "mine.yaml").exit_code == 0


@pytest.mark.parametrize(
    ("path", "submitter"),
    [
        ("Ada Lovelace_1234567_assignsubmission_file_/sheet.csv", Submitter("Ada Lovelace", "Participant 1234567")),
        ("Ada Lovelace_1234567_assignsubmission_file/sheet.csv", Submitter("Ada Lovelace", "Participant 1234567")),
        ("Ada Lovelace_7_assignsubmission_file_sheet.csv", Submitter("Ada Lovelace", "Participant 7")),
        ("x/Ada Lovelace_7_assignsubmission_onlinetext_/onlinetext.html", Submitter("Ada Lovelace", "Participant 7")),
        ("Participant_7_assignsubmission_file_/sheet.csv", Submitter("", "Participant 7")),
        ("lovelaceada_1001_501_sheet.csv", Submitter("lovelaceada", "1001")),
        ("lovelaceada_LATE_1001_501_my_1_2_sheet.csv", Submitter("lovelaceada", "1001", is_late=True)),
        ("lovelaceada_late_1001_501_sheet-1.csv", Submitter("lovelaceada", "1001", is_late=True)),
        ("garcíalópezanamaría_1003_501_s.csv", Submitter("garcíalópezanamaría", "1003")),
        ("lovelaceada_1001_text.html", Submitter("lovelaceada", "1001")),
        ("LATE_anon_aB3x9_501_sheet.csv", Submitter("", "aB3x9", is_late=True)),
        ("sheets/ada.csv", None),
    ],
)
def test_names_of_platforms_say_who_handed_in(path: str, submitter: Submitter | None) -> None:
    assert submitter_of(path) == submitter


def test_an_archive_of_canvas_is_graded_into_its_gradebook(run: Run, folder: Path) -> None:
    archive({
        "lovelaceada_LATE_1001_501_sheet.csv": RIGHT, "turingalan_1002_502_sheet.csv": WRONG,
        "garcíalópezanamaría_1003_503_s.md": "| layer | out | params |\n|---|---|---|\n| conv | 8x32x32 | 224 |\n",
        "turingalan_1002_504_photo.heic": b"\0",
    })  # fmt: skip
    ran = run("grade", "in.zip", "--spec", "mine.yaml", "--gradebook", "book.csv", "-o", "out.csv")
    assert ran.exit_code == 0
    assert ran.stderr.startswith(
        "note: in.zip/turingalan_1002_504_photo.heic: left out; by its name it is not a sheet\n"
        "note: sheets end in .csv, "
    )
    assert "note: late: Ada Lovelace (in.zip/lovelaceada_LATE_1001_501_sheet.csv)\n" in ran.stderr
    assert ran.stdout.startswith(
        "3 grades of 3 in out.csv, column 'HW (5)'\n3 sheets, 83.3 % of the points on average\n"
    )
    rows = (folder / "out.csv").read_text("utf-8").splitlines()
    assert [row.rpartition(",")[2] for row in rows] == ["HW (5)", "10", "10", "5", "10"]
    ran = run("grade", "in.zip", "--spec", "mine.yaml", "--format", "csv")
    assert [line.split(",")[7] for line in ran.stdout.splitlines()] == ["late", "yes", "", ""]


def test_an_archive_of_moodle_is_read_and_so_is_it_unpacked(run: Run, folder: Path) -> None:
    book = "Identifier,Full name,Status,Grade,Maximum grade\nParticipant 71,Ada Lovelace,,,2\nParticipant 72,A T,,,2\n"
    (folder / "book.csv").write_text(book, encoding="utf-8")
    archive({
        "Ada Lovelace_71_assignsubmission_file_/my sheet.csv": RIGHT,
        "Participant_72_assignsubmission_file_/sheet.csv": WRONG,
    })  # fmt: skip
    ZipFile("in.zip").extractall("unpacked")
    for source in ("in.zip", "unpacked"):
        ran = run("grade", source, "--spec", "mine.yaml", "--gradebook", "book.csv", "-o", "out.csv", "--force")
        assert (ran.exit_code, ran.stderr) == (0, "")
        assert (folder / "out.csv").read_text("utf-8") == book.replace("lace,,,", "lace,,2,").replace("T,,,", "T,,1,")


def test_feedback_has_the_names_by_which_moodle_takes_it(run: Run, folder: Path) -> None:
    names = ["Ada Lovelace_71_assignsubmission_file/s.csv", "A T_72_assignsubmission_file/s.csv"]
    archive(dict.fromkeys([*names, "Eve_73_assignsubmission_file_/hw/answer.md"], RIGHT.replace(";", ",")))
    assert run("grade", "in.zip", "--spec", "mine.yaml", "-o", "marked").exit_code == 0
    # Moodle splits a name at its first four '_': name, number, plugin's type, plugin's name, the file.
    assert sorted(path.name for path in (folder / "marked").iterdir()) == [
        "A T_72_assignsubmission_file_s.txt",
        "Ada Lovelace_71_assignsubmission_file_s.txt",
        "Eve_73_assignsubmission_file__hw_answer.txt",
    ]


def test_whoever_hands_in_the_sheet_of_another_gets_the_grade_and_is_named(run: Run, folder: Path) -> None:
    archive({"turingalan_1002_502_sheet.csv": f"student;Ada Lovelace\nid;1001\n{RIGHT}"})
    ran = run("grade", "in.zip", "--spec", "mine.yaml", "--gradebook", "book.csv", "-o", "out.csv")
    assert "it is the sheet of Ada Lovelace, and Alan Turing handed it in (sheet)\n" in ran.stderr
    assert '"Turing, Alan",1002,at,A,10\n' in (folder / "out.csv").read_text("utf-8")
    ran = run("grade", "in.zip", "--spec", "mine.yaml", "--students", "book.csv", "--format", "csv")
    assert ran.stdout.splitlines()[1].startswith("in.zip/turingalan_1002_502_sheet.csv,Alan Turing,1002,,2,")


def test_the_folder_of_moodle_says_whose_work_a_sheet_is_without_a_roster_too(run: Run) -> None:
    sheet = f"student;Ada Lovelace\nid;al\nseed;7\n{RIGHT.replace('8x32x32', '8x30x30')}"
    names = [f"{who}_assignsubmission_file_/sheet.csv" for who in ("Ada Lovelace_71", "Alan Turing_72")]
    archive({**dict.fromkeys(names, sheet), "Eve_73_assignsubmission_file_/sheet.csv": sheet.replace("7", "8")})
    ran = run("grade", "in.zip", "--spec", "mine.yaml", "--format", "csv")
    assert [line.split(",")[1] for line in ran.stdout.splitlines()[1:]] == [
        "Ada Lovelace",
        "Alan Turing",
        "Ada Lovelace",
    ]
    assert (
        f"in.zip/{names[1]}:1:1: seed 7 is that of the sheet of Ada Lovelace, too (in.zip/{names[0]}) (sheet)"
        in ran.stderr
    )


def hostile(name: str, mode: int = 0, *, method: int = ZIP_DEFLATED, content: bytes = RIGHT.encode()) -> bytes:
    written = io.BytesIO()
    with ZipFile(written, "w", method) as file:
        info = ZipInfo(name)
        info.compress_type = method
        info.external_attr = mode << 16
        file.writestr(info, content)
        file.writestr("ada.csv", RIGHT, ZIP_DEFLATED)
    return written.getvalue()


def encrypted() -> bytes:
    """An archive whose first member says that it is encrypted, in both of its heads."""
    content = bytearray(hostile("x.csv"))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + place] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (hostile("../x.csv"), "in.zip/../x.csv:1:1: left out: its name leads out of the archive"),
        (hostile("/etc/x.csv"), "its name leads out of the archive"),
        (hostile("a\\..\\..\\x.csv"), "its name leads out of the archive"),
        (hostile("C:/x.csv"), "its name leads out of the archive"),
        (hostile("x.csv", stat.S_IFLNK | 0o777, content=b"/etc/passwd"), "it is a link or a device, not a file"),
        (encrypted(), "it is encrypted; unpack the archive with its password"),
        (hostile("x.zip"), "it is an archive in the archive; unpack it"),
        (hostile("x.csv", method=ZIP_LZMA), "it is packed in a way that is not read; pack the archive again"),
        (hostile("ADA.csv"), "a file of the same name is there already"),
        (hostile("x.csv", content=b"a" * 2_000_001), "it is larger than 2 MB; a sheet is a few kB"),
        (hostile("x.csv"), ""),
    ],
    ids=["up", "root", "backslashes", "drive", "link", "encrypted", "nested", "method", "twice", "bomb", "fine"],
)
def test_members_that_may_do_harm_are_left_out_and_said(run: Run, folder: Path, content: bytes, message: str) -> None:
    (folder / "in.zip").write_bytes(content)
    ran = run("grade", "in.zip", "--spec", "mine.yaml", "--format", "csv")
    assert message in ran.stderr
    assert (ran.exit_code, ran.stdout.count(",2,2,100.0,")) == ((1, 1) if message else (0, 2))
    assert {path.name for path in folder.iterdir()} == {"in.zip", "mine.yaml", "book.csv", "net.yaml", "wrong.yaml"}


@pytest.mark.parametrize(
    ("limit", "message"),
    [("MAX_MEMBERS", "in.zip:1:1: 2 files; at most 1 are read"), ("MAX_UNPACKED", "the archive holds more than 0 MB")],
)
def test_archives_are_bounded(
    run: Run, folder: Path, limit: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"cnncalc.homework.submissions.{limit}", 1)
    (folder / "in.zip").write_bytes(hostile("x.csv"))
    ran = run("grade", "in.zip", "--spec", "mine.yaml")
    assert (ran.exit_code, message in ran.stderr) == (1, True)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"no archive", hostile("x.csv")[:-30]])
def test_what_is_no_archive_is_said(run: Run, folder: Path, content: bytes) -> None:
    (folder / "in.zip").write_bytes(content)
    ran = run("grade", "in.zip", "--spec", "mine.yaml")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("in.zip:1:1: is not an archive that can be read: ")


def test_a_sheet_of_an_archive_that_cannot_be_read_has_its_name_there(run: Run) -> None:
    archive({"turingalan_1002_502_sheet.csv": "no;table\n", "lovelaceada_1001_501_sheet.csv": RIGHT})
    ran = run("grade", "in.zip", "--spec", "mine.yaml")
    assert ran.exit_code == 1
    assert ran.stderr.startswith("in.zip/turingalan_1002_502_sheet.csv:1:1: no table of answers")
