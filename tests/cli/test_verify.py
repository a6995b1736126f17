"""`cnncalc verify`: the table, one line for each of several, JSON, and its exit status."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from running import Run

from cnncalc.executor import FUNCTIONS
from cnncalc.layers.convolution import Conv
from cnncalc.layers.facts import forget

TABLE = """\
Small net · input 3×8×8 · executed in numpy, seed 0
layer    output  weights   MACs  executed
───────────────────────────────────────────
stem      4×6×6      128  3,888  as claimed
body      4×6×6       40  1,152  as claimed
flatten     144                  as claimed
fc            2      290    288  as claimed

total                458  5,328

8 shapes, 12 weight tensors, 5,328 MACs: all as claimed
"""
# stem: 4*3*3*3 + 4 = 112 and 4*4 of bn; body: 2*(4*4 + 4); fc: 144*2 + 2
# stem 144*27, body 2*144*4, fc 288


def test_a_spec_is_a_table_with_a_verdict(run: Run) -> None:
    result = run("verify", "net.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TABLE


def test_receptive_fields_are_part_of_the_verdict(run: Run) -> None:
    result = run("verify", "net.yaml", "--receptive-field", "--summary")
    assert result.stdout == (
        "net.yaml: 8 shapes, 12 weight tensors, 5,328 MACs, "
        "6 receptive fields from 1 pixel (2 not decided): all as claimed\n"
    )


def test_several_specs_are_told_apart(run: Run) -> None:
    result = run("verify", "net.yaml", "lenet5", "--summary")
    assert result.stdout.splitlines() == [
        "net.yaml: 8 shapes, 12 weight tensors, 5,328 MACs: all as claimed",
        "lenet5: 15 shapes, 12 weight tensors, 325,680 MACs: all as claimed",  # 117,600 + 150,000 + 48,000 + 10,080
    ]


def test_all_means_every_bundled_architecture(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.cli.verify_command.bundled_names", lambda: ["lenet5", "mnist_keras"])
    result = run("verify", "--all")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == [
        "mnist_keras: 11 shapes, 8 weight tensors, 2,631,040 MACs: all as claimed",
        "2 architectures: all as claimed",
    ]


def test_json_has_claim_and_observation_of_each_layer(run: Run) -> None:
    document = json.loads(run("verify", "net.yaml", "--format", "json", "--seed", "3").stdout)
    assert (document["cnncalc"], document["seed"], document["agrees"], document["mismatches"]) == (1, 3, True, [])
    assert (document["shapes"], document["weight_tensors"], document["macs"]) == (8, 12, 5328)
    stem = document["layers"][0]
    assert stem["output_shape"] == {"claim": [4, 6, 6], "observation": [4, 6, 6]}
    assert stem["weights"]["observation"] == {"weight": [4, 3, 3, 3], "bias": [4]}
    assert stem["macs"] == {"claim": 3888, "observation": 3888}


def test_all_is_not_claimed_where_one_cannot_be_executed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("huge.yaml").write_text("{input: 3x99999x99999, layers: [relu]}", encoding="utf-8")
    monkeypatch.setattr("cnncalc.cli.verify_command.bundled_names", lambda: ["lenet5", "huge.yaml"])
    result = run("verify", "--all")
    assert result.exit_code == 1
    assert result.stdout == "lenet5: 15 shapes, 12 weight tensors, 325,680 MACs: all as claimed\n"
    assert result.stderr.startswith("executing the network needs ")


def test_overrides_are_verified(run: Run) -> None:
    result = run("verify", "net.yaml", "--input", "3x5x6", "--set", "width=2", "--format", "json")
    assert json.loads(result.stdout)["layers"][0]["output_shape"]["observation"] == [2, 3, 4]


def test_a_mismatch_is_told_and_fails(
    run: Run, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    forget()  # what other tests have derived
    request.addfinalizer(forget)
    monkeypatch.setattr(Conv, "macs", lambda self, x: 7)
    result = run("verify", "net.yaml", "lenet5", "--summary")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        "net.yaml: 8 shapes, 12 weight tensors, 5,328 MACs: 3 claims differ",
        "  stem: macs claimed 7, executed 3,888",
    ]
    table = run("verify", "net.yaml").stdout
    assert "\nstem      4×6×6      128      7  differs: macs\n" in table
    assert "\n  body.2/conv: macs claimed 7, executed 576\n" in table
    assert json.loads(run("verify", "net.yaml", "--format", "json").stdout)["agrees"] is False


def test_a_claim_of_the_spec_that_fails_is_said(run: Run) -> None:
    spec = "{input: 3x8x8, expect: {params: 17}, layers: [{conv: 4, kernel: 3, out: 4x5x5, params: 112}]}"
    Path("wrong_claim.yaml").write_text(spec, encoding="utf-8")
    result = run("verify", "wrong_claim.yaml")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[3:] == [
        "conv    4×6×6      112  3,888  as calculated",
        "",
        "total              112  3,888",
        "  params: 17 claimed, 112 found",
        "  conv: out: 4x5x5 claimed, 4x6x6 found",
        "",
        "1 shape, 2 weight tensors, 3,888 MACs: all as calculated; 2 claims of the spec do not hold",
    ]
    document = json.loads(run("verify", "wrong_claim.yaml", "--format", "json").stdout)
    assert (document["agrees"], len(document["failed_claims"])) == (True, 2)
    assert run("verify", "wrong_claim.yaml", "--input", "3x9x9").exit_code == 0  # the claims are for 3x8x8


def test_a_wrong_spec_does_not_stop_the_others(run: Run, problems_of_wrong: str) -> None:
    result = run("verify", "wrong.yaml", "net.yaml", "--summary")
    assert result.exit_code == 1
    assert result.stderr == problems_of_wrong
    assert result.stdout.startswith("net.yaml: 8 shapes")


def test_too_large_a_network_is_a_message(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.executor.memory.available_memory", lambda: 1000)
    result = run("verify", "net.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "executing the network needs 0.0 GB of memory, and this process may use 0.0 GB; a smaller input needs less\n"
    )


@pytest.mark.parametrize("arguments", [[], ["net.yaml", "--all"]], ids=["neither", "both"])
def test_a_spec_or_all(run: Run, arguments: list[str]) -> None:
    result = run("verify", *arguments)
    assert result.exit_code == 2
    assert "give a SPEC, or --all for every bundled architecture" in result.stderr


def test_values_are_compared_with_another_program(run: Run) -> None:
    result = run("verify", "net.yaml", "--against", "onnxruntime")
    assert (result.exit_code, result.stderr) == (0, "")
    head, _, *rows = result.stdout.splitlines()[1:]
    assert head.split("  ")[-2:] == ["largest difference", "relative"]
    assert all(float(row.split()[-1]) < 1e-5 for row in rows[:4])
    said = r"5,328 MACs, values within \S+e-0\d of those of ONNX Runtime \(up to 2e-05 is rounding\): all as claimed$"
    assert re.search(said, result.stdout.rstrip())
    document = json.loads(run("verify", "net.yaml", "--against", "onnxruntime", "--format", "json").stdout)
    assert {layer["onnxruntime"]["agrees"] for layer in document["layers"]} == {True}
    assert document["layers"][0]["onnxruntime"]["output_shape"] == [4, 6, 6]


@pytest.mark.parametrize(
    ("option", "key", "judge"),
    [("--against=onnxruntime", "onnxruntime", "ONNX Runtime"), ("--values", "loops", "plain loops")],
)
def test_the_first_layer_whose_values_differ_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, option: str, key: str, judge: str
) -> None:
    monkeypatch.setitem(FUNCTIONS, "relu", lambda layer, ledger, x: np.abs(x))
    result = run("verify", "net.yaml", option, "--summary")
    assert result.exit_code == 1
    head, *lines = result.stdout.splitlines()
    # bn, conv and fc are right, whatever enters them
    assert head.endswith(": 2 claims differ; the first layer with other values is body.1/relu")
    said = rf"^  (\S+): values claimed those of {judge}, executed values up to \S+ away, \S+ relative$"
    assert [re.sub(said, r"\1", line) for line in lines] == ["body.1/relu", "body.2/relu"]
    document = json.loads(run("verify", "net.yaml", option, "--format", "json").stdout)
    assert [layer["path"] for layer in document["layers"] if not layer[key]["agrees"]] == ["body.1/relu", "body.2/relu"]
    assert document["values"]["judge"] == key


@pytest.mark.parametrize("judge", ["--against=onnxruntime", "--values"])
def test_what_noise_draws_is_not_compared(run: Run, judge: str) -> None:
    if judge.startswith("--against"):
        pytest.importorskip("onnxruntime")
    Path("drawn.yaml").write_text("input: 4\nlayers: [{fc: 3}, {name: z, noise}, {fc: 2}]\n")
    result = run("verify", "drawn.yaml", judge)
    assert re.search(r"but for those that z draws at random: all as claimed$", " ".join(result.stdout.split()))
    assert re.search(r"^z +3 +as claimed$", result.stdout, re.M)


@pytest.mark.parametrize("judge", ["--values", "--against=onnxruntime"])
def test_values_that_are_not_finite_are_not_said_to_agree(run: Run, judge: str) -> None:
    if judge.startswith("--against"):
        pytest.importorskip("onnxruntime")
    # Each sum of a has the logarithm of a value below 0 among its 40 terms.
    Path("logs.yaml").write_text("{input: 8, layers: [{fc: 40}, log, {name: a, fc: 3}, {name: b, fc: 2}]}")
    text = " ".join(run("verify", "logs.yaml", judge).stdout.split())
    assert text.endswith(", but 2 layers give no finite value, a first: all as claimed")
    layers = json.loads(run("verify", "logs.yaml", judge, "--format", "json").stdout)["layers"]
    key = "loops" if judge == "--values" else "onnxruntime"
    assert [layer[key]["relative"] is None for layer in layers] == [False, False, True, True]


def test_values_are_compared_with_loops_on_a_small_input(run: Run) -> None:
    # 16x16 is enough for a kernel of 3; twice as much leaves maps to look at
    result = run("verify", "net.yaml", "--values", "--input", "3x80x90", "--summary")
    assert (result.exit_code, result.stderr) == (0, "")
    said = (
        r"MACs, values within \S+e-0\d of those of plain loops at 3x32x32 \(up to 1e-05 is rounding\): all as claimed$"
    )
    assert re.search(said, result.stdout.rstrip())
    document = json.loads(run("verify", "net.yaml", "--values", "--input", "3x80x90", "--format", "json").stdout)
    assert document["values"] == {"judge": "loops", "inputs": {"input": [3, 32, 32]}, "tolerance": 1e-5}


def test_two_judges_are_asked_one_after_the_other(run: Run) -> None:
    result = run("verify", "net.yaml", "--values", "--against", "onnxruntime")
    assert result.exit_code == 2
    assert "--values and --against are two judges of the same values; ask one after the other" in result.stderr


def test_a_missing_package_is_told_once_with_its_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    result = run("verify", "net.yaml", "lenet5", "--against", "onnxruntime")
    assert result.exit_code == 1
    assert (
        result.stderr.count("the package onnxruntime is not installed; install it with: pip install 'cnncalc[onnx]'")
        == 1
    )
