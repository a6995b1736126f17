"""Nodes that are one operation, from before ONNX had it: gelu by the error function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def gelus(nodes: list[Any]) -> tuple[dict[int, str], set[int]]:
    """The nodes that give a gelu, each with its input; and the nodes that are parts of one.

    x * (erf(x / 1.41) + 1) * 0.5, in any order of the factors.
    """
    functions = [number for number, node in enumerate(nodes) if node.op_type == "Erf"]
    if not functions:
        return {}, set()
    makers = {name: number for number, node in enumerate(nodes) for name in node.output}
    readers: dict[str, list[int]] = {}
    for number, node in enumerate(nodes):
        for name in node.input:
            readers.setdefault(name, []).append(number)
    wholes: dict[int, str] = {}
    parts: set[int] = set()
    for number in functions:
        for last, x, inside in _gelu(number, nodes, makers, readers):
            wholes[last] = x
            parts |= inside
    return wholes, parts


def _gelu(
    erf: int, nodes: list[Any], makers: Mapping[str, int], readers: Mapping[str, list[int]]
) -> Iterator[tuple[int, str, set[int]]]:
    """The last node of a gelu with this error function, its input, and the other nodes."""
    before = makers.get(nodes[erf].input[0])
    added = _only_reader(nodes[erf], nodes, readers, "Add")
    if before is None or nodes[before].op_type not in ("Div", "Mul") or added is None:
        return
    product = _only_reader(nodes[added], nodes, readers, "Mul")
    if product is None:
        return
    (other,) = [name for name in nodes[product].input if name != nodes[added].output[0]] or [""]
    half = makers.get(other)
    if other in nodes[before].input:
        last = _only_reader(nodes[product], nodes, readers, "Mul")
        if last is not None:
            yield last, other, {before, erf, added, product}
    elif half is not None and nodes[half].op_type == "Mul":
        shared = [name for name in nodes[half].input if name in nodes[before].input and name]
        if shared:
            yield product, shared[0], {before, erf, added, half}


def _only_reader(node: Any, nodes: list[Any], readers: Mapping[str, list[int]], word: str) -> int | None:
    """The one node that reads a node, if it is of this type."""
    found = readers.get(node.output[0], [])
    return found[0] if len(found) == 1 and nodes[found[0]].op_type == word else None
