"""The working that students write down."""

from fractions import Fraction

import pytest
from homework.marked import marked, not_right

from cnncalc.homework.working import value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(224 - 11 + 2*2)/4 + 1", Fraction(221, 4)),
        ("⌊(224 − 11 + 2·2)/4⌋ + 1", 55),
        ("floor((224-11+2*2)/4)+1", 55),
        ("(224-11+4)//4 + 1", 55),
        ("floor(floor(7/2)/2)", 1),
        ("floor((7/2", None),
        ("the size stays", None),
        ("", None),
        ("(" * 300, None),
        ("1/0", None),
    ],
)
def test_a_calculation_has_its_exact_value(text: str, value: Fraction | int | None) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "working",
    [
        "(32 - 5)/1 + 1 = 28",
        "⌊(32 − 5)/1⌋ + 1",
        "8*(5*5*3 + 1) = 608",
        "8 filters",
        "28 = 28",
        "8*28*28 = 6272",
        "5*5*3*8 = 600, 600 + 8 = 608",
    ],
)
def test_there_is_nothing_to_say_about_right_working(working: str) -> None:
    assert marked(f"layer;out;working\nconv1;8x28x28;{working}\n").remarks == ()


@pytest.mark.parametrize(
    ("working", "message"),
    [
        ("(32 - 5)/1 + 1 = 27", "(32 - 5)/1 + 1 is 28, not 27"),
        ("8*5*5*3 = 600", "600 is the count without the biases"),
    ],
)
def test_wrong_working_is_named(working: str, message: str) -> None:
    assert [remark.message for remark in marked(f"layer;out;working\nconv1;8x28x28;{working}\n").remarks] == [message]


@pytest.mark.parametrize(
    ("cell", "messages"),
    [
        ("608 (=75*8+8)", []),
        ("600 = 75*8", []),  # the mark says which rule was broken
        ("600 params (600 params)", []),
        ("608 (=75*8)", ["75*8 is 600, not 608", "600 is the count without the biases"]),
        ("618 = 75*8+8", ["75*8+8 is 608, not 618: the calculation is right, its result is not"]),
        (
            "5*5*3*8 + 8 = 75*8 + 8 = 600 + 8 = 618",
            ["600 + 8 is 608, not 618: the calculation is right, its result is not"],
        ),
        ("5*5*3*8 = 610; 610 + 8 = 618", ["5*5*3*8 is 600, not 610"]),
        ("0.6K (=75*8+8)", []),
    ],
)
def test_an_answer_and_its_working_are_to_agree(cell: str, messages: list[str]) -> None:
    assert [remark.message for remark in marked(f'layer|params\nconv1|"{cell}"\n').remarks] == messages


@pytest.mark.parametrize(
    ("cell", "messages"),
    [
        ("8x28x28 (=(32-5)/1+1)", []),
        ("8x27x27 (=(32-5)/1+1)", ["(32-5)/1+1 is 28, not 8x27x27: the calculation is right, its result is not"]),
        ("8x28x28 = (32-5)/2+1", ["(32-5)/2+1 is 14.5, not 8x28x28"]),
        (
            "8x14x14 = (32-5)/2+1",
            ["(32-5)/2+1 is 14.5, not 8x14x14: the quotient is not whole and has to be rounded down, ⌊ ⌋"],
        ),
    ],
)
def test_the_working_of_a_shape_gives_one_of_its_sizes(cell: str, messages: list[str]) -> None:
    assert [remark.message for remark in marked(f"layer;out\nconv1;{cell}\n").remarks][:1] == messages


def test_a_slip_of_arithmetic_is_no_misconception() -> None:
    # 10*784 = 7840 would be the count without biases, but they are in the calculation.
    mark = next(one for one in marked("layer;params\nfc;7840 (=784*10+10)\n").marks if one.layer == "fc")
    assert (mark.state, mark.explanations) == ("wrong", ())


def test_weights_and_biases_are_the_params_or_their_working() -> None:
    alone = "layer;weights;biases\nconv1;600;8\npool1;0;0\nconv2;1152;16\npool2;-;-\nfc;7840;0\n"
    assert not_right(marked(alone)) == {"fc params": "wrong: bias-forgotten"}
    beside = alone.replace("biases", "biases;params").replace("1152;16", "1052;16;1168")
    assert [remark.message for remark in marked(beside).remarks] == ["1052 + 16 is 1,068, not 1,168"]
