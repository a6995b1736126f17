"""Edits of formulas: what a misconception does to the rules of a layer, as text.

`P -> 0` puts a number for a symbol wherever it stands, `2*P -> P` a term for a term; `size: floor(_) -> ceil(_)` does
so in the formulas of sizes only, where `_` is whatever stands there, and `params = _ + filters -> _` where the whole
formula of the params is such a sum. Several changes are divided by `;`, and `with` says for which layers they are
made: `P -> 1 with P = 0, taps` where nothing is padded and there is a kernel.
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
"""In a pattern whatever stands there; at its beginning all that stands before."""


@dataclass(frozen=True)
class Change:
    """One replacement.

    Attributes:
        within: what the formulas give in which it is made; empty for all of them.
        pattern: what is replaced.
        replacement: what it is replaced with.
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
        """The symbols in it, and what it is made in."""
        return {self.within, *self.wanted, *formula.symbols(self.replacement)} - {"", "_"}

    def renamed(self, name_of: Callable[[str], str]) -> Change:
        """The same change with other names."""
        names = {name: Symbol(name_of(name)) for name in self.names}
        pattern, replacement = (formula.substitute(part, names) for part in (self.pattern, self.replacement))
        return Change(name_of(self.within) if self.within else "", pattern, replacement, self.whole)

    def applied(self, to: Formula) -> Formula:
        """A formula after the change; the same where nothing in it fits the pattern."""
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
    """What `_` stands for where a pattern is a formula; None where it is not."""
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
    """What must hold of a layer: a symbol is known, or a formula has a value.

    Attributes:
        left: the symbol or formula.
        sign: = or >; empty where it must only be known.
        right: what it is compared with.
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
        """What says whether it holds where its symbols have some values; it has a sign."""
        left, right = formula.compiled(self.left), formula.compiled(self.right)
        compare = {"=": operator.eq, ">": operator.gt}[self.sign]
        return lambda values: compare(left(values), right(values))


class Edit(NamedTuple):
    """Changes that are made together, for the layers for which the conditions hold."""

    changes: tuple[Change, ...]
    conditions: tuple[Condition, ...]


@lru_cache(maxsize=1024)
def parse_edit(text: str) -> Edit:
    """The edit that a text says.

    Raises:
        ValueError: it is none.
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
