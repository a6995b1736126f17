"""`cnncalc fmt`: what is written where, what is printed, and the exit status."""

import os
import stat
from pathlib import Path

import pytest
from running import Process, Run

from cnncalc.language.source import Source
from cnncalc.rewriting.format import format_spec

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


def test_an_edit_of_another_program_is_not_lost(run: Run, odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited(spec: Source) -> str:
        text = format_spec(spec)
        odd.write_text("name: edited meanwhile\n" + ODD, "utf-8")
        return text

    monkeypatch.setattr("cnncalc.cli.fmt_command.format_spec", edited)
    result = run("fmt", "odd.yaml")
    assert (result.exit_code, result.stderr) == (
        1, "odd.yaml: left as it is, because another program changed it meanwhile; try again\n"
    )  # fmt: skip
    assert odd.read_text("utf-8") == "name: edited meanwhile\n" + ODD


def test_a_file_that_cannot_be_written_is_as_it_was(run: Run, odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    result = run("fmt", "odd.yaml")
    assert (result.exit_code, result.stderr) == (1, "odd.yaml: cannot be written: No space left on device\n")
    assert odd.read_text("utf-8") == ODD
    assert sorted(path.name for path in odd.parent.iterdir()) == ["net.yaml", "odd.yaml", "wrong.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["alexnet"], "'alexnet' is a bundled architecture; fmt changes your own files only"),
        (["-", "-"], "standard input can be read only once; give - once"),
        (["odd.yaml", "alexnet"], "'alexnet' is a bundled architecture; fmt changes your own files only"),
        (["*.json"], "no file fits the pattern '*.json'"),
        (["nowhere.yaml"], "there is no file 'nowhere.yaml' and no bundled architecture of that name"),
        ([], "Missing argument 'PATH...'"),
    ],
)
def test_wrong_arguments(run: Run, odd: Path, arguments: list[str], message: str) -> None:
    result = run("fmt", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())
    assert odd.read_text("utf-8") == ODD


def test_a_bundled_architecture_can_be_looked_at(run: Run) -> None:
    assert run("fmt", "--check", "alexnet").stdout == "1 file: 0 would be formatted, 1 unchanged\n"


class TestFolders:
    """Folders and patterns, with what else is in them."""

    @pytest.fixture(autouse=True)
    def models(self, folder: Path) -> Path:
        models = folder / "models"
        (models / "deep").mkdir(parents=True)
        for name in ("b.yaml", "a.yml", "deep/c.yaml"):
            (models / name).write_text(ODD, encoding="utf-8")
        (models / "compose.yaml").write_text("services:   {web: x}\n", encoding="utf-8")
        return models

    def test_every_spec_of_a_folder_is_formatted_in_order(self, run: Run, models: Path) -> None:
        result = run("fmt", "models")
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == (
            "models/a.yml: formatted\nmodels/b.yaml: formatted\nmodels/deep/c.yaml: formatted\n"
            "3 files: 3 formatted, 0 unchanged; 1 other YAML file skipped\n"
        )
        assert (models / "deep" / "c.yaml").read_text("utf-8") == CANONICAL
        assert (models / "compose.yaml").read_text("utf-8") == "services:   {web: x}\n"

    def test_a_file_with_problems_does_not_stop_the_others(self, run: Run, models: Path) -> None:
        (models / "b.yaml").write_text("input: 3x8x8\nlayers: [rellu]\n", encoding="utf-8")
        (models / "a.yml").write_bytes(b"layers: [\xff]")
        result = run("fmt", "models")
        assert result.exit_code == 1
        assert [line.partition(" ")[0] for line in result.stderr.splitlines()] == [
            "models/a.yml:1:10:",
            "models/b.yaml:2:10:",
        ]
        assert result.stdout.startswith("models/deep/c.yaml: formatted\n1 file: 1 formatted")

    def test_what_the_configuration_excludes_is_left_out_but_where_it_is_named(self, run: Run, folder: Path) -> None:
        (folder / ".cnncalc.toml").write_text('exclude = ["models/deep", "b.yaml"]\n', encoding="utf-8")
        result = run("fmt", "--check", "models")
        assert result.stdout.splitlines()[:-1] == ["models/a.yml: would be formatted"]
        assert run("fmt", "--check", "models/b.yaml").exit_code == 1
        assert run("fmt", "--check", "models/b.yaml", "--skip-others").exit_code == 0

    def test_no_spec_at_all(self, run: Run, models: Path) -> None:
        assert run("fmt", "models/comp*").exit_code == 2
        message = "there is no spec in models/comp*; YAML files: 1, with layers: at their top level: 0"
        assert message in " ".join(run("fmt", "models/comp*").stderr.split())
        skipped = run("fmt", "models/compose.yaml", "--skip-others")
        assert (skipped.exit_code, skipped.output) == (0, "")

    def test_a_bundled_name_is_refused_where_no_file_is_in_its_way(self, run: Run, folder: Path) -> None:
        (folder / "alexnet.yaml").write_text(ODD, encoding="utf-8")
        assert run("fmt", "alexnet.yaml").stdout.startswith("alexnet.yaml: formatted\n")
