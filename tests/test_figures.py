"""Every figure: its value, for a network and for a layer, and where it is shown, claimed, limited and asked.

A new figure takes one row here.
"""

import ast
import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import cnncalc
from cnncalc.analysis.claims import compare_claims
from cnncalc.cli.main import cli
from cnncalc.figures import FIGURES

PACKAGE = Path(__file__).parent.parent / "cnncalc"

NET = """\
input: 3x8x8
layers:
- {name: conv, conv: 4, kernel: 3, stride: 2, padding: 1, norm: bn}
- {name: twice, conv: 4, kernel: 1, repeat: 2}
- flatten
- {fc: 10}
"""
# Values: conv 4x4x4 = 64, its bn 64, twice 2*64, flatten 64, fc 10. Params: conv 3*3*3*4 + 4 = 112, bn 2*4 = 8 and as
# many buffers, twice 2*(4*4 + 4) = 40, fc 64*10 + 10 = 650.

EVERYWHERE = "show json totals sweep diff claim limit freeze"

EXPECTED: dict[str, tuple[str, str, str]] = {
    # where it is, of the network, of the row conv with its bn
    "out": ("claim freeze explain ask", "10", "4x4x4"),
    "elements": (f"{EVERYWHERE} ask", "330", "64"),  # 64 + 64 + 128 + 64 + 10
    "params": (f"{EVERYWHERE} list explain ask", "810", "120"),  # 112 + 8 + 40 + 650
    "trainable": ("show json totals sweep diff claim limit freeze", "810", "120"),  # nothing is frozen
    "buffers": (f"{EVERYWHERE} list explain ask", "8", "8"),
    "weights": ("ask", "", ""),
    "macs": (f"{EVERYWHERE} list explain ask", "2880", "1728"),  # 64*27 + 2*64*4 + 64*10
    "flops": (f"{EVERYWHERE} list explain ask", "5760", "3456"),  # 2*2880
    # 5760, biases 64 + 128 + 10, bn 2*64
    "ops": ("show json totals claim limit freeze explain", "6090", "3648"),
    "connections": (f"{EVERYWHERE} explain", "3082", "1792"),  # 2880, and one for each value with a bias: 64 + 128 + 10
    "moved": ("", "", ""),
    "weights_memory": (f"{EVERYWHERE} explain ask", "3272", "512"),  # 4*(810 + 8)
    "output_memory": (f"{EVERYWHERE} explain ask", "1320", "256"),  # 4*330
    "peak_memory": ("totals sweep diff claim limit freeze", "1024", ""),  # 4*(192 + 64), while conv runs
    # weights 3272, gradients 4*810, outputs 1320
    "training_memory": ("totals sweep diff claim limit freeze", "7832", ""),
    # 5760 / (4*(368 + 144 + 2*148 + 128 + 724)), and conv alone moves 192 + 64 + 112, bn 64 + 64 + 8 + 8 values
    "intensity": ("show json totals diff claim freeze explain", "0.8675", "1.6875"),
    "receptive_field": ("show json claim freeze explain ask", "8x8", "3"),  # fc sees the whole input
    "jump": ("show json claim ask", "", "2"),
    "start": ("show json claim", "", "-1"),
}

CLAIMS = [(f"{{{name}: VALUE}}", network) for name, (_, network, _) in EXPECTED.items() if network] + [
    (f"{{layers: {{conv: {{{name}: VALUE}}}}}}", layer) for name, (_, _, layer) in EXPECTED.items() if layer
]


def up(written: str) -> str:
    """The same with its last digit one up."""
    return f"{written[:-1]}{(int(written[-1]) + 1) % 10}"


@pytest.mark.parametrize(("expect", "value"), CLAIMS)
def test_a_figure_is_what_it_is_by_hand(expect: str, value: str) -> None:
    for claimed in (value, up(value)):
        (comparison,) = compare_claims(cnncalc.analyze(text=f"{NET}expect: {expect.replace('VALUE', claimed)}\n"))
        assert (comparison.holds, comparison.reason) == (claimed == value, "")


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., str]:
    """What a command prints about the network, its errors included."""
    (tmp_path / "net.yaml").write_text(NET, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(f"{NET}expect: {{qqqqqq: 1}}\n", encoding="utf-8")

    def invoke(command: str) -> str:
        words = [str(tmp_path / word) if word.endswith(".yaml") else word for word in command.split()]
        return CliRunner().invoke(cli, words, prog_name="cnncalc").output

    return invoke


def heads(text: str) -> set[str]:
    """The names of a CSV's columns, but for show's column of weight tensors."""
    return set(next(csv.reader(io.StringIO(text)))) - {"weights"}


PLACES: list[tuple[str, str, Callable[[str], set[str]]]] = [
    ("show", "show net.yaml --columns all --format csv", heads),
    ("json", "show net.yaml --format json", lambda text: {*json.loads(text)["layers"][0]} - {"weights"}),
    ("totals", "show net.yaml --format json", lambda text: {*json.loads(text)["totals"]}),
    ("sweep", "sweep net.yaml --input 8 --columns all --format csv", heads),
    ("list", "list lenet5 --columns all --format csv", heads),
    ("diff", "diff net.yaml net.yaml --format json", lambda text: {*json.loads(text)["totals"]}),
    ("claim", "check wrong.yaml", lambda text: {*re.findall(r"\w+", re.sub(r"\n.*", "", text, flags=re.S))}),
    ("limit", "check --help", lambda text: {name.replace("-", "_") for name in re.findall(r"--max-([a-z-]+)", text)}),
    ("freeze", "freeze net.yaml --figures all", lambda text: {*re.findall(r"\w+(?=:)", text)}),
    ("explain", "explain net.yaml --figures qqqqqq", lambda text: {*re.findall(r"\w+", text)}),
    ("ask", "worksheet net.yaml --ask all", lambda text: {*re.findall(r"\w+", re.sub(r"(?s).*layer,|\n.*", "", text))}),
    ("claim", "schema", lambda text: {*json.loads(text)["definitions"]["claims"]["properties"]}),
]


@pytest.mark.parametrize(("place", "command", "names"), PLACES, ids=[command for _, command, _ in PLACES])
def test_a_figure_is_in_these_places(
    run: Callable[..., str], place: str, command: str, names: Callable[[str], set[str]]
) -> None:
    assert names(run(command)) & {*EXPECTED} == {
        name for name, (places, *_) in EXPECTED.items() if place in places.split()
    }


def test_these_are_all_the_figures_there_are() -> None:
    assert list(FIGURES) == list(EXPECTED)


UNITS_OF_OTHERS = "cli/reconcile_command.py"
"""The module with the words that other tools write after a number."""


COMPUTED_LATE = "layers/facts.py"
"""The module with the attributes that it computes when they are asked for; some have the names of figures."""

DECLARED = "layers/opaque.py"
"""The module with the figures that a spec declares because nothing computes them."""


def lists_of_figures(source: str) -> list[int]:
    """The lines of collections in which three or more figures are named."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                firsts = [_first(item) for item in items]
            case ast.Dict(keys=keys):
                firsts = [_first(key) for key in keys if key is not None]
            case _:
                continue
        if len({*firsts} & {*FIGURES}) >= 3:
            found.append(node.lineno)
    return found


def _first(item: ast.expr) -> object:
    """The string that an item is, or that the first thing in it is."""
    match item:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=[first, *_]) | ast.Call(args=[first, *_]):
            return _first(first)
    return None


@pytest.mark.parametrize(
    "source",
    [
        'X = ("macs", "flops", "ops")',
        'X = {"macs": 1, "flops": 2, "ops": 3, "others": 4}',
        'X = [("macs", 1), Column(Header("flops")), "ops"]',
    ],
)
def test_a_list_of_figures_is_found(source: str) -> None:
    assert lists_of_figures(source) == [1]
    assert lists_of_figures(source.replace("ops", "size")) == []


def test_no_other_module_lists_figures() -> None:
    allowed = {"figures.py", UNITS_OF_OTHERS, DECLARED, COMPUTED_LATE}
    modules = {str(path.relative_to(PACKAGE)): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    found = {name: lines for name, text in modules.items() if (lines := lists_of_figures(text))}
    assert {name: lines for name, lines in found.items() if name not in allowed} == {}
