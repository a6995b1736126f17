"""Sums, products and concatenations of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.views import Viewed


def joined(aten: AtenAdding, operation: AtenNode) -> Viewed:
    """A sum, a product or a concatenation."""
    arguments = operation.get("tensors") or [operation.arguments.get("self"), operation.arguments.get("other")]
    values = [one for one in arguments if isinstance(one, Viewed)] if isinstance(arguments, list) else []
    kind = {"add": "add", "mul": "mul"}.get(operation.word, "concat")
    if len(values) == 1 and len(arguments) == 2 and isinstance(arguments, list):
        whole = _with_weight(aten, kind, operation, values[0], arguments)
        if whole is not None:
            return whole
        return _scaled(aten, operation, values[0]) if kind == "mul" else aten.unknown(operation)
    if len(values) < len(arguments) or not values:
        return aten.unknown(operation)
    if any(value.dims is None for value in values):
        nodes = [value.node for value in values]
        return Viewed(aten.builder.add("", nodes, {}, at=operation.at), None)
    if kind == "concat":
        axis = operation.get("dim", 0) % len(values[0].dims or (0,))
        if axis != 1 or len(values) == 1:
            return values[0] if len(values) == 1 else aten.unknown(operation)
    elif operation.get("alpha", 1) != 1:
        return aten.unknown(operation)
    return _merged(aten, kind, operation, values)


def _merged(aten: AtenAdding, kind: str, operation: AtenNode, values: list[Viewed]) -> Viewed:
    if kind != "concat" and values[0].steps and all(value.steps == values[0].steps for value in values):
        node = aten.builder.add(
            kind, [value.node for value in values], {}, **(aten.where(operation) | {"declared": None})
        )
        return values[0]._replace(node=node)
    return aten.views.add(kind, values, {}, **aten.where(operation))


def _with_weight(aten: AtenAdding, kind: str, operation: AtenNode, x: Viewed, arguments: list[Any]) -> Viewed | None:
    """What is learned for positions: tokens before them, an offset on each."""
    weight = next((one for one in arguments if isinstance(one, Weighed)), None)
    dims = weight.dims if weight is not None else None
    if weight is None or not x.channels_last or x.dims is None or dims is None or len(dims) != len(x.dims):
        return None
    given = operation._replace(arguments={"weight": weight})
    if kind == "concat" and operation.get("dim", 0) % len(dims) == 1 and len(dims) == 3 and arguments[0] is weight:
        value = aten.elementwise("tokens", given, x, number=dims[1])
        return value._replace(dims=(x.dims[0], x.dims[1] + dims[1], x.dims[2]))
    if kind == "add" and dims[1:] == x.dims[1:] and dims[0] == 1:
        return aten.elementwise("positions", given, x)
    return None


def _scaled(aten: AtenAdding, operation: AtenNode, value: Viewed) -> Viewed:
    """A value times a weight for each channel."""
    for name in ("self", "other"):
        weight = aten.weight(operation, name)
        base = aten.builder.shapes[value.node]
        if weight and base is not None and max(weight) == base.channels and sum(n > 1 for n in weight) <= 1:
            given = operation._replace(arguments={"weight": operation.arguments[name]})
            return aten.elementwise("scale", given, value, bias=False)
    return aten.unknown(operation)


def _stochastic_depth(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return x


READERS: Mapping[str, Reader] = {
    "stochastic_depth": _stochastic_depth,
}
"""The reader of each operation."""
