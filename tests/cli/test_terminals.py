"""Every command at 80 columns and in encodings without our signs: no line is longer, no word broken, no sign lost."""

import codecs
import io
import re
import shlex
import sys
from pathlib import Path

import pytest
from render.test_golden import compare, regenerating
from running import Run

from cnncalc.cli.main import COMMANDS, cli
from cnncalc.render.signs import replacement

LINES = [
    "show alexnet", "show alexnet --columns all", "show resnet50 --expand", "show mobilenet_v2 --profile thop",
    "show lenet5 alexnet net.yaml --summary", "show wrong.yaml", "show long.yaml", "show nosuchnet",
    "show net.yaml --columns layer,nosuch", "show net.yaml --profile nosuch", "show net.yaml --input 3x1x1",
    "explain alexnet conv1", "explain alexnet conv2 --figures all", "explain long.yaml", "explain net.yaml nosuch",
    "list --family VGG", "list --check VGG", "list --columns name,title,source VGG", "list --family nosuch",
    "list nosuch", "layers", "layers conv", "layers attention", "layers nosuch", "draw net.yaml --depth 9 nosuch",
    "report nosuch", "guide", "guide nosuch", "reconcile alexnet", "reconcile alexnet --find 1.43G",
    "reconcile --rules", 'calc 3x227x227 "conv 96 11x11 /4, pool 3 /2" --explain', 'calc 3x8x8 "conv 8 3, rellu"',
    "solve --input 224 --output 55", "solve --input 224 --output 999", "solve --input 224", "import model.py",
    "import nosuch.onnx", "export alexnet --to onnx", "export net.yaml -o net.txt", "sweep lenet5 --input H=32..64/8",
    "sweep lenet5 --input 1..9", "verify lenet5", "verify lenet5 --values --summary", "run net.yaml --seed 0",
    "run net.yaml --seed 0 --explain stem@0,2,2", "run net.yaml --input nosuch.npy",
    "check claims.yaml long.yaml wrong.yaml", "check net.yaml", "check --list-rules", "check --explain-rule claim",
    "check --explain-rule receptive-field-exceeds-input", "check nosuch", "diff alexnet alexnet_one_tower",
    "diff wrong.yaml net.yaml", "freeze wrong.yaml", "fmt --check wrong.yaml", "lsp --setup vscode",
    "lsp --setup neovim", "schema --nosuch", "completion nosuch", "proofread essay.md",
    "proofread essay.md --spec alexnet", "worksheet alexnet --students nosuch.csv",
    "grade sheet.csv --spec claims.yaml", "grade sheet.csv --spec lenet5", "grade --mistakes",
    "guide --search padding same", "guide --search nosuchword", "edit nosuch", "site --nosuch",
    "show - --watch", "show alexnet --watch", "check alexnet --watch", "nosuch", "shw",
    "--help", *(f"{name} --help" for commands in COMMANDS.values() for name in commands),
]  # fmt: skip
"""What people type, right and wrong; nothing of it prints a format for programs."""

CLAIMS = """\
input: 3x227x227
layers:
- {name: conv1, conv: 96, kernel: 11, stride: 4, out: 96x54x54, params: 34945}
- flatten
- {fc: 1000}
expect: {params: 1}
"""

LONG = """\
input: 3x227x227
layers:
- {name: conv1, conv: 96, kernel: 11, stride: 4, padding: same, dilation: 1, groups: 1, bias: false, kernal: 12}
"""

ESSAY = """\
The first layer has 96 kernels of 11x11 with stride 4 on a 227x227x3 input and gives a 54x54x96 output.
It has 96*11*11*3 = 34,840 weights and 96 biases, which are 34,944 params together.
"""

SHEET = "layer,out,params\nconv1,96x55x55,34944\nflatten,290400,\nfc,1000,290401001\n"

MODEL = "import keras\nmodel = keras.Sequential([keras.layers.Dense(2)])\n"


@pytest.fixture
def written(folder: Path) -> None:
    """The files that the lines name."""
    files = {"claims.yaml": CLAIMS, "long.yaml": LONG, "essay.md": ESSAY, "sheet.csv": SHEET, "model.py": MODEL}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def plain(text: str) -> str:
    """A text without what sets colours."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def test_every_command_is_among_the_lines() -> None:
    assert {line.split()[0] for line in LINES if "--help" not in line} >= {
        name for commands in COMMANDS.values() for name in commands
    }


@pytest.mark.parametrize("line", LINES)
@pytest.mark.usefixtures("written", "listed_once")
def test_no_line_is_longer_than_80_columns_no_word_is_broken_and_ascii_has_all(
    run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(*shlex.split(line)).output
    assert printed(line, "ascii").count("?") == whole.count("?")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = plain(run(*shlex.split(line)).output)
    assert [one for one in shown.splitlines() if len(one) > 80] == []
    said = "not shown at this width: (choose with --columns) (csv and json have all)"
    assert words(EXCERPT.sub("", shown)) <= words(f"{whole} {said}")


EXCERPT = re.compile(r"^ *\d+ \| .*\n *\^+$", re.MULTILINE)
"""A line of a file with carets, which only terminals get."""


LOOKED_AT = [
    "--help", "layers conv", "show alexnet", "show wrong.yaml", "explain alexnet conv1", "check claims.yaml long.yaml",
    "verify claims.yaml", "grade sheet.csv --spec claims.yaml", "proofread essay.md", "diff alexnet alexnet_one_tower",
    "sweep lenet5 --input H=32..64/8", "solve --input 224 --output 55", "reconcile alexnet --find 1.43G",
]  # fmt: skip
"""What was looked at on a dark and on a light terminal: no colour is yellow, white or black, for one hides it."""


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.usefixtures("written")
def test_what_a_terminal_shows_is_the_golden_text_with_its_colours(
    run: Run, width: int, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = "".join(f"$ cnncalc {line}\n{run(*shlex.split(line)).output}\n" for line in LOOKED_AT)
    assert set(re.findall(r"\x1b\[([\d;]*)m", shown)) == {"0", "1", "2", "31", "32", "1;31", "1;35", "1;36"}
    compare(f"terminal_{width}.txt", shown.replace("\x1b", "\N{SYMBOL FOR ESCAPE}"), regenerating(request))


def words(text: str) -> set[str]:
    """The words of a text, but for names that have lost their beginning."""
    return set(re.findall(r"\w+", re.sub(r"…\S+", "", text)))


def test_a_page_of_the_manual_in_ascii_has_signs_of_ascii() -> None:
    assert "(224 - 11 + 4)/4 + 1 is 55.25" in printed("guide teaching", "ascii")


@pytest.mark.usefixtures("written")
def test_carets_are_below_what_they_mean_in_a_line_that_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    *_, source, carets = plain(run("show", "long.yaml").output).splitlines()
    assert len(source) == 80
    assert source.startswith("    3 | …ide: 4, padding: same")
    assert source.endswith("12}")
    assert source[carets.index("^") : carets.rindex("^") + 1] == "kernal"


def printed(line: str, encoding: str) -> str:
    """What a command prints on streams of an encoding that lacks signs, as `main` sets them."""
    codecs.register_error("signs", replacement)
    raw = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("stdout", "stderr"):
            patch.setattr(sys, name, io.TextIOWrapper(raw, encoding, "signs", write_through=True))
        with pytest.raises(SystemExit):
            cli(shlex.split(line), prog_name="cnncalc")
        return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["cp437", "cp1252"])
@pytest.mark.parametrize("line", ["explain alexnet conv1", "show resnet50 --expand", "check claims.yaml long.yaml"])
@pytest.mark.usefixtures("written")
def test_an_encoding_that_has_some_of_our_signs_has_others_for_the_rest(run: Run, line: str, encoding: str) -> None:
    whole, text = run(*shlex.split(line)).output, printed(line, encoding)
    assert text.count("?") == whole.count("?")
    assert ("·" in text, "×" in text, "√" in text) == ("·" in whole, "×" in whole and encoding == "cp1252", False)
