"""The base of all parts of the evaluator: the libraries, the bound on steps, and plain questions to values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.importing.source import plain
from cnncalc.importing.source.framework import Folder, Framework
from cnncalc.importing.source.stated import StatedShapes
from cnncalc.importing.source.values import (
    Exhausted,
    Function,
    Instance,
    Lengthy,
    Names,
    Stuck,
    Unknown,
    assigned,
    is_tuple,
)

MAX_STEPS = 400_000


class Changes(NamedTuple):
    """The changes that a statement may make.

    Attributes:
        targets: those that it assigns to, at any depth.
        returns: whether it may leave a function.
    """

    targets: tuple[ast.Name | ast.Attribute, ...]
    returns: bool


class Follower:
    """Follows a source.

    Args:
        framework: the libraries.
        folder: the one in which imports are looked for.

    Attributes:
        shared: the names that are global or nonlocal in some function.
    """

    def __init__(self, framework: Framework, folder: Folder) -> None:
        self.framework, self.folder = framework, folder
        self.steps, self.limit = 0, MAX_STEPS
        self.loops = 0
        self.assumed: dict[str, None] = {}
        self.depth = 0
        self.frames: list[tuple[Function, Names]] = []
        self.stuck: list[Stuck] = []
        self.shared: set[str] = set()
        self.stated = StatedShapes()
        self._readers: dict[type[ast.AST], Any] = {}
        self._unknown: dict[ast.AST, Unknown] = {}
        self._changes: dict[ast.stmt, Changes] = {}

    def reader(self, before: str, node: ast.AST) -> Any:
        """The method for a sort of node; None if there is none."""
        sort = type(node)
        if sort not in self._readers:
            self._readers[sort] = getattr(self, before + sort.__name__.lower(), None)
        return self._readers[sort]

    def run(self, function: Function, args: list[Any], named: Mapping[str, Any], line: int) -> Any:
        """The result of a function of the source."""
        raise NotImplementedError

    def spend(self, node: ast.AST, steps: int = 1) -> None:
        """Count steps.

        Raises:
            Exhausted: there were too many.
        """
        self.steps += steps
        if self.steps > self.limit:
            line, sort = getattr(node, "lineno", 1), Exhausted if self.limit >= MAX_STEPS else Lengthy
            raise sort(line, f"the code takes more than {MAX_STEPS:,} steps; that of a network takes fewer")

    def weigh(self, node: ast.AST, *values: Any) -> None:
        """Count steps for all entries of values, before anything goes through them.

        Raises:
            Stuck: there are too many.
        """
        for value in (one for one in values if isinstance(one, plain.HOLDING)):
            held = plain.held(value)
            self.spend(node, held // 4)
            if held > plain.MAX_LENGTH:
                raise Stuck(getattr(node, "lineno", 1), plain.TOO_LONG)

    def changes(self, node: ast.stmt) -> Changes:
        """The changes that a statement may make, which are looked for once."""
        if node not in self._changes:
            self._changes[node] = Changes(
                tuple(assigned(node)), any(isinstance(one, ast.Return) for one in ast.walk(node))
            )
        self.steps += 1 + len(self._changes[node].targets) // 4  # the next statement compares it with the bound
        return self._changes[node]

    def value(self, node: ast.expr, scope: Names) -> Any:
        """The value of an expression."""
        raise NotImplementedError

    def call(self, function: Any, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """The result of calling a value."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Any, scope: Names) -> None:
        """Give a value to a target."""
        raise NotImplementedError

    def unknown(self, node: ast.AST) -> Unknown:
        """An expression whose value is not known."""
        if node not in self._unknown:
            shown = node
            if isinstance(node, ast.Call) and node.end_lineno != node.lineno:
                shown = ast.Call(node.func, [ast.Constant(...)] if node.args or node.keywords else [], [])
            self._unknown[node] = Unknown(getattr(node, "lineno", 1), f"{ast.unparse(shown):.60}")
        return self._unknown[node]

    def truth(self, value: Any) -> bool:
        """Whether a value counts as true."""
        if isinstance(value, Instance):
            held = self.framework.items(value)
            return held is None or bool(held)
        return bool(value)

    def items(self, value: Any, node: ast.AST) -> list[Any]:
        """The entries of a value, one after another."""
        held = self.framework.items(value)
        if held is None and not (isinstance(value, list | dict | str | set | range) or is_tuple(value)):
            what = value.words() if isinstance(value, Unknown) else "this cannot be iterated over"
            raise Stuck(getattr(node, "lineno", 1), what)
        result = list(value if held is None else held)
        self.spend(node, len(result) // 8)
        return result
