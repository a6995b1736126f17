"""Numbers of a spec: exact, with Python's precedence, within limits, and nothing else of Python."""

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.language.expressions import ExpressionError, UnknownName, decimal_text, evaluate, integer, literal

NAMES: dict[str, int | Fraction] = {"c": 64, "width": Fraction(1, 4), "in": 96, "big": 10**18}


def value_of(name: str) -> int | Fraction:
    """The number of a name of the tests."""
    if name not in NAMES:
        raise UnknownName(name)
    return NAMES[name]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1_000_000", 1_000_000),
        ("10.50", Fraction(21, 2)),
        ("in*0.25", 24),
        ("2 + 3*4", 14),
        ("7.5 // 2", 3),
        ("(3 - 10) % 4", 1),
        ("min(max(1, width), 8)", 1),
        ("round_to(32*width, 8)", 8),
        (" 1 +\t2 ", 3),
        ("1000000000000000000", 10**18),
        ("999999999999999999 + 1", 10**18),
        ("big/big", 1),
    ],
)
def test_an_expression_has_its_exact_value(text: str, value: int | Fraction) -> None:
    assert evaluate(text, value_of) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a number is expected, not the end"),
        ("1 +", "a number is expected, not the end"),
        ("-3", "a number has no sign here; '-' goes between two numbers"),
        ("4*-3", "a number has no sign here; '-' goes between two numbers"),
        ("+3", "a number has no sign here; '+' goes between two numbers"),
        ("2**3", "a number is expected, not '*'"),
        ("()", "a number is expected, not ')'"),
        ("1 2", "'2' is not expected here"),
        ("1)", "')' is not expected here"),
        ("1, 2", "',' is not expected here"),
        ("2c", "'c' is not expected here"),
        ("1e3", "'e3' is not expected here"),
        ("0x10", "'x10' is not expected here"),
        ("c(2)", "'(' is not expected here"),
        ("floor(c)", "unknown name 'floor'"),
        ("ceil(1", "unknown name 'ceil'"),
        ("(1", "')' is expected, not the end"),
        ("min(1)", "',' is expected, not ')'"),
        ("min(1, 2, 3)", "')' is expected, not ','"),
        ("min(1, 2", "')' is expected, not the end"),
        ("2^3", "'^' has no meaning in a number"),
        ("1 < 2", "'<' has no meaning in a number"),
        ("c.real", "'.' has no meaning in a number"),
        ("c[0]", "'[' has no meaning in a number"),
        ("'1'", "''' has no meaning in a number"),
        ("2 × 3", "'×' has no meaning in a number"),
        ("٣", "'٣' has no meaning in a number"),
        ("1:30", "':' has no meaning in a number"),
        ("010", "'010' has a leading zero; write 10"),
        ("1 + 007", "'007' has a leading zero; write 7"),
        ("00", "'00' has a leading zero; write 0"),
        ("1__0", "'1__0' is not a whole number"),
        ("1_", "'1_' is not a whole number"),
        ("1/0", "1 / 0: division by zero"),
        ("1//(c - 64)", "1 // 0: division by zero"),
        ("5 % 0", "5 % 0: division by zero"),
        ("1/0.0", "1 / 0: division by zero"),
        ("round_to(8, 0)", "round_to needs a positive second value"),
        ("round_to(8, 1 - 2)", "round_to needs a positive second value"),
        ("1000000000000000001", "the value is larger than any size here (1,000,000,000,000,000,000)"),
        ("1000000000*1000000001", "the value is larger than any size here (1,000,000,000,000,000,000)"),
        ("0 - big - 1", "the value is larger than any size here (1,000,000,000,000,000,000)"),
        ("big*big/big", "the value is larger than any size here (1,000,000,000,000,000,000)"),
        ("1/big/2", "the value is a fraction of more digits than any figure here has"),
        ("1+" * 100 + "1", "an expression of 201 characters; 200 are allowed"),
        ("(" * 21 + "1" + ")" * 21, "more than 20 nested parentheses"),
        ("min(" * 21 + "1" + ", 1)" * 21, "more than 20 nested parentheses"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_anything_else_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, value_of)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "text", ["(" * 20 + "1" + ")" * 20, "(1)+" * 40 + "1", "1+" * 99 + "10"], ids=["20 deep", "41 in a row", "200 long"]
)
def test_the_limits_can_be_reached(text: str) -> None:
    assert evaluate(text, value_of) == eval(text)  # digits, + and parentheses only


@pytest.mark.parametrize("name", ["x", "min", "round_to", "C", "__import__", "None"])
def test_a_name_without_a_value_is_unknown(name: str) -> None:
    with pytest.raises(UnknownName) as caught:
        evaluate(f"2*{name} + 1", value_of)
    assert caught.value.name == name


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("7", 7), ("1_000", 1000), ("1_0_0", 100), ("10", 10)])
def test_a_whole_number_is_digits_without_a_leading_zero(text: str, value: int) -> None:
    assert integer(text) == value


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "+1", "-1", "1.0", "0x1", "1_", "_1", "1__0", "²", "٣", "1e3", "01", "0_1"]
)
def test_nothing_else_is_a_whole_number(text: str) -> None:
    with pytest.raises(ExpressionError):
        integer(text)


@pytest.mark.parametrize("text", [".5", "5.", "1.5.2", "1,5", "1e-3", "-1.5", "0.٣", "01.5", "1._5", "inf", "nan"])
def test_nothing_else_is_a_decimal(text: str) -> None:
    with pytest.raises(ExpressionError):
        literal(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3, 2), "1.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(10, 3), "10/3"),
        (Fraction(1, 3), "1/3"),
        (Fraction(4), "4"),
        (10**18, "1000000000000000000"),
    ],
)
def test_a_message_shows_a_number_exactly(value: int | Fraction, text: str) -> None:
    assert decimal_text(value) == text


# A decimal with 19 places is a small number: the message must not call it large.
def test_a_number_with_too_many_decimals_is_not_called_large() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text="input: 3x8x8\nlayers:\n- {conv: 0.1234567890123456789*10, kernel: 1}\n")
    assert "larger" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{conv: in/2, kernel: 1}", "3:10: 'in/2' is 1.5, not a whole number (use // to round down) (not-whole)"),
        ("{conv: 4*in/5, kernel: 1}", "3:10: '4*in/5' is 2.4, not a whole number (use // to round down) (not-whole)"),
        ("{conv: 10/in, kernel: 1}", "3:10: '10/in' is 10/3, not a whole number (use // to round down) (not-whole)"),
        ("{conv: in*0.5, kernel: 1}", "3:10: 'in*0.5' is 1.5, not a whole number (use // 1 to round down) (not-whole)"),
    ],
)
def test_a_count_that_is_not_whole_says_how_to_round(line: str, problem: str) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=f"input: 3x8x8\nlayers:\n- {line}\n")
    assert str(caught.value) == f"<text>:{problem}"


# `(use // 1 to round down)` and `(use // to round down)` must be true.
@pytest.mark.parametrize(("advised", "filters"), [("in//2", 1), ("4*in//5", 2), ("10//in", 3), ("in*0.5 // 1", 1)])
def test_the_advice_to_round_down_works(advised: str, filters: int) -> None:
    report = cnncalc.analyze(text=f"input: 3x8x8\nlayers:\n- {{conv: {advised}, kernel: 1}}\n")
    assert report["conv"].output_shape == (filters, 8, 8)
