"""The executor's values beside those of ONNX Runtime."""

import sys
from itertools import chain
from math import inf, nan

import numpy as np
import pytest
from bundled import ONE_OF_EACH
from layers.cases import CASES, Case
from networks import of_one_layer, one_layer
from verification.more_cases import MORE_CASES
from verification.value_mistakes import MISTAKES, Mistake

from cnncalc.analysis.analyze import analyze_network
from cnncalc.errors import ExecutionError, MissingExtra, SpecError
from cnncalc.executor import FUNCTIONS
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import read_source, text_source
from cnncalc.layers.activation import Relu
from cnncalc.layers.base import Layer, Weight, make
from cnncalc.layers.convolution import Conv
from cnncalc.layers.scaling import Scale
from cnncalc.network.build import build_network
from cnncalc.network.model import Network
from cnncalc.shapes import AXES, Shape
from cnncalc.verification.onnx_runtime import compare_with_onnxruntime, difference
from cnncalc.verification.verdicts import ONNX_RUNTIME, Difference

ALL_CASES = (*CASES, *MORE_CASES)


def differences(network: Network, seed: int = 0) -> list[Difference]:
    return list(compare_with_onnxruntime(analyze_network(network), seed=seed))


def of_case(case: Case, times: int = 10) -> list[Difference]:
    if case.kind == "embedding":  # its inputs are ids
        return differences(one_layer(case.make(), *case.inputs))
    return differences(of_one_layer(case.make(), *case.inputs, times=times))


def of_layer(layer: Layer, shape: Shape) -> Difference:
    return differences(of_one_layer(layer, shape))[-1]


# Every kind and every architecture


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.sentence)
def test_both_compute_the_same(case: Case) -> None:
    found = of_case(case)
    assert [difference for difference in found if not difference.agrees(ONNX_RUNTIME)] == []
    assert found[-1].path in ("layer", case.kind)
    assert found[-1].shape_there == case.output


def test_no_two_cases_have_one_sentence() -> None:
    sentences = [case.sentence for case in ALL_CASES]
    assert sorted(set(sentences)) == sorted(sentences)


# Every architecture, on an input small enough for a test

SMALL = 56
"""Height and width to begin with: a network with stride 32 still has maps of more than one value."""

COMPARED = [
    "darknet19", "densenet_bc_100_12_cifar10", "efficientnet_v2_s", "googlenet_paper", "inception_v3",
    "lenet1", "maxvit_t", "mnasnet1_0", "mobilenet_v1", "nin_cifar10", "overfeat_fast", "regnet_x_400mf",
    "regnet_y_400mf", "resnext50_32x4d", "se_resnet50", "shufflenet_v1", "squeezenet1_0", "swin_t", "vgg_f", "vgg11_bn",
    "xception",
]  # fmt: skip
"""The lightest of each family that has none there; the others have the same blocks, and more weights to wait for."""


def reduced(name: str) -> Network:
    """The architecture on a small input: from a quarter of its own or SMALL upwards, what it can take in steps of 4."""
    spec = read_spec(read_source(name))
    network = build_network(spec)
    ((_, spatial),) = network.inputs.values()
    axes, own = AXES[len(spatial)][-2:], max(spatial, default=0)
    first = own // 4 if len(spatial) == 1 else min(own // 4, SMALL)
    for size in range(-(-first // 4) * 4, own, 4):
        try:
            return build_network(spec, inputs=[f"{axis}={size}" for axis in axes])
        except SpecError:
            continue
    return network


@pytest.mark.parametrize("name", [*ONE_OF_EACH, *(pytest.param(name, marks=pytest.mark.slow) for name in COMPARED)])
def test_both_compute_the_same_of_an_architecture(name: str) -> None:
    report = analyze_network(reduced(name))
    found = list(compare_with_onnxruntime(report))
    assert [difference for difference in found if not difference.agrees(ONNX_RUNTIME)] == []
    assert {d.path: d.shape_there for d in found} == {layer.path: report.shapes[layer.path] for layer in report}


# The judge sees what is wrong


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.sentence)
def test_a_mistake_that_no_shape_shows_is_caught(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    (case,) = (case for case in ALL_CASES if case.sentence == mistake.case)
    monkeypatch.setitem(FUNCTIONS, case.kind, mistake.function)
    caught = of_case(case, mistake.times)[-1]
    assert caught.shape_here == caught.shape_there
    assert not caught.agrees(ONNX_RUNTIME)


def test_a_wrong_shape_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FUNCTIONS, "relu", lambda layer, ledger, x: x[1:])
    caught = of_layer(make(Relu, 1), Shape(3, (5,)))
    assert (caught.shape_here, caught.shape_there) == (Shape(3, (4,)), Shape(3, (5,)))
    assert (caught.absolute, caught.relative, caught.agrees(ONNX_RUNTIME)) == (inf, inf, False)


def test_a_wrong_claim_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Conv, "padding_pairs", lambda self, x: ((1, 0),))
    assert not of_layer(make(Conv, 1, filters=1, kernel=2, padding="same"), Shape(1, (5,))).agrees(ONNX_RUNTIME)


def test_a_wrong_claim_that_cannot_be_computed_is_an_error_of_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"weight": Weight((4,)), "bias": Weight((3,))}
    monkeypatch.setattr(Scale, "weight_shapes", lambda self, x: wrong)
    with pytest.raises(ExecutionError, match=r"\AONNX Runtime cannot compute the network: .*\(layer.*dimensions\Z"):
        of_layer(make(Scale, 1), Shape(3, (5,)))


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_a_missing_package_is_named_with_its_extra(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cnncalc.formats.exporters.onnx_graph", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    message = rf"\Athe package {missing} is not installed; install it with: pip install 'cnncalc\[onnx\]'\Z"
    with pytest.raises(MissingExtra, match=message):
        of_layer(make(Relu, 1), Shape(3, (5,)))


# How it compares


def test_a_network_in_parts_of_one_layer_gives_what_it_gives_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    skips = """
    inputs: {left: 2x6x6, right: 2x6x6}
    layers:
    - {name: sum, add: [left, right]}
    - {conv: 3, kernel: 3, padding: half, norm: bn, activation: relu}
    - {concat: [sum, prev, left]}
    - {branches: [[], [global_avgpool, sigmoid]], merge: mul}
    """
    network = build_network(read_spec(text_source(skips)))
    whole = differences(network)
    monkeypatch.setattr("cnncalc.verification.onnx_runtime.PART", 1)
    assert differences(network) == whole
    assert [difference.path for difference in whole] == [node.path for node in network.nodes]
    assert all(difference.agrees(ONNX_RUNTIME) for difference in whole)


def test_another_seed_gives_other_values() -> None:
    network = build_network(read_spec(read_source("lenet5")))
    first, second = differences(network, seed=1), differences(network, seed=2)
    assert [d.absolute for d in first] != [d.absolute for d in second]
    assert all(d.agrees(ONNX_RUNTIME) for d in chain(first, second))


@pytest.mark.parametrize(
    ("here", "there", "absolute", "relative"),
    [
        pytest.param([1, 2], [1, 2.5], 0.5, 0.2, id="over the largest value there"),
        pytest.param([1, -4], [1, -4], 0.0, 0.0, id="equal values"),
        pytest.param([0, 0], [0, 0], 0.0, 0.0, id="nothing but zeros"),
        pytest.param([0, 1e-9], [0, 0], 1e-9, inf, id="nothing but zeros there"),
        pytest.param([-inf, 1], [-inf, 2], 1.0, 0.5, id="one infinity"),
        pytest.param([-inf, 1], [inf, 1], inf, inf, id="two infinities"),
        pytest.param([nan, 1], [nan, 1], 0.0, 0.0, id="no number in both"),
        pytest.param([nan, 1], [0, 1], inf, inf, id="no number here"),
        pytest.param([0, 1], [nan, 1], inf, inf, id="no number there"),
        pytest.param([inf, inf], [inf, inf], 0.0, 0.0, id="no number at all"),
    ],
)
def test_the_largest_difference_is_found(
    here: list[float], there: list[float], absolute: float, relative: float
) -> None:
    found = difference("x", np.array(here, np.float32), np.array(there, np.float32))
    assert (found.absolute, found.relative) == pytest.approx((absolute, relative))


@pytest.mark.parametrize(("relative", "agrees"), [(0.0, True), (2e-5, True), (2.01e-5, False), (inf, False)])
def test_rounding_is_no_disagreement(relative: float, agrees: bool) -> None:
    assert Difference("x", Shape(3), Shape(3), 1.0, relative).agrees(ONNX_RUNTIME) is agrees
    assert Difference("x", Shape(3), Shape(4), 1.0, relative).agrees(ONNX_RUNTIME) is False
