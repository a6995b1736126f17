"""Formulas: `floor((H + 2*P - K)/S) + 1` is read once, evaluated exactly, changed, and written. No `eval`.

formula := term + term - term ...                       from left to right
term    := atom * atom / atom // atom % atom ...        // rounds down
atom    := 12 | 0.25 | name | (formula) | function(formula, ...)
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any, ClassVar, Final, NamedTuple

MAX_PARENTHESES: Final = 20
MAX_CACHED: Final = 200
"""The most characters of a text whose formula is kept."""

Number = int | Fraction


class Constant(NamedTuple):
    """A number."""

    number: Number


class Symbol(NamedTuple):
    """A name that stands for a number."""

    name: str


class Call(NamedTuple):
    """A function of `FUNCTIONS` with its arguments."""

    function: str
    arguments: tuple[Formula, ...]


class Operation(NamedTuple):
    """Operands with a sign between each two: a sum or a product, from left to right, however long."""

    signs: tuple[str, ...]
    operands: tuple[Formula, ...]

    @property
    def is_sum(self) -> bool:
        """Whether the signs are + and -."""
        return self.signs[0] in ("+", "-")


Formula = Constant | Symbol | Call | Operation


class FormulaError(ValueError):
    """The text is not a formula, or it has no value; the message says why.

    Attributes:
        names: those that were read before the error.
    """

    def __init__(self, message: str, names: Iterable[str] = ()) -> None:
        self.names = tuple(names)
        super().__init__(message)


def _round_to(x: Number, n: Number) -> Number:
    """The multiple of n nearest to x, never below 90 % of x, at least n (the MobileNet rule)."""
    if n <= 0:
        raise FormulaError("round_to needs a positive second value")
    nearest = max(n, (x + Fraction(n) / 2) // n * n)
    return nearest + n if nearest < Fraction(9, 10) * x else nearest


FUNCTIONS: Final[dict[str, tuple[int, Callable[..., Number]]]] = {
    "floor": (1, floor),
    "ceil": (1, ceil),
    "min": (2, min),
    "max": (2, max),
    "round_to": (2, _round_to),
}
"""Each function with the number of its arguments."""

ROUNDING: Final = ("floor", "ceil")


def _divided(a: Number, b: Number) -> Number:
    _check_divisor(a, "/", b)
    return a // b if a % b == 0 else Fraction(a) / b


def _divided_down(a: Number, b: Number) -> Number:
    _check_divisor(a, "//", b)
    return a // b


def _rest(a: Number, b: Number) -> Number:
    _check_divisor(a, "%", b)
    return a % b


def _check_divisor(a: Number, sign: str, b: Number) -> None:
    if b == 0:
        raise FormulaError(f"{a} {sign} 0: division by zero")


_OPERATORS: Final[dict[str, Callable[..., Number]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "//": _divided_down,
    "%": _rest,
}


def _exact(digits: str) -> Number:
    return Fraction(digits) if "." in digits else int(digits)


def parse(
    text: str, functions: tuple[str, ...] = tuple(FUNCTIONS), number: Callable[[str], Number] = _exact
) -> Formula:
    """The formula of a text; the last ones are kept.

    Args:
        text: the formula.
        functions: the functions that it may use.
        number: reads the digits of a number, as `12`, `1_000` or `0.25`.

    Raises:
        FormulaError: it is not a formula, or has too many nested parentheses.
    """
    if len(text) > MAX_CACHED:
        return _Parser(text, functions, number).whole()
    return _parsed(text, functions, number)


@lru_cache(maxsize=1024)
def _parsed(text: str, functions: tuple[str, ...], number: Callable[[str], Number]) -> Formula:
    return _Parser(text, functions, number).whole()


class _Parser:
    """Recursive descent over the tokens; only parentheses recurse."""

    _TOKEN = r"\s*(?:(?P<number>\d[\d_]*(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<op>//|[-+*/%(),]))"

    def __init__(self, text: str, functions: tuple[str, ...], number: Callable[[str], Number]) -> None:
        self._functions = functions
        self._number = number
        self._names: list[str] = []
        self._depth = 0
        self._tokens = self._split(text)
        self._kind, self._token = next(self._tokens)

    def _split(self, text: str) -> Iterator[tuple[str, str]]:
        pattern = re.compile(self._TOKEN, re.ASCII)
        tokens, position, end = [], 0, len(text.rstrip())
        while position < end:
            match = pattern.match(text, position)
            if match is None:
                raise self._error(f"'{text[position:].lstrip()[0]}' has no meaning in a number")
            tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
            position = match.end()
        return iter([*tokens, ("end", "")])

    def _error(self, message: str) -> FormulaError:
        return FormulaError(message, self._names)

    def whole(self) -> Formula:
        formula = self._sum()
        if self._token:
            raise self._error(f"'{self._token}' is not expected here")
        return formula

    def _advance(self) -> None:
        self._kind, self._token = next(self._tokens)

    def _expect(self, token: str) -> None:
        if self._token != token:
            found = f"'{self._token}'" if self._token else "the end"
            raise self._error(f"'{token}' is expected, not {found}")
        self._advance()

    def _sum(self) -> Formula:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Formula:
        return self._chain(("*", "/", "//", "%"), self._atom)

    def _chain(self, signs: tuple[str, ...], operand: Callable[[], Formula]) -> Formula:
        first = operand()
        if self._token not in signs:
            return first
        found, operands = [], [first]
        while self._token in signs:
            found.append(self._token)
            self._advance()
            operands.append(operand())
        return Operation(tuple(found), tuple(operands))

    def _atom(self) -> Formula:
        kind, token = self._kind, self._token
        if kind == "number":
            self._advance()
            return Constant(self._number(token))
        if kind == "name":
            self._advance()
            if self._token == "(" and token in self._functions:
                return self._call(token)
            self._names.append(token)
            return Symbol(token)
        if token == "(":
            self._advance()
            return self._nested(")")
        if token in ("+", "-"):
            raise self._error(f"a number has no sign here; '{token}' goes between two numbers")
        raise self._error(f"a number is expected, not {repr(token) if token else 'the end'}")

    def _call(self, function: str) -> Call:
        count, _ = FUNCTIONS[function]
        self._advance()
        return Call(function, tuple(self._nested("," if left else ")") for left in reversed(range(count))))

    def _nested(self, closing: str) -> Formula:
        self._depth += 1
        if self._depth > MAX_PARENTHESES:
            raise self._error(f"more than {MAX_PARENTHESES} nested parentheses")
        formula = self._sum()
        self._expect(closing)
        self._depth -= 1
        return formula


Checked = Callable[[Number], Number]
Evaluation = Callable[[Any], Number]
"""A function that computes a formula from a mapping or a record with the numbers of its symbols."""


def evaluate(formula: Formula, values: Mapping[str, Number], checked: Checked | None = None) -> Number:
    """The exact value of a formula.

    Args:
        formula: the formula.
        values: the number of each symbol; they are looked up one by one, from the left.
        checked: what each result on the way goes through.

    Raises:
        FormulaError: a division by zero.
    """
    return compiled(formula, operator.itemgetter, checked)(values)


def compiled(
    formula: Formula, symbol: Callable[[str], Evaluation] = operator.itemgetter,
    checked: Checked | None = None,
) -> Evaluation:  # fmt: skip
    """The function that evaluates a formula, several times as fast as a walk over it.

    Args:
        formula: the formula.
        symbol: gives the function that finds the number of a symbol; by default in a mapping.
        checked: what each result on the way goes through.

    Returns:
        The function from a mapping or record to the value; it raises FormulaError for a division by zero.
    """
    match formula:
        case Symbol(name):
            return symbol(name)
        case Constant(number):
            return lambda values: number
        case Call(function, arguments):
            _, apply = FUNCTIONS[function]
            return _applied(_then(apply, checked), [compiled(argument, symbol, checked) for argument in arguments])
    operands = [compiled(operand, symbol, checked) for operand in formula.operands]
    functions = [_then(_OPERATORS[sign], checked) for sign in formula.signs]
    if len(operands) == 2:
        return _applied(functions[0], operands)
    first, steps = operands[0], list(zip(functions, operands[1:], strict=True))

    def chain(values: Any) -> Number:
        value = first(values)
        for function, operand in steps:
            value = function(value, operand(values))
        return value

    return chain


def _then(function: Callable[..., Number], checked: Checked | None) -> Callable[..., Number]:
    return (lambda *arguments: checked(function(*arguments))) if checked else function


def _applied(function: Callable[..., Number], arguments: list[Evaluation]) -> Evaluation:
    one, *others = arguments
    if not others:
        return lambda values: function(one(values))
    (other,) = others
    return lambda values: function(one(values), other(values))


def symbols(formula: Formula) -> tuple[str, ...]:
    """The names in a formula, from the left, each once."""
    match formula:
        case Symbol(name):
            return (name,)
        case Call(_, inner) | Operation(_, inner):
            return tuple(dict.fromkeys(name for part in inner for name in symbols(part)))
    return ()


def substitute(formula: Formula, replacements: Mapping[str, Formula]) -> Formula:
    """A formula with other formulas in place of some of its symbols."""
    match formula:
        case Symbol(name):
            return replacements.get(name, formula)
        case Call(function, arguments):
            return Call(function, tuple(substitute(argument, replacements) for argument in arguments))
        case Operation(signs, operands):
            return chained(signs, [substitute(operand, replacements) for operand in operands])
    return formula


def roundings(formula: Formula, values: Mapping[str, Number]) -> tuple[Formula, ...]:
    """The steps that a person writes on the way to a rounded result: `floor(54.25) + 1`, then `54 + 1`."""
    if not _rounds(formula):
        return ()
    divided = _calls_changed(formula, ROUNDING, lambda call: _divided_out(call, values))
    rounded = _calls_changed(formula, ROUNDING, lambda call: Constant(evaluate(call, values)))
    chosen = _calls_changed(rounded, ("min", "max"), lambda call: _arguments_known(call, values))
    return divided, rounded, chosen


def _rounds(formula: Formula) -> bool:
    match formula:
        case Call(function, inner):
            return function in ROUNDING or any(map(_rounds, inner))
        case Operation(_, inner):
            return any(map(_rounds, inner))
    return False


def _calls_changed(formula: Formula, functions: tuple[str, ...], change: Callable[[Call], Formula]) -> Formula:
    """A formula with other formulas in place of its calls of some functions; those inside of them go with them."""
    match formula:
        case Call(function, arguments):
            inner = tuple(_calls_changed(argument, functions, change) for argument in arguments)
            return change(formula) if function in functions else Call(function, inner)
        case Operation(signs, operands):
            return Operation(signs, tuple(_calls_changed(operand, functions, change) for operand in operands))
    return formula


def _divided_out(call: Call, values: Mapping[str, Number]) -> Formula:
    """A call of a rounding with the number that it rounds; without a remainder the division, if that says something."""
    (argument,) = call.arguments
    exact = evaluate(argument, values)
    if exact.denominator != 1:
        return Call(call.function, (Constant(exact),))
    match argument:
        case Operation(("/",), (Operation() as above, below)) if (divisor := evaluate(below, values)) != 1:
            return Operation(("/",), (Constant(evaluate(above, values)), Constant(divisor)))
    return Constant(exact)


def _arguments_known(call: Call, values: Mapping[str, Number]) -> Formula:
    return Call(call.function, tuple(Constant(evaluate(argument, values)) for argument in call.arguments))


def chained(signs: Sequence[str], operands: Sequence[Formula]) -> Formula:
    """Operands with a sign between each two; a sum that is added and a product that is a factor dissolve in it."""
    if not signs:
        return operands[0]
    all_signs: list[str] = []
    all_operands: list[Formula] = []
    for sign, operand in zip(("", *signs), operands, strict=True):
        dissolves = isinstance(operand, Operation) and _dissolves(sign, operand, signs[0] in ("+", "-"))
        inner = operand if isinstance(operand, Operation) and dissolves else Operation((), (operand,))
        all_signs += (sign, *inner.signs)
        all_operands += inner.operands
    return Operation(tuple(all_signs[1:]), tuple(all_operands))


def _dissolves(sign: str, operand: Operation, in_sum: bool) -> bool:
    alike = operand.is_sum == in_sum
    return alike and (sign in ("", "+") if in_sum else sign in ("", "*") and set(operand.signs) == {"*"})


_SUM, _PRODUCT, _ATOM = 1, 2, 3
"""The binding strength of a text."""


def write(formula: Formula, notation: Notation, values: Mapping[str, Number] | None = None) -> str:
    """A formula as text, in symbols or with the number of each symbol put in."""
    return _written(formula, notation, values)[0]


def _written(formula: Formula, notation: Notation, values: Mapping[str, Number] | None) -> tuple[str, int]:
    match formula:
        case Symbol(name):
            return _written(Constant(values[name]), notation, None) if values else (notation.symbol(name), _ATOM)
        case Constant(number):
            return notation.number(number), _ATOM if number >= 0 else _SUM
        case Call(function, arguments):
            return notation.function(function, [write(argument, notation, values) for argument in arguments]), _ATOM
    return _written_operation(formula, notation, values)


def _written_operation(formula: Operation, notation: Notation, values: Mapping[str, Number] | None) -> tuple[str, int]:
    binding = _SUM if formula.is_sum else _PRODUCT
    written = _written(formula.operands[0], notation, values)
    for place, (sign, operand) in enumerate(zip(formula.signs, formula.operands[1:], strict=True)):
        other = _written(operand, notation, values)
        if sign == "/":
            text = notation.quotient(written, other)
        else:
            close = sign == "*" and not values and not place and _is_close(formula.operands[0], operand)
            joined = notation.close if close else notation.signs[sign]
            text = notation.within(written, binding) + joined + notation.within(other, binding + 1)
        written = text, binding
    return written


def _is_close(one: Formula, other: Formula) -> bool:
    """Whether a product needs no sign: 2P."""
    return isinstance(one, Constant) and isinstance(other, Symbol) and len(other.name) == 1


class Notation:
    """The way to write formulas, here as `parse` reads them: `floor((H + 2*P - K)/S) + 1`.

    Attributes:
        signs: the text of each sign between its operands.
        close: the text between a number and a letter that it is multiplied with.
        brackets: the text around the arguments of a function, if it is not its name.
    """

    signs: ClassVar[Mapping[str, str]] = {"+": " + ", "-": " - ", "*": "*", "//": " // ", "%": " % "}
    close: ClassVar[str] = "*"
    brackets: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def number(self, value: Number) -> str:
        """A number."""
        return str(value) if value.denominator == 1 else f"({value})"

    def symbol(self, name: str) -> str:
        """A symbol or a word."""
        return name

    def within(self, written: tuple[str, int], least: int) -> str:
        """A text, in parentheses if it binds less tightly than its surroundings."""
        text, binding = written
        return text if binding >= least else self.parentheses(text)

    def parentheses(self, text: str) -> str:
        """An expression in parentheses."""
        return f"({text})"

    def quotient(self, above: tuple[str, int], below: tuple[str, int]) -> str:
        """A division, of texts with their binding."""
        return f"{self.within(above, _PRODUCT)}/{self.within(below, _ATOM)}"

    def function(self, name: str, arguments: list[str]) -> str:
        """A function of arguments."""
        opening, closing = self.brackets.get(name, (f"{name}(", ")"))
        return f"{opening}{', '.join(arguments)}{closing}"


SOURCE = Notation()
