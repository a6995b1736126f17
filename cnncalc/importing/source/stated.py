"""Shapes that comments of a source state: `# out: 64x16x16`, `# 3x32x32 -> 55x55x96`, `# (N, 64, 56, 56)`.

A comment that says anything else is not a claim. It is about the value of the statement, or of the call within one of
several lines, that it is after; in the docstring of a forward it is about the result.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod
from typing import Any, NamedTuple, final

from cnncalc.importing.model import ModelClaim, ModelPlace
from cnncalc.importing.source.values import Instance
from cnncalc.shapes import Layout, Shape

MAX_STATED = 2_000
"""The most values that comments are about."""

_BATCH = r"(?:N|B|bs|batch(?:_size)?|None|-1|\?)"
_SIZES = r"\d{1,6}(?:\s*[x×,*]\s*\d{1,6}){0,3}"
_LIST = rf"(?:torch\.Size\()?[(\[]\s*(?:{_BATCH}\s*,\s*)?{_SIZES}\s*,?\s*[)\]]\)?"
_PLAIN = rf"(?:{_BATCH}\s*[x×]\s*)?\d{{1,6}}(?:\s*[x×*]\s*\d{{1,6}}){{0,3}}"
_SHAPE = rf"(?:{_LIST}|{_PLAIN})"
_WORD = r"(?:out|output|out(?:put)?[ _]shape|shape)\s*[:=]"
_WITH_BATCH = (
    rf"(?:[(\[]\s*{_BATCH}\s*,\s*{_SIZES}\s*,?\s*[)\]]|{_BATCH}\s*[x×]\s*\d{{1,6}}(?:\s*[x×]\s*\d{{1,6}}){{0,3}})"
)
_CLAIM = re.compile(
    rf"\s*(?:(?:{_WORD}|(?:{_SHAPE})?\s*(?:->|=>|→))\s*(?P<shape>{_SHAPE})"
    rf"|(?:in(?:put)?\s*{_LIST}\s*,?\s*)?out(?:put)?\s*(?P<list>{_LIST})|(?P<batch>{_WITH_BATCH}))\s*\.?\s*",
    re.IGNORECASE,
)


class Stated(NamedTuple):
    """The shape that a comment states.

    Attributes:
        sizes: without a batch, if that is a letter.
        at: its place.
        length: the characters that it covers.
    """

    sizes: tuple[int, ...]
    at: ModelPlace
    length: int


def stated_in(comment: str, line: int, column: int) -> Stated | None:
    """The statement of a comment, without its `#`; None if it is not a claim."""
    found = _CLAIM.fullmatch(comment)
    if found is None:
        return None
    word = next(word for word in ("shape", "list", "batch") if found[word])
    text = found[word]
    numbers = [int(number) for number in re.findall(r"(?<![-\d])\d+", text)]
    place = ModelPlace(line, column + found.start(word))
    return Stated(tuple(numbers), place, len(text)) if numbers and all(numbers) else None


@final
class StatedShapes:
    """Collects the values that comments are about, while a source is followed."""

    def __init__(self) -> None:
        self.nodes: dict[ast.expr, Stated] = {}
        self._objects: dict[int, Stated] = {}
        self._values: list[tuple[Stated, Any]] = []

    def look(self, tree: ast.Module, text: str, before: int = 0) -> None:
        """Find the values that the comments of a file are about; its lines are numbered after `before`."""
        found = {}
        for number, line in enumerate(text.splitlines(), start=1):
            code, mark, comment = line.rpartition("#")
            stated = stated_in(comment, number + before, len(code) + 2) if mark and code.strip() else None
            if stated is not None:
                found[number + before] = stated
        if found:
            for place, node in _on_lines(tree, found):
                self.nodes.setdefault(node, found[place])
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name in ("forward", "call", "__call__"):
                self._of_docstring(function)

    def _of_docstring(self, function: ast.FunctionDef) -> None:
        first = function.body[0] if function.body else None
        text = first.value.value if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None
        if first is None or not isinstance(text, str):
            return
        for number, line in enumerate(text.splitlines()):
            stated = stated_in(line, first.lineno + number, 1) if re.match(r"\s*(?:out|->|=>|→)", line) else None
            for node in ast.walk(function) if stated is not None else ():
                if isinstance(node, ast.Return) and node.value is not None and stated is not None:
                    self.nodes.setdefault(node.value, stated)

    def found(self, node: ast.expr, value: Any) -> None:
        """Keep the value of a node that a comment is about; for an object its result counts, once it is called."""
        if isinstance(value, Instance):
            self._objects[id(value)] = self.nodes[node]
        self._keep(self.nodes[node], value)

    def given(self, instance: Instance, value: Any) -> None:
        """Keep the result of an object, if a comment is about it."""
        if id(instance) in self._objects:
            self._keep(self._objects[id(instance)], value)

    def _keep(self, stated: Stated, value: Any) -> None:
        if len(self._values) < MAX_STATED:
            self._values.append((stated, value))

    def claims(
        self, name_of: Callable[[Any], str], shapes: Mapping[str, Shape | None], layout: Layout
    ) -> Iterator[ModelClaim]:
        """The claims about the values of a graph: about those with one shape in all uses of the comment's line.

        Args:
            name_of: the name in the graph of a value; empty for one that is not in it.
            shapes: the shape of each value of the graph.
            layout: the order of the graph's shapes.
        """
        found: dict[Stated, dict[str, Shape]] = {}
        for stated, value in self._values:
            name = name_of(value)
            if name and (shape := shapes.get(name)) is not None:
                found.setdefault(stated, {})[name] = shape
        for stated, named in found.items():
            shape = next(iter(named.values()))
            claimed = _claimed(stated.sizes, shape, layout) if len(set(named.values())) == 1 else None
            if claimed is not None:
                yield ModelClaim(next(iter(named)), "out", claimed, claimed == shape, stated.at, stated.length)


def _on_lines(tree: ast.Module, lines: Iterable[int]) -> Iterator[tuple[int, ast.expr]]:
    """The expression that a comment at the end of a line is about: of a whole statement, or of a call within it."""
    wanted = set(lines)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr) and node.value is not None:
            ends, starts = {node.end_lineno} & wanted, {node.lineno} & wanted
            for line in ends or starts:
                yield line or 1, node.value
            inside = wanted & set(range(node.lineno, node.end_lineno or node.lineno)) if node.end_lineno else set()
            if inside:
                yield from _calls(node.value, inside)


def _calls(whole: ast.expr, lines: set[int]) -> Iterator[tuple[int, ast.expr]]:
    """The outermost call within an expression that ends on each line, or else begins there."""
    calls = [node for node in ast.walk(whole) if isinstance(node, ast.Call)]  # the outer ones first
    for line in lines:
        ending = [node for node in calls if node.end_lineno == line]
        beginning = [node for node in calls if node.lineno == line and node is not whole]
        for node in (ending or beginning)[:1]:
            yield line, node


def _claimed(sizes: tuple[int, ...], actual: Shape, layout: Layout) -> Shape | None:
    """Sizes as a shape, in the order that is nearer to the right one; None if they are something else.

    A batch in numbers, and the sizes of a map without its channels, are understood; so are the same values in another
    arrangement, as 512 for 512×1×1, which is not a mistake.
    """
    if len(sizes) == actual.rank + 2:
        sizes = sizes[1:]
    if len(sizes) != actual.rank + 1:
        if prod(sizes) == actual.elements or len(sizes) < actual.rank or actual.rank == 1:
            return None
        if len(sizes) == actual.rank:
            return Shape(actual.channels, sizes)
    orders: tuple[Layout, ...] = (layout, "HWC" if layout == "CHW" else "CHW")
    likeness = [sum(a == b for a, b in zip(sizes, actual.sizes(order), strict=False)) for order in orders]
    return Shape.of(sizes, orders[likeness[1] > likeness[0]])
