"""Every command in every format: well-formed, as the manual says, and into a file."""

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from render.parsing import check_latex
from running import Run

from cnncalc.cli.main import COMMANDS, cli
from cnncalc.cli.output import Printer, output_options
from cnncalc.render.document import FORMATS, Document
from cnncalc.render.grid import Grid, headers

NAMES = [name for commands in COMMANDS.values() for name in commands]
GUIDE = Path(__file__).parents[2] / "cnncalc" / "guide"
VOID = {"meta", "br"}

CASES = {
    "show": ["net.yaml", "net.yaml lenet5", "net.yaml --columns all --units human --expand"],
    "explain": ["net.yaml", "net.yaml --figures buffers", "net.yaml stem --figures all --batch 8"],
    "list": ["lenet", "lenet --check", "'no such network'"],
    "layers": ["", "conv", "relu", "residual"],
    "reconcile": ["net.yaml --units human", "net.yaml --find 450", "net.yaml --find 7", "--rules"],
    "calc": ["3x8x8 relu", "3x8x8 'conv 8 3 bn' --explain"],
    "solve": ["--input 113 --output 56", "--output 55 --kernel 11 --stride 4", "--deconv --input 28 --output 56"],
    "sweep": ["net.yaml --input 1..4 --units human", "net.yaml --smallest"],
    "verify": ["net.yaml --units human", "net.yaml vector.yaml", "net.yaml vector.yaml --summary"],
    "run": ["net.yaml --seed 0", "map.yaml --seed 0", "vector.yaml --input batch.npy --seed 0"],
    "diff": ["net.yaml new.yaml --units human", "net.yaml net.yaml", "net.yaml vector.yaml"],
}
"""What each command that has all formats is run with."""


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "new.yaml").write_text((folder / "net.yaml").read_text("utf-8").replace("width: 4", "width: 6"), "utf-8")
    (folder / "map.yaml").write_text("{input: 1x2x2, layers: [relu]}", "utf-8")
    (folder / "vector.yaml").write_text("{input: 3, layers: [{fc: 2}, softmax]}", "utf-8")
    np.save(folder / "batch.npy", np.ones((12, 3)))


class Page(HTMLParser):
    """A page whose tags are closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open += [tag] if tag not in VOID else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert not self.open or self.open[-1] not in ("table", "thead", "tbody", "tfoot", "tr") or not data.strip()
        for tag in self.open:
            self.texts[tag] = self.texts.get(tag, "") + data


def check_csv(text: str) -> None:
    head, *rows = csv.reader(io.StringIO(text))
    assert len(set(head)) == len(head) > 1
    assert {len(row) for row in rows} <= {len(head)}


def check_markdown(text: str) -> None:
    page = Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    tables = {"table", "thead", "tbody", "tr", "th", "td"}
    assert set(page.tags) <= {"p", "br", "strong", "ul", "li", "details", "summary", "pre", "code"} | tables
    assert page.tags


def check_html(text: str) -> None:
    assert text.startswith("<!DOCTYPE html>\n")
    page = Page(text)
    assert page.tags.count("html") == page.tags.count("title") == 1
    assert page.texts["title"].strip()
    assert {"script", "link", "img"}.isdisjoint(page.tags)


def check_json(text: str) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError:
        assert len(list(map(json.loads, text.splitlines()))) > 1


CHECKS: dict[str, Callable[[str], None]] = {
    "table": lambda text: None,
    "csv": check_csv,
    "markdown": check_markdown,
    "latex": check_latex,
    "html": check_html,
    "json": check_json,
}


def words(line: str) -> list[str]:
    return [quoted or bare for quoted, bare in re.findall(r"'([^']*)'|(\S+)", line)]


@pytest.mark.parametrize("format_", CHECKS)
@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in CASES.items() for line in lines])
def test_every_command_is_well_formed_in_every_format(run: Run, name: str, line: str, format_: str) -> None:
    result = run(name, *words(line), "--format", format_)
    assert [line for line in result.stderr.splitlines() if not line.startswith("note: ")] == []
    assert result.stdout
    CHECKS[format_](result.stdout)


@pytest.mark.parametrize(
    ("format_", "wrong"),
    [
        ("csv", "a,b\n1\n"),
        ("csv", "a,a\n1,2\n"),
        ("html", "<!DOCTYPE html>\n<html><title>t</title><p></html></p>"),
        ("html", "<!DOCTYPE html>\n<html><title>t</title><table>x</table></html>"),
        ("markdown", "<script></script>"),
        ("json", "{"),
    ],
)
def test_what_is_not_well_formed_would_be_noticed(format_: str, wrong: str) -> None:
    with pytest.raises((AssertionError, json.JSONDecodeError)):
        CHECKS[format_](wrong)


def parameters(name: str) -> dict[str, click.Option]:
    """The options of a command by their names."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return {name: option for option in command.params if isinstance(option, click.Option) for name in option.opts}


def formats(name: str) -> list[str]:
    """What --format of a command can be; empty if it has none."""
    option = parameters(name).get("--format")
    if option is None:
        return []
    assert isinstance(option.type, click.Choice)
    return list(option.type.choices)


def test_the_manual_says_which_command_has_which_format() -> None:
    text = (GUIDE / "formats.md").read_text("utf-8")
    lines = [re.split(r" *\| *", line)[1:-1] for line in text.splitlines() if line.startswith("|")]
    start = next(index for index, cells in enumerate(lines) if cells[0] == "command")
    head, rows = lines[start], lines[start + 2 :]
    assert head == ["command", "formats", "options"]
    for command, said, options in rows:
        assert {*said.replace("all", ", ".join(FORMATS)).split(", ")} == {*formats(command)}, command
        with_options = {name for name in ("--units", "--columns", "-o") if name in parameters(command)}
        assert {*filter(None, options.split(", "))} == with_options, command
    assert {row[0] for row in rows} == {name for name in NAMES if formats(name)}
    without = set(re.findall(r"^- `(\w+)` prints", text, re.M))
    assert without == {name for name in NAMES if not formats(name)}
    assert [re.sub("`", "", cells[0]) for cells in lines[2 : 2 + len(FORMATS)]] == list(FORMATS)
    assert [cells[2].strip("`") for cells in lines[2 : 2 + len(FORMATS)]] == [each.suffix for each in FORMATS.values()]


def test_the_commands_with_all_formats_are_those_that_were_run() -> None:
    assert [name for name in NAMES if {*FORMATS} <= {*formats(name)}] == [name for name in NAMES if name in CASES]


def test_the_name_of_a_written_file_cannot_steer_the_terminal(run: Run, folder: Path) -> None:
    assert run("show", "net.yaml", "-o", "\x1b[31m\n.csv").stdout == "written to \\x1b[31m\\n.csv\n"


@pytest.mark.parametrize("format_", FORMATS)
def test_the_name_of_a_file_says_its_format(run: Run, folder: Path, format_: str) -> None:
    printed = run("show", "net.yaml", "--format", format_).stdout
    name = f"net{FORMATS[format_].suffix}"
    result = run("show", "net.yaml", "-o", name)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"written to {name}\n", "")
    mark = "\ufeff" if format_ == "csv" else ""  # by which spreadsheets know UTF-8
    assert (folder / name).read_text("utf-8") == mark + printed


@pytest.mark.parametrize("command", ["solve --input 113 --output 56", "run vector.yaml --seed 0 --output values.npy"])
def test_commands_with_another_output_have_the_short_option(run: Run, folder: Path, command: str) -> None:
    assert run(*words(command), "-o", "said.json").exit_code == 0
    assert json.loads((folder / "said.json").read_text("utf-8"))


def test_a_format_that_is_given_goes_before_the_name(run: Run, folder: Path) -> None:
    assert run("show", "net.yaml", "-o", "net.txt", "--format", "json").exit_code == 0
    assert json.loads((folder / "net.txt").read_text("utf-8"))["totals"]["params"] == 450


def test_signs_in_a_file_are_not_escaped(run: Run, folder: Path) -> None:
    (folder / "sign.yaml").write_text("{name: Réseau, input: 3x8x8, layers: [relu]}", "utf-8")
    run("show", "sign.yaml", "--output", "sign.json")
    assert '"Réseau"' in (folder / "sign.json").read_text("utf-8")


def test_a_file_is_as_wide_as_it_needs(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    run("show", "alexnet", "--columns", "all", "-o", "wide.txt")
    text = (folder / "wide.txt").read_text("utf-8")
    assert "…" not in text
    assert "\x1b" not in text
    assert "not shown" not in text


def test_a_file_that_exists_is_written_over_only_with_force(run: Run, folder: Path) -> None:
    (folder / "net.csv").write_text("mine", "utf-8")
    refused = run("show", "net.yaml", "-o", "net.csv")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "-o net.csv: the file exists; --force writes over it" in refused.stderr
    assert (folder / "net.csv").read_text("utf-8") == "mine"
    assert run("show", "net.yaml", "-o", "net.csv", "--force").exit_code == 0
    assert (folder / "net.csv").read_text("utf-8").startswith("\ufefflayer,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "no/net.csv"], "-o no/net.csv: there is no folder 'no'"),
        (["-o", "."], "-o .: this is a folder; name a file in it"),
        (["-o", "folder", "--format", "csv"], "-o folder: this is a folder; name a file in it"),
        (["-o", "net"], "-o net: give --format, or name a file .txt, .csv, .md, .tex, .html, .json"),
        (["-o", "net.yaml", "--format", "json"], "-o net.yaml: the file exists"),
    ],
)
def test_a_file_that_cannot_be_written_is_told(run: Run, folder: Path, arguments: list[str], message: str) -> None:
    (folder / "folder").mkdir()
    before = sorted(folder.iterdir())
    result = run("show", "net.yaml", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())
    assert sorted(folder.iterdir()) == before


def test_a_wrong_spec_leaves_no_file_or_is_left_out_of_it(run: Run, folder: Path, problems_of_wrong: str) -> None:
    assert (run("show", "wrong.yaml", "-o", "a.csv").exit_code, (folder / "a.csv").exists()) == (1, False)
    result = run("show", "wrong.yaml", "net.yaml", "-o", "b.html")
    assert (result.exit_code, result.stderr) == (1, problems_of_wrong)
    assert "Small net" in (folder / "b.html").read_text("utf-8")


def test_a_folder_that_may_not_be_written_to_is_told(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", "net.csv")

    monkeypatch.setattr("cnncalc.cli.writing.replace_file", refuse)
    result = run("show", "net.yaml", "-o", "net.csv")
    assert (result.exit_code, result.stderr) == (1, "Error: 'net.csv' cannot be written: Permission denied\n")


def test_the_page_of_a_network_shows_what_its_spec_wrote_as_text(run: Run, folder: Path) -> None:
    (folder / "net.yaml").write_text("{name: '<script>x</script>', input: 3x8x8, layers: [relu]}", "utf-8")
    text = run("show", "net.yaml", "--format", "html").stdout
    check_html(text)
    assert "<title>&lt;script&gt;x&lt;/script&gt; · input 3×8×8</title>" in text


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [([], "numbers\nn\n─\n1\n"), (["--format", "own"], "own words\n"), (["--format", "csv"], "n\n1\n")],
)
def test_a_command_can_have_formats_of_its_own(arguments: list[str], printed: str) -> None:
    @click.command()
    @output_options(("text", "own", "csv"), file=())
    def command(printer: Printer) -> None:
        if printer.format == "own":
            printer.write("own words\n")
        else:
            printer.print(Document(lambda: [Grid("numbers", headers("n"), ((1,),))], dict))

    result = CliRunner().invoke(command, arguments)
    assert (result.exit_code, result.stdout) == (0, printed)


def test_csv_of_a_diff_adds_up_to_the_totals(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("diff", "net.yaml", "new.yaml", "--format", "csv").stdout)))
    # width 6: stem 6*27 + 6 + 6*2, body 6*4 + 4 + 4*4 + 4, fc 290
    assert sum(int(row["old_params"]) for row in rows) == 450
    assert sum(int(row["new_params"]) for row in rows) == 180 + 48 + 290


def test_csv_and_json_of_a_derivation_have_its_formula_and_values(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("explain", "net.yaml", "fc", "--format", "csv").stdout)))
    (params,) = (row for row in rows if row["figure"] == "params")
    assert (params["layer"], params["result"]) == ("fc", "290")  # 144*2 + 2
    document = json.loads(run("explain", "net.yaml", "fc", "--format", "json").stdout)
    (layer,) = document["layers"]
    (step,) = (step for step in layer["steps"] if step["figure"] == "params")
    assert (layer["path"], step["formula"], step["result"]) == ("fc", params["formula"], 290)
    assert params["values"] == ", ".join(f"{symbol} = {value}" for symbol, value in step["values"].items())
    assert set(step["values"]) <= set(document["symbols"])


def test_csv_of_a_run_has_each_input_and_the_largest_values(run: Run) -> None:
    text = run("run", "vector.yaml", "--input", "batch.npy", "--seed", "0", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["input"] for row in rows] == [str(number) for number in range(12) for _ in range(2)]
    assert float(rows[0]["value"]) + float(rows[1]["value"]) == pytest.approx(1)  # a softmax
    assert rows[0]["value"] == rows[0]["largest"]


@pytest.mark.parametrize("format_", ["table", "csv", "markdown", "html", "json"])
def test_what_a_terminal_obeys_in_the_name_of_a_file_is_escaped(folder: Path, run: Run, format_: str) -> None:
    name = "a\x1b[31m\u202e\x07.yaml"
    (folder / name).write_text("input: 3x8x8\nlayers: [relu]\n", encoding="utf-8")
    shown = run("show", name, "--format", format_).stdout
    assert "relu" in shown
    assert set(shown).isdisjoint("\x1b\u202e\x07")
