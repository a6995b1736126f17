"""The working that students write down."""

from fractions import Fraction

import pytest
from homework.marked import marked

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
    ["(32 - 5)/1 + 1 = 28", "⌊(32 − 5)/1⌋ + 1", "8*(5*5*3 + 1) = 608", "8 filters", "28 = 28", "8*28*28 = 6272"],
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
