"""Python's own functions and methods on plain values, each with a bound."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.importing.source.values import Builtin, Dummy, Exhausted, Stuck, Unknown, is_tuple

MAX_LENGTH = 100_000
MAX_NUMBER = 10**18
MAX_DEPTH = 100
TOO_LONG = f"a list or text of more than {MAX_LENGTH:,} entries"

HOLDING = (list, tuple, dict, set, str)

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv,
    "FloorDiv": operator.floordiv, "Mod": operator.mod, "Pow": operator.pow, "LShift": operator.lshift,
    "RShift": operator.rshift, "BitAnd": operator.and_, "BitOr": operator.or_, "BitXor": operator.xor,
    "Eq": operator.eq, "NotEq": operator.ne, "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt,
    "GtE": operator.ge,
}  # fmt: skip

METHODS: Mapping[type, tuple[str, ...]] = {
    list: ("append", "extend", "insert", "pop", "index", "count", "reverse", "copy", "remove", "clear"),
    dict: ("items", "keys", "values", "get", "update", "pop", "setdefault", "copy"),
    str: (
        "lower", "upper", "startswith", "endswith", "replace", "split", "join", "strip", "lstrip", "rstrip", "format",
        "isdigit", "title", "capitalize", "find", "count", "partition",
    ),
    tuple: ("index", "count"), set: ("add", "update", "union"), float: ("item", "is_integer"), int: ("item",),
}  # fmt: skip

COMPARING = ("index", "count", "remove")
"""Methods that compare all entries of their owner."""

_WIDE = re.compile(r"%[^a-zA-Z%]*(?:\d{3}|\*)")
_WIDE_FIELD = re.compile(r"\{[^{}]*(?:\d{3}|[.\[*{])")


def binary(word: str, left: Any, right: Any, line: int) -> Any:
    """The result of an operator for two plain values."""
    if word == "Pow" and isinstance(right, int | float) and (abs(right) > 64 or abs(left) > MAX_NUMBER):
        raise Exhausted(line, "a power is too large")
    if word == "LShift" and right > 64:
        raise Exhausted(line, "a shift is too large")
    if word == "Mult":
        for one, times in ((left, right), (right, left)):
            if isinstance(one, str | list | tuple) and isinstance(times, int) and len(one) * times > MAX_LENGTH:
                raise Exhausted(line, TOO_LONG)
    if word == "Mod" and isinstance(left, str):
        if _WIDE.search(left):
            raise Stuck(line, "a text is padded to more than 99 characters")
        right = tuple(map(printable, right)) if is_tuple(right) else printable(right)
    return checked(OPERATORS[word](left, right), line)


def checked(value: Any, line: int) -> Any:
    """The value, if it is small enough."""
    if isinstance(value, str | list | tuple | dict | set | range) and len(value) > MAX_LENGTH:
        raise Exhausted(line, TOO_LONG)
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise Exhausted(line, "a number is too large")
    return value


def held(value: Any) -> int:
    """The number of entries of a value, with the entries of its entries, as often as they are in it.

    More than `MAX_LENGTH` if it has more, or more than `MAX_DEPTH` in one another: the rest is not counted.
    """
    count, level = 0, [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for one in level:
            if isinstance(one, HOLDING):
                count += len(one)
                if count > MAX_LENGTH:
                    return count
                inside = () if isinstance(one, str) else [*one, *one.values()] if isinstance(one, dict) else one
                below += [entry for entry in inside if isinstance(entry, HOLDING)]
        level = below
    return MAX_LENGTH + 1 if level else count


def printable(value: Any) -> Any:
    """The value, if it may be written into a text."""
    return value if isinstance(value, str | int | float | None) else "?"


def method(value: Any, name: str, args: list[Any], named: Mapping[str, Any], line: int) -> Any:
    """The result of a method of a plain value."""
    if name == "format":
        if _WIDE_FIELD.search(value):
            raise Stuck(line, "a text is padded to more than 99 characters")
        return value.format(*map(printable, args), **{key: printable(one) for key, one in named.items()})
    if name == "replace" and len(value) * max(len(str(one)) for one in args) > MAX_LENGTH:
        raise Exhausted(line, "a text is too long")
    if name == "join" and sum(len(one) + len(value) for one in args[0] if isinstance(one, str)) > MAX_LENGTH:
        raise Exhausted(line, "a text is too long")
    if name == "item":
        return value
    result = getattr(value, name)(*args, **named)
    checked(value, line)
    return list(result) if name in ("items", "keys", "values") else checked(result, line)


def _range(*args: int) -> range:
    made = range(*args)
    if len(made) > MAX_LENGTH:
        raise ValueError(f"a range of more than {MAX_LENGTH:,} numbers")
    return made


def _reversed(value: Any) -> list[Any]:
    return list(value)[::-1]


def _round(number: float, digits: int | None = None) -> float:
    return round(number, digits)


def _sum(values: Any, start: Any = 0) -> Any:
    total = start
    for value in values:
        if isinstance(value, list | tuple):
            raise TypeError("a sum of lists")
        total = total + value
    return total


def _zip(*values: Any, **named: Any) -> list[Any]:
    return list(zip(*values, strict=False))


def _enumerate(values: Any, start: int = 0) -> list[Any]:
    return list(enumerate(values, start))


BUILTINS: Mapping[str, Builtin] = {
    name: Builtin(name, run, types)
    for name, run, types in (
        ("range", _range, (range,)), ("len", len, ()), ("int", int, (int,)), ("float", float, (float,)),
        ("str", str, (str,)), ("bool", bool, (bool,)), ("list", list, (list,)), ("tuple", tuple, (tuple,)),
        ("dict", dict, (dict,)), ("set", set, (set,)), ("min", min, ()), ("max", max, ()), ("abs", abs, ()),
        ("sum", _sum, ()), ("round", _round, ()), ("zip", _zip, ()), ("enumerate", _enumerate, ()),
        ("reversed", _reversed, ()), ("sorted", sorted, ()), ("any", any, ()), ("all", all, ()),
        ("divmod", divmod, ()), ("chr", chr, ()), ("ord", ord, ()), ("iter", list, ()),
        ("pow", lambda a, b: binary("Pow", a, b, 0), ()),
    )
}  # fmt: skip

NUMBERS: Mapping[str, Any] = {
    **{f"math.{name}": getattr(math, name) for name in ("ceil", "floor", "sqrt", "log", "log2", "log10")},
    **{f"{of}.{name}": getattr(math, name) for of in ("numpy", "torch")
       for name in ("ceil", "floor", "sqrt", "log", "log2", "log10", "exp")},
    "math.pow": lambda a, b: float(binary("Pow", a, b, 0)), "math.gcd": math.gcd, "math.exp": math.exp,
    "numpy.round": round, "torch.round": round, "numpy.int": int, "numpy.abs": abs, "operator.mul": lambda a, b: a * b,
    "math.prod": math.prod, "numpy.prod": math.prod, "numpy.sum": _sum,
}  # fmt: skip
"""Functions of libraries that work on plain values."""

HANDING = ("list", "tuple", "enumerate", "zip", "reversed", "len")
"""Functions that return their argument, known or not."""

SPECIAL = (
    "callable", "type", "functools.partial", "copy.deepcopy", "copy.copy", "collections.OrderedDict",
    "collections.namedtuple", "typing.cast",
    "dataclasses.field", "dataclasses.replace", "torch._assert", "map", "filter", "next", "functools.reduce",
)  # fmt: skip
"""Functions that the evaluator follows itself."""

TYPES: Mapping[str, tuple[type, ...]] = {
    "Iterable": (list, tuple, dict, str, range), "Sequence": (list, tuple, str, range), "Tuple": (tuple,),
    "Container": (list, tuple, dict), "List": (list,), "Dict": (dict,), "Mapping": (dict,), "Number": (int, float),
    "Integral": (int,), "Real": (int, float),
}  # fmt: skip
"""The classes that `isinstance` compares with for the names of typing, collections.abc and numbers."""

FALSE = ("torch.jit.is_scripting", "torch.jit.is_tracing", "torch.cuda.is_available", "torch.onnx.is_in_onnx_export")
"""Questions that are answered with no when a network is only read."""

CONSTANTS: Mapping[str, Any] = {"math.pi": math.pi, "math.inf": math.inf, "math.e": math.e}


def is_plain(value: Any, depth: int = 0) -> bool:
    """Whether a value is one of Python's own, with nothing unknown in it."""
    if isinstance(value, list) or is_tuple(value):
        return depth > 3 or all(is_plain(one, depth + 1) for one in value)
    if isinstance(value, dict):
        return depth > 3 or all(is_plain(one, depth + 1) for one in value.values())
    return isinstance(value, str | int | float | range | set | slice | None) and not isinstance(value, Unknown | Dummy)
