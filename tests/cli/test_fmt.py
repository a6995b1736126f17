"""`cnncalc fmt`: what is written where, what is printed, and the exit status."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import Result

from cnncalc.cli import rewriting

Run = Callable[..., Result]
Process = Callable[..., CompletedProcess[bytes]]

ODD = "layers:\n- {kernel_size: 3, conv2d: 4}  # the first\ninput: 3x8x8\n"
CANONICAL = "input: 3x8x8\nlayers:\n- {conv: 4, kernel: 3}  # the first\n"


@pytest.fixture
def odd(folder: Path) -> Path:
    """A file that is not in canonical layout."""
    path = folder / "odd.yaml"
    path.write_text(ODD, encoding="utf-8")
    return path


def test_a_file_is_formatted_in_place(run: Run, odd: Path) -> None:
    result = run("fmt", "odd.yaml", "net.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "odd.yaml: formatted\n2 files: 1 formatted, 1 unchanged\n"
    assert odd.read_text("utf-8") == CANONICAL
    assert run("fmt", "odd.yaml").stdout == "1 file: 0 formatted, 1 unchanged\n"


def test_a_file_that_stays_the_same_is_not_written(run: Run, odd: Path) -> None:
    run("fmt", "odd.yaml")
    os.utime(odd, (0, 0))
    inode = odd.stat().st_ino
    run("fmt", "odd.yaml")
    assert (odd.stat().st_mtime, odd.stat().st_ino) == (0, inode)


def test_check_names_the_files_and_fails(run: Run, odd: Path) -> None:
    result = run("fmt", "--check", "net.yaml", "odd.yaml")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == "odd.yaml: would be formatted\n2 files: 1 would be formatted, 1 unchanged\n"
    assert odd.read_text("utf-8") == ODD
    assert run("fmt", "--check", "net.yaml").exit_code == 0


DIFFERENCE = """\
--- odd.yaml
+++ odd.yaml
@@ -1,3 +1,3 @@
+input: 3x8x8
 layers:
-- {kernel_size: 3, conv2d: 4}  # the first
-input: 3x8x8
+- {conv: 4, kernel: 3}  # the first
"""


def test_diff_prints_what_would_change(run: Run, odd: Path) -> None:
    result = run("fmt", "--diff", "odd.yaml", "net.yaml")
    assert (result.exit_code, result.stdout) == (0, DIFFERENCE)
    assert odd.read_text("utf-8") == ODD
    assert run("fmt", "--diff", "--check", "odd.yaml").exit_code == 1


def test_a_diff_of_a_text_without_an_end_is_one_that_patch_takes(run: Run, odd: Path) -> None:
    odd.write_text(ODD[:-1], encoding="utf-8")
    assert "-input: 3x8x8\n\\ No newline at end of file\n" in run("fmt", "--diff", "odd.yaml").stdout


def test_standard_input_goes_to_standard_output(process: Process) -> None:
    done = process("fmt", "-", stdin=ODD.replace("first", "é").replace("\n", "\r\n").encode(), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == CANONICAL.replace("first", "é").replace("\n", "\r\n").encode()
    assert process("fmt", "-", "--check", stdin=ODD.encode()).returncode == 1


def test_a_spec_with_problems_is_left_alone_and_the_others_are_not(
    run: Run, odd: Path, folder: Path, problems_of_wrong: str
) -> None:
    before = (folder / "wrong.yaml").read_bytes()
    result = run("fmt", "wrong.yaml", "odd.yaml")
    assert (result.exit_code, result.stderr) == (1, problems_of_wrong)
    assert result.stdout.splitlines()[-1] == "1 file: 1 formatted, 0 unchanged"
    assert (folder / "wrong.yaml").read_bytes() == before
    assert odd.read_text("utf-8") == CANONICAL


def test_mode_link_and_byte_order_mark_stay(run: Run, odd: Path, folder: Path) -> None:
    odd.write_bytes(b"\xef\xbb\xbf" + ODD.encode())
    odd.chmod(0o640)
    (folder / "link.yaml").symlink_to(odd)
    assert run("fmt", "link.yaml").exit_code == 0
    assert (folder / "link.yaml").is_symlink()
    assert odd.read_bytes() == b"\xef\xbb\xbf" + CANONICAL.encode()
    assert stat.S_IMODE(odd.stat().st_mode) == 0o640


def test_a_file_that_cannot_be_written_is_as_it_was(run: Run, odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rewriting.os, "replace", full)
    result = run("fmt", "odd.yaml")
    assert (result.exit_code, result.stderr) == (1, "odd.yaml: cannot be written: No space left on device\n")
    assert odd.read_text("utf-8") == ODD
    assert sorted(path.name for path in odd.parent.iterdir()) == ["net.yaml", "odd.yaml", "wrong.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["alexnet"], "'alexnet' is a bundled architecture; fmt changes your own files only"),
        (["-", "-"], "standard input can be read only once; give - once"),
        (["nowhere.yaml"], "there is no file 'nowhere.yaml' and no bundled architecture of that name"),
        ([], "Missing argument 'SPEC...'"),
    ],
)
def test_wrong_arguments(run: Run, arguments: list[str], message: str) -> None:
    result = run("fmt", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_bundled_architecture_can_be_looked_at(run: Run) -> None:
    assert run("fmt", "--check", "alexnet").stdout == "1 file: 0 would be formatted, 1 unchanged\n"
