"""Values as written: what each type of parameter takes, and what it says to the rest."""

from typing import Any

import pytest
from networks import problems_of

import cnncalc


def value_of(line: str, name: str) -> Any:
    """The field of the only layer of a spec."""
    (layer,) = cnncalc.analyze(text=f"input: 8x32x32\nlayers:\n- {line}\n").layers
    return getattr(layer.layer, name)


def problem_of(line: str) -> str:
    """The only thing that is wrong, with its column."""
    (problem,) = problems_of(f"input: 8x32x32\nlayers:\n- {line}\n")
    return problem.removeprefix("3:")


@pytest.mark.parametrize(
    ("written", "kernel"),
    [
        ("3", (3, 3)), ("1x7", (1, 7)), ("7×1", (7, 1)), ("[1, 7]", (1, 7)), ("[in - 5, 2*3]", (3, 6)),
        ("in/4", (2, 2)), ("'3'", (3, 3)), ("3.0", (3, 3)), ("1_1", (11, 11)), ("(3)", (3, 3)),
    ],
)  # fmt: skip
def test_a_size_is_one_number_or_one_for_each_axis(written: str, kernel: tuple[int, int]) -> None:
    assert value_of(f"{{conv: 8, kernel: {written}}}", "kernel") == kernel


@pytest.mark.parametrize(
    ("written", "padding"),
    [
        ("0", ((0, 0), (0, 0))),
        ("2", ((2, 2), (2, 2))),
        ("1x2", ((1, 1), (2, 2))),
        ("[1, 2]", ((1, 1), (2, 2))),
        ("[[1, 2], [3, 4]]", ((1, 2), (3, 4))),
        ("[[in - 8, 0], [0, 1]]", ((0, 0), (0, 1))),
        ("in//4", ((2, 2), (2, 2))),
        ("valid", "valid"),
        ("same", "same"),
        ("same_lower", "same_lower"),
        ("half", "half"),
    ],
)
def test_a_padding_is_a_size_a_pair_for_each_axis_or_a_word(written: str, padding: object) -> None:
    assert value_of(f"{{conv: 8, kernel: 5, padding: {written}}}", "padding") == padding


def test_a_padding_of_the_past_is_for_sequences() -> None:
    text = "input: {C: 2, L: 32}\nlayers: [{conv: 8, kernel: 5, padding: causal}]\n"
    assert cnncalc.analyze(text=text)["conv"].output_shape == (8, 32)


@pytest.mark.parametrize(("written", "flag"), [("true", True), ("false", False), ("'true'", True)])
def test_a_flag_is_true_or_false(written: str, flag: bool) -> None:
    assert value_of(f"{{conv: 8, kernel: 5, bias: {written}}}", "bias") is flag


@pytest.mark.parametrize("written", ["yes", "no", "on", "off", "1", "0", "y", "null", "none"])
def test_a_flag_is_nothing_else(written: str) -> None:
    assert problem_of(f"{{conv: 8, kernel: 5, bias: {written}}}") == f"30: bias is true or false, not '{written}'"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{relu: true}", "takes no value; write '- relu'"),
        ("{tanh: false}", "takes no value; write '- tanh'"),
        ("{relu: {slope: 1}}", "relu has no parameter 'slope'; it has none"),
    ],
)
def test_a_kind_without_parameters_takes_none(line: str, problem: str) -> None:
    assert problem in problem_of(line)


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("0", 0.0), ("0.5", 0.5), ("0.25", 0.25), ("5e-1", 0.5), ("5E-1", 0.5), ("1e-5", 1e-5), ("2.5e-1", 0.25),
        ("1/4", 0.25), ("1 - 0.75", 0.25), ("1/in", 0.125), ("0e5", 0.0), ("1e-30", 1e-30), ("0.1", 0.1),
        ("1/3", 1 / 3),
    ],
)  # fmt: skip
def test_a_real_number_is_the_nearest_float(written: str, rate: float) -> None:
    assert value_of(f"{{dropout: {written}}}", "rate") == rate


@pytest.mark.parametrize(
    "written",
    [
        "1e", "1e+", "1e-", "1e+-5", "1e--5", "1.5e", "1.", ".5", "1.e5", "00.5", "010", "1e5e5", "e5", "1e1.5", "0x1",
        "nan", "inf", "-0.5", "٣", "1e٣",
    ],
)  # fmt: skip
def test_what_is_no_real_number_is_refused(written: str) -> None:
    assert problem_of(f"{{leaky_relu: {written}}}").startswith("16: ")


@pytest.mark.parametrize("written", ["1", "1.5", "1e0", "in", "2 - 1"])
def test_a_rate_is_below_1(written: str) -> None:
    assert problem_of(f"{{dropout: {written}}}").endswith("; at least 0 and below 1 is expected")


@pytest.mark.parametrize("written", ["1e19", "1e30", "1e300", "1e999"])
def test_a_real_number_that_is_too_large_is_told_a_limit(written: str) -> None:
    problem = problem_of(f"{{leaky_relu: {written}}}")
    assert "None" not in problem
    assert len(problem) < 200


@pytest.mark.parametrize(
    ("written", "channels"),
    [("0..8", (0, 8)), ("0..in/2", (0, 4)), ("in/2..in", (4, 8)), (" 1 .. 3 ", (1, 3)), ("'2..3'", (2, 3))],
)
def test_a_range_is_from_to(written: str, channels: tuple[int, int]) -> None:
    assert value_of(f"{{slice: {written}}}", "channels") == channels


@pytest.mark.parametrize(
    "written", ["4", "[0, 4]", "0-4", "0:4", "0..", "..4", "..", "0...4", "4..4", "5..4", "0..9", "x..4"]
)
def test_another_range_is_refused(written: str) -> None:
    assert problem_of(f"{{slice: {written}}}")


@pytest.mark.parametrize(("written", "zeros"), [("[0, 8]", (0, 8)), ("[in/2, in + 1]", (4, 9)), ("[3, 0]", (3, 0))])
def test_a_pair_is_before_and_after(written: str, zeros: tuple[int, int]) -> None:
    assert value_of(f"{{pad_channels: {written}}}", "zeros") == zeros


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("8", "18: zeros: [before, after] is expected, as [0, 16]"),
        ("[8]", "18: zeros: [before, after] is expected, as [0, 16]"),
        ("[[0, 8], [0, 8]]", "19: zeros: a whole number is expected here, not a list or mapping"),
        ("[0, 1-2]", "22: zeros is -1; at least 0 is expected"),
    ],
)
def test_another_pair_is_refused(written: str, problem: str) -> None:
    assert problem_of(f"{{pad_channels: {written}}}") == problem


def test_a_reshape_is_a_shape_in_the_order_of_the_layout() -> None:
    layers = "layers: [{reshape: 2x64x64}]\n"
    assert cnncalc.analyze(text="input: 8x32x32\n" + layers)["reshape"].output_shape == (2, 64, 64)
    assert cnncalc.analyze(text="layout: HWC\ninput: 32x32x8\n" + layers)["reshape"].output_shape == (2, 64, 64)
    assert cnncalc.analyze(text="input: 8x32x32\nlayers: [{reshape: in*1024}]\n")["reshape"].output_shape == (8192,)


@pytest.mark.parametrize(
    ("written", "rounding"),
    [
        ("rounding: floor", "floor"), ("rounding: ceil", "ceil"), ("rounding: ceil_caffe", "ceil_caffe"),
        ("ceil_mode: true", "ceil"), ("ceil_mode: false", "floor"),
    ],
)  # fmt: skip
def test_ceil_mode_is_rounding_in_the_words_of_pytorch(written: str, rounding: str) -> None:
    assert value_of(f"{{maxpool: 2, {written}}}", "rounding") == rounding


# true and false are PyTorch's words for ceil_mode, not for rounding.
@pytest.mark.parametrize("written", ["rounding: true", "rounding: false"])
def test_true_is_no_rounding(written: str) -> None:
    assert problem_of(f"{{maxpool: 2, {written}}}")


@pytest.mark.parametrize("written", ["[relu]", "{relu: 1}", ""])
def test_a_word_that_is_no_word_is_not_quoted_as_an_empty_one(written: str) -> None:
    assert "''" not in problem_of(f"{{conv: 8, kernel: 1, activation: {written}}}")


def test_connections_are_kept_as_written() -> None:
    assert value_of("{conv: 2, kernel: 1, connections: [[7, 0], [in/8]]}", "connections") == ((7, 0), (1,))
