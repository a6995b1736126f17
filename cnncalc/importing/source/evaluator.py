"""A bounded evaluator of Python source: statements, functions and classes. Nothing of the source is executed."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from typing import Any

from cnncalc.importing.source.arguments import arguments_of
from cnncalc.importing.source.assignments import loaded
from cnncalc.importing.source.follower import MAX_STEPS
from cnncalc.importing.source.known import LIBRARIES
from cnncalc.importing.source.patterns import Patterns
from cnncalc.importing.source.values import (
    Class,
    Exhausted,
    External,
    Function,
    Imported,
    Instance,
    Lengthy,
    Names,
    Stuck,
    Unknown,
)

MAX_CALLS = 60
"""The most nested calls of functions."""

FAILURES = (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError)
"""Errors that operations on plain values may raise."""

FAILS = "this fails"

MAX_OF_STATEMENT = 150_000
"""The most steps of one statement of a file; a longer one, as a loop that trains, is left out."""


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


class _Leave(Exception):
    """`break`, or `continue`."""

    def __init__(self, again: bool) -> None:
        self.again = again


class Evaluator(Patterns):
    """Follows statements."""

    def body(self, statements: list[ast.stmt], scope: Names, *, tolerant: bool | None = None) -> None:
        """Follow statements; a tolerant body goes on after one that cannot be followed; its targets are unknown.

        The body of a file is tolerant, and so are its `if`s and loops.
        """
        is_file = scope.parent is None
        goes_on = is_file if tolerant is None else tolerant
        for node in statements:
            if is_file and not self.frames and not self.loops:
                self.limit = min(self.steps + MAX_OF_STATEMENT, MAX_STEPS)
            try:
                self._statement(node, scope)
            except Stuck as stuck:
                if not goes_on or (isinstance(stuck, Exhausted) and not isinstance(stuck, Lengthy)):
                    raise
                self.stuck.append(stuck)
                self.forget([node], scope, Unknown(stuck.line, stuck.message))
            except (_Return, _Leave):
                if self.loops or not goes_on:
                    raise
        if is_file and not self.frames and not self.loops:
            self.limit = MAX_STEPS

    def _statement(self, node: ast.stmt, scope: Names) -> None:
        self.spend(node)
        reader = self.reader("_on_", node)
        if reader is None:
            raise Stuck(node.lineno, f"{type(node).__name__.lower()} statements are not followed")
        try:
            reader(node, scope)
        except FAILURES as error:
            reason = f"{type(error).__name__}: {error}"
            raise Stuck(node.lineno, f"{FAILS}: {reason:.150}", node.col_offset + 1) from None

    def _on_expr(self, node: ast.Expr, scope: Names) -> None:
        self.value(node.value, scope)

    def _on_pass(self, node: ast.Pass, scope: Names) -> None:
        pass

    def _on_global(self, node: ast.Global, scope: Names) -> None:
        scope.outer |= dict.fromkeys(node.names, scope.module)

    def _on_nonlocal(self, node: ast.Nonlocal, scope: Names) -> None:
        for name in node.names:
            found = scope.parent and scope.parent.find(name)
            if found is None or found.parent is None:
                raise Stuck(node.lineno, f"nonlocal {name}: no function around this one has that name")
            scope.outer[name] = found

    def _on_delete(self, node: ast.Delete, scope: Names) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):  # a name or attribute that is gone is not read any more
                self.remove(target, scope)

    def _on_import(self, node: ast.Import, scope: Names) -> None:
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            scope.set(alias.asname or name, External(name))

    def _on_importfrom(self, node: ast.ImportFrom, scope: Names) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name != "*":
                name = alias.asname or alias.name
                is_here = isinstance(scope.names.get(name), Class | Function)  # a text may be the code of several files
                if not is_here or self.folder.module(module, node.level, scope.file) is not None:
                    scope.set(name, Imported(module, node.level, alias.name, scope.file, node.lineno))
            elif (found := self.folder.module(module, node.level, scope.file)) is not None:
                scope.names.update({key: one for key, one in found.names.items() if not key.startswith("_")})
            else:
                scope.names.setdefault("*", []).append(module)

    def _on_functiondef(self, node: ast.FunctionDef, scope: Names) -> None:
        function = self.function(node, scope)
        for decorator in node.decorator_list:
            word = decorator.id if isinstance(decorator, ast.Name) else ""
            function.sort = word if word in ("staticmethod", "classmethod", "property") else function.sort
        if not self.frames:  # those within a function are found with it
            found = (one.names for one in ast.walk(node) if isinstance(one, ast.Global | ast.Nonlocal))
            self.shared.update(name for names in found for name in names)
        scope.set(node.name, function)

    def _on_classdef(self, node: ast.ClassDef, scope: Names) -> None:
        bases = [self.value(base, scope) for base in node.bases]
        inside = Names(scope)
        self.body(node.body, inside, tolerant=True)
        made = Class(node, [base for base in bases if isinstance(base, Class | External)], inside.names)
        for value in inside.names.values():
            if isinstance(value, Function) and value.owner is None:
                value.owner = made
        scope.set(node.name, made)

    def _on_return(self, node: ast.Return, scope: Names) -> None:
        raise _Return(self.value(node.value, scope) if node.value is not None else None)

    def _on_break(self, node: ast.Break, scope: Names) -> None:
        raise _Leave(again=False)

    def _on_continue(self, node: ast.Continue, scope: Names) -> None:
        raise _Leave(again=True)

    def _on_assign(self, node: ast.Assign, scope: Names) -> None:
        value = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def _on_annassign(self, node: ast.AnnAssign, scope: Names) -> None:
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def _on_augassign(self, node: ast.AugAssign, scope: Names) -> None:
        target = ast.copy_location(loaded(node.target), node.target)
        before, value = self.value(target, scope), self.value(node.value, scope)
        is_held = isinstance(before, Instance) and self.framework.items(before) is not None
        if isinstance(before, list) and isinstance(node.op, ast.Add) and isinstance(value, list | tuple):
            before.extend(self.items(value, node))
        elif is_held and isinstance(node.op, ast.Add):
            self.framework.method(before, "extend", [value], {}, node)
        else:
            before = self.operate(type(node.op).__name__, before, value, node)
        self.assign(node.target, before, scope)

    def _on_if(self, node: ast.If, scope: Names) -> None:
        test = self.value(node.test, scope)
        if not isinstance(test, Unknown):
            self.body(node.body if self.truth(test) else node.orelse, scope)
        elif all(isinstance(one, ast.Raise) for one in node.body):
            self.body(node.orelse, scope)
        else:
            self._undecided([*node.body, *node.orelse], scope, test)

    def _undecided(self, statements: list[ast.stmt], scope: Names, test: Unknown) -> None:
        """Follow statements that may or may not run: their targets are unknown afterwards."""
        self.forget(statements, scope, test)
        if self.frames and any(self.changes(one).returns for one in statements):
            raise _Return(test)

    def _on_match(self, node: ast.Match, scope: Names) -> None:
        value = self.value(node.subject, scope)
        if isinstance(value, Unknown):
            return self._undecided([one for case in node.cases for one in case.body], scope, value)
        for case in node.cases:
            if self.fits(case.pattern, value, scope) and (
                case.guard is None or self.truth(self.value(case.guard, scope))
            ):
                return self.body(case.body, scope)
        return None

    def _on_for(self, node: ast.For, scope: Names) -> None:
        values = self.value(node.iter, scope)
        if isinstance(values, Unknown):
            return self._undecided(node.body, scope, values)
        for value in self.items(values, node):
            self.spend(node)
            self.assign(node.target, value, scope)
            if not self._round(node.body, scope):
                return None
        return self.body(node.orelse, scope)

    def _on_while(self, node: ast.While, scope: Names) -> None:
        while True:
            self.spend(node)
            test = self.value(node.test, scope)
            if isinstance(test, Unknown):
                return self._undecided(node.body, scope, test)
            if not self.truth(test):
                return None
            if not self._round(node.body, scope):
                return None

    def _round(self, statements: list[ast.stmt], scope: Names) -> bool:
        """Whether a loop goes on after its body."""
        self.loops += 1
        try:
            self.body(statements, scope)
        except _Leave as leave:
            return leave.again
        finally:
            self.loops -= 1
        return True

    def _on_with(self, node: ast.With, scope: Names) -> None:
        for item in node.items:
            value = self.value(item.context_expr, scope)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, scope)
        self.body(node.body, scope)

    def _on_try(self, node: ast.Try, scope: Names) -> None:
        try:
            self.body(node.handlers[0].body if _is_missing(node) else node.body, scope, tolerant=False)
        except Stuck as stuck:
            if isinstance(stuck, Exhausted) or not node.handlers:
                raise
            self.body(node.handlers[0].body, scope)
        self.body(node.finalbody, scope)

    def _on_raise(self, node: ast.Raise, scope: Names) -> None:
        text = ast.unparse(node.exc) if node.exc is not None else ""
        raise Stuck(node.lineno, f"the code raises {text:.100}", node.col_offset + 1)

    def _on_assert(self, node: ast.Assert, scope: Names) -> None:
        test = self.value(node.test, scope)
        if not isinstance(test, Unknown) and not self.truth(test):
            raise Stuck(node.lineno, f"assert {ast.unparse(node.test):.100} fails", node.col_offset + 1)

    def run(self, function: Function, args: list[Any], named: Mapping[str, Any], line: int) -> Any:
        """The result of a function of the source."""
        if self.depth >= MAX_CALLS:
            raise Exhausted(line, f"functions call one another more than {MAX_CALLS} deep")
        scope = Names(function.scope)
        scope.names.update(arguments_of(function, args, dict(named), line))
        if isinstance(function.node, ast.Lambda):
            return self.value(function.node.body, scope)
        self.depth += 1
        loops, self.loops = self.loops, 0
        self.frames.append((function, scope))
        try:
            self.body(function.node.body, scope)
            result: Any = None
        except _Return as returned:
            result = returned.value
        except _Leave:
            raise Stuck(line, f"{function.name} leaves a loop that it is not in") from None
        finally:
            self.depth -= 1
            self.loops = loops
            self.frames.pop()
        return scope.names.get("$yields", []) if function.yields else result


def _is_missing(node: ast.Try) -> bool:
    """Whether a source handles the absence of a library that is not known here."""
    words = ast.unparse(node.handlers[0].type) if node.handlers and node.handlers[0].type is not None else ""
    if not re.search(r"ImportError|ModuleNotFoundError", words):
        return False
    modules = [alias.name for one in node.body if isinstance(one, ast.Import) for alias in one.names]
    modules += [one.module or "" for one in node.body if isinstance(one, ast.ImportFrom) and not one.level]
    firsts = {name.partition(".")[0] for name in modules}
    return bool(firsts - sys.stdlib_module_names - set(LIBRARIES))
