"""Files are read in bounded size, and replaced whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnncalc.files import read_regular, replace_file


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    return path


def test_a_device_and_a_pipe_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/zero", str(tmp_path / "pipe")):
        with pytest.raises(OSError, match="it is not a regular file"):
            read_regular(path, 10)


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_file_can_have_is_not_read(name: str) -> None:
    with pytest.raises(OSError, match="no file has such a name"):
        read_regular(name, 10)


def test_a_file_that_is_too_large_is_not_read(old: Path) -> None:
    assert read_regular(str(old), 3) == b"old"
    with pytest.raises(OSError, match="it is larger than 2e-06 MB"):
        read_regular(str(old), 2)


def test_mode_and_link_stay(old: Path, tmp_path: Path) -> None:
    old.chmod(0o640)
    (tmp_path / "link").symlink_to("file")
    assert replace_file(str(tmp_path / "link"), b"new") == ()
    assert (old.read_bytes(), old.stat().st_mode & 0o777) == (b"new", 0o640)
    assert (tmp_path / "link").is_symlink()


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace_file(str(tmp_path / "new"), b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


def test_the_loss_of_other_names_is_reported(old: Path, tmp_path: Path) -> None:
    os.link(old, tmp_path / "other")
    assert replace_file(str(old), b"new") == ("the file had 2 names (hard links); the others keep the old text",)
    assert (tmp_path / "other").read_bytes() == b"old"


def test_the_loss_of_the_owner_is_reported(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str, user: int, group: int) -> None:
        raise PermissionError

    before = os.stat(old)
    another = os.stat_result((*before[:4], before.st_uid + 1, *before[5:]))
    monkeypatch.setattr(os, "stat", lambda path: another if path == str(old) else before)
    monkeypatch.setattr(os, "chown", refused)
    assert "another owner" in replace_file(str(old), b"new")[0]


def test_nothing_is_written_over_without_force(old: Path, tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    for path in (old, tmp_path / "dangling"):
        with pytest.raises(FileExistsError):
            replace_file(str(path), b"new", force=False)
    assert (old.read_bytes(), (tmp_path / "nowhere").exists()) == (b"old", False)


def _full(*given: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_step_that_fails_leaves_what_was_there(old: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    monkeypatch.setattr(os, step, _full)
    with pytest.raises(OSError, match="No space left on device"):
        replace_file(str(old), b"new")
    assert [path.name for path in old.parent.iterdir()] == ["file"]
    assert old.read_bytes() == b"old"


def _run(old: Path, preparation: str, size: int) -> int:
    code = f"from cnncalc import files\n{preparation}\nfiles.replace_file({str(old)!r}, b'n' * {size})"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, check=False).returncode


@pytest.mark.parametrize(
    ("step", "content"),
    [("tempfile.mkstemp", b"old"), ("os.fsync", b"old"), ("os.chmod", b"old"), ("os.replace", b"old"),
     ("_sync_folder", b"nnn")],
)  # fmt: skip
def test_a_process_that_is_killed_leaves_one_of_both(old: Path, step: str, content: bytes) -> None:
    kill = f"import os, signal\nfiles.{step} = lambda *a, **b: os.kill(os.getpid(), signal.SIGKILL)"
    assert _run(old, kill, 3) == -9
    assert old.read_bytes() == content


def test_a_limit_on_sizes_leaves_what_was_there(old: Path) -> None:
    limit = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    assert _run(old, limit + "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))", 10_000) == 1
    assert old.read_bytes() == b"old"
    assert [path.name for path in old.parent.iterdir()] == ["file"]
