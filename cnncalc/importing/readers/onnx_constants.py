"""Values that an ONNX file computes from constants and shapes: sizes for reshapes, borders, limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, floor, prod
from operator import add, mod, mul, sub
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.importing.views import Viewed

if TYPE_CHECKING:
    from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode

MAX_FOLDED = 4096

ROUNDINGS: Mapping[str, Callable[[float], int]] = {"Ceil": ceil, "Floor": floor, "Round": round}


def _divided(a: Any, b: Any) -> Any:
    return a // b if isinstance(a, int) and isinstance(b, int) else a / b


OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "Add": add, "Sub": sub, "Mul": mul, "Div": _divided, "Mod": mod, "Equal": lambda a, b: int(a == b),
    "Pow": lambda a, b: float(a) ** float(b),
}  # fmt: skip


class OnnxConstant(NamedTuple):
    """A constant of a file.

    Attributes:
        name: of its tensor.
        dims: its shape.
        values: its numbers row by row; None if they are many, or not there.
        axes: the order into which its axes were brought.
        view: its dims before that.
        kept: whether its values are those of the tensor of its name.
        table: the dims of a tensor of which these are rows.
        filling: the number that all values of a constant are which the exporter made; None for a weight.
    """

    name: str
    dims: tuple[int, ...]
    values: list[Any] | None
    axes: tuple[int, ...] = ()
    view: tuple[int, ...] = ()
    kept: bool = True
    table: tuple[int, ...] = ()
    filling: float | None = None


def folded(operator: OnnxNode) -> list[OnnxConstant] | None:
    """The outputs of an operator that reads only constants and shapes; None if they are not constant."""
    name = operator.outputs[0] if operator.outputs else ""
    if operator.word == "Constant":
        return [_given(operator, name)]
    if operator.word == "Shape" and isinstance(operator.inputs[0], Viewed):
        dims = operator.inputs[0].dims
        return None if dims is None else [OnnxConstant(name, (len(dims),), list(dims))]
    given = [one for one in operator.inputs if one is not None]
    if not given or not all(isinstance(one, OnnxConstant) for one in given):
        return None
    constants = [one for one in given if isinstance(one, OnnxConstant)]
    try:
        return [_bounded(_of_dims(operator, constants, name) or _of_values(operator, constants, name))]
    except (IndexError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return [OnnxConstant(name, constants[0].dims, None, kept=False)]


def _bounded(constant: OnnxConstant) -> OnnxConstant:
    """A constant, if its values are few and no larger than sizes."""
    values = constant.values
    known = values is not None and len(values) <= MAX_FOLDED and all(abs(value) < 2**63 for value in values)
    return constant if known else constant._replace(values=None)


def _given(operator: OnnxNode, name: str) -> OnnxConstant:
    value = next(iter(operator.attributes.values()), None)
    if isinstance(value, OnnxConstant):
        return value._replace(name=name)
    values = value if isinstance(value, list) else [value]
    return OnnxConstant(name, (len(values),) if isinstance(value, list) else (), values)


def _of_dims(operator: OnnxNode, constants: list[OnnxConstant], name: str) -> OnnxConstant | None:
    """The result of an operator on a weight with unknown values; None if it needs them."""
    first, *others = constants
    word, values = operator.word, first.values
    if word == "ConstantOfShape" and values is not None:
        fill = operator.attributes.get("value")
        one = fill.values[0] if isinstance(fill, OnnxConstant) and fill.values else 0
        dims = tuple(map(int, values))
        return OnnxConstant(name, dims, [one] * prod(dims) if prod(dims) <= MAX_FOLDED else None, filling=one)
    if word in ("Identity", "Cast", "QuantizeLinear", "DequantizeLinear", "Dropout"):
        whole = operator.attributes.get("to") in (6, 7) and values is not None
        kept = first.kept and not word.endswith("Linear")
        if operator.attributes.get("to") == 1 and values is not None:
            return first._replace(values=list(map(float, values)), kept=kept)
        return first._replace(values=[int(one) for one in values or ()] if whole else values, kept=kept)
    if word == "Transpose":
        axes = operator.attributes.get("perm") or list(range(len(first.dims)))[::-1]
        turned = None
        if values is not None and list(axes) == [1, 0]:
            rows, columns = first.dims
            turned = [values[row * columns + column] for column in range(columns) for row in range(rows)]
        order = tuple(first.axes[axis] for axis in axes) if first.axes else tuple(axes)
        dims = tuple(first.dims[axis] for axis in axes)
        return OnnxConstant(first.name, dims, turned, order, first.view or first.dims, first.kept)
    if word == "Shape":
        return OnnxConstant(name, (len(first.dims),), list(first.dims))
    if word == "Gather" and values is None and others and not operator.attributes.get("axis", 0):
        dims = (*others[0].dims, *first.dims[1:])
        return OnnxConstant(first.name, dims, None, kept=False, table=first.table or first.dims)
    if word == "Expand" and values is None and others and others[0].values is not None:
        wanted = tuple(map(int, others[0].values))
        return first if prod(wanted) == prod(first.dims) else OnnxConstant(name, wanted, None, kept=False)
    if word in ("Unsqueeze", "Squeeze", "Flatten", "Reshape"):
        return _reshaped(word, operator, first, others)
    return None


def _of_values(operator: OnnxNode, constants: list[OnnxConstant], name: str) -> OnnxConstant:
    """The result of an operator on numbers."""
    first, *others = constants
    word, values = operator.word, first.values
    if any(one.values is None for one in constants) or values is None:
        return OnnxConstant(name, first.dims, None)
    if word == "Concat":
        joined = [value for one in constants for value in one.values or ()]
        return OnnxConstant(name, (len(joined),), joined)
    if word == "Gather":
        indices = others[0].values or []
        return OnnxConstant(name, others[0].dims, [values[int(index)] for index in indices])
    if word == "Slice":
        return _sliced(operator, first, others, name)
    if word in OPERATIONS and others:
        return _arithmetic(word, first, others[0], name)
    if word in ROUNDINGS:
        return first._replace(name=name, values=[type(value)(ROUNDINGS[word](value)) for value in values])
    if word in ("Sqrt", "Reciprocal", "Neg"):
        power = {"Sqrt": 0.5, "Reciprocal": -1}.get(word)
        return first._replace(name=name, values=[-one if power is None else float(one) ** power for one in values])
    if word in ("Clip", "Max", "Min"):
        return first._replace(name=name, values=_limited(operator, values))
    if word == "ReduceProd":
        return OnnxConstant(name, (), [prod(values)])
    return OnnxConstant(name, first.dims, None)


def _reshaped(word: str, operator: OnnxNode, first: OnnxConstant, others: list[OnnxConstant]) -> OnnxConstant:
    """The same values under other dims, of which only those of a weight matter."""
    first = first._replace(kept=first.kept and not first.axes)
    count = prod(first.dims)
    if word == "Reshape" and others and others[0].values is not None:
        wanted = [int(n) for n in others[0].values]
        known = prod(n for n in wanted if n > 0)
        return first._replace(dims=tuple(n if n > 0 else count // max(known, 1) for n in wanted))
    axes = operator.attributes.get("axes") or (others[0].values if others else None) or [0]
    if word == "Squeeze":
        return first._replace(dims=tuple(n for i, n in enumerate(first.dims) if i not in axes))
    dims = list(first.dims)
    for axis in sorted(int(axis) for axis in axes):
        dims.insert(axis, 1)
    return first._replace(dims=tuple(dims))


def _limited(operator: OnnxNode, values: list[Any]) -> list[Any]:
    """Numbers within limits: Clip has a lower and an upper one, and one may be left out."""
    limits = [one.values[0] if isinstance(one, OnnxConstant) and one.values else None for one in operator.inputs[1:]]
    low, high = [*limits, None, None][:2] if operator.word == "Clip" else (limits[0], limits[0])
    if low is not None and operator.word != "Min":
        values = [max(value, low) for value in values]
    if high is not None and operator.word != "Max":
        values = [min(value, high) for value in values]
    return values


def _sliced(operator: OnnxNode, first: OnnxConstant, others: list[OnnxConstant], name: str) -> OnnxConstant:
    """Some rows of a constant, in their order or in reverse."""
    starts, ends = operator.attributes.get("starts"), operator.attributes.get("ends")
    axes = operator.attributes.get("axes")
    if starts is None or ends is None:
        starts, ends = others[0].values or [0], others[1].values or [0]
        axes = others[2].values if len(others) > 2 else None
    step = int((others[3].values or [1])[0]) if len(others) > 3 else 1
    values, width = first.values or [], prod(first.dims[1:])
    if axes not in (None, [0]) or len(starts) != 1:
        return OnnxConstant(name, first.dims, None)
    end = int(ends[0])
    rows = range(len(values) // max(width, 1))[int(starts[0]) : end if abs(end) < 2**31 else None : step]
    cut = [value for row in rows for value in values[row * width : (row + 1) * width]]
    return OnnxConstant(name, (len(rows), *first.dims[1:]), cut)


def _arithmetic(word: str, one: OnnxConstant, other: OnnxConstant, name: str) -> OnnxConstant:
    left, right = one.values or [], other.values or []
    count = max(len(left), len(right))
    if count > MAX_FOLDED:
        return OnnxConstant(name, one.dims, None)
    left, right = (side * count if len(side) == 1 else side for side in (left, right))
    both = list(zip(left, right, strict=True))
    results = [OPERATIONS[word](a, b) for a, b in both]
    return OnnxConstant(name, one.dims if len(one.dims) >= len(other.dims) else other.dims, results)
