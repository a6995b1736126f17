"""Numbers that differ from use to use, as expressions of parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, final

from cnncalc.exporting.parts import Code, text_of

MAX_FACTOR = 64

Vector = tuple[Any, ...]
"""A value for each use of a definition; `ABSENT` if the use has no such value."""

ABSENT = object()

STRIDES = ("stride", "strides")
"""Arguments that are 1 in layers that keep the size of a map."""


def constant(vector: Vector) -> bool:
    """Whether all uses with a value have the same one."""
    present = [value for value in vector if value is not ABSENT]
    return all(type(value) is type(present[0]) and value == present[0] for value in present)


@final
class Parameters:
    """The parameters of a definition.

    Attributes:
        known: the values of each in each use: those of the block, and `in_channels`.
        used: those that are needed, in the order of `known`, then those that were added.
        strides: those that are a stride.

    Args:
        known: as the attribute.
        display: the texts of those that need not be given.
        names: the other names in use, for parameters that are added.
    """

    def __init__(self, known: Mapping[str, Vector], display: Mapping[str, str], names: Mapping[str, Vector]) -> None:
        self.known = dict(known)
        self._names = names
        self._display = display
        self._needed: set[str] = set()
        self._found_before: list[tuple[Vector, Code]] = []
        self.strides: dict[str, Vector] = {}

    @property
    def used(self) -> list[str]:
        """The parameters that are needed."""
        return [name for name in self.known if name in self._needed and name not in self._display]

    def expression(self, vector: Vector, name: str, *, first: str = "") -> Any:
        """A vector as a value, or as an expression; a parameter of this name is added if there is no other."""
        if constant(vector):
            return next(value for value in vector if value is not ABSENT)
        present = [value for value in vector if value is not ABSENT]
        if all(type(value) is tuple and len(value) == len(present[0]) for value in present):
            absent = (ABSENT,) * len(present[0])
            items = zip(*(absent if value is ABSENT else value for value in vector), strict=True)
            texts = [self._found(item, "", first) for item in items]
            if None not in texts:
                return tuple(texts)
        found = self._found(vector, name, first)
        return self._shown(self.add(name, vector)) if found is None else found

    def _found(self, vector: Vector, name: str, first: str) -> Any:
        """A vector as a value, or as an expression of known parameters; None if there is none."""
        if constant(vector):
            return next(value for value in vector if value is not ABSENT)
        if ABSENT in vector:
            # A value that some uses lack is written as in the others, not as an expression that fits by chance.
            same = next((code for values, code in self._found_before if _equal(vector, values)), None)
            if same is not None:
                return same
        found = next(self._expressions(vector, first), None)
        if found is None:
            return None
        self._needed.update(found[1])
        if ABSENT not in vector:
            self._found_before.append((vector, Code(found[0])))
        if found[0] in self.known and name in STRIDES:
            self.strides[found[0]] = self.known[found[0]]
        return Code(found[0])

    def add(self, name: str, vector: Vector) -> str:
        """The name of a new parameter."""
        filled = next(value for value in vector if value is not ABSENT)
        unique = next((one for one, values in self._names.items() if _equal(vector, values)), name)
        name, number = unique, 2
        while unique in self.known:
            unique, number = f"{name}{number}", number + 1
        self.known[unique] = tuple(filled if value is ABSENT else value for value in vector)
        self._needed.add(unique)
        if name in STRIDES:
            self.strides[unique] = self.known[unique]
        return unique

    def condition(self, truths: Sequence[bool], name: str, widths: Vector) -> Code:
        """Whether something is there, as an expression; a parameter of this name is added if there is no other.

        Args:
            truths: whether it is there, in each use.
            name: of the parameter.
            widths: channels of a part that is there if they equal the input's, or if they do not.
        """
        for text, values, names in self._conditions(widths):
            if list(values) == list(truths):
                self._needed.update(names)
                return Code(text)
        return Code(self._shown(self.add(name, tuple(truths))))

    def _shown(self, name: str) -> Code:
        return Code(self._display.get(name, name))

    def _numbers(self, first: str) -> dict[str, Vector]:
        """The parameters that are whole numbers, in the order of trial."""
        names = sorted(self.known, key=lambda name: (name != first, name in self._display or name == "in_channels"))
        return {name: self.known[name] for name in names if all(type(n) is int for n in self.known[name])}

    def _expressions(self, vector: Vector, first: str) -> Iterator[tuple[str, set[str]]]:
        for name, values in sorted(self.known.items(), key=lambda item: item[0] != first):
            if _equal(vector, values) and (name in self._numbers(first) or name != "in_channels"):
                yield self._shown(name), {name}
        if not all(type(value) is int for value in vector if value is not ABSENT):
            yield from self._chosen(vector)
            return
        numbers = {name: values for name, values in self._numbers(first).items() if not constant(values)}
        found = [
            (size, text, name)
            for name, values in numbers.items()
            for size, text, results in _of_one(self._shown(name), values, vector)
            if _equal(vector, results)
        ]
        for _, text, name in sorted(found, key=lambda item: item[0]):
            yield text, {name}
        different = len({*zip(vector, *numbers.values(), strict=True)})
        for one, other in combinations(numbers, 2) if different > 2 else ():
            for sign, text in (("*", " * "), ("+", " + ")):
                pairs = zip(numbers[one], numbers[other], strict=True)
                if _equal(vector, tuple(a * b if sign == "*" else a + b for a, b in pairs)):
                    yield f"{self._shown(one)}{text}{self._shown(other)}", {one, other}

    def _chosen(self, vector: Vector) -> Iterator[tuple[str, set[str]]]:
        """One value for a stride of 1, and another one for all others."""
        for name, strides in self.strides.items():
            pairs = [(n == 1, one) for n, one in zip(strides, vector, strict=True) if one is not ABSENT]
            values = dict(pairs)
            if len(values) == 2 and all(values[plain] == one for plain, one in pairs):
                yield f"{text_of(values[True])} if {name} == 1 else {text_of(values[False])}", {name}

    def _conditions(self, widths: Vector) -> Iterator[tuple[str, Vector, set[str]]]:
        """Conditions with their values and the parameters that they need, the clearest first."""
        for name, values in self.known.items():
            if all(type(value) in (bool, int) and value in (0, 1) for value in values):
                yield name, tuple(map(bool, values)), {name}
        ones = {name: tuple(value == 1 for value in values) for name, values in self.strides.items()}
        entering = self.known.get("in_channels")
        width = (text_of(widths[0]), set[str]()) if constant(widths) else next(self._expressions(widths, ""), None)
        if entering is not None and width is not None and width[0] != self._shown("in_channels"):
            shown, needed = self._shown("in_channels"), {"in_channels", *width[1]}
            same = tuple(a == b for a, b in zip(entering, widths, strict=True))
            for name, values in ones.items():
                both = tuple(a and b for a, b in zip(values, same, strict=True))
                yield f"{name} == 1 and {shown} == {width[0]}", both, {name, *needed}
                yield f"{name} != 1 or {shown} != {width[0]}", _negated(both), {name, *needed}
            yield f"{shown} == {width[0]}", same, needed
            yield f"{shown} != {width[0]}", _negated(same), needed
        for name, values in ones.items():
            yield f"{name} == 1", values, {name}
            yield f"{name} != 1", _negated(values), {name}


def _negated(values: Vector) -> Vector:
    return tuple(not value for value in values)


def _equal(vector: Vector, values: Vector) -> bool:
    pairs = [(a, b) for a, b in zip(vector, values, strict=True) if a is not ABSENT]
    return all(type(a) is type(b) and a == b for a, b in pairs)


def _of_one(name: str, values: Vector, vector: Vector) -> Iterator[tuple[int, str, Vector]]:
    """The expressions of one parameter that give the first value, with the number in each."""
    n, value = next((n, value) for n, value in zip(values, vector, strict=True) if value is not ABSENT)
    if n and value > n and value % n == 0:
        yield value // n, f"{value // n} * {name}", tuple(value // n * one for one in values)
    for factor in range(2, MAX_FACTOR + 1):
        if n // factor == value:
            yield factor, f"{name} // {factor}", tuple(one // factor for one in values)
    if value != n:
        sign = "+" if value > n else "-"
        yield MAX_FACTOR + abs(value - n), f"{name} {sign} {abs(value - n)}", tuple(one + value - n for one in values)


def repeated(values: Sequence[Any]) -> str:
    """Equally spaced numbers as an expression of `i`; empty for any others."""
    if len(values) < 3 or not all(type(value) is int for value in values):
        return ""
    step = values[1] - values[0]
    if any(b - a != step for a, b in zip(values, values[1:], strict=False)):
        return ""
    factor = "i" if step == 1 else f"{step} * i"
    return f"{text_of(values[0])} + {factor}" if values[0] else factor
