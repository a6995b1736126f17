"""`--watch`: what is shown follows the files; what is wrong for a moment takes nothing away."""

import os
import pty
import re
import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from typing import IO

import pytest
from click.testing import Result
from running import Run, interruptible

NET = "input: 3x8x8\nlayers:\n- {conv: %d, kernel: 3}\n"
"""4 filters of 3·3·3 weights and a bias have 112 params; 5 have 140, 6 have 168."""

Edits = Callable[..., Result]


@pytest.fixture
def watch(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Edits:
    """`watch("show net.yaml", edit, ...)`: what is printed when somebody edits, and then interrupts; nobody waits."""

    def watched(line: str, *edits: Callable[[], object], slept: list[float] | None = None) -> Result:
        coming = iter(edits)

        def sleep(seconds: float) -> None:
            if slept is not None:
                slept.append(seconds)
            if seconds >= 0.2:  # nothing has changed: now is the time to edit
                edit = next(coming, None)
                if edit is None:
                    raise KeyboardInterrupt
                edit()

        monkeypatch.setattr("cnncalc.following.sleep", sleep)
        return run(*line.split(), "--watch")

    (folder / "net.yaml").write_text(NET % 4)
    return watched


def written(text: str, file: str = "net.yaml") -> Callable[[], object]:
    """An edit."""
    return lambda: Path(file).write_text(text)


def gone(file: str = "net.yaml") -> Callable[[], object]:
    return lambda: Path(file).unlink()


def totals(printed: str) -> list[int]:
    """The params of each table."""
    return [int(total) for total in re.findall(r"^total +[\d,x×]* +(\d+) ", printed, re.M)]


def test_the_table_follows_the_file(watch: Edits) -> None:
    result = watch("show net.yaml", written(NET % 5), written(NET % 6))
    assert (result.exit_code, result.stderr, totals(result.stdout)) == (130, "", [112, 140, 168])
    assert len(re.findall(r"^\n--- net\.yaml changed at \d\d:\d\d:\d\d ---\n$", result.stdout, re.M)) == 2


def test_a_broken_text_keeps_the_last_table(watch: Edits) -> None:
    result = watch("show net.yaml", written("input: 3x8x8\nlayers: [rellu]\n"), written(NET % 5))
    assert (result.exit_code, totals(result.stdout)) == (130, [112, 112, 140])
    assert result.stderr == (
        "net.yaml:2:10: unknown layer kind 'rellu'; did you mean 'relu'? (unknown-kind)\n"
        "note: net.yaml: the table is that of the last text without problems\n"
    )


def test_a_text_that_is_wrong_from_the_start_is_waited_for(watch: Edits) -> None:
    result = watch("show wrong.yaml net.yaml", written(NET % 5, "wrong.yaml"))
    assert (result.exit_code, totals(result.stdout)) == (130, [112, 140, 112])
    assert "note:" not in result.stderr


def test_a_file_that_an_editor_replaces_is_waited_for(watch: Edits, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def stat(name: str) -> os.stat_result:
        """Away, then empty, and then there."""
        nonlocal looks
        looks += 1
        if looks in (3, 4, 5):
            raise FileNotFoundError
        return real("empty" if looks in (6, 7) else name)

    real = os.stat
    Path("empty").touch()
    monkeypatch.setattr("cnncalc.following.os.stat", stat)
    result = watch("show net.yaml", written(NET % 5))
    assert (result.stderr, totals(result.stdout)) == ("", [112, 140])


def test_a_file_that_stays_away_is_said_once_and_waited_for(watch: Edits) -> None:
    result = watch("show net.yaml", gone(), lambda: None, written(NET % 5))
    assert totals(result.stdout) == [112, 112, 140]
    assert result.stderr.count("Error: there is no file 'net.yaml'") == 1


def test_options_that_no_longer_fit_are_said_below_the_table(watch: Edits) -> None:
    text = "vars: {k: 4}\ninput: 3x8x8\nlayers:\n- {conv: k, kernel: 3}\n"
    Path("net.yaml").write_text(text)
    result = watch("show net.yaml --set k=5", written(NET % 4), written(text))
    assert totals(result.stdout) == [140, 140, 140]
    assert result.stderr.count("Error: ") == 1


def test_a_check_follows_files_folders_claims_and_configuration(watch: Edits) -> None:
    Path("key.yaml").write_text("params: 112\n")
    Path("more").mkdir()
    result = watch(
        "check net.yaml more --expect key.yaml",
        written(NET % 5),
        written(NET % 5, "more/other.yaml"),
        written("params: 140\n", "key.yaml"),
        written('max-params = "100"\n', ".cnncalc.toml"),
        gone("more/other.yaml"),
        written("max-params = [\n", ".cnncalc.toml"),
    )
    ends = re.findall(r"^(\d+) specs?, \d claims?: (.*)$", result.stdout, re.M)
    assert [(int(specs), said.split(",")[0]) for specs, said in ends] == [
        (1, "nothing found"), (1, "1 error"), (2, "2 errors"), (2, "nothing found"), (2, "2 errors"), (1, "1 error"),
    ]  # fmt: skip
    assert result.exit_code == 130
    assert re.fullmatch(r"Error: .cnncalc.toml: not valid TOML: .*\n", result.stderr)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("show -", "--watch follows files, and standard input is not a file; name one"),
        ("check net.yaml -", "--watch follows files, and standard input is not a file; name one"),
        ("show alexnet", "alexnet comes with cnncalc and does not change; --watch follows your own files"),
        ("show net.yaml --format json", "--watch shows tables; leave out --format and -o"),
        ("show net.yaml -o net.txt", "--watch shows tables; leave out --format and -o"),
        ("check net.yaml --format json", "--watch shows findings; leave out --format and --write-baseline"),
        ("show nowhere.yaml", "there is no file 'nowhere.yaml' and no bundled architecture of that name"),
        ("check nowhere.yaml", "there is no file 'nowhere.yaml' and no bundled architecture of that name"),
    ],
)
def test_what_cannot_be_followed_is_refused(watch: Edits, line: str, message: str) -> None:
    result = watch(line)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_look_that_takes_long_is_taken_less_often(watch: Edits, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 100, 3))  # so that a look takes 3
    monkeypatch.setattr("cnncalc.following.monotonic", lambda: next(seconds))
    slept: list[float] = []
    watch("show net.yaml", slept=slept)
    assert slept == [30.0]


def read_until(stream: IO[bytes], end: bytes) -> bytes:
    """What comes, up to a line that has this in it."""
    lines = []
    for line in iter(stream.readline, b""):
        lines.append(line)
        if end in line:
            break
    return b"".join(lines)


def test_a_process_follows_a_folder_and_ends_quietly_when_interrupted(folder: Path) -> None:
    (folder / "wrong.yaml").unlink()
    with interruptible("check", ".", "--watch", stdout=PIPE, stderr=PIPE) as child:
        assert child.stdout is not None
        assert b"rellu" not in read_until(child.stdout, b"1 spec")
        (folder / "new.yaml").write_text("input: 3x8x8\nlayers: [rellu]\n")
        assert b"new.yaml:2:10: error: unknown layer kind" in read_until(child.stdout, b"2 specs")
        child.send_signal(signal.SIGINT)
        assert child.communicate() == (b"", b"")
        assert child.returncode == 130


def test_a_terminal_has_the_new_table_in_place_of_the_old_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNCALC_PAGER", "false")  # a pager would show nothing, and no table waits for one
    monkeypatch.setenv("LINES", "3")
    (folder / "net.yaml").write_text(NET % 4)
    ours, theirs = pty.openpty()
    with (
        interruptible("show", "net.yaml", "--watch", stdin=theirs, stdout=theirs, stderr=theirs) as child,
        open(ours, "rb", buffering=0) as screen,
    ):
        os.close(theirs)
        assert read_until(screen, b"Ctrl-C ends").startswith(b"\x1b[2J\x1b[1;1H")
        (folder / "net.yaml").write_text("input: 3x8x8\nlayers: [rellu]\n")
        written = read_until(screen, b"Ctrl-C ends")
        child.send_signal(signal.SIGINT)
        assert child.wait() == 130
    cleared, table, problem = (written.index(part) for part in (b"\x1b[2J", b" 112 ", b"unknown layer kind"))
    assert cleared < table < problem
