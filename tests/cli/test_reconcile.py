"""`cnncalc reconcile`: the command line."""

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner, Result

from cnncalc.analysis.profiles import PROFILES
from cnncalc.cli.main import cli


def reconcile(*arguments: str, columns: int = 80) -> Result:
    return CliRunner().invoke(cli, ["reconcile", *arguments], env={"COLUMNS": str(columns)})


def test_every_profile_has_its_total_and_what_it_is_made_of() -> None:
    printed = reconcile("alexnet").stdout
    assert [name for name in PROFILES if f"\n{name} " not in printed] == []
    assert "torchinfo  mult-add      725,066,088  macs" in printed
    assert "+ 659,272 bias additions of conv and fc" in printed
    assert "fvcore     flop        ≥ 724,406,816  macs" in printed
    assert "+ ? for lrn, maxpool, softmax" in printed


def test_nothing_is_cut_at_80_columns() -> None:
    assert "…" not in reconcile("alexnet").stdout
    assert "…" not in reconcile("unet").stdout


def test_json_holds_exact_numbers() -> None:
    document = json.loads(reconcile("alexnet", "--format", "json").stdout)
    assert (document["name"], document["macs"], document["params"]) == ("AlexNet (two towers)", 724_406_816, 60_965_224)
    (torchinfo,) = (entry for entry in document["profiles"] if entry["profile"] == "torchinfo")
    assert torchinfo == {
        "profile": "torchinfo",
        "unit": "mult-add",
        "source": PROFILES["torchinfo"].source,
        "total": 725_066_088,
        "complete": True,
        "counted_per_mac": 1,
        "difference": 659_272,
        "parts": [{"kinds": ["conv", "fc"], "rule": "b", "instead_of_macs": False, "amount": 659_272}],
        "unknown": [],
    }


def test_csv_has_a_line_for_each_part_that_adds_up_to_the_total() -> None:
    rows = list(csv.DictReader(io.StringIO(reconcile("resnet18", "--format", "csv").stdout)))
    for name in PROFILES:
        of_profile = [row for row in rows if row["profile"] == name]
        macs, base = int(of_profile[0]["macs"]), int(of_profile[0]["counted_per_mac"])
        total = base * macs + sum(int(row["part"]) for row in of_profile if row["part"])
        assert of_profile[0]["total"].removeprefix(">=") == str(total)


def test_markdown_is_a_table_with_one_row_for_each_profile() -> None:
    lines = reconcile("alexnet", "--format", "markdown").stdout.splitlines()
    assert "| torchinfo | mult-add | 725,066,088 | macs + 659,272 bias additions of conv and fc |" in lines
    assert len([line for line in lines if line.startswith("|")]) == 2 + len(PROFILES)
    ruled = reconcile("--rules", "--format", "markdown").stdout
    assert [line for line in ruled.splitlines() if line.startswith("| |  |")] == []


@pytest.mark.parametrize("number", ["4.11G", "4.11 GFLOPs", "4.11GMacs", "4.11B"])
def test_a_number_may_carry_its_unit(number: str) -> None:
    ran = reconcile("resnet50", "--find", number)
    assert ran.exit_code == 0
    assert "  4,111,512,576  0.04 % more  fvcore (flops)\n" in ran.stdout


def test_a_number_of_bytes_is_the_size_of_the_weights() -> None:
    printed = reconcile("vgg16", "--find", "527.8MiB").stdout  # torchvision's weights file
    assert printed.endswith("  553,430,176  0.0015 % less  bytes of the params as float32\n")  # 4·138,357,544


def test_a_number_that_nothing_gives_is_exit_status_1_with_the_nearest() -> None:
    ran = reconcile("resnet50", "--find", "3.99G")
    assert ran.exit_code == 1
    assert "3.99G is none of the totals that are known here; the nearest are\n" in ran.stdout
    assert "  4,089,184,256  2.49 % more  macs (MACs); netscope (MACCs)\n" in ran.stdout


def test_what_is_far_off_is_said_in_times() -> None:
    assert re.search(r"  [\d,]+ times  ", reconcile("alexnet", "--find", "7").stdout)
    assert " % more" not in reconcile("alexnet", "--find", "7").stdout


def test_mixtures_differ_from_tools() -> None:
    printed = reconcile("vgg16", "--find", "30.71G", columns=100).stdout
    assert "30.71G is not a total of any tool; these mixtures fit, and more digits would distinguish them\n" in printed


def test_near_totals_stand_before_mixtures() -> None:
    ran = reconcile("mobilenet_v2", "--find", "300M")  # arXiv:1801.04381, table 4; torchvision: 0.30 GFLOPS
    assert ran.exit_code == 0
    assert ran.stdout.splitlines()[1] == "300M is not a total of any tool; the nearest, and then mixtures that fit, are"
    assert ran.stdout.splitlines()[2].startswith("  300,774,272  0.26 % more  macs (MACs)")
    document = json.loads(reconcile("mobilenet_v2", "--find", "300M", "--format", "json").stdout)
    assert document["nearest"][0]["value"] == 300_774_272


def test_connections_are_a_total_too() -> None:
    # LeCun et al. 1998, section II.B: 122304 + 5880 + 151600 + 2000 + 48120, and 10164 of F6
    assert reconcile("lenet5", "--find", "340068").stdout.endswith("  340,068  exact  connections, not operations\n")


def test_the_answer_as_json_and_csv() -> None:
    document = json.loads(reconcile("resnet50", "--find", "4.11G", "--format", "json").stdout)
    assert (document["find"], document["found"], document["nearest"]) == ("4.11G", True, [])
    assert document["explanations"][0] == {"value": 4_111_512_576, "what": "fvcore (flops)"}
    lines = reconcile("resnet50", "--find", "4.11G", "--format", "csv").stdout.splitlines()
    assert lines[:2] == ["number,off,what", "4111512576,0.04 % more,fvcore (flops)"]


def test_rules_need_no_spec() -> None:
    printed = reconcile("--rules").stdout
    assert "12 counting profiles" in printed
    assert "(4 + a)·x" in printed
    assert "C: channels of the input" in printed
    rules = {entry["profile"]: entry for entry in json.loads(reconcile("--rules", "--format", "json").stdout)}
    assert rules["thop"]["rules"]["bn"] == "(2 + 2*a)*x"
    assert rules["fvcore"]["rules"]["maxpool"] is None
    assert rules["fvcore"]["unknown"]["maxpool"] == "the tool has no rule: it counts 0 and says so"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument 'SPEC'; only --rules needs none."),
        (("nosuch",), "there is no file 'nosuch' and no bundled architecture of that name"),
        (("alexnet", "--find", "many"), "'many' is not a number; write it as 4.11G, 4.11e9, 715.553M or 714188480"),
        (("alexnet", "--find", "0"), "0 is not a total"),
    ],
)
def test_a_wrong_command_line_is_exit_status_2(arguments: tuple[str, ...], message: str) -> None:
    ran = reconcile(*arguments, columns=200)
    assert ran.exit_code == 2
    assert message in ran.stderr


def test_a_wrong_spec_is_exit_status_1() -> None:
    ran = CliRunner().invoke(cli, ["reconcile", "-"], input="input: 3x8x8\nlayers: [rellu]\n")
    assert ran.exit_code == 1
    assert "did you mean 'relu'?" in ran.stderr


def test_a_spec_without_multiplications_has_totals_too() -> None:
    ran = CliRunner().invoke(
        cli, ["reconcile", "-", "--find", "24"], input="input: {C: 3, L: 8}\nlayers: [relu, scale]\n"
    )
    assert (ran.exit_code, ran.stdout.splitlines()[-1]) == (
        0,
        "  24  exact  calflops (FLOPs); netscope (MACCs); onnx-tool (weighted operations)",
    )


def test_a_batch_multiplies_the_totals() -> None:
    document = json.loads(reconcile("alexnet", "--batch", "8", "--format", "json").stdout)
    assert document["macs"] == 8 * 724_406_816
    assert document["profiles"][1]["total"] == 8 * 724_406_816


def test_the_papers_number_of_resnet50_is_a_relatives() -> None:
    # Table 1 of arXiv:1512.03385 prints 3.8e9, cut off: 3,857,973,248 with the stride on the 1x1.
    ran = reconcile("resnet50", "--find", "3.8e9", columns=200)
    _, heading, first, *_ = ran.stdout.splitlines()
    assert (ran.exit_code, heading.partition(",")[0]) == (1, "3.8e9 is not a likely total of this network")
    assert first.split()[0] == "3,857,973,248"
    assert "resnet50_v1 (ResNet-50 (v1, as in the paper)), cut off, not rounded: macs" in first


def test_fvcore_counts_no_mean() -> None:
    # fvcore prints 325,329,152 for torchvision's mnasnet1_0, which has x.mean([2, 3]): 62,720 = 1280*7*7 less.
    assert "fvcore     flop      ≥ 325,329,152  macs" in reconcile("mnasnet1_0").stdout
    assert "fvcore with x.mean([2, 3])" in reconcile("mnasnet1_0", "--find", "325329152").stdout
