"""The forms of calculations, without their order: two mistakes with one formula are one to a student."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from cnncalc.formula import Call, Constant, Formula, Number, Operation, Symbol

SMALL = 4
"""Numbers up to this are coefficients: 2·96 + 2·96 is 4·96, but 5·96 is one more factor."""

Form = frozenset[tuple[tuple[Hashable, ...], Number]]
"""The summands, each by its factors, with its coefficient."""


def form(calculation: Formula) -> Form:
    """The form of a calculation with numbers; it is the same for two that differ in the order of their parts."""
    if isinstance(calculation, Operation) and calculation.is_sum:
        return _sum(calculation)
    is_product = isinstance(calculation, Operation) and set(calculation.signs) == {"*"}
    return _product(calculation.operands if isinstance(calculation, Operation) and is_product else (calculation,))


def _sum(calculation: Operation) -> Form:
    """The summands, with equal ones added. Small numbers stay as they are: 27 + 1 − 3 is not 27 + 2 − 4."""
    found = Counter[tuple[Hashable, ...]]()
    for sign, operand in zip(("+", *calculation.signs), calculation.operands, strict=True):
        for factors, coefficient in form(operand):
            found[factors] += coefficient if sign == "+" else -coefficient  # type: ignore[assignment]
    return frozenset((factors, coefficient) for factors, coefficient in found.items() if coefficient)


def _product(factors: Iterable[Formula]) -> Form:
    small: Number = 1
    others: list[Hashable] = []
    for factor in factors:
        if isinstance(factor, Constant) and factor.number <= SMALL:
            small *= factor.number
        else:
            others.append(_atom(factor))
    if not small:
        return frozenset()
    return frozenset({(tuple(sorted(others, key=repr)), small) if others else ((small,), 1)})


def _atom(factor: Formula) -> Hashable:
    match factor:
        case Constant(number):
            return number
        case Symbol(name):
            return name
        case Call(function, arguments):
            return function, *map(form, arguments)
    return (form(factor),) if factor.is_sum else (factor.signs, *map(form, factor.operands))
