"""Formulas are read, evaluated and written right: Python's own parser over fractions is the witness, here only."""

import ast
import math
import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.formula import SOURCE, FormulaError, Number, compiled, evaluate, parse, substitute, symbols, write
from cnncalc.notation import LATEX, PLAIN

VALUES: dict[str, Number] = {"H": 55, "K_h": 3, "width": Fraction(1, 4), "less": -2}


def round_to(x: Fraction, n: Fraction) -> Fraction:
    """torchvision's _make_divisible, in its words."""
    new = max(n, int(x + n / 2) // n * n) if x >= 0 else n
    return Fraction(new + n if new < Fraction(9, 10) * x else new)


FUNCTIONS: dict[str, Callable[..., int | Fraction]] = {
    "floor": math.floor, "ceil": math.ceil, "min": min, "max": max, "round_to": round_to,
}  # fmt: skip


def witness(text: str, values: dict[str, Number]) -> Fraction:
    """The exact value of a text, as Python reads it."""
    digits = re.sub(r"\d+\.\d+", lambda match: f"_('{match[0]}')", text)
    return _value(ast.parse(digits.strip(), mode="eval").body, values)


def _value(node: ast.expr, values: dict[str, Number]) -> Fraction:
    match node:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(decimal))]):
            return Fraction(decimal)
        case ast.Name(id=name):
            return Fraction(values[name])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return Fraction(FUNCTIONS[name](*(_value(argument, values) for argument in arguments)))
        case ast.BinOp(left=left, op=operator, right=right):
            return _applied(operator, _value(left, values), _value(right, values))
    raise AssertionError(f"not arithmetic: {ast.dump(node)}")


def _applied(operator: ast.operator, a: Fraction, b: Fraction) -> Fraction:
    match operator:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return a / b
        case ast.FloorDiv():
            return Fraction(a // b)
        case ast.Mod():
            return a % b
    raise AssertionError(f"not arithmetic: {operator}")


def read_again(printed: str) -> str:
    """A printed formula as a text for Python."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", printed)
    text = re.sub(r"(?<!\w)(\d+)(?=[A-Za-z])", r"\1*", text)  # 2P
    for sign, meaning in {"⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "·": "*", "−": "-"}.items():
        text = text.replace(sign, meaning)
    return text


def formulas(signs: tuple[str, ...] = ("+", "-", "*", "/", "//", "%", " - ", " / ")) -> st.SearchStrategy[str]:
    """Texts of formulas with every sign and function, of numbers that stay small."""
    leaves = st.one_of(
        st.integers(0, 99).map(str), st.sampled_from(sorted(VALUES)), st.sampled_from(["0.25", "1.50", "1000"])
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(signs), inner).map("".join),
            inner.map("({})".format),
            st.tuples(st.sampled_from(["floor", "ceil"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
            st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        ),
        max_leaves=8,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("floor((227 - 11)/5) + 1", 44),  # 43.2
        ("ceil((227 - 11)/5) + 1", 45),
        ("floor((0 - 7)/2)", -4),
        ("20 - 4 - 3", 13),
        ("20 - (4 - 3)", 19),
        ("64/4/2", 8),
        ("64/(4/2)", 32),
        ("7//3*2", 4),
        ("7/2//1", 3),
        ("17 % 5*2", 4),
        ("1/3 + 1/6", Fraction(1, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("7.5 % 2", Fraction(3, 2)),
        ("max(1/2, min(1/3, 2))", Fraction(1, 2)),
        ("H*K_h - less", 167),
    ],
)
def test_a_formula_has_its_exact_value(text: str, value: Number) -> None:
    assert evaluate(parse(text), VALUES) == value == witness(text, VALUES)


@given(formulas())
@fuzz(100)
def test_every_formula_has_the_value_that_python_gives(text: str) -> None:
    try:
        expected = witness(text, VALUES)
    except ZeroDivisionError:
        with pytest.raises(FormulaError, match="division by zero"):
            evaluate(parse(text), VALUES)
        with pytest.raises(FormulaError, match="division by zero"):
            compiled(parse(text))(VALUES)
        return
    assert evaluate(parse(text), VALUES) == compiled(parse(text))(VALUES) == expected
    assert witness(write(parse(text), SOURCE), VALUES) == expected


@given(formulas(signs=("+", "-", "*", "/")).filter(lambda text: "." not in text))  # decimals are printed rounded
@fuzz(100)
def test_what_is_printed_has_the_same_value(text: str) -> None:
    whole = VALUES | {"width": 2}
    try:
        expected = witness(text, whole)
    except ZeroDivisionError:
        return
    assert witness(read_again(write(parse(text), PLAIN)), whole) == expected
    assert witness(read_again(write(parse(text), PLAIN, whole)), {}) == expected


@given(formulas(), formulas())
@fuzz(100)
def test_a_formula_put_in_has_the_value_of_the_symbol(text: str, inner: str) -> None:
    try:
        values = VALUES | {"H": evaluate(parse(inner), VALUES)}
        expected = evaluate(parse(text), values)
    except FormulaError:
        return
    assert evaluate(substitute(parse(text), {"H": parse(inner)}), VALUES) == expected


# torchvision 0.28, models/_utils.py: _make_divisible(v, 8). Its results for the widths of MobileNet:
#   new_v = max(min_value, int(v + divisor / 2) // divisor * divisor); new_v += divisor if new_v < 0.9 * v
@pytest.mark.parametrize(
    ("value", "divisor", "result"),
    [
        ("32", 8, 32),
        ("32*0.25", 8, 8),
        ("24*0.25", 8, 8),  # 6: at least the divisor
        ("1", 8, 8),
        ("0", 8, 8),
        ("16*0.75", 8, 16),  # 12 lies between 8 and 16: up
        ("11", 8, 16),  # 8 would be below 90 % of 11
        ("20", 8, 24),
        ("19", 8, 24),  # 16 would be below 90 % of 19
        ("24*1.4", 8, 32),  # 33.6: 32 is 95 % of it
        ("16*1.4", 8, 24),  # 22.4
        ("32*1.4", 8, 48),  # 44.8
        ("64*1.4", 8, 88),  # 89.6
        ("96*1.4", 8, 136),  # 134.4
        ("160*1.4", 8, 224),
        ("320*1.4", 8, 448),
        ("1280*1.4", 8, 1792),
        ("96*0.35", 8, 32),  # 33.6
        ("160*0.35", 8, 56),
        ("24*0.35", 8, 8),  # 8.4
        ("64*0.35", 8, 24),  # 22.4
        ("72/4", 8, 24),  # squeeze of MobileNetV3: 16 would be below 90 % of 18
        ("120/4", 8, 32),
        ("240/4", 8, 64),
        ("480/4", 8, 120),
        ("10", 9, 9),  # exactly 90 % is enough
        ("20", 18, 18),
        ("100", 1, 100),
        ("10.4", 1, 10),
        ("10.5", 1, 11),  # int(10.5 + 0.5)
        ("7", 5, 10),  # int(7 + 2.5) // 5 * 5 is 5, below 90 % of 7
        ("3", 4, 4),
    ],
)
def test_round_to_is_the_rule_of_mobilenet(value: str, divisor: int, result: int) -> None:
    assert evaluate(parse(f"round_to({value}, {divisor})"), {}) == result


@pytest.mark.parametrize(
    ("text", "plain", "latex"),
    [
        ("floor((H + 2*P - K)/S) + 1", "⌊(H + 2P − K)/S⌋ + 1",
         r"\left\lfloor \frac{H + 2P - K}{S}\right\rfloor + 1"),
        ("max((ceil(H/S) - 1)*S, 0)", "max((⌈H/S⌉ − 1)·S, 0)",
         r"\max\left(\left(\left\lceil \frac{H}{S}\right\rceil - 1\right) \cdot S, 0\right)"),
        ("K_h*(C_in/groups)*filters", "K_h·(C_in/groups)·filters",
         r"K_{\mathrm{h}} \cdot \left(\frac{C_{\mathrm{in}}}{\mathrm{groups}}\right) \cdot \mathrm{filters}"),
        ("1000*filters", "1,000·filters", r"1{,}000 \cdot \mathrm{filters}"),
        ("a - (b - c)", "a − (b − c)", r"a - \left(b - c\right)"),
        ("a/(b*c)/d", "a/(b·c)/d", r"\frac{\frac{a}{b \cdot c}}{d}"),
        ("min(a, b)", "min(a, b)", r"\min\left(a, b\right)"),
    ],
)  # fmt: skip
def test_a_formula_is_written_in_unicode_and_latex(text: str, plain: str, latex: str) -> None:
    assert (write(parse(text), PLAIN), write(parse(text), LATEX)) == (plain, latex)
    assert write(parse(text), SOURCE) == text


def test_numbers_are_put_in_for_the_symbols() -> None:
    formula = parse("a*(b - 2*P)")
    assert write(formula, PLAIN, {"a": 1234, "b": 7, "P": -1}) == "1,234·(7 − 2·(−1))"
    assert write(parse("r/2"), PLAIN, {"r": Fraction(5, 3)}) == "1.67/2"


@pytest.mark.parametrize(
    ("text", "values", "steps"),
    [
        # (224 - 11 + 2*2)/4 = 217/4 = 54.25, write-up C of tests/seeds.csv
        ("floor((H + 2*P - K)/S) + 1", {"H": 224, "P": 2, "K": 11, "S": 4}, "⌊54.25⌋ + 1 = 54 + 1 = 55"),
        ("floor((H - K)/S) + 1", {"H": 227, "K": 11, "S": 4}, "216/4 + 1 = 54 + 1 = 55"),
        ("floor((H - K)/S) + 1", {"H": 32, "K": 5, "S": 1}, "27 + 1 = 28"),
        ("ceil((H - K)/S) + 1", {"H": 110, "K": 3, "S": 2}, "⌈53.5⌉ + 1 = 54 + 1 = 55"),
        ("floor((H - K)/S) + 1", {"H": 10, "K": 3, "S": 3}, "⌊2.33⌋ + 1 = 2 + 1 = 3"),
        # 999/1000 would be 1.00 with two decimals, and its floor 1
        ("floor(H/S) + 1", {"H": 1999, "S": 1000}, "⌊1.999⌋ + 1 = 1 + 1 = 2"),
        ("max((ceil(H/S) - 1)*S + K - H, 0)", {"H": 9, "S": 2, "K": 3},
         "max((⌈4.5⌉ − 1)·2 + 3 − 9, 0) = max((5 − 1)·2 + 3 − 9, 0) = max(2, 0) = 2"),
        ("2*floor(E/2) - A", {"E": 4, "A": 1}, "2·2 − 1 = 3"),
        ("floor((H - K)/S) + 1", {"H": 2, "K": 3, "S": 2}, "⌊−0.5⌋ + 1 = −1 + 1 = 0"),
    ],
)  # fmt: skip
def test_what_is_rounded_is_shown_on_the_way(text: str, values: dict[str, int], steps: str) -> None:
    *_, result = steps.split(" = ")
    assert " = ".join(PLAIN.calculation(text, values, int(result))[2:]) == steps


def test_products_dissolve_in_products_and_sums_in_sums() -> None:
    replacements = {"taps": parse("K_h*K_w"), "depth": parse("C_in/groups"), "E": parse("d*(K - 1) + 1")}
    for text, written in (
        ("out*taps*depth", "out*K_h*K_w*(C_in/groups)"),
        ("taps/out", "K_h*K_w/out"),
        ("out/taps", "out/(K_h*K_w)"),
        ("H + E", "H + d*(K - 1) + 1"),
        ("H - E", "H - (d*(K - 1) + 1)"),
        ("E*taps", "(d*(K - 1) + 1)*K_h*K_w"),
        ("floor(E)", "floor(d*(K - 1) + 1)"),
    ):
        assert write(substitute(parse(text), replacements), SOURCE) == written


def test_the_symbols_are_named_once_from_the_left() -> None:
    assert symbols(parse("floor((H + 2*P - K)/S) + H*max(1, L)")) == ("H", "P", "K", "S", "L")


@pytest.mark.parametrize(
    "text", ["M**2", "open('x')", "M if b else 0", "-M", "f(x)", "a.b", "a[0]", "__import__('os')", ""]
)
def test_a_formula_is_arithmetic_and_nothing_else(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


@pytest.mark.parametrize("text", ["(" * 100_000, "floor(" * 100_000, "1" + "/(1" * 100_000])
def test_deep_nesting_is_refused_before_python_gives_up(text: str) -> None:
    with pytest.raises(FormulaError, match="more than 20 nested parentheses"):
        parse(text)


def test_a_sum_may_be_long() -> None:
    long = parse(" + ".join(["C"] * 20_000))
    assert evaluate(long, {"C": 3}) == 60_000
    assert len(write(substitute(long, {"C": parse("a*b")}), PLAIN)) == 6 * 20_000 - 3  # a·b and " + " between them
