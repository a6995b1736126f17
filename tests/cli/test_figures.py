"""Receptive field, operations and memory on the command line: columns, options, derivations."""

import csv
import io
import json
from pathlib import Path

import pytest
from running import Run

DRIFTING = """\
input: 1x8x8
layers:
- {name: mixed, branches: [[{adaptive_avgpool: 4}], [{conv: 1, kernel: 5}]]}
- {name: end, conv: 1, kernel: 1}
"""

WHY = "receptive field from mixed/concat on: paths of different jump meet here"


def cells(run: Run, *arguments: str) -> dict[str, dict[str, str]]:
    """The rows of `show --format csv` by layer."""
    result = run("show", *arguments, "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    return {row["layer"]: row for row in csv.DictReader(io.StringIO(result.stdout))}


def test_columns_of_the_receptive_field(run: Run) -> None:
    rows = cells(run, "alexnet", "--columns", "layer,receptive_field,jump,start")
    assert list(rows["pool5"].values()) == ["pool5", "195", "32", "-64"]
    assert list(rows["fc6"].values()) == ["fc6", "all", "", ""]


def test_a_field_that_differs_by_axis_has_both_sizes(run: Run, folder: Path) -> None:
    (folder / "wide.yaml").write_text("{input: 1x9x9, layers: [{name: c, conv: 1, kernel: [3, 5]}]}", "utf-8")
    assert cells(run, "wide.yaml", "--columns", "layer,receptive_field")["c"]["receptive_field"] == "3x5"


def test_columns_of_operations(run: Run) -> None:
    rows = cells(run, "lenet5", "--columns", "layer,ops,connections,intensity")
    # C1: 117,600 MACs, 4,704 biases, and tanh of 4 operations
    assert rows["C1"]["ops"] == str(2 * 117_600 + 4_704 + 4 * 4_704)
    assert rows["S2"]["connections"] == "5880"
    # 2*117,600 FLOPs; 1,024 in, 4,704 out, 156 weights, and tanh's 4,704 in and out; 4 bytes each
    assert rows["C1"]["intensity"] == f"{235_200 / (4 * (1_024 + 156 + 3 * 4_704)):.2f}"


@pytest.mark.parametrize(("dtype", "size"), [("fp32", 4), ("fp16", 2), ("bf16", 2), ("int8", 1)])
def test_bytes_are_those_of_dtype(run: Run, dtype: str, size: int) -> None:
    rows = cells(run, "net.yaml", "--columns", "layer,weights_memory,output_memory", "--dtype", dtype)
    # stem: 112 params of the conv, 8 and 8 buffers of bn; 4*6*6 out
    assert (rows["stem"]["weights_memory"], rows["stem"]["output_memory"]) == (str(128 * size), str(144 * size))


@pytest.mark.parametrize(("optimizer", "copies"), [("sgd", 1), ("momentum", 2), ("adam", 3)])
def test_the_memory_for_training_is_that_of_optimizer(run: Run, optimizer: str, copies: int) -> None:
    totals = json.loads(run("show", "net.yaml", "--optimizer", optimizer, "--format", "json").stdout)["totals"]
    assert (totals["params"], totals["buffers"]) == (450, 8)
    assert totals["training_memory"] == 4 * (458 + copies * 450) + totals["output_memory"]
    table = run("show", "net.yaml", "--optimizer", optimizer, "--columns", "layer,output_memory").stdout
    assert f"{totals['training_memory']:,} B for training with {optimizer}" in table


@pytest.mark.parametrize("option", ["--dtype", "--optimizer"])
def test_an_unknown_choice_is_told(run: Run, option: str) -> None:
    result = run("show", "net.yaml", option, "fp7")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Invalid value for '{option}': 'fp7' is not one of" in result.stderr


def test_the_document_says_the_dtype(run: Run) -> None:
    document = json.loads(run("show", "net.yaml", "--dtype", "fp16", "--format", "json").stdout)
    assert document["dtype"] == "fp16"
    assert document["totals"]["weights_memory"] == 2 * 458


def test_what_is_unknown_is_said(run: Run, folder: Path) -> None:
    (folder / "drifting.yaml").write_text(DRIFTING, "utf-8")
    rows = cells(run, "drifting.yaml", "--columns", "layer,receptive_field,jump,start")
    assert list(rows["end"].values()) == ["end", "?", "?", "?"]
    document = json.loads(run("show", "drifting.yaml", "--format", "json").stdout)
    assert (document["complete"], document["incomplete"]) == (False, [WHY])
    last = document["layers"][-1]
    assert (last["receptive_field"], last["jump"], last["start"]) == (None, None, None)
    explained = run("explain", "drifting.yaml", "end", "--figures", "receptive_field").stdout
    assert "unknown: paths of different jump meet here" in explained


def test_strict_fails_where_a_figure_is_unknown(run: Run, folder: Path) -> None:
    (folder / "drifting.yaml").write_text(DRIFTING, "utf-8")
    result = run("show", "drifting.yaml", "--strict")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"drifting.yaml: {WHY}\n")
    assert run("show", "drifting.yaml").exit_code == 0
    assert run("show", "net.yaml", "--strict").exit_code == 0


def test_explain_prints_every_figure(run: Run) -> None:
    text = run("explain", "alexnet", "conv2", "--figures", "all", "--dtype", "fp16").stdout
    printed = dict(line.strip().split("  ", 1) for line in text.split("\n\n")[0].splitlines()[1:])
    steps = {label: arithmetic.strip().split("   ")[0] for label, arithmetic in printed.items()}
    assert steps["connections"] == "macs + others = 223,948,800 + 186,624 = 224,135,424"
    assert steps["ops"] == "2·mac + add = 2·223,948,800 + 186,624 = 448,084,224"
    assert steps["weights_memory"] == "(params + buffers)·bytes = (307,456 + 0)·2 = 614,912"
    assert steps["output_memory"] == "out·bytes = 186,624·2 = 373,248"
    # 69,984 in, 307,456 weights, 186,624 out
    assert steps["intensity"] == f"flops/(moved·bytes) = 447,897,600/(564,064·2) = {447_897_600 / 1_128_128:.2f}"
    assert steps["height, receptive field"] == "r_in + (E − 1)·j_in = 19 + (5 − 1)·8 = 51"
    assert steps["height, start"] == "start_in − P·j_in = 0 − 2·8 = −16"
    assert steps["width, start"] == "the same, −16"


def test_explain_prints_the_figures_asked_for(run: Run) -> None:
    text = run("explain", "alexnet", "conv2", "--figures", "ops, params").stdout
    labels = [line.split()[0] for line in text.split("\n\n")[0].splitlines()[1:]]
    assert labels == ["height", "width", "ops", "params", "source"]
    stderr = run("explain", "alexnet", "--figures", "parms").stderr
    assert "no figure 'parms'; choose from all, out, params," in stderr
    assert stderr.endswith("; did you mean 'params'?\n")


def test_the_same_on_both_axes_only_where_all_of_it_is(run: Run, folder: Path) -> None:
    spec = "{input: 1x9x9, layers: [{conv: 1, kernel: 3, stride: [1, 2]}, relu6]}"
    (folder / "strides.yaml").write_text(spec, "utf-8")
    text = run("explain", "strides.yaml", "relu6", "--figures", "receptive_field").stdout
    assert "height, receptive field  3   jump 1, start 0; unchanged\n" in text
    assert "width, receptive field   3   jump 2, start 0; unchanged\n" in text


def test_what_two_inputs_and_the_whole_of_one_give_is_explained(run: Run, folder: Path) -> None:
    text = """\
inputs: {a: 3x8x9, b: 2x8x9}
layers:
- {from: a, conv: 2, kernel: 3, padding: 1}
- {name: both, add: [prev, b]}
- {name: all, global_avgpool}
"""
    (folder / "two.yaml").write_text(text, "utf-8")
    lines = run("explain", "two.yaml", "both", "all", "--figures", "receptive_field").stdout.splitlines()
    assert [line.strip() for line in lines if "field" in line] == [
        "height, receptive field in a  3   jump 1, start -1; the union of all paths",
        "width, receptive field in a   the same, 3",
        "height, receptive field in b  1   jump 1, start 0; the union of all paths",
        "width, receptive field in b   the same, 1",
        "height, receptive field in a  8   the whole input",
        "width, receptive field in a   9   the whole input",
        "height, receptive field in b  8   the whole input",
        "width, receptive field in b   9   the whole input",
    ]
