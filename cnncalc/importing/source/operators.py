"""Operators and comparisons of a source."""

from __future__ import annotations

import ast
from typing import Any

from cnncalc.importing.source import plain
from cnncalc.importing.source.array_tensors import ArrayTensor
from cnncalc.importing.source.follower import Follower
from cnncalc.importing.source.values import Array, External, Unknown


class Operators(Follower):
    """Applies operators."""

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of an operator."""
        result = self.framework.operate(word, left, right, node)
        if result is not NotImplemented:
            return result
        for one in (left, right):
            if isinstance(one, Unknown):
                return one
        if word not in plain.OPERATORS or isinstance(left, External) or isinstance(right, External):
            return self.unknown(node)
        self.weigh(node, left, right)
        result = plain.binary(word, left, right, getattr(node, "lineno", 1))
        if isinstance(result, str | list | tuple):
            self.spend(node, len(result) // 8)
        return result

    def compared(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of a comparison."""
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return left if isinstance(left, Unknown) else right
        if word in ("Is", "IsNot"):
            return (self._same(left, right)) == (word == "Is")
        if word in ("In", "NotIn"):
            if not isinstance(right, str | list | tuple | dict | set | range):
                return self.unknown(node)
            self.spend(node, len(right) // 8)
            self.weigh(node, left, right)
            return (left in right) == (word == "In")
        if isinstance(left, External) or isinstance(right, External):
            return self._same(left, right) == (word == "Eq")
        result = self.framework.operate(word, left, right, node)
        if result is not NotImplemented:
            return result
        if isinstance(left, Array | ArrayTensor) or isinstance(right, Array | ArrayTensor):
            return self.unknown(node)
        self.weigh(node, left, right)
        return plain.OPERATORS[word](left, right)

    def _same(self, left: Any, right: Any) -> bool:
        if isinstance(left, External) and isinstance(right, External):
            return left.name == right.name
        return left is right or (type(left) is type(right) and isinstance(left, int | str | bool) and left == right)
