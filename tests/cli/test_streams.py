"""Where the output goes: pipes, files, terminals of any width, locales without ⌊ and ×, closed streams."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from bundled import ONE_OF_EACH
from click.testing import Result
from render.parsing import Table, number, parse_table
from running import Process, Run

from cnncalc.render.folding import folded
from cnncalc.render.grid import Grid, Header
from cnncalc.render.screen import Screen
from cnncalc.render.table import print_table

WIDTHS = (40, 60, 80, 120, 200)
HEADS = {"macs": "MACs", "flops": "FLOPs"}


def shown(result: Result) -> Table:
    assert (result.exit_code, result.stderr) == (0, "")
    return parse_table(result.stdout)


def table_lines(text: str) -> list[str]:
    """The lines of the table itself, without title and notes."""
    lines = text.splitlines()
    return lines[1 : next(index for index, line in enumerate(lines) if line.startswith("total")) + 1]


def left_out(table: Table) -> list[str]:
    """The columns that the table says it does not show."""
    said = [
        re.fullmatch(r" not shown at this width: (.*) \((?:choose with --columns|csv and json have all)\)", note)
        for note in table.notes
    ]
    return [name for match in said if match for name in match[1].split(", ")]


def check_width(run: Run, monkeypatch: pytest.MonkeyPatch, width: int, columns: list[str], *arguments: str) -> None:
    """At this width the table fits, what it shows is the whole of it, and what it leaves out is named."""
    full = shown(run(*arguments, "--columns", ",".join(columns)))
    monkeypatch.setenv("COLUMNS", str(width))
    result = run(*arguments, "--columns", ",".join(columns))
    table = shown(result)
    assert max(map(len, table_lines(result.stdout))) <= width
    assert sorted(table.heads + left_out(table)) == sorted(HEADS.get(name, name) for name in columns)
    assert table.heads[0] == "layer"
    for head in table.heads:
        assert [*table.column(head), table.total(head)] == [*full.column(head), full.total(head)]


DEFAULT = ["layer", "operation", "output", "params", "macs", "flops"]
EVERY = [
    "layer", "operation", "kind", "line", "input", "output",
    "elements", "weights", "params", "buffers", "macs", "flops",
]  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_table_fits_the_width(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, width: int) -> None:
    check_width(run, monkeypatch, width, DEFAULT, "show", name)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["alexnet", "c3d", "mobilenet_v2"])
def test_table_of_all_columns_fits_the_width(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, width: int) -> None:
    check_width(run, monkeypatch, width, EVERY, "show", name)


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("name", ["resnet50", "efficientnet_b0", "densenet121", "googlenet", "alexnet_two_branches"])
def test_table_of_single_layers_fits_the_width(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, width: int
) -> None:
    check_width(run, monkeypatch, width, DEFAULT, "show", name, "--expand")


@pytest.mark.parametrize("width", [40, 60])
@pytest.mark.parametrize("name", ["resnet50", "efficientnet_b0"])
def test_numbers_of_long_rows_are_whole_on_a_narrow_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, width: int
) -> None:
    full = shown(run("show", name, "--expand"))
    monkeypatch.setenv("COLUMNS", str(width))
    table = shown(run("show", name, "--expand"))
    for head in set(table.heads) - {"layer", "operation"}:
        assert table.column(head) == full.column(head)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", ["list", "layers"])
@pytest.mark.usefixtures("listed_once")
def test_other_tables_fit_the_width(run: Run, monkeypatch: pytest.MonkeyPatch, command: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = run(command)
    rows = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert len(rows) > 20
    assert max(map(len, rows)) <= width


@pytest.mark.parametrize("columns", ["0", "-5", "", "wide", "1"])
def test_a_senseless_width_does_not_empty_the_table(run: Run, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    output = run("show", "net.yaml").stdout
    assert output.startswith("Small net · input")
    assert " batch 1" in output.splitlines()


def test_a_pipe_gets_every_column_at_its_full_width(process: Process) -> None:
    table = parse_table(process("show", "alexnet", PYTHONUTF8="1").stdout.decode())
    assert table.heads == ["layer", "operation", "output", "params", "MACs", "FLOPs"]
    assert table.column("operation")[3] == "conv 256, 5×5, padding 2, groups 2, relu"
    for head in ("params", "MACs", "FLOPs"):
        assert sum(map(number, table.column(head))) == number(table.total(head))


@pytest.mark.parametrize("environment", [{}, {"TERM": "xterm-256color"}, {"TERM": "xterm", "NO_COLOR": "1"}], ids=str)
def test_a_pipe_gets_no_escape_codes(process: Process, environment: dict[str, str]) -> None:
    done = process("show", "wrong.yaml", "net.yaml", **environment)
    assert b"Small net" in done.stdout
    assert b"rellu" in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr


def on_terminal(*arguments: str, columns: int = 80, **environment: str) -> str:
    """What a command writes to a terminal of this width."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-m", "cnncalc", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", "CNNCALC_PAGER": "", **environment},
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    child.wait(timeout=30)
    return written.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "command",
    ["guide", "layers conv", "solve --input 224 --output 55"],
)
def test_sentences_and_notes_fold_on_a_terminal_and_lose_no_word(run: Run, command: str) -> None:
    lines = re.sub(r"\x1b\[[\d;]*m", "", on_terminal(*command.split())).splitlines()
    assert max(map(len, lines)) in (78, 79, 80)
    rule = re.compile("─+")
    assert set(rule.sub("", " ".join(lines)).split()) == set(rule.sub("", run(*command.split()).stdout).split())


def test_what_folds_hangs_below_the_words_of_its_line() -> None:
    said = folded("head\n  stride  distance between two windows; default 1\n    a line without a column of its own", 30)
    assert said.splitlines() == [
        "head",
        "  stride  distance between two",
        "          windows; default 1",
        "    a line without a column of",
        "      its own",
    ]


def test_a_chain_of_equations_folds_before_its_signs_and_prose_does_not() -> None:
    chain = "height  (227 - 11)/4 + 1 = 216/4 + 1 = 54 + 1 = 55"
    assert folded(chain, 46).splitlines() == ["height  (227 - 11)/4 + 1 = 216/4 + 1 = 54 + 1", "        = 55"]
    prose = "1 MAC = one product of a weight; FLOPs = 2 MACs; bias = not counted"
    assert folded(prose, 40).splitlines() == [
        "1 MAC = one product of a weight; FLOPs =",
        "  2 MACs; bias = not counted",
    ]


def test_only_the_names_of_rows_lose_their_beginning() -> None:
    heads = (Header("layer", "layer"), Header("mark", "mark"))
    file = io.StringIO()
    print_table(Grid("", heads, (("block1/conv1", "unreadable"),)), Screen(file, 20))
    assert file.getvalue().splitlines()[-1] == "…1/conv1  unreadable"


@pytest.mark.parametrize(
    ("name", "value", "terminal"),
    [("FORCE_COLOR", "1", True), ("FORCE_COLOR", "", False), ("TTY_COMPATIBLE", "0", False)],
)
def test_a_variable_makes_a_terminal_of_a_file(
    name: str, value: str, terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert Screen(io.StringIO(), 80).is_terminal is terminal


COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:[349]\d|10\d)(?:;\d+)*m")


def test_a_terminal_gets_a_bold_title_and_lines_of_its_width() -> None:
    written = on_terminal("show", "net.yaml", columns=60)
    assert written.startswith("\x1b[1mSmall net · input 3×8×8\x1b[0m\n")
    assert max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in written.splitlines()) <= 60


def test_a_terminal_shows_where_the_problem_is_in_colour() -> None:
    written = on_terminal("show", "wrong.yaml")
    assert COLOUR.search(written)
    plain = re.sub(r"\x1b\[[\d;]*m", "", written).splitlines()
    assert plain[:4] == [
        "wrong.yaml:3:24: conv has no parameter 'kernal'; did you mean 'kernel'?",
        "  (unknown-parameter)",
        "    3 | - {conv: 4, kernel: 3, kernal: 3}",
        " " * (8 + 23) + "^^^^^^",
    ]


@pytest.mark.parametrize(
    ("before", "environment", "paged"),
    [
        ([], {"CNNCALC_PAGER": "sed 's/^/> /'"}, True),
        ([], {"CNNCALC_PAGER": "", "PAGER": "sed 's/^/> /'"}, False),
        (["--no-pager"], {"CNNCALC_PAGER": "sed 's/^/> /'"}, False),
        ([], {"CNNCALC_PAGER": "sed 's/^/> /'", "TERM": "dumb"}, False),
    ],
    ids=["a pager", "an empty one", "--no-pager", "a dumb terminal"],
)
def test_long_output_goes_through_the_pager_that_is_chosen(
    before: list[str], environment: dict[str, Any], paged: bool
) -> None:
    written = on_terminal(*before, "explain", "alexnet", **environment)
    assert written.count("\n> ") == (written.count("\n") - 1 if paged else 0)


def test_a_pager_that_is_left_early_or_not_needed_does_no_harm() -> None:
    assert on_terminal("explain", "densenet121", CNNCALC_PAGER="head -n 1").count("\n") == 1
    assert "> " not in on_terminal("show", "net.yaml", CNNCALC_PAGER="sed 's/^/> /'")


def test_no_color_is_honoured_on_a_terminal() -> None:
    assert not COLOUR.search(on_terminal("show", "wrong.yaml", "net.yaml", NO_COLOR="1"))


LOCALES = {
    "ascii": {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    "latin-1": {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    "cp1252": {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_a_locale_without_the_signs_does_not_stop_the_output(process: Process, locale: dict[str, str]) -> None:
    done = process("explain", "net.yaml", "stem", **locale)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"112" in done.stdout


def test_a_locale_without_the_signs_does_not_stop_the_problems(process: Process, folder: Path) -> None:
    (folder / "sign.yaml").write_text("input: 3x8x8\nlayers: ['李réseau⌊']\n", encoding="utf-8")
    done = process("show", "sign.yaml", **LOCALES["ascii"])
    assert done.returncode == 1
    assert b"sign.yaml:2:10: unknown layer kind '\\u674er\\xe9seaufloor('" in done.stderr
    shown = process("check", "sign.yaml", **LOCALES["ascii"]).stdout
    assert b"\n    2 | layers: ['\\u674er\\xe9seaufloor(']\n                 ^^^^^^^^^^^^^^^^\n" in shown
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("locale", [LOCALES["ascii"], LOCALES["cp1252"]], ids=["ascii", "cp1252"])
def test_json_is_the_same_document_in_every_locale(process: Process, folder: Path, locale: dict[str, str]) -> None:
    (folder / "sign.yaml").write_text("name: Réseau ⌊×⌋\ninput: 3x8x8\nlayers: [relu]\n", encoding="utf-8")
    done = process("show", "sign.yaml", "--format", "json", **locale)
    assert done.returncode == 0
    # click writes UTF-8 where the locale is ASCII; escapes are as good.
    encoding = locale["PYTHONIOENCODING"].replace("ascii", "utf-8")
    assert json.loads(done.stdout.decode(encoding))["name"] == "Réseau ⌊×⌋"


@pytest.mark.parametrize(
    "arguments",
    [["show", "densenet121", "--expand"], ["show", "densenet121", "--format", "json"], ["explain", "densenet121"]],
    ids=["table", "JSON", "explain"],
)
def test_a_reader_that_stops_early_gets_no_traceback(arguments: list[str]) -> None:
    # A pipe of one page: what is written in one go into a large one is out before the reader stops.
    command = [sys.executable, "-m", "cnncalc", *arguments]
    child = subprocess.Popen(command, stdout=PIPE, stderr=PIPE, bufsize=0, pipesize=4096)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.read(1)
    child.stdout.close()
    problems = child.stderr.read()
    child.stderr.close()
    assert child.wait(timeout=30) == -signal.SIGPIPE
    assert problems == b""


def test_an_interrupt_is_said_in_a_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cnncalc.cli.show_command.load_report", interrupted)
    result = run("show", "net.yaml")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-"], ids=["stdout", "stderr", "stdin"])
def test_a_closed_stream_gives_no_traceback(redirection: str) -> None:
    command = f'"$0" -m cnncalc show net.yaml {redirection}'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, check=False, timeout=30)
    assert b"Traceback" not in done.stderr
    if redirection != ">&-":
        assert (done.returncode, done.stdout[:9]) == (0, b"Small net")


@pytest.mark.parametrize("format_", ["table", "json", "csv"])
def test_a_full_disk_is_told_in_one_line(format_: str) -> None:
    command = f'"$0" -m cnncalc show net.yaml --format {format_} > /dev/full'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, check=False, timeout=30)
    assert done.returncode != 0
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
