"""The executor's values beside those of plain loops."""

from math import inf, nan

import numpy as np
import pytest
from bundled import ONE_OF_EACH, report_of
from layers.cases import CASES, Case
from networks import of_one_layer, one_layer
from verification.more_cases import MORE_CASES
from verification.value_mistakes import MISTAKES, Mistake

import cnncalc
from cnncalc.analysis.analyze import analyze_network
from cnncalc.executor import FUNCTIONS
from cnncalc.shapes import Shape
from cnncalc.tracing.network import apart
from cnncalc.tracing.trace import Trace
from cnncalc.verification.resizing import small_report
from cnncalc.verification.values import compare_with_loops
from cnncalc.verification.verdicts import LOOPS, Difference

SLOW = {"an LSTM of two layers reads its own states", "self-attention of 4 heads on 580 tokens"}
"""One value takes the products of nearly the whole layer, some hundred million."""

OTHERS = [name for name in ONE_OF_EACH if name not in ("lenet5", "m5")]


def of_case(case: Case) -> list[Difference]:
    ids = case.kind == "embedding"
    network = one_layer(case.make(), *case.inputs) if ids else of_one_layer(case.make(), *case.inputs, times=1)
    return list(compare_with_loops(analyze_network(network)))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.sentence, marks=pytest.mark.slow if case.sentence in SLOW else ())
        for case in (*CASES, *MORE_CASES)
    ],
)
def test_loops_give_the_same(case: Case) -> None:
    assert [difference for difference in of_case(case) if not difference.agrees(LOOPS)] == []


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param(mistake, id=mistake.sentence, marks=pytest.mark.slow if mistake.case in SLOW else ())
        for mistake in MISTAKES
    ],
)
def test_a_mistake_that_no_shape_shows_is_caught(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    (case,) = (case for case in (*CASES, *MORE_CASES) if case.sentence == mistake.case)
    monkeypatch.setitem(FUNCTIONS, case.kind, mistake.function)
    *_, caught = of_case(case)
    assert not caught.agrees(LOOPS)


@pytest.mark.parametrize("name", ["lenet5", "m5", *(pytest.param(one, marks=pytest.mark.slow) for one in OTHERS)])
def test_loops_give_the_same_of_an_architecture(name: str) -> None:
    report = small_report(report_of(name))
    found = list(compare_with_loops(report))
    assert [difference for difference in found if not difference.agrees(LOOPS)] == []
    assert [difference.path for difference in found] == [layer.path for layer in report]


@pytest.mark.parametrize(
    ("layers", "input_", "small"),
    [
        ("{conv: 4, kernel: 3}", "3x64x24", (32, 24)),  # 16 is enough for a window of 3
        ("{conv: 4, kernel: 17}", "3x64x96", (48, 48)),  # 16 is not, 24 is
        ("{conv: 4, kernel: 5}", "3x5x7", (5, 7)),  # less than 16
        ("{reshape: 4x768}", "3x32x32", (32, 32)),  # no other size fits
    ],
)
def test_a_small_input_is_twice_the_smallest_that_fits(layers: str, input_: str, small: tuple[int, ...]) -> None:
    report = small_report(cnncalc.analyze(text=f"{{input: {input_}, layers: [{layers}]}}"))
    assert report.network.inputs["input"].spatial == small


def test_a_wrong_shape_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FUNCTIONS, "relu", lambda layer, ledger, x: x[1:])
    (caught,) = compare_with_loops(cnncalc.analyze(text="{input: 3x5, layers: [relu]}"))
    assert caught == Difference("relu", Shape(3, (4,)), Shape(3, (5,)), inf, inf)


def test_what_float32_cannot_hold_is_not_compared() -> None:
    # 8^4096 and its powers
    report = cnncalc.analyze(text="{input: 2x2, layers: [{mul: [prev, prev], repeat: 12}, {mul: [prev, prev]}]}")
    assert all(difference.agrees(LOOPS) for difference in compare_with_loops(report))


@pytest.mark.parametrize(
    ("value", "there", "size", "gap"),
    [(1.0, 1.0, 5.0, 0.0), (1.5, 1.0, 4.9, 0.1), (0.01, 0.0, 0.0, 0.1), (nan, 1.0, 1.0, inf), (1.0, nan, 1.0, inf)],
    ids=["equal", "of all that was added", "of a tenth near 0", "no number here", "no number there"],
)
def test_a_gap_is_a_part_of_all_that_was_added(value: float, there: float, size: float, gap: float) -> None:
    assert apart(value, Trace(there, (), size)) == pytest.approx(gap)


def test_values_from_python() -> None:
    assert cnncalc.verify(text="{input: 3x9x7, layers: [{conv: 4, kernel: 3}, bn, relu]}", values=True) == []


def test_the_first_layer_that_differs_answers_for_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # what comes after a wrong bn is computed from its wrong values, and right
    wrong = FUNCTIONS["bn"]
    monkeypatch.setitem(FUNCTIONS, "bn", lambda layer, ledger, x: np.float32(1.01) * wrong(layer, ledger, x))
    mismatches = cnncalc.verify(text="{input: 3x9x7, layers: [{conv: 4, kernel: 3}, bn, relu]}", values=True)
    assert [(one.path, one.figure, one.claim) for one in mismatches] == [("bn", "values", "those of plain loops")]
