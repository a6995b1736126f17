"""What a save writes, and what happens if somebody else writes, too."""

import os
import threading
from pathlib import Path

import pytest
from served import TEXT, Served, serving

from cnncalc.check.configuration import find_configuration
from cnncalc.serving import merging
from cnncalc.serving.merging import merge

OURS, THEIRS = TEXT.replace("Small net", "Our net"), TEXT.replace("{fc: 2}", "{fc: 3}")
BOTH = OURS.replace("{fc: 2}", "{fc: 3}")


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """The file that is served."""
    return tmp_path / "net.yaml"


def test_a_save_writes_the_text_and_knows_it_again(served: Served, net: Path) -> None:
    opened = served.ask(ask="file")
    assert {name: opened[name] for name in ("text", "name", "writable", "note")} == {
        "text": TEXT, "name": "net.yaml", "writable": True, "note": "",
    }  # fmt: skip
    saved = served.ask(ask="save", text=OURS, hash=opened["hash"])
    assert net.read_text() == OURS
    assert served.ask(ask="save", text=TEXT, hash=saved["hash"]).keys() == {"hash", "note"}
    assert net.read_text() == TEXT
    assert [path.name for path in net.parent.iterdir()] == ["net.yaml"]


def test_changes_that_do_not_meet_are_merged_by_a_save(served: Served, net: Path) -> None:
    hash_ = served.ask(ask="file")["hash"]
    net.write_text(THEIRS)
    merged = served.ask(ask="merge", text=OURS, hash=hash_)
    assert (merged["changed"], merged["merged"], net.read_text()) == (THEIRS, BOTH, THEIRS)
    saved = served.ask(ask="save", text=OURS, hash=hash_)
    assert (saved["merged"], net.read_text()) == (BOTH, BOTH)
    assert saved["hash"] == served.ask(ask="file")["hash"]


def test_changes_that_meet_are_asked_about_and_nothing_is_written(served: Served, net: Path) -> None:
    hash_ = served.ask(ask="file")["hash"]
    theirs = TEXT.replace("Small net", "Their net")
    net.write_text(theirs)
    asked = served.ask(ask="save", text=OURS, hash=hash_)
    assert (asked["changed"], "merged" in asked, net.read_text()) == (theirs, False, theirs)
    assert served.ask(ask="save", text=OURS, hash=asked["hash"]).keys() == {"hash", "note"}  # the page says: mine
    assert net.read_text() == OURS


def test_the_same_change_made_twice_is_no_change_of_others(served: Served, net: Path) -> None:
    hash_ = served.ask(ask="file")["hash"]
    net.write_text(OURS)
    assert served.ask(ask="save", text=OURS, hash=hash_).keys() == {"hash", "note"}


def test_a_text_of_which_nobody_knows_the_origin_does_not_replace_the_file(served: Served, net: Path) -> None:
    assert served.ask(ask="save", text=OURS, hash="of another server")["changed"] == TEXT
    assert net.read_text() == TEXT


def test_a_file_that_is_gone_is_written_anew_if_the_page_says_so(served: Served, net: Path) -> None:
    hash_ = served.ask(ask="file")["hash"]
    net.unlink()
    asked = served.ask(ask="save", text=OURS, hash=hash_)
    assert (asked, net.exists()) == ({"hash": "", "changed": None}, False)
    served.ask(ask="save", text=OURS, hash=asked["hash"])
    assert net.read_text() == OURS


def test_a_new_file_is_made_by_the_first_save_and_by_nothing_else(tmp_path: Path) -> None:
    with serving(tmp_path / "new.yaml", TEXT) as served:
        opened = served.ask(ask="file")
        assert (opened["text"], opened["hash"], opened["writable"]) == (TEXT, "", True)
        served.ask(ask="text", text=OURS, name="new.yaml")
        assert [*tmp_path.iterdir()] == []
        served.ask(ask="save", text=OURS, hash="")
        assert (tmp_path / "new.yaml").read_text() == OURS


def test_a_file_that_somebody_else_made_first_is_not_written_over(tmp_path: Path) -> None:
    with serving(tmp_path / "new.yaml", TEXT) as served:
        (tmp_path / "new.yaml").write_text("theirs\n")
        assert served.ask(ask="save", text=OURS, hash="")["changed"] == "theirs\n"
        assert (tmp_path / "new.yaml").read_text() == "theirs\n"


def test_a_file_for_reading_says_so_and_stays(served: Served, net: Path) -> None:
    net.chmod(0o444)
    opened = served.ask(ask="file")
    assert (opened["writable"], opened["note"]) == (False, "net.yaml cannot be saved: it is read-only")
    assert served.ask(ask="save", text=OURS, hash=opened["hash"]) == {"error": opened["note"]}
    assert (net.read_text(), net.stat().st_mode & 0o777) == (TEXT, 0o444)


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with serving(tmp_path / "in" / "new.yaml", TEXT) as served:
        (tmp_path / "in").rmdir()
        said = {"error": "new.yaml cannot be saved: its folder is gone"}
        assert served.ask(ask="save", text=OURS, hash="") == said
        assert [*tmp_path.iterdir()] == []


def test_what_can_be_no_file_is_refused(served: Served, net: Path) -> None:
    hash_ = served.ask(ask="file")["hash"]
    half = served.ask(ask="save", text="name: \ud800\n", hash=hash_)
    assert half == {"error": "net.yaml cannot be saved: the text has half of a character in it"}
    large = served.ask(ask="save", text="#" * 4_000_001, hash=hash_)
    assert large == {"error": "net.yaml cannot be saved: the text is larger than 4 MB"}
    assert net.read_text() == TEXT


def test_the_mode_the_link_and_the_mark_of_the_file_stay(served: Served, net: Path) -> None:
    real = net.rename(net.with_name("real.yaml"))
    net.symlink_to("real.yaml")
    real.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    opened = served.ask(ask="file")
    assert opened["text"] == TEXT.replace("\n", "\r\n")
    served.ask(ask="save", text=opened["text"].replace("Small", "Own"), hash=opened["hash"])
    assert real.read_bytes() == b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").replace("Small", "Own").encode()
    assert (net.is_symlink(), real.stat().st_mode & 0o777) == (True, 0o640)


def test_what_a_file_loses_by_a_save_is_said(served: Served, net: Path) -> None:
    os.link(net, net.with_name("other.yaml"))
    hash_ = served.ask(ask="file")["hash"]
    note = served.ask(ask="save", text=OURS, hash=hash_)["note"]
    assert note == "the file had 2 names (hard links); the others keep the old text"
    assert net.with_name("other.yaml").read_text() == TEXT


def test_a_page_has_the_settings_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "net.yaml").write_text(TEXT)
    (tmp_path / ".cnncalc.toml").write_text('max-params = "100"\nper-file-ignores = {"old/*" = ["unclaimed"]}\n')
    settings = find_configuration(str(tmp_path / "old")).settings()
    with serving(tmp_path / "old" / "net.yaml", settings=settings) as served:
        found = served.ask(ask="text", text=TEXT, name="net.yaml")["problems"]
    assert [problem["rule"] for problem in found] == ["budget"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\n", "net.yaml: byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"#" * 10_000_000, "net.yaml cannot be read: it is larger than 4 MB"),
    ],
)
def test_what_others_made_no_text_of_is_not_written_over(
    served: Served, net: Path, content: bytes, message: str
) -> None:
    hash_ = served.ask(ask="file")["hash"]
    net.write_bytes(content)
    for request in ({"ask": "file"}, {"ask": "save", "text": OURS, "hash": hash_}, {"ask": "watch", "hash": hash_}):
        assert served.ask(**request) == {"error": message}
    assert net.read_bytes() == content


def test_a_change_is_said_as_soon_as_it_is_there(served: Served, net: Path) -> None:
    hash_ = served.ask(ask="file")["hash"]
    assert served.ask(ask="watch", hash="")["changed"]
    later = threading.Timer(0.1, os.replace, (net.parent / "other", net))
    (net.parent / "other").write_text(THEIRS)
    later.start()
    answer = served.ask(ask="watch", hash=hash_)
    assert answer == {"changed": True, "hash": served.ask(ask="file")["hash"]}


def test_who_waits_is_answered_after_a_while(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.serving.service.PATIENCE", 0.1)
    hash_ = served.ask(ask="file")["hash"]
    assert served.ask(ask="watch", hash=hash_) == {"changed": False, "hash": hash_}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        ("abcde", "Abcde", "abcdE", "AbcdE"),
        ("abcde", "abcde", "abcd", "abcd"),
        ("abcde", "xabcde", "abcdey", "xabcdey"),
        ("abcde", "acde", "abcdXe", "acdXe"),
        ("abcde", "abXcde", "abXcde", "abXcde"),  # the same in both
        ("abcde", "aBcde", "abCde", None),  # beside each other
        ("abcde", "abXcde", "abYcde", None),
        ("abcde", "abde", "abCde", None),
        ("", "a", "b", None),
        ("", "a", "", "a"),
    ],
)
def test_two_changes_of_lines(base: str, ours: str, theirs: str, both: str | None) -> None:
    texts = ["".join(f"{letter}\n" for letter in text) for text in (base, ours, theirs)]
    assert merge(*texts) == (None if both is None else "".join(f"{letter}\n" for letter in both))


def test_changes_of_too_many_lines_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MOST", 5)
    assert merge("a\nb\nc\nd\n", "A\nb\nC\nd\n", "a\nb\nc\nd\ne\n") is None  # 3 lines beside 3
    assert merge("a\nb\nc\nd\n", "A\nB\nc\nd\n", "a\nb\nc\nd\ne\n") == "A\nB\nc\nd\ne\n"
