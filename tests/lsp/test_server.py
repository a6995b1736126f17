"""The server as editors start it: what it answers is what the commands print, whatever is typed."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bundled import text_of
from editing.texts import NET
from lsp.client import NO_HINTS, VS_CODE, Client
from running import Run

from cnncalc.lsp.server import guarded
from cnncalc.lsp.session import Session

SMILE = "\U0001f642"

CODE = """\
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.conv(x).mean((2, 3)))

Net()(torch.randn(1, 3, 32, 32))
"""


@pytest.fixture(params=[VS_CODE, NO_HINTS], ids=["VS Code", "without hints"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    started = Client(request.param, tmp_path)
    with started:
        yield started
    assert started.errors == ""


@pytest.fixture
def vs_code(tmp_path: Path) -> Iterator[Client]:
    started = Client(VS_CODE, tmp_path)
    with started:
        yield started
    assert started.errors == ""


def as_edited(text: str, edits: list[dict[str, Any]]) -> str:
    """A text of ASCII after the edits of the server."""
    lines = text.splitlines(keepends=True)

    def offset(place: dict[str, int]) -> int:
        return sum(map(len, lines[: place["line"]])) + place["character"]

    for edit in sorted(edits, key=lambda one: offset(one["range"]["start"]), reverse=True):
        start, stop = (offset(edit["range"][end]) for end in ("start", "end"))
        text = text[:start] + edit["newText"] + text[stop:]
    return text


@pytest.mark.parametrize("name", ["alexnet", "googlenet"])
def test_hints_are_the_rows_of_show_at_the_ends_of_their_lines(name: str, run: Run, vs_code: Client) -> None:
    text = text_of(name)
    vs_code.open("net.yaml", text)
    hints = {hint["position"]["line"]: hint for hint in vs_code.hints("net.yaml")}
    shown = run("show", name, "--format", "csv", "--columns", "line,output,params").output.splitlines()[1:]
    rows = [row.split(",") for row in shown if row[:1].isdigit()]
    assert len(rows) > 10
    for line, output, params in rows:
        hint = hints[int(line) - 1]
        label = " · ".join(filter(None, (output.replace("x", "×"), f"{int(params):,}" if params else "")))
        assert hint["label"] == label
        assert hint["position"]["character"] == len(text.splitlines()[int(line) - 1])


@pytest.mark.parametrize(
    "text",
    [
        text_of("vgg16"),
        NET.replace("kernel: 3", "kernel: 3, params: 7, stride: 2"),
        NET.replace("conv: width", "cnv: widht"),
        "layers: [",
    ],
    ids=["vgg16", "a duplicate key", "slips", "no YAML"],
)
def test_diagnostics_are_the_findings_of_check(text: str, run: Run, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(text, "utf-8")
    (tmp_path / ".cnncalc.toml").write_text('select = ["all"]\nignore = ["huge-fc"]\nmax-params = "1K"\n', "utf-8")
    client.open("net.yaml", text)
    told = client.diagnostics("net.yaml")
    checked = json.loads(run("check", str(file), "--format", "json").output)["findings"]
    severities = {"error": 1, "warning": 2, "note": 3}
    assert checked
    assert [
        (
            one["range"]["start"]["line"] + 1, one["range"]["start"]["character"] + 1,
            one["severity"], one["code"], one["message"],
        )
        for one in told
    ] == [
        (one["line"], one["column"], severities[one["severity"]], one["rule"], one["message"]) for one in checked
    ]  # fmt: skip
    assert {one["source"] for one in told} == {"cnncalc"}


def test_what_a_baseline_holds_is_not_told(
    run: Run, vs_code: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(text_of("vgg16"), "utf-8")
    (tmp_path / ".cnncalc.toml").write_text('baseline = "known.json"\n', "utf-8")
    run("check", "net.yaml", "--write-baseline")
    vs_code.open("net.yaml", text_of("vgg16"))
    assert vs_code.diagnostics("net.yaml") == []


def test_a_wrong_configuration_is_said_once(vs_code: Client, tmp_path: Path) -> None:
    (tmp_path / ".cnncalc.toml").write_text('hints = ["outptu"]\n', "utf-8")
    vs_code.open("net.yaml", NET)
    vs_code.diagnostics("net.yaml")
    vs_code.change("net.yaml", NET + "\n")
    vs_code.diagnostics("net.yaml")
    (said,) = [one["params"]["message"] for one in vs_code.told if one["method"] == "window/showMessage"]
    assert said.endswith("hints: there is no figure 'outptu'; did you mean 'output'?")


def test_hints_are_what_the_configuration_says(vs_code: Client, tmp_path: Path) -> None:
    (tmp_path / ".cnncalc.toml").write_text('hints = ["macs", "receptive_field"]\n', "utf-8")
    vs_code.open("net.yaml", NET)
    assert vs_code.hints("net.yaml", 7, 7)[0]["label"] == "48,600 MACs · 3 field"


def test_rename_leaves_the_figures_as_they_are(run: Run, vs_code: Client, tmp_path: Path) -> None:
    vs_code.open("net.yaml", NET)
    address = vs_code.address("net.yaml")
    assert vs_code.about("prepareRename", "net.yaml", 3, 3) == {
        "start": {"line": 3, "character": 2}, "end": {"line": 3, "character": 6},
    }  # fmt: skip
    edits = vs_code.about("rename", "net.yaml", 3, 3, newName="two")["changes"][address]
    (tmp_path / "old.yaml").write_text(NET, "utf-8")
    (tmp_path / "new.yaml").write_text(as_edited(NET, edits), "utf-8")
    assert "two: 4" in as_edited(NET, edits)
    columns = ["--format", "csv", "--columns", "output,params,macs,receptive_field"]
    old, new = (run("show", str(tmp_path / name), *columns, "--expand").output for name in ("old.yaml", "new.yaml"))
    assert old == new
    with pytest.raises(RuntimeError, match="has the name of a kind"):
        vs_code.about("rename", "net.yaml", 3, 3, newName="conv")


def test_a_fix_carries_its_diagnostic(vs_code: Client) -> None:
    text = NET.replace("- flatten", "- flaten")
    vs_code.open("net.yaml", text)
    there = {"start": {"line": 12, "character": 0}, "end": {"line": 12, "character": 0}}
    (action,) = vs_code.about("codeAction", "net.yaml", range=there, context={"diagnostics": []})
    assert (action["title"], action["kind"]) == ("write 'flatten'", "quickfix")
    assert action["diagnostics"][0]["code"] == "unknown-kind"
    assert as_edited(text, action["edit"]["changes"][vs_code.address("net.yaml")]) == NET


def test_other_answers(client: Client) -> None:
    client.open("net.yaml", NET)
    assert client.about("hover", "net.yaml", 7, 26)["contents"]["value"] == "`width` = 8"
    assert client.about("completion", "net.yaml", 13, 8)[0]["label"] == "in"
    assert client.about("definition", "net.yaml", 10, 20)["range"]["start"] == {"line": 8, "character": 9}
    assert len(client.about("references", "net.yaml", 10, 20, context={"includeDeclaration": True})) == 2
    assert client.about("documentSymbol", "net.yaml")[1]["children"][0]["name"] == "conv"
    assert client.about("codeLens", "net.yaml")[0]["command"]["title"].startswith("1.266K params · 189.4K MACs")
    assert {"startLine": 6, "endLine": 13} in client.about("foldingRange", "net.yaml")
    client.change("net.yaml", NET.replace("conv: 16, kernel: 1", "kernel: 1,  conv2d: 16"))
    (edit,) = client.about("formatting", "net.yaml", options={"tabSize": 2, "insertSpaces": True})
    assert edit["newText"] == "- {name: up, from: body, conv: 16, kernel: 1}\n"


def test_columns_are_utf16_units(vs_code: Client) -> None:
    above = f"name: {SMILE}\ninput: 3x8x8\nlayers:\n- {{conv: 4, kernel: 1}}  # {SMILE}\n"
    vs_code.open("net.yaml", f"{above}- {{k{SMILE}: 1, relu}}\n")
    told = vs_code.diagnostics("net.yaml")
    assert [(one["range"]["start"]["character"], one["range"]["end"]["character"]) for one in told] == [(3, 6)]
    vs_code.change("net.yaml", above)
    (hint,) = vs_code.hints("net.yaml")
    assert hint["position"] == {"line": 3, "character": 28}  # 22 of the line, two blanks, a sign, a blank, a pair


def test_python_has_hints_at_the_lines_of_its_layers(vs_code: Client) -> None:
    vs_code.open("net.py", CODE, "python")
    assert [(one["position"]["line"], one["label"]) for one in vs_code.hints("net.py")] == [
        (6, "8×30×30 · 224"),
        (10, "8"),
        (7, "10 · 90"),
    ]
    assert vs_code.about("completion", "net.py", 6, 10) == []
    vs_code.change("net.py", CODE.replace("Conv2d", "Conv2d("))
    assert vs_code.hints("net.py") == []


def test_other_files_are_left_alone(vs_code: Client) -> None:
    vs_code.open("compose.yaml", "services:\n  web: {image: x}\n")
    assert vs_code.diagnostics("compose.yaml") == []
    assert vs_code.hints("compose.yaml") == []
    assert vs_code.about("completion", "compose.yaml", 1, 5) == []
    assert vs_code.about("hover", "nowhere.yaml", 1, 5) is None


def test_a_spec_that_is_begun_has_completion_and_no_complaints(vs_code: Client) -> None:
    for text, word in (("", "cnncalc"), ("name: net\nin", "cnncalc"), ("input: 3x8x8\ndefaults: {", "conv")):
        vs_code.open("new.yaml", text)
        line, last = text.count("\n"), text.rpartition("\n")[2]
        assert word in [one["label"] for one in vs_code.about("completion", "new.yaml", line, len(last))]
        assert vs_code.diagnostics("new.yaml") == []


def test_lines_may_end_as_windows_ends_them(vs_code: Client) -> None:
    text = NET.replace("conv: 16, kernel: 1", "kernel: 1,  conv2d: 16").replace("\n", "\r\n")
    vs_code.open("net.yaml", text)
    assert vs_code.hints("net.yaml", 7, 7)[0]["position"] == {"line": 7, "character": 49}
    (edit,) = vs_code.about("formatting", "net.yaml", options={"tabSize": 2, "insertSpaces": True})
    assert edit["newText"] == "- {name: up, from: body, conv: 16, kernel: 1}\r\n"
    assert (edit["range"]["start"], edit["range"]["end"]) == (
        {"line": 10, "character": 0},
        {"line": 11, "character": 0},
    )


def test_a_text_that_is_too_large_is_refused(tmp_path: Path) -> None:
    session = Session()
    session.put("a", str(tmp_path / "net.yaml"), "layers:\n" + "#" * 4_000_000)
    assert [one.finding.rule for one in session.findings("a")] == ["unreadable"]


def test_a_closed_file_has_no_diagnostics(vs_code: Client) -> None:
    vs_code.open("net.yaml", "layers: [")
    assert vs_code.diagnostics("net.yaml") != []
    vs_code.tell("textDocument/didClose", {"textDocument": {"uri": vs_code.address("net.yaml")}})
    assert vs_code.diagnostics("net.yaml") == []


def test_what_is_no_request_is_refused_and_the_next_is_answered(tmp_path: Path) -> None:
    with Client(VS_CODE, tmp_path) as client:
        client.open("net.yaml", NET)
        client.tell("textDocument/didChange", {"textDocument": 3})
        with pytest.raises(RuntimeError) as caught:
            client.ask("textDocument/nothing", {})
        assert json.loads(str(caught.value)) == {"code": -32601, "message": "Method Not Found: textDocument/nothing"}
        assert client.hints("net.yaml")
    assert client.errors.splitlines()[0] == "cnncalc lsp: JsonRpcInvalidParams"


def test_a_mistake_of_ours_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    def hover(params: int) -> int:
        return 1 // params

    assert guarded(hover)(0) is None
    assert capsys.readouterr() == (
        "",
        "cnncalc lsp: hover failed with ZeroDivisionError: integer division or modulo by zero; this is a mistake of "
        "cnncalc\n",
    )


@pytest.mark.slow
def test_nothing_that_is_typed_ends_it(vs_code: Client) -> None:
    chance = random.Random(3)
    good = text_of("googlenet")
    text = good
    vs_code.open("net.yaml", text)
    signs = [
        "",
        "x",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\n",
        " ",
        "- ",
        "#",
        "3",
        "\t",
        "é",
        SMILE,
        "\u2028",
        "conv: ",
        "'",
        "\\",
    ]
    for number in range(1000):
        if number % 25 == 0:
            text = good
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(signs) + text[at + chance.randrange(3) :]
        vs_code.change("net.yaml", text)
        line = text.count("\n", 0, at)
        character = chance.randrange(40)
        assert isinstance(vs_code.hints("net.yaml"), list)
        method = chance.choice(["hover", "completion", "documentSymbol", "definition", "foldingRange", "codeLens"])
        vs_code.about(method, "net.yaml", line, character)
        if number % 20 == 0:
            there = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 9}}
            vs_code.about("codeAction", "net.yaml", range=there, context={"diagnostics": []})
            vs_code.about("formatting", "net.yaml", options={"tabSize": 2, "insertSpaces": True})
    vs_code.change("net.yaml", good)
    assert len(vs_code.hints("net.yaml")) == 25
