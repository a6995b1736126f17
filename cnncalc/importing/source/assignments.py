"""Assignments in a source: to names, attributes and items, and of unknown values."""

from __future__ import annotations

import ast
from typing import Any

from cnncalc.importing.source.expressions import Expressions
from cnncalc.importing.source.torch_tensors import TorchTensor
from cnncalc.importing.source.values import Dummy, Instance, Names, Stuck, Unknown


class Assignments(Expressions):
    """Assigns values."""

    def assign(self, target: ast.expr, value: Any, scope: Names) -> None:
        """Give a value to a name, an attribute, an item, or several of them."""
        match target:
            case ast.Name():
                holder = scope.outer.get(target.id, scope)
                before = holder.names.get(target.id)
                if isinstance(before, Instance) and holder.parent is None:
                    holder.history.append((target.id, before))
                holder.names[target.id] = value
            case ast.Attribute():
                self.set_attribute(self.value(target.value, scope), target.attr, value)
            case ast.Subscript():
                owner, key = self.value(target.value, scope), self.value(target.slice, scope)
                self.weigh(target, key)
                self._set_item(owner, key, value, target.lineno)
            case ast.Tuple() | ast.List():
                self._unpack(target.elts, value, target, scope)
            case _:
                raise Stuck(target.lineno, "this assignment is not followed")

    def _set_item(self, owner: Any, key: Any, value: Any, line: int) -> None:
        if isinstance(owner, Instance):
            if isinstance(key, int) and key < 0 and -key <= len(owner.items):
                key = list(owner.items)[key]
            owner.items[str(key)] = value
            owner.adopt(str(key), value)
        elif isinstance(owner, list | dict) and not isinstance(key, Unknown):
            owner[key] = value
        elif isinstance(owner, TorchTensor | Dummy) and isinstance(value, TorchTensor):
            raise Stuck(line, "a value of the network that is written into a part of a tensor is not followed")

    def remove(self, target: ast.Subscript, scope: Names) -> None:
        """Take an item out of a list or a mapping."""
        owner, key = self.value(target.value, scope), self.value(target.slice, scope)
        if isinstance(owner, Instance):
            raise Stuck(target.lineno, "a part of a model that is deleted is not followed")
        if isinstance(owner, list | dict) and not isinstance(key, Unknown):
            del owner[key]

    def _unpack(self, targets: list[ast.expr], value: Any, node: ast.expr, scope: Names) -> None:
        if isinstance(value, Unknown):
            values: list[Any] = [value] * len(targets)
        else:
            values = list(self.items(value, node))
            starred = next((i for i, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
            if starred is not None:
                rest = len(values) - len(targets) + 1
                values[starred : starred + rest] = [values[starred : starred + rest]]
        if len(values) != len(targets):
            raise Stuck(node.lineno, f"{len(values)} values for {len(targets)} names")
        for one, part in zip(targets, values, strict=True):
            self.assign(one.value if isinstance(one, ast.Starred) else one, part, scope)

    def forget(self, statements: list[ast.stmt], scope: Names, why: Unknown) -> None:
        """Make the targets of statements unknown."""
        for target in (one for node in statements for one in self.changes(node).targets):
            if isinstance(target, ast.Name):
                scope.set(target.id, why)
            elif isinstance(target.value, ast.Name):
                owner = scope.find(target.value.id)
                found = owner.names[target.value.id] if owner else None
                if isinstance(found, Instance):
                    found.attributes[target.attr] = why
        for one in statements:
            if isinstance(one, ast.FunctionDef | ast.ClassDef):
                scope.set(one.name, why)
        if any(isinstance(inner, ast.Call) for one in statements for inner in ast.walk(one)):
            for owner, name in ((scope.find(name), name) for name in sorted(self.shared)):
                if owner is not None:
                    owner.names[name] = why  # a function may have changed it


def loaded(target: ast.expr) -> ast.expr:
    """The target of an assignment as a value."""
    match target:
        case ast.Name():
            return ast.Name(target.id, ast.Load(), lineno=target.lineno, col_offset=target.col_offset)
        case ast.Attribute():
            return ast.Attribute(target.value, target.attr, ast.Load(), lineno=target.lineno, col_offset=0)
        case ast.Subscript():
            return ast.Subscript(target.value, target.slice, ast.Load(), lineno=target.lineno, col_offset=0)
    return target
