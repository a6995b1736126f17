"""`cnncalc.run` from Python."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from archives import save_npz

import cnncalc

HAND = "{input: 1x4x4, layers: [{conv: 1, kernel: 2, bias: false}]}"
IMAGE = [[1, 2, 0, 1], [3, 1, 2, 2], [0, 1, 3, 1], [2, 2, 1, 0]]
KERNEL = {"conv/weight": [[[[0.1, 0.2], [0.3, 0.4]]]]}

BY_HAND = [[[1.8, 1.3, 1.6], [0.9, 2.0, 1.9], [1.6, 1.7, 0.8]]]
"""seeds A; tests/executor/test_run.py has the arithmetic."""


def test_arrays_go_in_and_the_output_comes_out() -> None:
    output = cnncalc.run(text=HAND, input=IMAGE, weights=KERNEL)
    assert isinstance(output, np.ndarray)
    assert output.shape == (1, 3, 3)
    assert np.allclose(output, BY_HAND)


def test_weights_may_be_a_file(tmp_path: Path) -> None:
    save_npz(tmp_path / "w.npz", KERNEL)
    output = cnncalc.run(text=HAND, input=IMAGE, weights=tmp_path / "w.npz")
    assert isinstance(output, np.ndarray)
    assert np.allclose(output, BY_HAND)


def test_a_batch_gives_a_batch() -> None:
    output = cnncalc.run(text=HAND, input=[[IMAGE], [IMAGE]], weights=KERNEL)
    assert isinstance(output, np.ndarray)
    assert output.shape == (2, 1, 3, 3)
    assert np.allclose(output[1], BY_HAND)


def test_several_inputs_and_outputs_have_names() -> None:
    text = "{inputs: {a: 2, b: 2}, layers: [{name: sum, add: [a, b]}, {name: cut, relu: }], outputs: [sum, cut]}"
    outputs = cnncalc.run(text=text, input={"a": [1, -2], "b": [3, 1]})
    assert isinstance(outputs, dict)
    assert {name: array.tolist() for name, array in outputs.items()} == {"sum": [4, -1], "cut": [4, 0]}


def test_input_and_output_have_the_layout_of_the_spec() -> None:
    output = cnncalc.run(text="{layout: HWC, input: 1x2x3, layers: [relu]}", input=[[[1, 2, 3], [4, 5, -6]]])
    assert isinstance(output, np.ndarray)
    assert output.tolist() == [[[1, 2, 3], [4, 5, 0]]]


def test_a_seed_draws_what_is_not_given() -> None:
    first, again, other = (np.array(cnncalc.run("lenet5", seed=seed)) for seed in (0, 0, 1))
    assert first.shape == (84,)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_shape_and_set_change_the_network() -> None:
    text = "{input: 3x8x8, vars: {n: 2}, layers: [{conv: n, kernel: 3}]}"
    output = cnncalc.run(text=text, shape=(3, 5, 6), set={"n": 4}, seed=0)
    assert isinstance(output, np.ndarray)
    assert output.shape == (4, 3, 4)


def test_tensors_that_no_layer_uses_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="^no layer uses the tensors head$") as warned:
        cnncalc.run(text=HAND, input=IMAGE, weights={**KERNEL, "head": 1})
    assert warned[0].filename == __file__


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, TypeError, r"^run\(\) takes input= and weights=, or seed= to draw what is not given$"),
        ({"input": IMAGE}, TypeError, "or seed= to draw what is not given$"),
        ({"weights": KERNEL}, TypeError, "or seed= to draw what is not given$"),
        ({"seed": -1}, cnncalc.OverrideError, "^seed is -1; a whole number of 0 or more is expected$"),
        ({"seed": True}, cnncalc.OverrideError, "^seed is True; a whole number"),
        ({"input": IMAGE, "weights": {}}, cnncalc.ExecutionError, "conv/weight: missing, 1x1x2x2 expected$"),
        ({"input": IMAGE[:3], "seed": 0}, cnncalc.ExecutionError, "^input is 3x4, but the network's input is 1x4x4"),
        ({"input": "image.npy", "seed": 0}, cnncalc.ExecutionError, "^input holds <U9; whole numbers or floats are"),
        ({"input": IMAGE, "weights": "w.txt"}, cnncalc.ExecutionError, "^w.txt: weights are read from .npz and"),
    ],
)
def test_what_does_not_fit_is_an_error(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        cnncalc.run(text=HAND, **options)


def test_errors_of_a_run_are_those_of_cnncalc() -> None:
    assert issubclass(cnncalc.ExecutionError, cnncalc.CnnCalcError)
    assert issubclass(cnncalc.MissingExtra, cnncalc.CnnCalcError)
