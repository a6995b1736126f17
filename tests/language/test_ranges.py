"""Comma lists and ranges of a command line."""

import pytest

from cnncalc.language.expressions import ExpressionError
from cnncalc.language.ranges import read_values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("160", ("160",), id="one value"),
        pytest.param("0.5, 0.75,1.0", ("0.5", "0.75", "1.0"), id="a list keeps its texts"),
        pytest.param("160..320/64", ("160", "224", "288"), id="a range stops where the next step is too far"),
        pytest.param("160..288/64", ("160", "224", "288"), id="a range has its end where a step meets it"),
        pytest.param("3..6", ("3", "4", "5", "6"), id="the step is 1 by default"),
        pytest.param("0.1..0.4/0.1", ("0.1", "0.2", "0.3", "0.4"), id="decimals are exact"),
        pytest.param("96,160..170/10", ("96", "160", "170"), id="a range in a list"),
        pytest.param("7..7", ("7",), id="a range of one"),
    ],
)
def test_values(text: str, values: tuple[str, ...]) -> None:
    assert read_values(text) == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,,2", "a value is missing in '1,,2'"),
        ("320..160", "'320..160' is an empty range; it counts from a smaller to a larger number, as 160..320/32"),
        ("1..9/0", "'1..9/0' is an empty range; it counts from a smaller to a larger number, as 160..320/32"),
        ("1..x", "'1..x' is not a range: 'x' is not a number of 0 or more; write from..to/step, as 160..320/32"),
        ("1..", "'1..' is not a range: '' is not a number of 0 or more; write from..to/step, as 160..320/32"),
        ("1..20000", "'1..20000' has 20,000 values; at most 10,000 are allowed, take a larger step"),
    ],
)
def test_what_is_no_list_of_values_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_values(text)
    assert str(caught.value) == message
