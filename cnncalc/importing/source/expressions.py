"""Expressions of a source, one method for each sort."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Any

from cnncalc.importing.source import plain
from cnncalc.importing.source.calls import Calls
from cnncalc.importing.source.keras_names import MERGES
from cnncalc.importing.source.values import (
    Class,
    External,
    Function,
    Imported,
    Instance,
    Names,
    Stuck,
    Super,
    Unknown,
    is_tuple,
    unknown_in,
)

LIBRARIES = ("torch", "keras", "tensorflow")
"""Modules with classes and merging functions that a source may use without naming the module."""


class Expressions(Calls):
    """Follows expressions."""

    def value(self, node: ast.expr, scope: Names) -> Any:
        """The value of an expression."""
        self.spend(node)
        reader = self.reader("_at_", node)
        value = self.unknown(node) if reader is None else reader(node, scope)
        if node in self.stated.nodes:
            self.stated.found(node, value)
        return value

    def _at_constant(self, node: ast.Constant, scope: Names) -> Any:
        return plain.checked(node.value, node.lineno)

    def _at_name(self, node: ast.Name, scope: Names) -> Any:
        found = scope.find(node.id)
        if found is not None:
            value = found.names[node.id]
            if isinstance(value, Imported):
                value = found.names[node.id] = self.imported(value)
            return value
        if node.id == "__name__":
            return "__main__"
        if node.id in plain.BUILTINS:
            return plain.BUILTINS[node.id]
        if hasattr(builtins, node.id):
            return External(f"builtins.{node.id}")
        everything = scope.find("*")
        module = everything.names["*"][-1] if everything is not None else ""
        is_theirs = module.startswith(LIBRARIES) and (node.id[0].isupper() or node.id in MERGES)
        return External(f"{module}.{node.id}") if is_theirs else Unknown(node.lineno, node.id)

    def _at_tuple(self, node: ast.Tuple, scope: Names) -> tuple[Any, ...]:
        return tuple(self._elements(node.elts, scope))

    def _at_list(self, node: ast.List, scope: Names) -> list[Any]:
        return list(self._elements(node.elts, scope))

    def _at_set(self, node: ast.Set, scope: Names) -> Any:
        entries = list(self._elements(node.elts, scope))
        self.weigh(node, entries)
        return set(entries)

    def _elements(self, nodes: list[ast.expr], scope: Names, *, handed: bool = False) -> Iterator[Any]:
        for node in nodes:
            if isinstance(node, ast.Starred):
                yield from self.items(self.value(node.value, scope), node)
            else:
                yield self._handed(node, scope) if handed else self.value(node, scope)

    def _handed(self, node: ast.expr, scope: Names) -> Any:
        """The value of an argument: a name of another file, which is not read before the name is used."""
        found = scope.find(node.id) if isinstance(node, ast.Name) else None
        value = found.names[node.id] if found is not None and isinstance(node, ast.Name) else None
        return value if isinstance(value, Imported) else self.value(node, scope)

    def _at_dict(self, node: ast.Dict, scope: Names) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for key, one in zip(node.keys, node.values, strict=True):
            value = self.value(one, scope)
            if key is not None:
                named = self.value(key, scope)
                self.weigh(node, named)
                made[named] = value
            elif isinstance(value, dict):
                self.spend(node, len(value) // 8)
                made |= value
        return made

    def _at_joinedstr(self, node: ast.JoinedStr, scope: Names) -> Any:
        parts: list[str] = []
        for one in node.values:
            value = self.value(one.value if isinstance(one, ast.FormattedValue) else one, scope)
            if isinstance(value, Unknown):
                return value
            parts.append(str(plain.printable(value)))
        return plain.checked("".join(parts), node.lineno)

    def _at_ifexp(self, node: ast.IfExp, scope: Names) -> Any:
        test = self.value(node.test, scope)
        return test if isinstance(test, Unknown) else self.value(node.body if self.truth(test) else node.orelse, scope)

    def _at_boolop(self, node: ast.BoolOp, scope: Names) -> Any:
        is_or, unknown, value = isinstance(node.op, ast.Or), None, None
        for one in node.values:
            value = self.value(one, scope)
            if isinstance(value, Unknown):
                unknown = value
            elif self.truth(value) == is_or:
                return value
        return unknown if unknown is not None else value

    def _at_unaryop(self, node: ast.UnaryOp, scope: Names) -> Any:
        value = self.value(node.operand, scope)
        if isinstance(value, Unknown):
            return value
        if isinstance(node.op, ast.Not):
            return not self.truth(value)
        if not isinstance(value, int | float):
            return self.framework.method(value, "neg", [], {}, node)
        return -value if isinstance(node.op, ast.USub) else ~int(value) if isinstance(node.op, ast.Invert) else +value

    def _at_binop(self, node: ast.BinOp, scope: Names) -> Any:
        return self.operate(type(node.op).__name__, self.value(node.left, scope), self.value(node.right, scope), node)

    def _at_compare(self, node: ast.Compare, scope: Names) -> Any:
        left = self.value(node.left, scope)
        for operator, one in zip(node.ops, node.comparators, strict=True):
            right = self.value(one, scope)
            result = self.compared(type(operator).__name__, left, right, node)
            if isinstance(result, Unknown) or not result:
                return result
            left = right
        return result

    def _at_listcomp(self, node: ast.ListComp, scope: Names) -> list[Any]:
        made: list[Any] = []
        self._comprehended(node.generators, Names(scope), lambda inner: made.append(self.value(node.elt, inner)))
        return made

    _at_generatorexp = _at_setcomp = _at_listcomp

    def _at_dictcomp(self, node: ast.DictComp, scope: Names) -> dict[Any, Any]:
        made: dict[Any, Any] = {}

        def add(inner: Names) -> None:
            key = self.value(node.key, inner)
            self.weigh(node, key)
            made[key] = self.value(node.value, inner)

        self._comprehended(node.generators, Names(scope), add)
        return made

    def _comprehended(self, generators: list[ast.comprehension], scope: Names, add: Any) -> Any:
        if not generators:
            return add(scope)
        first, *others = generators
        for value in self.items(self.value(first.iter, scope), first.iter):
            self.spend(first.iter)
            self.assign(first.target, value, scope)
            tests = [self.value(test, scope) for test in first.ifs]
            self.weigh(first.iter, tests)
            unknown = unknown_in(tests)
            if unknown is not None:
                raise Stuck(first.iter.lineno, unknown.words())
            if all(map(self.truth, tests)):
                self._comprehended(others, scope, add)
        return None

    def _at_lambda(self, node: ast.Lambda, scope: Names) -> Function:
        return self.function(node, scope)

    def function(self, node: ast.FunctionDef | ast.Lambda, scope: Names) -> Function:
        """A function with its defaults."""
        named = [self.value(one, scope) if one is not None else Unknown(node.lineno, "an argument")
                 for one in node.args.kw_defaults]  # fmt: skip
        return Function(node, scope, [self.value(one, scope) for one in node.args.defaults], named)

    def _at_namedexpr(self, node: ast.NamedExpr, scope: Names) -> Any:
        value = self.value(node.value, scope)
        self.assign(node.target, value, scope)
        return value

    def _at_yield(self, node: ast.Yield, scope: Names) -> None:
        _, frame = self.frames[-1]
        frame.names.setdefault("$yields", []).append(self.value(node.value, scope) if node.value else None)

    def _at_slice(self, node: ast.Slice, scope: Names) -> slice:
        parts = (node.lower, node.upper, node.step)
        return slice(*(self.value(one, scope) if one is not None else None for one in parts))

    def _at_subscript(self, node: ast.Subscript, scope: Names) -> Any:
        owner, key = self.value(node.value, scope), self.value(node.slice, scope)
        result = self.framework.item(owner, key, node)
        if result is not NotImplemented:
            return result
        if isinstance(owner, Unknown | External):
            return owner
        if isinstance(key, Unknown):
            return key
        if isinstance(owner, list | dict | str | range) or is_tuple(owner):
            self.weigh(node, key)
            try:
                found = owner[key]
                self.spend(node, len(found) // 8 if isinstance(key, slice) else 0)
                return found
            except (KeyError, IndexError):
                what = ast.unparse(node.value)
                raise Stuck(node.lineno, f"{what:.60} has no entry {key!r:.40}", node.col_offset + 1) from None
        return self.unknown(node)

    def _at_attribute(self, node: ast.Attribute, scope: Names) -> Any:
        return self.attribute(self.value(node.value, scope), node.attr, node)

    def _at_call(self, node: ast.Call, scope: Names) -> Any:
        function = self.value(node.func, scope)
        args = list(self._elements(node.args, scope, handed=True))
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self._handed(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                self.weigh(node, list(value))
                named.update({str(key): one for key, one in value.items()})
        if isinstance(function, External) and function.name == "builtins.super":
            return self._super(args, node)
        return self.call(function, args, named, node)

    def _super(self, args: list[Any], node: ast.AST) -> Any:
        for function, scope in reversed(self.frames):
            first = next(iter(function.node.args.args), None)
            owner = scope.names.get(first.arg) if first is not None else None
            if isinstance(owner, Instance) and function.owner is not None:
                return Super(owner, args[0] if args and isinstance(args[0], Class) else function.owner)
        return self.unknown(node)
