"""The outputs of a run: tables of largest values, maps in lines, JSON."""

import json

import pytest

import cnncalc
from cnncalc.executor.run import Summary
from cnncalc.render.document import FORMATS
from cnncalc.render.outputs import (
    Output,
    map_lines,
    more_inputs,
    number_texts,
    outputs_document,
    value_word,
    vector_grid,
)
from cnncalc.render.writers import Style
from cnncalc.shapes import Shape

VECTOR = Summary(Shape(1000), -3.0, 12.5, 0.25, ((7, 12.5), (2, 0.125), (0, -0.5)), None)
MAP = Summary(Shape(2, (2, 2)), 0.0, 10.0, 2.5, (), [[[0, 1], [2, 3]], [[10, 0.5], [0, 0]]])


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        pytest.param([1.8, 2.0, 0.9], ["1.8", "2.0", "0.9"], id="no more decimals than any needs"),
        pytest.param([1, 20, -3], [" 1", "20", "-3"], id="whole numbers"),
        pytest.param([2.740541, 0.92241337], ["2.74054", "0.92241"], id="six digits of the largest"),
        pytest.param([0.010867912, 0.0004], ["0.0108679", "0.0004000"], id="small ones"),
        pytest.param([123456.78, 1.5], ["123457", "     2"], id="large ones"),
        pytest.param([1.0, -1e-9], ["1", "0"], id="no negative zero"),
        pytest.param([0.0, 0.0], ["0", "0"], id="zeros"),
        pytest.param([1e-7, 2.5e-7], ["  1e-07", "2.5e-07"], id="very small ones"),
        pytest.param([1.5e12, 2], ["1.5e+12", "      2"], id="very large ones"),
    ],
)
def test_numbers_stand_with_their_points_below_one_another(values: list[float], texts: list[str]) -> None:
    assert number_texts(values) == texts


def test_a_vector_is_a_table_of_its_largest_values() -> None:
    grid = vector_grid(Output("fc", "value", [VECTOR]), ())
    assert grid.title == "fc: the 3 largest of 1000 values"
    assert [header.name for header in grid.headers] == ["index", "value"]
    assert grid.rows == (("7", "12.500"), ("2", " 0.125"), ("0", "-0.500"))
    assert grid.notes == ()


def test_a_vector_of_probabilities_with_names() -> None:
    result = Summary(Shape(2), 0.25, 0.75, 0.5, ((1, 0.75), (0, 0.25)), [0.25, 0.75])
    grid = vector_grid(Output("softmax", "probability", [result]), ("cat", "dog"))
    assert grid.title == "softmax: 2 probabilities, largest first"
    assert [header.name for header in grid.headers] == ["index", "probability", "name"]
    assert grid.rows == (("1", "0.75", "dog"), ("0", "0.25", "cat"))


def test_of_a_batch_each_row_says_which_input_and_only_the_first_ten_are_shown() -> None:
    output = Output("fc", "value", [VECTOR] * 1012)
    grid = vector_grid(output, ())
    assert grid.title == "fc: the 3 largest of 1000 values for each input"
    assert [row[0] for row in grid.rows] == [str(number) for number in range(10) for _ in range(3)]
    assert grid.notes == ("1,002 more inputs; --format json lists them",)
    assert more_inputs(output._replace(results=[VECTOR] * 10)) == ()


def test_a_map_prints_its_range_and_its_values_channel_by_channel() -> None:
    assert list(map_lines(Output("conv", "value", [MAP]), "CHW")) == [
        "conv: 2×2×2, from 0 to 10, mean 2.5",
        " channel 0",
        "   0.0   1.0",
        "   2.0   3.0",
        " channel 1",
        "  10.0   0.5",
        "   0.0   0.0",
    ]


def test_values_with_channels_last_print_channel_by_channel_too() -> None:
    result = MAP._replace(shape=Shape(2, (1, 3)), values=[[[1, 4], [2, 5], [3, 6]]])
    assert list(map_lines(Output("conv", "value", [result]), "HWC")) == [
        "conv: 1×3×2, from 0 to 10, mean 2.5", " channel 0", "  1  2  3", " channel 1", "  4  5  6",
    ]  # fmt: skip


def test_a_sequence_prints_a_row_for_each_channel() -> None:
    result = MAP._replace(shape=Shape(2, (3,)), values=[[1, 2, 3], [4, 5, 6]])
    assert list(map_lines(Output("conv", "value", [result]), "CHW"))[1:] == ["  1  2  3", "  4  5  6"]


def test_a_volume_prints_its_slices_one_below_another() -> None:
    result = MAP._replace(shape=Shape(1, (2, 1, 2)), values=[[[[1, 2]], [[3, 4]]]])
    assert list(map_lines(Output("conv", "value", [result]), "CHW"))[1:] == ["  1  2", "  3  4"]


def test_a_large_map_prints_no_values_and_a_batch_says_which_input() -> None:
    large = MAP._replace(shape=Shape(64, (56, 56)), values=None)
    assert list(map_lines(Output("conv", "value", [large] * 12), "HWC"))[:2] == [
        "conv, input 0: 56×56×64, from 0 to 10, mean 2.5",
        "conv, input 1: 56×56×64, from 0 to 10, mean 2.5",
    ]
    assert len(list(map_lines(Output("conv", "value", [large] * 12), "HWC"))) == 10


def test_only_behind_a_softmax_values_are_probabilities() -> None:
    text = "{input: 4, layers: [{name: a, fc: 3}, {name: p, softmax: }], outputs: [a, p, input]}"
    network = cnncalc.analyze(text=text).network
    assert [value_word(network, name) for name in network.outputs] == ["value", "probability", "value"]


def test_json_has_a_line_for_each_key() -> None:
    report = cnncalc.analyze(text="{name: Réseau, input: 1x2x2, layers: [{name: a, relu: }], outputs: [a, input]}")
    outputs = [Output("a", "value", [MAP]), Output("fc", "probability", [VECTOR._replace(top=((1, 0.5),))])]
    document = outputs_document(report, outputs, ("cat", "dög"))
    (text,) = FORMATS["json"].writer()([document], Style())
    assert len(text.splitlines()) == 8
    assert json.loads(text) == {
        "cnncalc": 1,
        "name": "Réseau",
        "layout": "CHW",
        "inputs": {"input": [1, 2, 2]},
        "batch": 1,
        "outputs": {
            "a": {
                "shape": [2, 2, 2],
                "probabilities": False,
                "results": [
                    {"smallest": 0, "largest": 10, "mean": 2.5, "values": [[[0, 1], [2, 3]], [[10, 0.5], [0, 0]]]}
                ],
            },
            "fc": {
                "shape": [1000],
                "probabilities": True,
                "results": [
                    {"smallest": -3, "largest": 12.5, "mean": 0.25, "top": [{"index": 1, "name": "dög", "value": 0.5}]}
                ],
            },
        },
    }
    assert "".join(FORMATS["json"].writer()([document], Style(ascii_only=True))).isascii()
