"""The students of a class."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.errors import SheetError
from cnncalc.homework.roster import Entry, read_roster


def roster(text: str, folder: Path) -> tuple[Entry, ...]:
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
    assert roster(text, tmp_path) == (Entry("Ada Lovelace", "al", "al"), Entry("Alan Turing", "at", "at"))


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: there are no students; a row for each is expected, below a head with 'name' or 'id'"),
        ("id,name\n", "1:1: there are no students below the head row"),
        ("id,name\nal,Ada\nal,Alan\n", "3:1: 'al' is there twice; give each student an id of their own"),
        ("id,name,room\nal,Ada,1\n,,2\n", "3:1: student 2 has neither a name nor an id"),
        ("x\n" * 10_001, "1:1: 10,001 rows; at most 10,000 students are expected"),
    ],
)
def test_a_wrong_roster_says_what_is_wrong(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SheetError) as caught:
        roster(text, tmp_path)
    assert f"roster.csv:{message} (sheet)" in str(caught.value)
