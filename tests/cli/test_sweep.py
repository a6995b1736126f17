"""`cnncalc sweep` as a user runs it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli.main import cli


def sweep(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": None}).invoke(cli, ["sweep", *arguments])


def test_one_row_for_each_variant() -> None:
    ran = sweep("resnet50", "--input", "160..224/32", "--columns", "output,params")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["ResNet-50"],
        ["input", "output", "params"],
        ["─" * 27],
        ["160×160", "1000", "25,557,032"],
        ["192×192", "1000", "25,557,032"],
        ["224×224", "1000", "25,557,032"],
        ["smallest", "valid", "input:", "H×W", "=", "1×1"],
    ]


def test_csv_has_the_reason_of_each_invalid_variant() -> None:
    ran = sweep("vgg16", "--input", "31,32", "--batch", "1,2", "--format", "csv", "--columns", "output,macs")
    assert ran.exit_code == 0
    assert ran.stdout.splitlines() == [
        "input,batch,output,macs,reason",
        "31x31,1,,,line 21: maxpool: window 2 is larger than the input 1",
        "31x31,2,,,line 21: maxpool: window 2 is larger than the input 1",
        # 224 -> 32 has 49 times fewer values in the convolutions: 15,346,630,656/49, fc 512·4096 + 4096² + 4096·1000
        "32x32,1,1000,336166912,",
        "32x32,2,1000,672333824,",
    ]


def test_the_table_tells_each_reason_once() -> None:
    ran = sweep("vgg16", "--input", "16,31,32")
    assert ran.exit_code == 0
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert lines[3:5] == ["16×16 not valid", "31×31 not valid"]
    assert lines[6:] == [
        "not valid: 16×16, 31×31: line 21: maxpool: window 2 is larger than the input 1",
        "smallest valid input: H×W = 32×32",
    ]


def test_json_has_every_figure() -> None:
    ran = sweep("mobilenet_v2", "--set", "width=0.5", "--input", "224", "--batch", "2", "--format", "json")
    assert json.loads(ran.stdout) == {
        "name": "MobileNetV2",
        "swept": ["input", "width", "batch"],
        "variants": [
            {
                "settings": {"input": "224x224", "width": 0.5, "batch": 2},
                "valid": True,
                "outputs_shapes": {"fc": [1000]},
                "totals": json.loads(
                    CliRunner()
                    .invoke(cli, ["show", "mobilenet_v2", "--set", "width=0.5", "--batch", "2", "--format", "json"])
                    .stdout
                )["totals"],
            }
        ],
    }


def test_smallest_gives_the_figures_of_the_smallest_input() -> None:
    ran = sweep("densenet121", "--smallest", "--format", "csv", "--columns", "output,params")
    assert ran.stdout == "input,output,params,reason\n3x29x29,1000,7978856,\n"


def test_a_spec_that_is_wrong_is_told_as_by_show(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text("input: {C: 3, H: 8, W: 8}\nlayers: [{conv: 8, kernal: 3}]\n", encoding="utf-8")
    shown = CliRunner().invoke(cli, ["show", str(file)])
    for arguments in (("--input", "4,8"), ("--smallest",), ()):
        ran = sweep(str(file), *arguments)
        assert (ran.exit_code, ran.stdout, ran.stderr) == (1, "", shown.stderr)
    assert "did you mean 'kernel'?" in shown.stderr


def test_no_valid_variant_is_exit_status_1() -> None:
    ran = sweep("vgg16", "--input", "1..3")
    assert ran.exit_code == 1
    assert "not valid: 2×2, 3×3: line 15: maxpool: window 2 is larger than the input 1" in ran.stdout


def test_many_reasons_are_cut_to_a_few(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    layers = "layers: [{residual: [{maxpool: 2}, {upsample: 2}]}]"
    file.write_text(f"input: {{C: 3, H: 8, W: 8}}\n{layers}\n", encoding="utf-8")
    last = sweep(str(file), "--input", "2..40").stdout.splitlines()[-2]
    assert last.strip() == "and 11 other reasons; --format csv has each"


def test_nothing_is_printed_beside_the_result_when_piped() -> None:
    ran = sweep("lenet5", "--input", "32..332", "--format", "csv")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert len(ran.stdout.splitlines()) == 302


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("vgg16", "--set", "width=0.5"), "vgg16.yaml has no variable 'width'; it has none"),
        (("vgg16", "--input", "3x5"), "input 3x5: 2 given, but the spec's input 3x224x224 has 3 sizes"),
        (("vgg16", "--input", "0"), "input H=0: a size is at least 1"),
        (("vgg16", "--input", "160..100"), "'160..100' is an empty range"),
        (("vgg16", "--input", "1..10001"), "'1..10001' has 10,001 values; at most 10,000 are allowed"),
        (("vgg16", "--input", "1..101", "--batch", "1..100"), "10,100 variants; at most 10,000 are allowed"),
        (("vgg16", "--smallest", "--input", "5"), "--smallest takes the place of --input; keep one"),
        (("vgg16", "--columns", "layer"), "no column 'layer'; choose from all, output"),
        (("vgg61",), "did you mean 'vgg11' or 'vgg16'?"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_has_exit_status_2(arguments: tuple[str, ...], message: str) -> None:
    ran = sweep(*arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert message in " ".join(ran.stderr.split())
