"""Exit status and streams: results on stdout, problems on stderr, never a traceback."""

import json
import os
from pathlib import Path

import pytest
from running import Process, Run


def test_a_right_spec_exits_with_0(run: Run) -> None:
    assert run("show", "net.yaml").exit_code == 0
    assert run("explain", "net.yaml").exit_code == 0


@pytest.mark.parametrize(
    ("command", "format_"),
    [
        *(("show", format_) for format_ in ("table", "json", "csv", "markdown", "latex")),
        *(("explain", format_) for format_ in ("text", "markdown", "latex")),
    ],
)
def test_a_wrong_spec_exits_with_1_and_prints_its_problems_only(
    run: Run, problems_of_wrong: str, command: str, format_: str
) -> None:
    result = run(command, "wrong.yaml", "--format", format_)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", problems_of_wrong)


@pytest.mark.parametrize("format_", ["table", "csv", "markdown", "latex", "json"])
@pytest.mark.parametrize(
    "specs", [["wrong.yaml", "net.yaml"], ["net.yaml", "wrong.yaml"]], ids=["wrong one first", "wrong one last"]
)
def test_one_wrong_spec_among_several_does_not_hide_the_others(
    run: Run, problems_of_wrong: str, specs: list[str], format_: str
) -> None:
    result = run("show", *specs, "--format", format_)
    assert (result.exit_code, result.stderr) == (1, problems_of_wrong)
    alone = run("show", "net.yaml", "--format", format_).stdout
    if format_ == "json":
        assert json.loads(result.stdout) == json.loads(alone)
        assert len(result.stdout.splitlines()) == 1
    else:
        assert result.stdout == alone


def test_every_wrong_spec_is_told(run: Run, folder: Path, problems_of_wrong: str) -> None:
    (folder / "other.yaml").write_text((folder / "wrong.yaml").read_text("utf-8"), encoding="utf-8")
    result = run("show", "wrong.yaml", "other.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == problems_of_wrong + problems_of_wrong.replace("wrong.yaml", "other.yaml")


def test_problems_of_standard_input_have_a_place(run: Run) -> None:
    result = run("show", "-", stdin="input: 3x8x8\nlayers:\n- rellu\n")
    assert result.exit_code == 1
    assert result.stderr == "<stdin>:3:3: unknown layer kind 'rellu'; did you mean 'relu'? (unknown-kind)\n"


def test_an_input_that_a_layer_cannot_take_is_the_specs_problem(run: Run) -> None:
    result = run("show", "net.yaml", "--input", "3x2x2")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "net.yaml:7:16: conv: window 3 is larger than the input 2 (shape)\n"


UNREADABLE = {
    "a folder": ("folder", "is a folder; name a file (unreadable)"),
    "an empty file": ("empty.yaml", "the file is empty; a spec needs input: and layers: (empty)"),
    "a binary file": ("binary.yaml", "byte 0xff is not UTF-8; save the file as UTF-8 (unreadable)"),
    "UTF-16": ("utf16.yaml", "the file is UTF-16; save it as UTF-8 (unreadable)"),
    "a link to nowhere": ("dangling.yaml", "cannot be read: No such file or directory (unreadable)"),
    "a link to itself": ("loop.yaml", "cannot be read: Too many levels of symbolic links (unreadable)"),
    "a huge file": (
        "huge.yaml",
        "the file is larger than 4 MB; a spec is a few kB, use blocks: and repeat: (unreadable)",
    ),
}


@pytest.fixture
def unreadable(folder: Path) -> Path:
    """A folder with one file of each sort that is not a spec."""
    (folder / "folder").mkdir()
    (folder / "empty.yaml").touch()
    (folder / "binary.yaml").write_bytes(b"\x7fELF\x02\x01\x01\x00\xff\xfe")
    (folder / "utf16.yaml").write_bytes("input: 3x8x8".encode("utf-16"))
    (folder / "dangling.yaml").symlink_to("nowhere.yaml")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "huge.yaml").write_bytes(b"#" * 4_000_001)
    return folder


@pytest.mark.parametrize("command", ["show", "explain"])
@pytest.mark.parametrize(("name", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_spec_is_told_in_one_line(run: Run, unreadable: Path, command: str, name: str, message: str) -> None:
    result = run(command, name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{name}:1:")
    assert result.stderr.endswith(f": {message}\n")
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_may_not_be_read_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, who may read everything: so the operating system's answer is put in.
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("pathlib.Path.open", refuse)
    result = run("show", "net.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "net.yaml:1:1: cannot be read: Permission denied (unreadable)\n"


MISUSE = {
    "no spec": (["show"], "Missing argument 'SPEC...'"),
    "no such file": (["show", "missing.yaml"], "there is no file 'missing.yaml' and no bundled architecture"),
    "a mistyped bundled name": (["show", "resnet5O"], "; did you mean 'resnet50'?"),
    "an unknown option": (["show", "net.yaml", "--colums", "layer"], "No such option"),
    "an unknown format": (["show", "net.yaml", "--format", "xml"], "'xml' is not one of 'table', 'csv', 'markdown'"),
    "depth 0": (["show", "net.yaml", "--depth", "0"], "0 is not in the range x>=1"),
    "batch 0": (["show", "net.yaml", "--batch", "0"], "0 is not in the range 1<=x<=1000000000"),
    "a batch that is no number": (["show", "net.yaml", "--batch", "many"], "'many' is not a valid integer"),
    "a variable without value": (["show", "net.yaml", "--set", "width"], "'width' is not NAME=VALUE, as width=0.5"),
    "an unknown variable": (["show", "net.yaml", "--set", "widht=2"], "net.yaml has no variable 'widht'; did you mean"),
    "no shape": (["show", "net.yaml", "--input", "large"], "write a shape as 3x224x224, or one size as H=160"),
    "an unknown command": (["shwo", "net.yaml"], "no command 'shwo'; did you mean 'show'?"),
}


@pytest.mark.parametrize(("arguments", "message"), MISUSE.values(), ids=MISUSE)
def test_misuse_exits_with_2_and_says_what_is_expected(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: cnncalc ")
    assert message in result.stderr


def test_no_command_prints_the_help(run: Run) -> None:
    result = run()
    assert result.exit_code == 2
    assert "\nLook:\n" in result.output


BIG = "9" * 350


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--batch", BIG, "--units", "human"], id="a batch that no float holds"),
        pytest.param(["--batch", "9" * 4299], id="a batch that fills Python's limit for digits"),
        pytest.param(["--batch", "9" * 5000], id="a batch past Python's limit for digits"),
        pytest.param(["--input", f"H={BIG}"], id="a size of 350 digits"),
        pytest.param(["--input", f"H={'9' * 5000}"], id="a size of 5000 digits"),
        pytest.param(["--set", f"width={'9' * 5000}"], id="a variable of 5000 digits"),
        pytest.param(["--input", "3x999999999999999x999999999999999", "--units", "human"], id="a huge input"),
        pytest.param(["--columns", "\x00"], id="a column of a zero byte"),
        pytest.param(["--input", "３x８x８"], id="other scripts' digits"),
    ],
)
@pytest.mark.parametrize("format_", ["table", "json"])
def test_odd_numbers_never_give_a_traceback(run: Run, options: list[str], format_: str) -> None:
    result = run("show", "net.yaml", "--format", format_, *options)
    assert result.exit_code in (0, 1, 2)
    assert bool(result.stdout) is (result.exit_code == 0)
    assert bool(result.stderr) is (result.exit_code != 0)


@pytest.mark.parametrize(
    "name",
    [
        "[red]x[/red]",
        "a\nb.yaml",
        "x" * 300,
        f"{'x' * 300}/net.yaml",
        "net.yaml/",
        "\udcff.yaml",
        "~nobody/net.yaml",
        "-x",
    ],
    ids=["markup", "a line break", "a long name", "a long path", "a file as folder", "no UTF-8", "a home", "a dash"],
)
def test_odd_names_of_files_never_give_a_traceback(run: Run, name: str) -> None:
    result = run("show", "--", name)
    assert result.exit_code in (1, 2)
    assert result.stdout == ""
    assert result.stderr


def test_markup_in_a_spec_is_printed_as_it_is(run: Run, folder: Path) -> None:
    (folder / "markup.yaml").write_text(
        "name: '[red]x[/red] :smile:'\ninput: 3x8x8\nlayers: [relu]\n", encoding="utf-8"
    )
    assert run("show", "markup.yaml").stdout.startswith("[red]x[/red] :smile: · input 3×8×8\n")
    (folder / "unknown.yaml").write_text("input: 3x8x8\nlayers: ['[bold]x[/bold]']\n", encoding="utf-8")
    assert "unknown layer kind '[bold]x[/bold]'" in run("show", "unknown.yaml").stderr


CONTROL = 'name: "a\\e[31mb\\nc\\rd"\ninput: 3x8x8\nlayers: [relu]\n'


@pytest.mark.parametrize("format_", ["table", "csv", "markdown", "latex", "json"])
def test_control_characters_of_a_spec_are_refused(run: Run, folder: Path, format_: str) -> None:
    (folder / "control.yaml").write_text(CONTROL, encoding="utf-8")
    result = run("show", "control.yaml", "--format", format_)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the character U+001B is not allowed in a spec" in result.stderr
    assert not set(result.stderr) & {"\x1b", "\r"}


def test_control_characters_in_a_message_do_not_reach_the_terminal(run: Run, folder: Path) -> None:
    (folder / "control.yaml").write_text('input: 3x8x8\nlayers: ["re\\e[31mllu"]\n', encoding="utf-8")
    result = run("show", "control.yaml")
    assert result.exit_code == 1
    assert "\x1b" not in result.stderr


def test_a_title_is_one_line(run: Run, folder: Path) -> None:
    (folder / "control.yaml").write_text('name: "a\\nb"\ninput: 3x8x8\nlayers: [relu]\n', encoding="utf-8")
    assert run("show", "control.yaml").stdout.splitlines()[1].startswith("layer")


def test_a_row_is_one_line(run: Run, folder: Path) -> None:
    text = 'input: 3x8x8\nblocks: {b(n): [{conv: n, kernel: 1}]}\nlayers:\n- {b: "1 +\\n 1"}\n'
    (folder / "lines.yaml").write_text(text, encoding="utf-8")
    lines = run("show", "lines.yaml", "--format", "markdown").stdout.splitlines()
    assert all(line.endswith("|") for line in lines if line.startswith("|"))
    assert sum(line.startswith("|") for line in lines) == 4


def test_standard_input_can_be_read_once_only(run: Run, folder: Path) -> None:
    result = run("show", "-", "-", stdin=(folder / "net.yaml").read_text("utf-8"))
    assert result.exit_code in (0, 2), "shown twice, or refused as misuse"
    assert "the file is empty" not in result.stderr


def test_python_m_cnncalc_and_the_script_have_the_same_exit_status(process: Process) -> None:
    assert process("show", "net.yaml").returncode == 0
    assert process("show", "wrong.yaml").returncode == 1
    assert process("show", "missing.yaml").returncode == 2


def test_a_process_keeps_results_and_problems_apart(process: Process, problems_of_wrong: str) -> None:
    done = process("show", "wrong.yaml", "net.yaml")
    assert done.returncode == 1
    assert done.stdout.decode().startswith("Small net")
    assert done.stderr.decode().replace(os.linesep, "\n") == problems_of_wrong


def test_the_name_of_a_file_does_not_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    name = "net\x1b[31m.yaml"
    Path(name).write_text("{input: 3x8x8, layers: [rellu]}", encoding="utf-8")
    result = run("show", name)
    assert result.exit_code == 1
    assert result.stderr.startswith("net\\x1b[31m.yaml:1:25: unknown layer kind 'rellu'")


def test_a_table_of_answers_is_said_to_be_for_grade(run: Run, folder: Path) -> None:
    (folder / "table.csv").write_text("layer,output,params\nconv1,32x32x16,1200\n")
    words = "a spec is a mapping with the keys input: and layers:; a table of answers is for 'cnncalc grade'"
    for command in ("show", "explain"):
        assert run(command, "table.csv").stderr == f"table.csv:1:1: {words} (grammar)\n"
