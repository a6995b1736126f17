"""Inputs and variables: as the spec gives them, and as `input=` and `set=` replace them."""

import pytest

import cnncalc
from cnncalc.shapes import Shape

ONE = "input: {C: 3, H: 32, W: 48}\nlayers: [relu]\n"
HWC = "layout: HWC\ninput: {C: 3, H: 32, W: 48}\nlayers: [relu]\n"
TWO = (
    "inputs: {left: 3x32x32, right: {C: 1, H: 8, W: 16}}\n"
    "layers:\n- {name: a, relu: , from: left}\n- {name: b, relu: , from: right}\n"
)
FILM = "input: {C: 3, D: 4, H: 8, W: 16}\nlayers: [relu]\n"
SOUND = "input: {C: 1, L: 100}\nlayers: [relu]\n"
THREE = "but the spec's input 3x32x48 has 3 sizes"
VECTOR = "input: {C: 10}\nlayers: [relu]\n"


def inputs_of(text: str, given: str | list[str] | tuple[int, ...] = ()) -> dict[str, Shape]:
    """The shape of each input."""
    return dict(cnncalc.analyze(text=text, input=given).network.inputs)


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("{C: 3, H: 227, W: 227}", Shape(3, (227, 227))),
        ("{W: 5, C: 3, H: 7}", Shape(3, (7, 5))),
        ("{C: 1, L: 16000}", Shape(1, (16000,))),
        ("{W: 4, H: 3, D: 2, C: 1}", Shape(1, (2, 3, 4))),
        ("{C: 784}", Shape(784)),
        ("3x227x227", Shape(3, (227, 227))),
        ("3×227×227", Shape(3, (227, 227))),
        ("[3, 227, 227]", Shape(3, (227, 227))),
        ("3x16x112x112", Shape(3, (16, 112, 112))),
        ("784", Shape(784)),
        ("[784]", Shape(784)),
        ("(784,)", Shape(784)),
        ("(3, 32, 48)", Shape(3, (32, 48))),
        ("2x100", Shape(2, (100,))),
        ("{C: 28, L: 28}", Shape(28, (28,))),
        ("64x12", Shape(64, (12,))),
        ("16x16", Shape(16, (16,))),
        ("3x4x56x56", Shape(3, (4, 56, 56))),
        ("{C: 32, D: 3, H: 224, W: 224}", Shape(32, (3, 224, 224))),
        ("[3, 2*side, side + 1]", Shape(3, (16, 9))),
        ("{C: 3, H: side, W: side}", Shape(3, (8, 8))),
        ("{C: 227, H: 227, W: 3}", Shape(227, (227, 3))),
        ("1x1x1", Shape(1, (1, 1))),
        ("8x4x4", Shape(8, (4, 4))),
        ("3x3x3", Shape(3, (3, 3))),
    ],
)
def test_an_input_is_named_sizes_or_a_list_in_the_layouts_order(written: str, shape: Shape) -> None:
    assert inputs_of(f"vars: {{side: 8}}\ninput: {written}\nlayers: [relu]\n") == {"input": shape}


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("227x200x3", Shape(3, (227, 200))),
        ("[16, 112, 112, 3]", Shape(3, (16, 112, 112))),
        ("16000x1", Shape(1, (16000,))),
        ("9x128", Shape(128, (9,))),
        ("784", Shape(784)),
        ("{C: 3, H: 7, W: 5}", Shape(3, (7, 5))),
    ],
)
def test_a_list_is_read_with_the_channels_last_in_hwc(written: str, shape: Shape) -> None:
    assert inputs_of(f"layout: HWC\ninput: {written}\nlayers: [relu]\n") == {"input": shape}


@pytest.mark.parametrize(
    ("layout", "written", "named"),
    [
        ("CHW", "227x227x3", "C: 3, H: 227, W: 227"),
        ("CHW", "[28, 28, 1]", "C: 1, H: 28, W: 28"),
        ("CHW", "224x320x4", "C: 4, H: 224, W: 320"),
        ("CHW", "16000x1", "C: 1, L: 16000"),
        ("CHW", "128x9", "C: 9, L: 128"),
        ("CHW", "16x112x112x3", "C: 3, D: 16, H: 112, W: 112"),
        ("HWC", "3x227x227", "C: 3, H: 227, W: 227"),
        ("HWC", "[1, 28, 28]", "C: 1, H: 28, W: 28"),
    ],
)
def test_an_input_that_looks_swapped_is_refused(layout: str, written: str, named: str) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=f"layout: {layout}\ninput: {written}\nlayers: [relu]\n")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.rule) == (2, 8, "layout")
    assert problem.message.startswith("looks like ")
    assert f"'input: {{{named}}}'" in problem.message
    assert inputs_of(f"layout: {layout}\ninput: {{{named}}}\nlayers: [relu]\n")


@pytest.mark.parametrize(
    ("text", "given", "shapes"),
    [
        (ONE, "3x160x200", {"input": Shape(3, (160, 200))}),
        (ONE, (3, 160, 200), {"input": Shape(3, (160, 200))}),
        (ONE, (), {"input": Shape(3, (32, 48))}),
        (ONE, "1x160x200", {"input": Shape(1, (160, 200))}),
        (ONE, "H=160", {"input": Shape(3, (160, 48))}),
        (ONE, "W=160", {"input": Shape(3, (32, 160))}),
        (ONE, "C=1", {"input": Shape(1, (32, 48))}),
        (ONE, ["H=160", "W=200"], {"input": Shape(3, (160, 200))}),
        (ONE, ["3x10x10", "W=200"], {"input": Shape(3, (10, 200))}),
        (ONE, ["H=1", "H=2"], {"input": Shape(3, (2, 48))}),
        (ONE, "[3, 160, 200]", {"input": Shape(3, (160, 200))}),
        (ONE, "3,160,200", {"input": Shape(3, (160, 200))}),
        (ONE, " 3x160x200 ", {"input": Shape(3, (160, 200))}),
        (ONE, "input=3x160x200", {"input": Shape(3, (160, 200))}),
        (ONE, "input.H=160", {"input": Shape(3, (160, 48))}),
        (HWC, "160x200x3", {"input": Shape(3, (160, 200))}),
        (HWC, "H=160", {"input": Shape(3, (160, 48))}),
        (TWO, "left=3x64x64", {"left": Shape(3, (64, 64)), "right": Shape(1, (8, 16))}),
        (TWO, "left.H=64", {"left": Shape(3, (64, 32)), "right": Shape(1, (8, 16))}),
        (TWO, ["left.H=64", "right.W=4"], {"left": Shape(3, (64, 32)), "right": Shape(1, (8, 4))}),
        (TWO, "H=64", {"left": Shape(3, (64, 32)), "right": Shape(1, (64, 16))}),
        (FILM, "D=16", {"input": Shape(3, (16, 8, 16))}),
        (FILM, "3x16x112x112", {"input": Shape(3, (16, 112, 112))}),
        (SOUND, "L=8000", {"input": Shape(1, (8000,))}),
        (SOUND, "2x8000", {"input": Shape(2, (8000,))}),
        (VECTOR, "20", {"input": Shape(20)}),
        (VECTOR, "C=20", {"input": Shape(20)}),
    ],
)
def test_another_input_can_be_given(
    text: str, given: str | list[str] | tuple[int, ...], shapes: dict[str, Shape]
) -> None:
    assert inputs_of(text, given) == shapes


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        (ONE, "large", "input large: write a shape as 3x224x224, or one size as H=160"),
        (ONE, "", "input : write a shape as 3x224x224, or one size as H=160"),
        (ONE, "H=", "input H=: write a shape as 3x224x224, or one size as H=160"),
        (ONE, "H=-1", "input H=-1: write a shape as 3x224x224, or one size as H=160"),
        (ONE, "h=160", "input h=160: there is no input 'h'; it has input"),
        (ONE, "X=160", "input X=160: there is no input 'X'; it has input"),
        (ONE, "D=160", "input D=160: the axes are C, H, W, each with one size"),
        (ONE, "H=3x3", "input H=3x3: the axes are C, H, W, each with one size"),
        (ONE, "H=0", "input H=0: a size is at least 1"),
        (ONE, "3x0x3", "input 3x0x3: a size is at least 1"),
        (ONE, "H=010", "input H=010: '010' has a leading zero; write 10"),
        (ONE, "3x224", f"input 3x224: 2 given, {THREE}; write all of them, or one as H=224"),
        (ONE, "224", f"input 224: 1 given, {THREE}; write all of them, or one as H=224"),
        (ONE, "1x3x224x224", "input 1x3x224x224: the batch is not part of the input; write 3x224x224"),
        (FILM, "2x3x3x4x5", "input 2x3x3x4x5: the batch is not part of the input; write 3x3x4x5 and --batch 2"),
        (ONE, "1x2x3x4x5x6", "input 1x2x3x4x5x6: a shape is expected, as 96x55x55 or [96, 55, 55]"),
        (ONE, "3xx3", "input 3xx3: '' is not a whole number"),
        (
            ONE,
            "H=" + "9" * 19,
            "input H=9999999999999999999: the value is larger than any size here (1,000,000,000,000,000,000)",
        ),
        (ONE, "left.H=4", "input left.H=4: there is no input 'left'; it has input"),
        (
            HWC,
            "160x200",
            "input 160x200: 2 given, but the spec's input 32x48x3 has 3 sizes; write all of them, or one as H=200",
        ),
        (TWO, "3x64x64", "input 3x64x64: the network has several inputs; write left=3x64x64"),
        (TWO, "middle=3x64x64", "input middle=3x64x64: there is no input 'middle'; it has left, right"),
        (TWO, "left.L=4", "input left.L=4: the axes are C, H, W, each with one size"),
        (SOUND, "H=4", "input H=4: the axes are C, L, each with one size"),
        (VECTOR, "H=4", "input H=4: the axes are C, each with one size"),
    ],
)  # fmt: skip
def test_an_input_that_does_not_fit_is_refused(text: str, given: str, message: str) -> None:
    with pytest.raises(cnncalc.OverrideError) as caught:
        cnncalc.analyze(text=text, input=given)
    assert str(caught.value) == message


# `input: 160x160x3` is refused in a spec; on the command line it is the same slip.
def test_another_input_that_looks_swapped_is_refused_too() -> None:
    with pytest.raises(cnncalc.OverrideError, match="looks like H, W, C"):
        cnncalc.analyze(text=ONE, input="160x160x3")


# Problems of the file are reported before those of the options.
@pytest.mark.parametrize("given", ["right.H=4", "H=4", "left.H=4"])
def test_the_problems_of_the_spec_come_first(given: str) -> None:
    text = "inputs: {left: 3x8x8, right: 3x8xwide}\nlayers: [{relu: , from: left}]\n"
    with pytest.raises(cnncalc.SpecError):
        cnncalc.analyze(text=text, input=given)


def test_a_network_that_no_longer_fits_is_a_problem_of_the_spec() -> None:
    text = "input: 3x32x32\nlayers: [{maxpool: 8}]\n"
    with pytest.raises(cnncalc.SpecError, match="maxpool: window 8 is larger than the input 4"):
        cnncalc.analyze(text=text, input="H=4")


# Variables

VARS = "vars: {width: 0.5, double: 2*width, n: 3}\ninput: 8x8x8\nlayers: [{conv: in*double, kernel: 1, repeat: n}]\n"


@pytest.mark.parametrize(
    ("given", "channels"),
    [
        ({}, [8, 8, 8]),
        ({"width": 1}, [16, 32, 64]),
        ({"width": 0.25}, [4, 2, 1]),
        ({"width": "0.25", "n": "1"}, [4]),
        ({"double": 3, "n": 1}, [24]),
        ({"n": 10}, [8] * 10),
        ({"width": 0.3, "n": 1, "double": 1.25}, [10]),
    ],
)
def test_set_replaces_a_variable(given: dict[str, object], channels: list[int]) -> None:
    assert [layer.output_shape[0] for layer in cnncalc.analyze(text=VARS, set=given).layers] == channels


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"widht": 1}, "<text> has no variable 'widht'; did you mean 'width'?"),
        ({"q": 1}, "<text> has no variable 'q'; it has width, double, n"),
        ({"width": "wide"}, "width=wide: 'wide' is not a number of 0 or more"),
        ({"width": "-1"}, "width=-1: '-1' is not a number of 0 or more"),
        ({"width": ""}, "width=: '' is not a number of 0 or more"),
        ({"width": -1}, "width=-1: '-1' is not a number of 0 or more"),
        ({"width": "2*3"}, "width=2*3: '2*3' is not a whole number"),
        ({"width": True}, "width=True: 'True' is not a number of 0 or more"),
        ({"width": "010"}, "width=010: '010' has a leading zero; write 10"),
        (
            {"width": "9" * 30},
            "width=" + "9" * 30 + ": the value is larger than any size here (1,000,000,000,000,000,000)",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(cnncalc.OverrideError) as caught:
        cnncalc.analyze(text=VARS, set=given)
    assert str(caught.value) == message


def test_a_spec_without_variables_says_so() -> None:
    with pytest.raises(cnncalc.OverrideError, match="<text> has no variable 'width'; it has none"):
        cnncalc.analyze(text=ONE, set={"width": 1})


def test_a_wrong_variable_that_is_replaced_is_no_problem() -> None:
    text = "vars: {width: }\ninput: 8x8x8\nlayers: [{conv: 4*width, kernel: 1}]\n"
    assert cnncalc.analyze(text=text, set={"width": 2})["conv"].output_shape == (8, 8, 8)


# A spec is right or wrong by itself: values given for later names change nothing.
def test_set_does_not_change_which_variables_are_seen() -> None:
    text = "vars: {double: 2*width, width: 4}\ninput: 8x8x8\nlayers: [relu]\n"
    with pytest.raises(cnncalc.SpecError, match="'width' in '2\\*width' is not known"):
        cnncalc.analyze(text=text)
    with pytest.raises(cnncalc.SpecError, match="'width' in '2\\*width' is not known"):
        cnncalc.analyze(text=text, set={"width": 4})


@pytest.mark.parametrize("batch", [0, -1, 1.0, "2", True, None, 10**9 + 1])
def test_a_batch_is_a_whole_number_of_at_least_1(batch: object) -> None:
    with pytest.raises(
        cnncalc.OverrideError, match=r"^batch is .*; a whole number from 1 to 1,000,000,000 is expected$"
    ):
        cnncalc.analyze(text=ONE, batch=batch)  # type: ignore[arg-type]
