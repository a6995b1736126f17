"""Operations that the language does not know: their figures are declared, or totals are lower bounds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from running import Run

import cnncalc
from cnncalc.analysis.claims import compare_claims
from cnncalc.render.report_data import report_data

NET = """\
input: 3x8x8
layers:
- {name: first, conv: 4, kernel: 3}
- {name: pool, opaque: RoIAlign, out: 4x7x7, params: 5}
- {name: nms, opaque: "Non max, suppression", out: 10, params: 0, macs: 55}
- {fc: 2}
"""


def test_equal_operations_keep_what_each_declares() -> None:
    text = """\
input: 3x8x8
layers:
- {name: one, opaque: same, out: 3x8x8, params: 5, macs: 1}
- {name: two, opaque: same, out: 2x3x3, params: 6, macs: 2}
"""
    report = cnncalc.analyze(text=text)
    assert [(layer.output_shape, layer.params, layer.macs) for layer in (report["one"], report["two"])] == [
        ((3, 8, 8), 5, 1), ((2, 3, 3), 6, 2)
    ]  # fmt: skip


@pytest.fixture
def shown(run: Run, tmp_path: Path) -> Callable[..., Result]:
    """What a command with options says about the network."""
    path = tmp_path / "net.yaml"
    path.write_text(NET, encoding="utf-8")
    return lambda command, *options: run(command, str(path), *options)


def test_what_is_declared_counts_and_what_is_not_makes_a_lower_bound() -> None:
    report = cnncalc.analyze(text=NET)
    # conv 3*3*3*4 + 4 = 112, 5, fc 10*2 + 2; macs 4*36*27 + 55 + 20
    assert (report.totals.params, report.totals.macs) == (112 + 5 + 22, 3888 + 55 + 20)
    assert report["pool"].output_shape == (4, 7, 7)
    assert report.incomplete == (
        "pool does not say its macs",
        "receptive field from pool on: it is not known what pool reads",
        "receptive field from nms on: it is not known what nms reads",
    )


def test_a_claim_about_what_is_not_known_says_so() -> None:
    claims = "expect: {params: 139, macs: {max: 1G}, layers: {nms: {macs: 55}, pool: {connections: 5}}}\n"
    compared = compare_claims(cnncalc.analyze(text=NET + claims))
    wrong = {(one.claim.layer, one.claim.figure): one.reason for one in compared if not one.holds}
    assert wrong == {
        ("", "macs"): "it is not known: pool does not say its macs",
        ("pool", "connections"): "it is not known: pool does not say its connections",
    }


def test_json_has_null_for_it() -> None:
    _, pool, nms, _ = report_data(cnncalc.analyze(text=NET))["layers"]
    assert (pool["params"], pool["macs"], pool["flops"], pool["ops"]) == (5, None, None, None)
    assert (nms["params"], nms["macs"], nms["flops"], nms["ops"]) == (0, 55, 110, None)


def test_verify_and_run_stop_before_it_and_say_so(shown: Callable[..., Result]) -> None:
    result = shown("verify")
    executed = "1 shape, 2 weight tensors, 3,888 MACs: all as claimed; stopped before pool, which is opaque"
    assert (result.exit_code, " ".join(result.stdout.split())[-len(executed) :]) == (0, executed)
    result = shown("run", "--seed", "1")
    why = "pool: an opaque operation cannot be executed; what it computes is not known"
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, why)


def test_the_table_has_lower_bounds(shown: Callable[..., Result]) -> None:
    lines = shown("show", "--columns", "layer,operation,params,macs").stdout.splitlines()
    rows = [line.split() for line in lines if line.startswith(("pool", "nms", "total"))]
    assert rows == [
        ["pool", "opaque", "RoIAlign", "5", "≥", "0"],
        ["nms", "opaque", "Non", "max,", "suppression", "55"],
        ["total", "139", "≥", "3,963"],
    ]


def test_it_may_read_several_values() -> None:
    line = "{opaque: RoIAlign, inputs: [a, b], out: 5x2x2, params: 7, macs: 9}"
    totals = cnncalc.analyze(text=f"inputs: {{a: 2x4x4, b: 3x4x4}}\nlayers:\n- {line}\n").totals
    assert (totals.params, totals.macs) == (7, 9)


def test_explain_does_not_call_unknown_zero(shown: Callable[..., Result]) -> None:
    (macs,) = (line.split() for line in shown("explain", "pool").stdout.splitlines() if "macs" in line)
    assert macs == ["macs", "0", *["not", "known:", "the", "spec", "does", "not", "give", "it"]]
