"""Nodes of torch's graphs that are one operation here: local response norm, which torch writes as a pool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from cnncalc.importing.readers.aten.adding import each
from cnncalc.importing.readers.aten.nodes import AtenNode, Named, TorchNode

MOVING = ("view", "reshape", "squeeze", "unsqueeze", "contiguous", "clone")
STEPS = (("pow",), ("add",), ("mul",), ("avg_pool2d", "avg_pool3d"), ("pad", "constant_pad_nd"), ("mul", "pow"))
"""The operations of the divisor, from the last one to the square of the value."""

MAX_STEPS = 16
"""Operations of the divisor, with those that move values."""


def whole_norms(nodes: list[TorchNode]) -> Iterator[TorchNode]:
    """The nodes, with one for each local response norm.

    x / (k + alpha * mean) ** beta, with the mean of the squares of neighbouring channels.
    """
    makers = {name: operation for operation, outputs in nodes for name in outputs}
    readers = Counter(one.name for operation, _ in nodes for one in operation.tensors())
    wholes: dict[int, AtenNode] = {}
    parts: set[int] = set()
    for operation, _ in nodes:
        inside = _inside(operation, makers, readers)
        found = _norm(operation, inside) if inside else None
        if found is not None:
            wholes[id(operation)] = operation._replace(target="local_response_norm", arguments=found)
            parts.update(map(id, inside))
    for operation, outputs in nodes:
        if id(operation) not in parts:
            yield wholes.get(id(operation), operation), outputs


def _inside(last: AtenNode, makers: Mapping[str, AtenNode], readers: Mapping[str, int]) -> list[AtenNode]:
    """The nodes of the divisor, the last first, up to the square of the value; none for any other divisor."""
    value, divisor = last.arguments.get("self"), last.arguments.get("other")
    inside: list[AtenNode] = []
    while last.word == "div" and isinstance(divisor, Named) and readers[divisor.name] == 1 and len(inside) < MAX_STEPS:
        operation = makers.get(divisor.name)
        if operation is None:
            return []
        inside.append(operation)
        divisor = operation.arguments.get("self", operation.arguments.get("input"))
        if divisor == value:
            return inside
    return []


def _norm(last: AtenNode, inside: list[AtenNode]) -> dict[str, Any] | None:
    """The arguments of the norm that nodes are; None if they are something else."""
    steps = [operation for operation in inside if operation.word not in MOVING]
    if len(steps) == len(STEPS) - 1:  # the pool itself has the border
        steps.insert(4, steps[3]._replace(target="pad", arguments={"self": steps[3].arguments.get("self")}))
    if len(steps) != len(STEPS) or any(step.word not in words for step, words in zip(steps, STEPS, strict=True)):
        return None
    power, sum_, product, pool, pad, square = steps
    x = last.arguments["self"]
    given = {"beta": power.get("exponent"), "k": sum_.get("other"), "alpha": product.get("other")}
    squared = square.get("other") == x if square.word == "mul" else square.get("exponent") == 2
    if not squared or not all(isinstance(one, int | float) for one in given.values()):
        return None
    size = _channels_seen(pool, pad, x)
    return {"input": x, "size": size, **given} if size else None


def _channels_seen(pool: AtenNode, pad: AtenNode, x: Named) -> int:
    """The number of channels of which a pool is the mean, as many before as after each; 0 for another pool."""
    rank = int(pool.word[-2])
    size, *rest = each(pool.get("kernel_size", 1), rank)
    border, *borders = each(pool.get("padding", 0), rank)
    if any((*borders, pool.get("ceil_mode", False))) or {*rest, *each(pool.get("stride") or size, rank)} != {1}:
        return 0
    zeros = (0,) * (2 * len(rest))
    given, seen = pad.get("pad", [*zeros, border, border]), pad.arguments["self"]
    dims = (seen.dims or ()) if isinstance(seen, Named) else ()
    right = tuple(given) == (*zeros, size // 2, (size - 1) // 2) and dims[1:3] == (1, (x.dims or (0, 0))[1])
    return size if right else 0
