"""Rows of numbers that a source computes settings with, as `torch.linspace` and `numpy.arange` give them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

from cnncalc.importing.source import plain
from cnncalc.importing.source.values import Exhausted, Numbers


class _TooLongError(Exception):
    pass


def _spread(start: float, end: float, number: int) -> list[float]:
    return [start + (end - start) * i / max(number - 1, 1) for i in _counted(number)]


def _arange(*args: Any, **named: Any) -> list[Any]:
    start, end, step = (*args, 1) if len(args) == 2 else (0, args[0], 1) if len(args) == 1 else args
    return [start + step * i for i in _counted(math.ceil((end - start) / step))]


def _counted(number: int) -> range:
    if number > plain.MAX_LENGTH:
        raise _TooLongError
    return range(number)


MADE: Mapping[str, Callable[..., Any]] = {
    "arange": _arange, "linspace": lambda a, b, n=None, steps=None, num=50, **named: _spread(a, b, n or steps or num),
    "tensor": lambda values, **named: values, "array": lambda values, **named: values,
    "asarray": lambda values, **named: values, "as_tensor": lambda values, **named: values,
}  # fmt: skip
"""Functions of torch and numpy that make a row of numbers."""

EACH: Mapping[str, Callable[[Any], Any]] = {
    "round": round, "ceil": math.ceil, "floor": math.floor, "sqrt": math.sqrt, "log": math.log, "log2": math.log2,
    "exp": math.exp, "abs": abs, "int": int, "long": int, "float": float, "around": round, "rint": round, "square":
    lambda n: n * n,
}  # fmt: skip
"""Functions and methods for each number."""

PAIRS = {"pow": "Pow", "power": "Pow", "add": "Add", "mul": "Mult", "multiply": "Mult", "div": "Div", "sub": "Sub",
         "divide": "Div", "subtract": "Sub", "remainder": "Mod", "floor_divide": "FloorDiv"}  # fmt: skip
"""Functions of two rows, as operators."""

SAME = ("numpy", "detach", "cpu", "clone", "flatten", "copy", "to", "squeeze", "astype")
WHOLE: Mapping[str, Callable[[Any], Any]] = {
    "tolist": list, "sum": sum, "max": max, "min": min, "prod": math.prod, "mean": lambda v: sum(v) / len(v),
    "cumsum": lambda v: Numbers(tuple(accumulate(v))), "item": lambda v: v[0], "any": any, "all": all,
    "unique": lambda v: Numbers(tuple(sorted(set(v)))), "numel": len, "diff": lambda v: Numbers(
        tuple(b - a for a, b in zip(v, v[1:], strict=False))),
}  # fmt: skip
"""Functions and methods of all numbers."""


def called(name: str, args: list[Any], named: Mapping[str, Any], line: int) -> Any:
    """The result of a function of torch or numpy; `NotImplemented` if no row of numbers is made or given."""
    first, _, last = name.partition(".")[0], "", name.rpartition(".")[2]
    if first not in ("torch", "numpy") or name.count(".") != 1:
        return NotImplemented
    if last in MADE and plain.is_plain(args):
        try:
            made = MADE[last](*args, **named)
        except _TooLongError:
            raise Exhausted(line, plain.TOO_LONG) from None
        is_row = isinstance(made, list | tuple | range) and all(isinstance(n, int | float) for n in made)
        return Numbers(tuple(made)) if is_row else NotImplemented
    if last in PAIRS and len(args) == 2:
        return operate(PAIRS[last], args[0], args[1], line)
    if last == "unique" and args and isinstance(args[0], Numbers) and named.get("return_counts") is True:
        held = args[0].values
        return Numbers(tuple(sorted(set(held)))), Numbers(tuple(held.count(one) for one in sorted(set(held))))
    if args and isinstance(args[0], Numbers):
        return method(args[0], last, args[1:], line)
    return NotImplemented


def method(value: Numbers, name: str, args: list[Any], line: int) -> Any:
    """The result of a method of a row of numbers; `NotImplemented` if it has none."""
    if name in SAME:
        return Numbers(tuple(map(int, value.values))) if args and getattr(args[0], "name", "") == "int" else value
    if name in EACH:
        return Numbers(tuple(plain.checked(EACH[name](one), line) for one in value.values))
    if name in WHOLE:
        return WHOLE[name](value.values)
    return NotImplemented


def operate(word: str, left: Any, right: Any, line: int) -> Any:
    """The result of an operator for a row of numbers; `NotImplemented` without a row, or a number with it."""
    known = (Numbers, int, float)
    if not (isinstance(left, Numbers) or isinstance(right, Numbers)) or not isinstance(left, known):
        return NotImplemented
    if not isinstance(right, known) or word not in plain.OPERATORS:
        return NotImplemented
    number = max(len(one.values) for one in (left, right) if isinstance(one, Numbers))
    rows = [one.values if isinstance(one, Numbers) else (one,) * number for one in (left, right)]
    return Numbers(tuple(plain.binary(word, a, b, line) for a, b in zip(*rows, strict=False)))


def item(value: Numbers, key: Any) -> Any:
    """A number of a row, or a part of it."""
    return Numbers(value.values[key]) if isinstance(key, slice) else value.values[key]
