"""`cnncalc list`: what is listed, in which order and form, and whether claims hold."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bundled import NAMES
from click.testing import Result
from running import Run

from cnncalc.language import source

pytestmark = pytest.mark.usefixtures("listed_once")


def names(result: Result) -> list[str]:
    """The architectures of a `--format csv --columns name`."""
    assert (result.exit_code, result.stderr) == (0, "")
    head, *rows = result.stdout.splitlines()
    assert head == "name"
    return rows


@pytest.fixture
def listed(run: Run) -> Callable[..., list[str]]:
    """`listed("mobile")`: the names that are listed."""
    return lambda *arguments: names(run("list", "--format", "csv", "--columns", "name", *arguments))


SPECS = {
    "first": """\
name: First net
source: Somebody 1999, On nets
family: Nets
input: 3x8x8
layers:
- {name: conv, conv: 4, kernel: 3,   out: 4x6x6, params: 112}
- {maxpool: 2,                       out: 4x3x3}
expect: {params: 112, macs: 3888}
""",
    "second": """\
name: Second net
source: Somebody 2001, On nets again
family: Nets
input: 3x8x8
layers:
- {name: conv, conv: 4, kernel: 3,   out: 4x6x6}
- flatten
- {fc: 10}
expect: {params: 1562, connections: 5482}
""",
    "third": "name: Third net\ninput: 3x8x8\nlayers: [relu]\nexpect: {out: 3x8x8}\n",
}
# first: 4*(27 + 1) = 112, 144*27 = 3888. second: 112 + 144*10 + 10 = 1562, 144*28 + 145*10 = 5482.


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled architectures of its own: three sound ones."""
    folder = tmp_path / "zoo"
    folder.mkdir()
    monkeypatch.setattr(source, "bundled_folder", lambda: str(folder))
    for name, text in SPECS.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def change(zoo: Path, name: str, old: str, new: str) -> None:
    file = zoo / f"{name}.yaml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def test_every_bundled_architecture_is_listed(run: Run) -> None:
    title, heads, _, *rows = run("list").stdout.splitlines()
    assert title == f"{len(NAMES)} bundled architectures"
    assert re.split(r"  +", heads) == [
        "name", "family", "year", "title", "params", "claimed params", "MACs", "claimed MACs", "buffers", "source",
    ]  # fmt: skip
    assert sorted(row.split()[0] for row in rows[: len(NAMES)]) == NAMES


def test_a_row_has_the_totals_beside_what_the_spec_claims(run: Run) -> None:
    shown = run("list", "squeezenet").stdout.splitlines()
    rows = {line.split()[0]: re.split(r"  +", line) for line in shown}
    assert rows["squeezenet1_1"] == [
        "squeezenet1_1", "SqueezeNet", "2016", "SqueezeNet 1.1", "1,235,496", "1235496", "349,151,936", "0.349G", "0",
        "Iandola et al. 2016, SqueezeNet, arXiv:1602.07360, version 1.1 of the authors' repository "
        "(forresti/SqueezeNet)",
    ]  # fmt: skip
    (human,) = (line for line in run("list", "squeezenet1_1", "--units", "human").stdout.splitlines() if "2016" in line)
    assert re.search(r" 1\.235M +1235496 +349\.2M +0\.349G +0 ", human)


def test_json_has_every_total_and_claim(run: Run) -> None:
    entries = {entry["name"]: entry for entry in json.loads(run("list", "--format", "json").stdout)}
    assert sorted(entries) == NAMES
    expected = {
        "name": "darknet19",
        "family": "YOLO",
        "year": 2016,
        "title": "Darknet-19",
        "source": "Redmon, Farhadi 2016, YOLO9000, Better, faster, stronger, Table 6, arXiv:1612.08242",
        "inputs": {"input": [3, 224, 224]},
        "params": 20_842_376,
        "macs": 2_790_989_824,
        "flops": 5_581_979_648,
        "buffers": 14_400,
        "claimed_params": "20842376",
        "claimed_macs": None,
        "claimed_flops": "5.58G",
        "claimed_buffers": None,
    }
    assert {key: value for key, value in entries["darknet19"].items() if key in expected} == expected
    assert entries["mnist_keras"]["year"] is None


def test_csv_and_markdown_have_the_columns_that_are_asked_for(run: Run) -> None:
    asked = ("list", "--family", "LeNet", "--columns", "name,year,input,params")
    assert run(*asked, "--format", "csv").stdout.splitlines() == [
        "name,year,input,params",
        "lenet1,1989,1x28x28,2578",
        "lenet5,1998,1x32x32,60000",
    ]
    assert run(*asked, "--format", "markdown").stdout.splitlines() == [
        f"**2 of {len(NAMES)} bundled architectures**",
        "",
        "| name | year | input | params |",
        "| --- | ---: | ---: | ---: |",
        "| lenet1 | 1989 | 1×28×28 | 2,578 |",
        "| lenet5 | 1998 | 1×32×32 | 60,000 |",
    ]


def test_a_bound_is_claimed_in_words(zoo: Path, run: Run) -> None:
    change(zoo, "second", "params: 1562", "params: {min: 1K, max: 1600}")
    result = run("list", "second", "--format", "csv", "--columns", "claimed_params")
    assert result.stdout == 'claimed_params\n"at least 1K, at most 1600"\n'


def test_what_does_not_fit_is_left_out_by_its_importance(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("list").stdout.splitlines()
    assert max(map(len, lines[: len(NAMES) + 3])) <= 80
    assert lines[1].split() == ["name", "family", "year", "params", "MACs"]
    assert lines[len(NAMES) + 3] == (
        " not shown at this width: claimed params, claimed MACs, title, buffers, source (choose with --columns)"
    )


def test_a_hint_at_an_option_is_one_that_the_command_has(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    options = set(re.findall(r"--[a-z-]+", run("list").stdout))
    assert {"--columns", "--check"} == options
    assert options <= set(re.findall(r"--[a-z-]+", run("list", "--help").stdout))


def test_list_is_of_the_bundled_ones_whatever_is_in_the_folder(run: Run, folder: Path) -> None:
    before = run("list", "lenet", "--format", "json").stdout
    (folder / "lenet5.yaml").write_text("not a spec", encoding="utf-8")
    (folder / "architectures").mkdir()
    assert run("list", "lenet", "--format", "json").stdout == before


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["SqueezeNet"], ["squeezenet1_1", "squeezenet1_0"], id="a word of the name"),
        pytest.param(["wavefo"], ["m5"], id="a part of a word of the title"),
        pytest.param(["gan"], ["dcgan_generator"], id="a family as a word"),
        pytest.param(["cifar", "resnet"], ["resnet20_cifar10", "resnet110_cifar10", "wrn_28_10_cifar10"],
                     id="two words, both of them"),
        pytest.param(["lenet", "--year", "1989..2014"], ["lenet1", "lenet5"],
                     id="a word and years"),
        pytest.param(["--family", "lenet"], ["lenet1", "lenet5"], id="a family in small letters"),
        pytest.param(
            ["--family", "wide-resnet"], ["wrn_28_10_cifar10", "wide_resnet50_2", "wide_resnet101_2"],
            id="a family without its blank",
        ),
        pytest.param(["--family", "GAN,LeNet"], ["dcgan_generator", "lenet1", "lenet5"], id="two families"),
        pytest.param(["--family", "GAN", "--family", "Video"], ["dcgan_generator", "c3d"], id="an option for each"),
        pytest.param(["--year", "1989"], ["lenet1"], id="a year"),
        pytest.param(["--year", "1989,2022", "--max-params", "29M"], ["convnext_tiny", "lenet1"], id="two years"),
        pytest.param(["--year", "1980..1998"], ["lenet1", "lenet5"], id="a range of years"),
        pytest.param(["--year", "1980..2012", "--max-params", "60K"], ["lenet1", "lenet5"], id="a maximum met"),
        pytest.param(["--year", "1980..2012", "--max-params", "59999"], ["lenet1"], id="a maximum missed by one"),
        pytest.param(["--family", "RegNet", "--min-params", "644812894"], ["regnet_y_128gf"], id="a minimum met"),
        pytest.param(["--family", "RegNet", "--min-params", "644812895"], [], id="a minimum missed by one"),
        pytest.param(["--year", "1980..2012", "--max-macs", "0.4M"], ["lenet1", "lenet5"], id="few MACs"),
        pytest.param(["segmentation", "--min-macs", "0.1T", "--max-params", "32M"], ["segnet", "unet"], id="many MACs"),
    ],
)  # fmt: skip
def test_filters_keep_what_fulfils_all_of_them(
    listed: Callable[..., list[str]], arguments: list[str], expected: list[str]
) -> None:
    assert listed(*arguments) == expected


def test_a_word_that_none_has(run: Run) -> None:
    result = run("list", "lenet6")
    assert result.stderr == "note: no bundled architecture fits; did you mean 'lenet1' or 'lenet5'?\n"
    assert result.stdout.startswith("0 of ")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        # MobileNet 2017, V2 2018, V3 2019; V3-Small has the fewest params and MACs of all
        ("family", ["mobilenet_v1", "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large", "squeezenet1_1"]),
        ("year", ["squeezenet1_1", "mobilenet_v1", "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large"]),
        ("params", ["squeezenet1_1", "mobilenet_v3_small", "mobilenet_v2", "mobilenet_v1", "mobilenet_v3_large"]),
        ("macs", ["mobilenet_v3_small", "mobilenet_v3_large", "mobilenet_v2", "squeezenet1_1", "mobilenet_v1"]),
        ("name", ["mobilenet_v1", "mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small", "squeezenet1_1"]),
    ],
)
def test_sort_says_the_order(listed: Callable[..., list[str]], sort: str, expected: list[str]) -> None:
    assert listed("--family", "MobileNet,SqueezeNet", "--max-macs", "600M", "--sort", sort) == expected


def test_those_without_a_year_come_last_in_their_family(listed: Callable[..., list[str]]) -> None:
    assert listed("--family", "AlexNet")[-3:] == ["alexnet_cifar", "alexnet_keras_flowers", "alexnet_assignment"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--family", "resnets"], "there is no family 'resnets'; did you mean 'ResNet'?"),
        (["--family", "transformer"], "there is no family 'transformer'; families are AlexNet, Audio, ConvNeXt, "),
        (["--year", "last"], "'last' is not a year; write 2015, 2014..2016 or 2012,2015"),
        (["--year", "2016..2014"], "'2016..2014' is not a year; write 2015, 2014..2016 or 2012,2015"),
        (["--max-params", "many"], "'many' is not a number; write 2500000 or 2.5M, with K, M, G or T"),
        (["--min-macs", "5m"], "'5m' is not a number; write 2500000 or 2.5M, with K, M, G or T"),
        (["--columns", "layer"], "no column 'layer'; choose from all, name, family, year"),
        (["--sort", "title"], "'title' is not one of 'family', 'year', 'params', 'macs', 'name'"),
    ],
)
def test_a_wrong_filter_has_exit_status_2(run: Run, arguments: list[str], message: str) -> None:
    result = run("list", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


def test_check_proves_every_claim_of_every_spec(run: Run) -> None:
    result = run("list", "--check")
    assert (result.exit_code, result.stderr) == (0, "")
    *lines, summary = result.stdout.splitlines()
    claims = {
        name: int(number) for name, number in (re.findall(r"^(\w+) +ok +(\d+) claims?$", line)[0] for line in lines)
    }
    assert sorted(claims) == NAMES
    assert summary == f"{len(NAMES)} architectures, {sum(claims.values()):,} claims: all hold"
    # out: of 16 lines, params: of conv1, and expect's three
    assert claims["alexnet"] == 8 + 1 + 3


def test_check_tells_each_claim_that_does_not_hold_with_its_place(zoo: Path, run: Run) -> None:
    change(zoo, "first", "params: 112}\n", "params: 113}\n")
    change(zoo, "first", "out: 4x3x3", "out: 4x3x2")
    change(zoo, "third", "out: 3x8x8", "macs: {min: 5M}")
    result = run("list", "--check")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        "third.yaml:4:22: macs: at least 5M claimed, 0 found (claim)",
        "first.yaml:6:58: conv: params: 113 claimed, 112 found (claim)",
        "first.yaml:7:43: maxpool: out: 4x3x2 claimed, 4x3x3 found (claim)",
        "second  ok   3 claims",
        "3 architectures, 9 claims: 3 do not hold",
    ]


def test_check_says_why_a_claim_cannot_hold(zoo: Path, run: Run) -> None:
    change(zoo, "second", "connections: 5482", "jump: 4, peak_memory: {max: 1KB}, layers: {conv: {peak_memory: 1KB}}")
    lines = run("list", "second", "--check").stdout.splitlines()
    assert [line.partition(" ")[2] for line in lines[:-1]] == [
        "jump: 4 claimed, but the whole input is seen, which has no jump (claim)",
        # 192 values of the input and 144 of conv, of 4 bytes
        "peak_memory: at most 1KB claimed, 1,344 B found (claim)",
        "conv: peak_memory: 1KB claimed, but it is a figure of the whole network, not of a layer (claim)",
    ]
    assert lines[-1] == "1 architecture, 5 claims: 3 do not hold"


def test_check_as_json_and_csv_has_every_claim(zoo: Path, run: Run) -> None:
    change(zoo, "second", "connections: 5482", "intensity: 5.5, jump: 4")
    result = run("list", "second", "--check", "--format", "json")
    (entry,) = json.loads(result.stdout)
    assert (result.exit_code, entry["name"], entry["holds"]) == (1, "second", False)
    assert [claim["figure"] for claim in entry["claims"]] == ["out", "params", "intensity", "jump"]
    assert entry["claims"][0] == {
        "line": 6, "column": 43, "layer": "conv", "figure": "out", "bound": "exact",
        "claimed": "4x6x6", "actual": [4, 6, 6], "holds": True,
    }  # fmt: skip
    # 2*(3888 + 1440) FLOPs; conv moves 192 + 144 + 112 values, flatten 2*144, fc 144 + 10 + 1450, of 4 bytes
    assert entry["claims"][2]["actual"] == 10_656 / (4 * 2_340)
    assert (entry["claims"][3]["actual"], entry["claims"][3]["holds"]) == (None, False)
    assert entry["claims"][3]["reason"] == "the whole input is seen, which has no jump"
    table = run("list", "second", "--check", "--format", "csv")
    assert (table.exit_code, table.stdout.splitlines()) == (
        1,
        [
            "name,layer,figure,claimed,actual,holds,line",
            "second,conv,out,4x6x6,4x6x6,yes,6",
            "second,,params,1562,1562,yes,9",
            "second,,intensity,5.5,1.1384615,no,9",
            "second,,jump,4,,no,9",
        ],
    )


def test_check_of_nothing_proves_nothing(run: Run) -> None:
    result = run("list", "no such network", "--check")
    assert (result.exit_code, result.stdout) == (1, "0 architectures, 0 claims: nothing to check\n")


WRONG = {
    "a misspelt parameter": ("kernel: 3, ", "kernal: 3, "),
    "no YAML at all": ("name: Second net", "name: [Second net"),
    "a shape that is impossible": ("- {fc: 10}", "- {maxpool: 2}"),
}


@pytest.mark.parametrize(("old", "new"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("check", [[], ["--check"]], ids=["listed", "checked"])
def test_a_wrong_spec_is_told_and_the_others_go_on(zoo: Path, run: Run, old: str, new: str, check: list[str]) -> None:
    change(zoo, "second", old, new)
    result = run("list", *check)
    assert result.exit_code == 1
    assert re.fullmatch(r"(second\.yaml:\d+:\d+: .+ \([a-z-]+\)\n)+", result.stderr)
    assert re.search(r"^first ", result.stdout, re.M)
    assert re.search(r"^third ", result.stdout, re.M)
    if check:
        assert result.stdout.splitlines()[-1] == "2 architectures, 6 claims: all hold; 1 spec wrong and not checked"


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"caf\xe9", b"", b"x" * 4_000_001], ids=["UTF-16", "Latin-1", "empty", "huge"]
)
def test_a_file_that_is_no_spec_is_told_and_the_others_go_on(zoo: Path, run: Run, content: bytes) -> None:
    (zoo / "broken.yaml").write_bytes(content)
    (zoo / "folder.yaml").mkdir()
    result = run("list", "--format", "json")
    assert result.exit_code == 1
    assert [entry["name"] for entry in json.loads(result.stdout)] == ["third", "first", "second"]
    assert result.stderr.count("broken.yaml:1:") == 1
    assert "folder.yaml:1:1: cannot be read: Is a directory (unreadable)" in result.stderr


def test_a_word_at_the_beginning_of_words_is_meant_before_one_inside(run: Run) -> None:
    lenets = {entry["name"] for entry in json.loads(run("list", "lenet", "--format", "json").stdout)}
    assert "lenet5" in lenets
    assert not [name for name in lenets if name.startswith("mobilenet")]
    assert "mobilenet_v2" in run("list", "bilenet").stdout
