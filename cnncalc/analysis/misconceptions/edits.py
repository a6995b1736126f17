"""Edits of formulas: the changes that a misconception makes in the rules of a layer, as text.

`P -> 0` puts a number for a symbol wherever it is, `2*P -> P` a term for a term; `size: floor(_) -> ceil(_)` does
so in the formulas of sizes only, with any text for `_`, and `params = _ + filters -> _` if the whole
formula of the params is such a sum. Several changes are divided by `;`, and `with` says for which layers they are
made: `P -> 1 with P = 0, taps` if nothing is padded and there is a kernel.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from cnncalc import formula
from cnncalc.formula import Call, Formula, Number, Operation, Symbol

REST = Symbol("_")
"""In a pattern: any text at this place; at the beginning: all text before."""


@dataclass(frozen=True)
class Change:
    """One replacement.

    Attributes:
        within: the results of the formulas in which it is made; empty for all of them.
        pattern: the replaced formula.
        replacement: the new formula.
        whole: whether the pattern is a whole formula, not a part of one.
    """

    within: str
    pattern: Formula
    replacement: Formula
    whole: bool = False

    @cached_property
    def wanted(self) -> set[str]:
        """The symbols that a formula must have."""
        return {*formula.symbols(self.pattern)} - {"_"}

    @property
    def names(self) -> set[str]:
        """The symbols in it, and the results that it is limited to."""
        return {self.within, *self.wanted, *formula.symbols(self.replacement)} - {"", "_"}

    def renamed(self, name_of: Callable[[str], str]) -> Change:
        """The same change with other names."""
        names = {name: Symbol(name_of(name)) for name in self.names}
        pattern, replacement = (formula.substitute(part, names) for part in (self.pattern, self.replacement))
        return Change(name_of(self.within) if self.within else "", pattern, replacement, self.whole)

    def applied(self, to: Formula) -> Formula:
        """A formula after the change; the same if nothing in it fits the pattern."""
        found = _fitted(self.pattern, to)
        if found is not None:
            return formula.substitute(self.replacement, found)
        if self.whole:
            return to
        match to:
            case Call(function, arguments):
                return Call(function, tuple(map(self.applied, arguments)))
            case Operation():
                return formula.chained(*self._applied_to_parts(to))
        return to

    def _applied_to_parts(self, to: Operation) -> tuple[list[str], list[Formula]]:
        """The signs and operands of a sum or product after the change of some of them."""
        signs, operands, place = [""], list[Formula](), 0
        length = len(self.pattern.operands) if isinstance(self.pattern, Operation) else 0
        while place < len(to.operands):
            inner = to.signs[place : place + length - 1]
            part = Operation(inner, to.operands[place : place + length])
            found = _fitted(self.pattern, part) if length and signs[-1] in ("", "+", "*") else None
            operands.append(
                self.applied(to.operands[place]) if found is None else formula.substitute(self.replacement, found)
            )
            place += 1 if found is None else length
            signs += to.signs[place - 1 : place]
        return signs[1:], operands


def _fitted(pattern: Formula, to: Formula) -> dict[str, Formula] | None:
    """The formula for `_` if a pattern fits a formula; None if it does not."""
    if pattern == REST:
        return {"_": to}
    if isinstance(pattern, Operation) and isinstance(to, Operation):
        more = len(to.operands) - len(pattern.operands)
        if more > 0 and pattern.operands[0] == REST:
            start = formula.chained(to.signs[:more], to.operands[: more + 1])
            to = Operation(to.signs[more:], (start, *to.operands[more + 1 :]))
        return _all_fitted(pattern.operands, to.operands) if pattern.signs == to.signs else None
    if isinstance(pattern, Call) and isinstance(to, Call):
        return _all_fitted(pattern.arguments, to.arguments) if pattern.function == to.function else None
    return {} if pattern == to else None


def _all_fitted(patterns: tuple[Formula, ...], parts: tuple[Formula, ...]) -> dict[str, Formula] | None:
    found: dict[str, Formula] = {}
    for pattern, part in zip(patterns, parts, strict=True):
        one = _fitted(pattern, part)
        if one is None:
            return None
        found |= one
    return found


@dataclass(frozen=True)
class Condition:
    """A condition on a layer: a symbol is known, or a formula has a value.

    Attributes:
        left: the symbol or formula.
        sign: = or >; empty if it must only be known.
        right: the other side of the comparison.
    """

    left: Formula
    sign: str
    right: Formula

    @property
    def names(self) -> set[str]:
        """The symbols in it."""
        return {*formula.symbols(self.left), *formula.symbols(self.right)}

    def renamed(self, name_of: Callable[[str], str]) -> Condition:
        """The same condition with other names."""
        names = {name: Symbol(name_of(name)) for name in self.names}
        return Condition(formula.substitute(self.left, names), self.sign, formula.substitute(self.right, names))

    @cached_property
    def test(self) -> Callable[[Mapping[str, Number]], bool]:
        """A formula whose sign says whether it holds for values of its symbols; it has a sign."""
        left, right = formula.compiled(self.left), formula.compiled(self.right)
        compare = {"=": operator.eq, ">": operator.gt}[self.sign]
        return lambda values: compare(left(values), right(values))


class Edit(NamedTuple):
    """Changes that are made together, for the layers for which the conditions hold."""

    changes: tuple[Change, ...]
    conditions: tuple[Condition, ...]


@lru_cache(maxsize=1024)
def parse_edit(text: str) -> Edit:
    """The edit of a text.

    Raises:
        ValueError: it is not an edit.
    """
    changes, _, conditions = text.partition(" with ")
    return Edit(tuple(map(_change, changes.split(";"))), tuple(_conditions(conditions)))


def _change(text: str) -> Change:
    pattern, _, replacement = text.partition("->")
    sign = next((sign for sign in (":", "=") if sign in pattern), "")
    within, _, pattern = pattern.partition(sign) if sign else ("", "", pattern)
    return Change(within.strip(), formula.parse(pattern), formula.parse(replacement), sign == "=")


def _conditions(text: str) -> Iterator[Condition]:
    for condition in filter(None, text.split(",")):
        sign = next((sign for sign in ("=", ">") if sign in condition), "")
        left, _, right = condition.partition(sign) if sign else (condition, "", "0")
        yield Condition(formula.parse(left), sign, formula.parse(right))
