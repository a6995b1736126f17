"""`cnncalc show`."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from render.parsing import parse_table
from running import Run


def stripped(text: str) -> str:
    """The text without the blanks that fill a table's last column."""
    return "\n".join(line.rstrip() for line in text.splitlines())


TABLE = """\
Small net · input 3×8×8
layer    operation        output  params   MACs   FLOPs
───────────────────────────────────────────────────────
stem     conv 4, 3×3, bn   4×6×6     120  3,888   7,776
body     pair 4 ×2         4×6×6      40  1,152   2,304
flatten  flatten             144
fc       fc 2                  2     290    288     576

total                                450  5,328  10,656
 params are learned; bn also stores 8 buffers (together 458)
 1 MAC = one multiply–accumulate of a weight; FLOPs = 2 · MACs; bias, norm, activation, pooling not counted
 batch 1"""

EXPANDED = """\
Small net · input 3×8×8
layer        operation    output  params   MACs
───────────────────────────────────────────────
stem         conv 4, 3×3   4×6×6     112  3,888
stem/bn      bn            4×6×6       8
body.1/conv  conv 4, 1×1   4×6×6      20    576
body.1/relu  relu          4×6×6
body.2/conv  conv 4, 1×1   4×6×6      20    576
body.2/relu  relu          4×6×6
flatten      flatten         144
fc           fc 2              2     290    288

total                                450  5,328"""


def table_of(result: Result) -> list[str]:
    """The lines of a table down to its totals."""
    assert (result.exit_code, result.stderr) == (0, "")
    lines = stripped(result.stdout).splitlines()
    return lines[: next(i for i, line in enumerate(lines) if line.startswith("total")) + 1]


def test_a_line_of_the_spec_is_a_row_and_the_totals_stand_below(run: Run) -> None:
    result = run("show", "net.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert stripped(result.stdout) == TABLE


def test_expand_prints_single_layers(run: Run) -> None:
    result = run("show", "net.yaml", "--expand", "--columns", "layer,operation,output,params,macs")
    assert table_of(result) == EXPANDED.splitlines()


def test_depth_2_unfolds_one_level(run: Run) -> None:
    result = run("show", "net.yaml", "--depth", "2", "--columns", "layer,params")
    rows = [line.split()[0] for line in table_of(result)[3:-2]]
    assert rows == ["stem", "stem/bn", "body.1", "body.2", "flatten", "fc"]


def test_more_depth_than_there_is_prints_single_layers(run: Run) -> None:
    columns = ("--columns", "layer,operation,output,params,macs")
    assert table_of(run("show", "net.yaml", "--depth", "9", *columns)) == EXPANDED.splitlines()


def test_bundled_architecture_is_the_papers_table(run: Run) -> None:
    result = run("show", "alexnet", "--columns", "layer,output,params,macs")
    lines = table_of(result)
    assert lines[0] == "AlexNet (two towers) · bundled architecture · input 3×227×227"
    # Krizhevsky et al. 2012: 96*(11*11*3 + 1) and 96*55*55*363
    assert lines[3].split() == ["conv1", "96×55×55", "34,944", "105,415,200"]
    assert lines[-1].split() == ["total", "60,965,224", "724,406,816"]


def test_a_spec_without_name_is_titled_by_its_file(run: Run, folder: Path) -> None:
    (folder / "plain.yaml").write_text("{input: 3x8x8, layers: [relu]}", encoding="utf-8")
    assert run("show", "plain.yaml").stdout.startswith("plain · input 3×8×8\n")


def test_standard_input_is_a_spec(run: Run, folder: Path) -> None:
    result = run("show", "-", stdin=(folder / "net.yaml").read_text("utf-8"))
    assert stripped(result.stdout) == TABLE


def test_standard_input_beside_a_file(run: Run, folder: Path) -> None:
    text = (folder / "net.yaml").read_text("utf-8").replace("Small", "Other")
    result = run("show", "-", "net.yaml", stdin=text)
    assert [line for line in result.stdout.splitlines() if "input" in line] == [
        "Other net · input 3×8×8",
        "Small net · input 3×8×8",
    ]


def test_several_specs_are_several_tables(run: Run) -> None:
    result = run("show", "net.yaml", "lenet5", "mnist_keras")
    titles = [line for line in result.stdout.splitlines() if "· input" in line]
    assert [title.partition(" ·")[0] for title in titles] == ["Small net", "LeNet-5", "MNIST network (Keras)"]
    assert "\n\nLeNet-5" in result.stdout


def test_several_specs_are_one_csv_with_a_column_for_the_spec(run: Run) -> None:
    result = run("show", "net.yaml", "lenet5", "--format", "csv", "--columns", "layer,params")
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[0] == ["spec", "layer", "params"]
    assert rows[1:5] == [
        ["net.yaml", "stem", "120"],
        ["net.yaml", "body", "40"],
        ["net.yaml", "flatten", ""],
        ["net.yaml", "fc", "290"],
    ]
    assert {row[0] for row in rows[5:]} == {"lenet5"}


def test_a_spec_that_is_given_twice_is_shown_twice(run: Run) -> None:
    result = run("show", "net.yaml", "net.yaml", "--format", "json")
    assert len(result.stdout.splitlines()) == 2


def test_several_specs_are_several_markdown_and_latex_tables(run: Run) -> None:
    assert run("show", "net.yaml", "lenet5", "--format", "markdown").stdout.count("| --- |") == 2
    assert run("show", "net.yaml", "lenet5", "--format", "latex").stdout.count(r"\begin{tabular}") == 2


def test_columns_are_those_asked_for_in_their_order(run: Run) -> None:
    result = run("show", "net.yaml", "--columns", "params,output,layer", "--format", "csv")
    assert list(csv.reader(io.StringIO(result.stdout)))[:2] == [["params", "output", "layer"], ["120", "4x6x6", "stem"]]


def test_columns_may_be_spaced_and_in_capitals(run: Run) -> None:
    result = run("show", "net.yaml", "--columns", " Layer, MACS ,layer", "--format", "csv")
    assert result.stdout.splitlines()[:2] == ["layer,macs", "stem,3888"]


def test_all_columns(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("show", "net.yaml", "--columns", "all", "--format", "csv").stdout)))
    expected = {
        "layer": "fc",
        "operation": "fc 2",
        "kind": "fc",
        "line": "10",
        "input": "144",
        "output": "2",
        "elements": "2",
        "weights": "weight 2x144, bias 2",
        "params": "290",
        "buffers": "",
        "macs": "288",
        "flops": "576",
        "ops": "578",  # 2*288 and 2 biases
        "connections": "290",
        "weights_memory": "1160",  # 4*290
        "output_memory": "8",
        "intensity": "0.33",  # 576 / (4*(144 + 2 + 290))
        "receptive_field": "all",
        "jump": "",
        "start": "",
    }
    assert {name: cell for name, cell in rows[3].items() if name in expected} == expected


@pytest.mark.parametrize(("columns", "unknown"), [("layer,parms", "parms"), ("all,layer", "all"), (",", "")])
def test_an_unknown_column_is_named_with_the_known_ones(run: Run, columns: str, unknown: str) -> None:
    result = run("show", "net.yaml", "--columns", columns)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"no column '{unknown}'; choose from all, layer, operation, kind," in result.stderr


@pytest.mark.parametrize(
    ("options", "title", "total"),
    [
        # stem 4*(27 + 1) + 8, body 40, fc 2*(n + 1); n = 4*(H - 2)*(W - 2)
        (["--input", "3x10x12"], "input 3×10×12", 120 + 40 + 2 * (4 * 8 * 10 + 1)),
        (["--input", "H=10"], "input 3×10×8", 120 + 40 + 2 * (4 * 8 * 6 + 1)),
        (["--input", "H=10", "--input", "W=12"], "input 3×10×12", 120 + 40 + 2 * (4 * 8 * 10 + 1)),
        (["--input", "C=1"], "input 1×8×8", (4 * 10 + 8) + 40 + 290),
        (["--input", "[3, 10, 12]"], "input 3×10×12", 120 + 40 + 2 * (4 * 8 * 10 + 1)),
        # stem 6*(27 + 1) + 12, body 4*(6 + 1) + 4*(4 + 1)
        (["--set", "width=6"], "input 3×8×8", 180 + 48 + 290),
        (["--set", "width=2", "--set", "width=6"], "input 3×8×8", 180 + 48 + 290),
    ],
    ids=["a shape", "one size", "two sizes", "channels", "as a list", "a variable", "a variable twice"],
)
def test_another_input_or_variable_changes_the_figures(run: Run, options: list[str], title: str, total: int) -> None:
    lines = table_of(run("show", "net.yaml", "--columns", "layer,params", *options))
    assert lines[0] == f"Small net · {title}"
    assert lines[-1].split() == ["total", f"{total:,}"]


def test_variables_are_set_in_one_option_or_in_several(run: Run) -> None:
    together = run("show", "mobilenet_v2", "--set", "width=1.4,classes=10")
    assert together.exit_code == 0
    assert together.stdout == run("show", "mobilenet_v2", "--set", "width=1.4", "--set", "classes=10").stdout


def test_batch_is_printed_and_multiplies_macs_but_not_params(run: Run) -> None:
    result = run("show", "net.yaml", "--batch", "32")
    assert table_of(result)[-1].split() == ["total", "450", "170,496", "340,992"]  # 32*5328
    assert result.stdout.splitlines()[-1] == " batch 32 (multiplies elements, MACs and FLOPs)"


def test_human_units_round_to_four_digits(run: Run) -> None:
    result = run("show", "alexnet", "--units", "human")
    assert table_of(result)[-1].split() == ["total", "60.97M", "724.4M", "1.449G"]
    exact = run("show", "alexnet", "--units", "human", "--format", "csv").stdout
    assert exact == run("show", "alexnet", "--format", "csv").stdout


@pytest.mark.parametrize("format_", ["markdown", "latex"])
def test_human_units_are_for_every_format_that_people_read(run: Run, format_: str) -> None:
    assert "60.97M" in run("show", "alexnet", "--units", "human", "--format", format_).stdout


def test_the_convention_is_said_for_the_figures_that_are_shown(run: Run) -> None:
    notes = run("show", "net.yaml", "--columns", "layer,macs").stdout
    assert "1 MAC = one multiply–accumulate of a weight; bias, norm, activation, pooling not counted" in notes
    assert "FLOPs" not in notes
    assert "MAC" not in run("show", "net.yaml", "--columns", "layer,params").stdout


def test_buffers_are_not_announced_twice(run: Run) -> None:
    assert "bn also stores" not in run("show", "net.yaml", "--columns", "layer,params,buffers").stdout


def test_json_holds_every_layer_whatever_the_table_folds(run: Run) -> None:
    folded = run("show", "resnet50", "--format", "json").stdout
    assert folded == run("show", "resnet50", "--expand", "--format", "json").stdout
    assert folded == run("show", "resnet50", "--depth", "2", "--columns", "layer", "--format", "json").stdout
    assert len(json.loads(folded)["layers"]) > 150


OPERATIONS = """
input: {C: 8, H: 16, W: 16}
layers:
- {name: a, conv: 8, kernel: 3, padding: [[0, 1], [1, 0]], dilation: 2, bias: false}
- {name: b, depthwise: 1x3, multiplier: 2, padding: same}
- {name: c, maxpool: 3, stride: 2, rounding: ceil}
- {name: d, reshape: 16x9x4}
- {name: e, slice: 0..in/2}
- {name: f, concat: [e, prev]}
- {name: g, add: [f, prev]}
- {name: h, add: [f, g], align: center, activation: relu}
- {name: i, leaky_relu: 0.2}
- {name: j, pad_channels: [0, 16]}
- {name: k, maxpool: 2, rounding: ceil}
- {name: l, unpool: k}
- {name: m, conv: 8, kernel: 3, repeat: 0}
"""


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a", "conv 8, 3×3, padding [[0, 1], [1, 0]], dilation 2, no bias"),
        ("b", "depthwise 1×3, multiplier 2, padding same"),
        ("c", "maxpool 3×3, stride 2, rounding ceil"),
        ("d", "reshape 16×9×4"),
        ("e", "slice 0..8"),
        ("f", "concat"),
        ("g", "add"),
        ("h", "add, align center, relu"),
        ("i", "leaky_relu 0.2"),
        ("j", "pad_channels 0+16"),
        ("l", "unpool 2×2, rounding ceil"),
        ("m", "conv 8, kernel 3 ×0"),
    ],
    ids=[
        *("conv", "depthwise", "maxpool", "reshape", "slice", "concat", "add", "add with align", "leaky_relu"),
        *("a pair", "unpool", "a line left out"),
    ],
)
def test_operation_says_what_differs_from_the_kinds_defaults(run: Run, folder: Path, row: str, words: str) -> None:
    (folder / "operations.yaml").write_text(OPERATIONS, encoding="utf-8")
    table = parse_table(run("show", "operations.yaml").stdout)
    assert dict(zip(table.column("layer"), table.column("operation"), strict=True))[row] == words


@pytest.mark.parametrize(
    ("spec", "depth", "row", "words"),
    [
        ("unet", "2", "dec4/double", "double 512"),
        ("efficientnet_b0", "3", "stage8/residual/separable", "separable 320, 3, 1, 48"),  # r = 192//4
    ],
    ids=["a parameter of the block around", "four of them"],
)
def test_a_folded_row_shows_values_and_not_the_names_inside_a_block(
    run: Run, spec: str, depth: str, row: str, words: str
) -> None:
    table = parse_table(run("show", spec, "--depth", depth).stdout)
    assert dict(zip(table.column("layer"), table.column("operation"), strict=True))[row] == words


def test_a_repeated_layer_is_described_as_a_single_one(run: Run) -> None:
    table = parse_table(run("show", "vgg16").stdout)
    # squeezenet1_0 and alexnet print "conv 96, 11×11, stride 4, relu" for a line that is not repeated
    assert table.column("operation")[0] == "conv 64, 3×3, padding 1, relu ×2"
