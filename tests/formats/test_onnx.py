"""A network as an ONNX model."""

import pickle

import onnx
import pytest
from every import for_every
from layers.cases import CASES, COMPUTED, Case
from networks import of_one_layer

import cnncalc
from cnncalc.analysis.analyze import analyze_network
from cnncalc.errors import MissingExtra
from cnncalc.formats.exporters.onnx import onnx_model
from cnncalc.formats.exporters.onnx_operators import OPERATORS

TWO_INPUTS = """
inputs: {left: 2x6x6, right: 2x6x6}
layers:
- {name: sum, add: [left, right]}
- {name: gate, conv: 2, kernel: 3, padding: half, activation: sigmoid}
- {name: gated, mul: [sum, prev]}
outputs: [gated, gate]
"""


def declared(values: object) -> dict[str, tuple[int, ...]]:
    """The sizes of each declared value by name, in order."""
    assert isinstance(values, list)
    return {value.name: tuple(size.dim_value for size in value.type.tensor_type.shape.dim) for value in values}


def test_every_kind_has_its_operators() -> None:
    assert {*COMPUTED} - OPERATORS.keys() == set(), "kinds without operators in formats/exporters/onnx_operators/"
    assert OPERATORS.keys() - {*COMPUTED} == set(), "operators whose kind is not in LAYERS"


@for_every(CASES, lambda case: case.sentence)
def test_the_checker_of_onnx_infers_the_same_shapes(case: Case) -> None:
    model = onnx_model(analyze_network(of_one_layer(case.make(), *case.inputs)))
    onnx.checker.check_model(model, full_check=True)
    assert declared(list(model.graph.output)) == {"layer": (1, *case.output.sizes())}


@pytest.mark.parametrize("name", ["alexnet", "lenet5", "resnet50", "densenet121", "unet", "m5", "c3d"])
def test_the_checker_of_onnx_takes_an_architecture(name: str) -> None:
    onnx.checker.check_model(onnx_model(cnncalc.analyze(name), every_output=True), full_check=True)


def test_weights_are_inputs_named_by_path() -> None:
    layers = "layers: [{name: stem, conv: 4, kernel: 3, norm: bn}, flatten, {fc: 10, bias: false}]"
    graph = onnx_model(cnncalc.analyze(text=f"input: 3x8x8\n{layers}")).graph
    assert declared(list(graph.input)) == {
        "input": (1, 3, 8, 8),
        "stem/weight": (4, 3, 3, 3),
        "stem/bias": (4,),
        "stem/bn/weight": (4,),
        "stem/bn/bias": (4,),
        "stem/bn/running_mean": (4,),
        "stem/bn/running_var": (4,),
        "fc/weight": (10, 144),  # 4*6*6
    }
    assert list(graph.initializer) == []


def test_every_value_can_be_an_output() -> None:
    report = cnncalc.analyze(text=TWO_INPUTS)
    graph = onnx_model(report, every_output=True).graph
    assert list(declared(list(graph.output))) == ["sum", "gate", "gate/sigmoid", "gated"]


def test_the_outputs_are_those_of_the_network() -> None:
    graph = onnx_model(cnncalc.analyze(text=TWO_INPUTS)).graph
    assert declared(list(graph.output)) == {"gated": (1, 2, 6, 6), "gate/sigmoid": (1, 2, 6, 6)}


def test_the_batch_is_left_out() -> None:
    graph = onnx_model(cnncalc.analyze(text=TWO_INPUTS, batch=8)).graph
    assert declared(list(graph.input))["left"] == (1, 2, 6, 6)


def test_a_missing_extra_survives_a_pickle() -> None:
    error = pickle.loads(pickle.dumps(MissingExtra("onnx", "onnx")))
    assert (type(error), str(error)) == (MissingExtra, str(MissingExtra("onnx", "onnx")))
