"""`cnncalc calc` as a user runs it."""

import json

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli.main import cli

ALEXNET = "conv 96 11x11 /4 relu, lrn, pool 3 /2, conv 256 5 p2 g2 relu, lrn, pool 3 /2"


def calc(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": None}).invoke(cli, ["calc", *arguments])


def test_the_table_is_that_of_show() -> None:
    ran = calc("3x227x227", "conv 96 11x11 /4, pool 3 /2")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert [line.split() for line in ran.stdout.splitlines()[:5]] == [
        ["one-liner", "·", "input", "3×227×227"],
        ["layer", "operation", "output", "params", "MACs", "FLOPs"],
        ["─" * 77],
        ["conv", "conv", "96,", "11×11,", "stride", "4", "96×55×55", "34,944", "105,415,200", "210,830,400"],
        ["maxpool", "maxpool", "3×3,", "stride", "2", "96×27×27"],
    ]


def test_the_figures_are_those_of_the_same_spec() -> None:
    document = json.loads(calc("3x227x227", ALEXNET, "--format", "json").stdout)
    bundled = json.loads(CliRunner().invoke(cli, ["show", "alexnet", "--format", "json"]).stdout)
    figures = ("kind", "settings", "input_shapes", "output_shape", "weights", "params", "macs", "flops")
    ours = [[layer[name] for name in figures] for layer in document["layers"]]
    assert ours == [[layer[name] for name in figures] for layer in bundled["layers"][:8]]


def test_layers_may_come_without_quotes() -> None:
    assert calc("3x8x8", "conv", "4", "3,", "relu").stdout == calc("3x8x8", "conv 4 3, relu").stdout


def test_explain_prints_the_derivations() -> None:
    ran = calc("3x227x227", "conv 96 11 /4", "--explain")
    printed = [line.split(maxsplit=1) for line in ran.stdout.splitlines() if line.startswith("  ")]
    assert [
        "height",
        "⌊(H + 2P − K)/S⌋ + 1 = ⌊(227 + 2·0 − 11)/4⌋ + 1 = 216/4 + 1 = 54 + 1 = 55   exact: nothing is left over",
    ] in printed
    assert ["params", "K_h·K_w·C_in·filters + filters = 11·11·3·96 + 96 = 34,944"] in printed


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (("--format", "csv"), "conv,32x32x8,216"),
        (("--format", "markdown"), "| conv | 32×32×8 | 216 |"),
        (("--format", "latex"), r"conv & 32$\times$32$\times$8 & 216 \\"),
        (("--units", "human", "--batch", "4"), "batch 4 (multiplies elements, MACs and FLOPs)"),
        (("--explain", "--format", "latex"), r"\paragraph{conv}"),
    ],
)
def test_every_option_of_show_that_fits(arguments: tuple[str, ...], printed: str) -> None:
    ran = calc(
        "32x32x3", "conv 8 3 phalf bias=false", "--layout", "HWC", "--columns", "layer,output,params", *arguments
    )
    assert ran.exit_code == 0
    assert printed in ran.stdout


def test_a_problem_has_its_column_and_exit_status_1() -> None:
    ran = calc("3x32x32", "conv 8 3, rellu")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == "LAYERS:1:11: unknown layer kind 'rellu'; did you mean 'relu'? (unknown-kind)\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("512x10", "relu"), "input 512x10: looks like HWC; write 10x512, or give --layout HWC, or '{C: 512, L: 10}'"),
        (("{C: 512", "relu"), "input {C: 512: write 3x227x227, or names with sizes, as {C: 512, L: 10}, in quotes"),
        (("32x32x3", "relu"), "input 32x32x3: looks like HWC; write 3x32x32, or give --layout HWC"),
        (("3x8x8", "relu", "--columns", "size"), "no column 'size'"),
        (("3x8x8",), "Missing argument 'LAYERS...'"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_has_exit_status_2(arguments: tuple[str, ...], message: str) -> None:
    ran = calc(*arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert message in ran.stderr


def test_python_may_be_written_in_its_words() -> None:
    ran = calc("3x8x8", "Conv2D 4 3 padding='same' activation=\"relu\"", "--columns", "layer,output,params")
    assert ran.stdout.splitlines()[3].split() == ["conv", "4×8×8", "112"]  # 4*(27 + 1)
    said = (
        "conv2d takes 2 (filters, kernel); the stride is written /3, and what enters, PyTorch's first number, is left"
    )
    assert said in calc("3x8x8", "conv2d 3 4 3").stderr


def test_the_sizes_of_an_input_may_have_names() -> None:
    ran = calc("{C: 512, L: 10}", "conv 4 3", "--columns", "layer,output,params")
    assert ran.stdout.splitlines()[3].split() == ["conv", "4×8", "6,148"]  # 4*(3*512 + 1)
