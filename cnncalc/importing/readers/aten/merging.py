"""Sums, products, differences and concatenations of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.drawing import alike
from cnncalc.importing.readers.aten.nodes import AtenNode, Made, Weighed
from cnncalc.importing.readers.merging import concatenated, merged, with_learned
from cnncalc.importing.views import Viewed

KINDS = {"add": "add", "sub": "subtract", "mul": "mul", "div": "divide", "maximum": "maximum", "minimum": "minimum"}
"""The kinds of operations that join two values place by place."""


EXPONENTS = {"sqrt": 0.5, "rsqrt": -0.5, "reciprocal": -1, "square": 2}
"""Operations that are powers."""

MAX_TERMS = 8
"""The most terms of a sum over an axis that are written one by one."""


def _joined(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    one, other = operation.arguments.get("self"), operation.arguments.get("other")
    kind, alpha = KINDS[operation.word], operation.get("alpha", 1)
    if operation.get("rounding_mode") is not None:
        return None
    if isinstance(one, Made):
        one = alike(aten, operation, x, one)
    elif isinstance(other, Made):
        other = alike(aten, operation, x, other)
    if isinstance(one, Viewed) and isinstance(other, Viewed):
        return merged(aten, kind, [one, other], aten.where(operation)) if alpha == 1 else None
    rest = other if isinstance(one, Viewed) else one
    if isinstance(rest, Weighed) and kind in ("add", "mul") and not rest.altered:
        return with_learned(aten, kind, x, aten.learned(rest), aten.where(operation))
    if kind == "divide" and isinstance(rest, int | float):
        return _divided(aten, operation, x, rest) if rest else None
    if isinstance(rest, int | float) and isinstance(one, Viewed):
        return _rescaled(aten, operation, x, kind, rest * alpha)
    return None


def _rescaled(aten: AtenAdding, operation: AtenNode, x: Viewed, kind: str, number: float) -> Viewed | None:
    """A value with a number."""
    if kind == "mul":
        return x if number == 1 else aten.elementwise("rescale", operation, x, factor=number)
    if kind not in ("add", "subtract"):
        return None
    offset = number if kind == "add" else -number
    return x if number == 0 else aten.elementwise("rescale", operation, x, factor=1, offset=offset)


def _divided(aten: AtenAdding, operation: AtenNode, x: Viewed, number: float) -> Viewed:
    """A value over a number, or a number over a value."""
    if operation.arguments.get("self") is x:
        return _rescaled(aten, operation, x, "mul", 1 / number) or x
    inverse = aten.elementwise("power", operation, x, exponent=-1)
    return _rescaled(aten, operation, inverse, "mul", number) or x


def _powered(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """A value to a power: the value itself, its square as a product, or any other one."""
    exponent = EXPONENTS.get(operation.word, operation.get("exponent"))
    if not isinstance(exponent, int | float):
        return None
    if exponent == 2:
        return merged(aten, "mul", [x, x], aten.where(operation))
    return x if exponent == 1 else aten.elementwise("power", operation, x, exponent=exponent)


def _negated(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """A number minus a value, or the negative value."""
    number = operation.get("other", 0)
    if not isinstance(number, int | float) or operation.get("alpha", 1) != 1:
        return None
    return aten.elementwise("rescale", operation, x, factor=-1, offset=number)


def _cat(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    given: list[Any] = operation.get("tensors", [])
    values, dim = [one for one in given if isinstance(one, Viewed)], operation.get("dim", 0)
    if len(values) == len(given):
        return concatenated(aten, values, dim, aten.where(operation))
    if len(values) > 1 or given[-1] is not x or not all(isinstance(one, Weighed) for one in given[:-1]):
        return None
    value: Viewed | None = x
    for weight in reversed(given[:-1]):
        if value is None or value.dims is None:
            return value
        learned = aten.learned(weight)
        value = with_learned(aten, "concat", value, learned, aten.where(operation), before=True, dim=dim)
    return value


def _summed(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """The sum of all places, or over a short axis, whose places are parts of the channels."""
    dims, over, kept = x.dims or (), operation.get("dim", []), operation.get("keepdim", False)
    where = aten.where(operation) | {"declared": None}
    if len(over) != 1 or kept or dims[over[0]] > MAX_TERMS or x.axis(over[0]) is not None:
        mean = aten.mean("global_avgpool", x, over, kept, where)
        count = prod(dims[axis] for axis in over)
        return mean and aten.elementwise("rescale", operation._replace(dims=[]), mean, factor=count)
    parts = [aten.chosen(x, over[0], index, where) for index in range(dims[over[0]])]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts) or any(part.dims is None for part in found):
        return None
    return found[0] if len(found) == 1 else merged(aten, "add", found, where)


def _with_product(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """An offset for each channel, and a value with a factor for each."""
    offset, factor, value = (operation.get(word) for word in ("self", "tensor1", "tensor2"))
    value, factor = (factor, value) if isinstance(factor, Viewed) else (value, factor)
    learned = isinstance(offset, Weighed) and isinstance(factor, Weighed)
    if not learned or not isinstance(value, Viewed) or operation.get("value", 1) != 1:
        return None
    sizes = {tuple(n for n in one.dims or () if n > 1) for one in (offset, factor)}
    last = aten.along(value, -1, operation.at)
    if last is None or sizes != {(aten.builder.channels(last.node),)} or offset.altered or factor.altered:
        return None
    return aten.elementwise("scale", operation._replace(arguments={"weight": factor, "bias": offset}), last)


def _stack(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """Values on a new axis: a concatenation that is seen with one axis more."""
    values, dims = operation.get("tensors", []), x.dims or ()
    dim = operation.get("dim", 0) % (len(dims) + 1)
    if not all(isinstance(one, Viewed) and one.dims == dims for one in values) or dim != 1 or x.moved:
        return None
    whole = concatenated(aten, values, 1, aten.where(operation) | {"declared": None})
    return None if whole is None else aten.views.view(whole, (dims[0], len(values), *dims[1:]), operation.at)


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(KINDS, _joined),
    **dict.fromkeys(("pow", *EXPONENTS), _powered),
    **dict.fromkeys(("rsub", "neg"), _negated),
    **dict.fromkeys(("cat", "concat"), _cat),
    "stack": _stack,
    "sum": _summed,
    "addcmul": _with_product,
}
"""The reader of each operation."""
