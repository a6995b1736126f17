"""Attributes of the values of a source: of its objects and classes, of names of libraries, of plain values."""

from __future__ import annotations

import ast
from typing import Any

from cnncalc.importing.source import plain
from cnncalc.importing.source.known import is_known
from cnncalc.importing.source.operators import Operators
from cnncalc.importing.source.values import (
    Bound,
    Class,
    External,
    Function,
    Imported,
    Instance,
    Method,
    Names,
    Super,
    Unknown,
)

MAX_STEPS = 10
"""The most files that hand on a name to one another."""


class Attributes(Operators):
    """Looks up attributes."""

    def imported(self, value: Any) -> Any:
        """The meaning of an imported name: a value of another file, or a name of a library."""
        for _ in range(MAX_STEPS):
            if not isinstance(value, Imported):
                return value
            module, level, name, file, line = value
            found = self.folder.module(module, level, file)
            if found is not None and name in found.names and found.names[name] != value:
                value = found.names[name]
                continue
            inner = self.folder.module(f"{module}.{name}".lstrip("."), level, file)
            if found is not None and inner is None:
                return Unknown(line, f"{name} of {module}")
            return self.external(f"{'.' * level}{module}.{name}") if inner is None else inner
        return Unknown(value.line, value.name)

    def external(self, name: str) -> Any:
        """A name of a library: a class of the source if its parts are known."""
        known = self.folder.known() if is_known(name) else None
        return External(name) if known is None else known.names[name.rpartition(".")[2]]

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a value."""
        if isinstance(owner, Unknown):
            return owner
        if isinstance(owner, External):
            full = f"{owner.name}.{name}"
            found = self.folder.module(owner.name, 0, "")
            if found is not None and name in found.names:
                return self.imported(found.names[name])
            return plain.CONSTANTS.get(full) or self.external(full)
        if isinstance(owner, Names):
            return self.imported(owner.names[name]) if name in owner.names else self.unknown(node)
        if isinstance(owner, Instance):
            return self._of_instance(owner, name, node)
        if isinstance(owner, Super):
            order = owner.instance.class_.line_up() if isinstance(owner.instance.class_, Class) else []
            found = self.in_classes(order[order.index(owner.after) + 1 :], name)
            return self.bound(found, owner.instance) if found is not None else Method(owner, name)
        if isinstance(owner, Class):
            if name in ("__name__", "__qualname__"):
                return owner.name
            found = self.in_classes(owner.line_up(), name)
            if isinstance(found, Function) and found.sort == "classmethod":
                return Bound(found, owner)
            return Method(owner, name) if found is None else found
        result = self.framework.attribute(owner, name, node)
        return self._of_plain(owner, name, node) if result is NotImplemented else result

    def _of_plain(self, owner: Any, name: str, node: ast.AST) -> Any:
        if any(isinstance(owner, type_) and name in names for type_, names in plain.METHODS.items()):
            return Method(owner, name)
        if isinstance(owner, Function) and name == "__name__":
            return owner.name
        return Unknown(getattr(node, "lineno", 1), f"attribute {name:.40}")

    def _of_instance(self, owner: Instance, name: str, node: ast.AST) -> Any:
        if name in owner.attributes:
            return owner.attributes[name]
        if name == "__class__":
            return owner.class_
        if name == "__dict__":
            return owner.attributes
        order = owner.class_.line_up() if isinstance(owner.class_, Class) else []
        found = self.in_classes(order, name)
        if isinstance(found, Function) and found.sort == "property":
            return self.run(found, [owner], {}, getattr(node, "lineno", 1))
        if found is not None:
            return self.bound(found, owner)
        result = self.framework.attribute(owner, name, node)
        return Method(owner, name) if result is NotImplemented else result

    def in_classes(self, order: list[Class | External], name: str) -> Any:
        """The value of a name in the first of these classes that has it."""
        return next((one.names[name] for one in order if isinstance(one, Class) and name in one.names), None)

    def bound(self, found: Any, instance: Instance) -> Any:
        """A value of a class, as an object gives it."""
        if not isinstance(found, Function) or found.sort == "staticmethod":
            return found
        return Bound(found, instance.class_ if found.sort == "classmethod" else instance)

    def set_attribute(self, owner: Any, name: str, value: Any) -> None:
        """Give a value to an attribute."""
        if isinstance(owner, Instance):
            owner.attributes[name] = value
            owner.adopt(name, value)
            if isinstance(value, Instance) and self.framework.items(owner) is not None:
                owner.items[name] = value
        elif isinstance(owner, Class):
            owner.names[name] = value

    def attributes_of(self, word: str, args: list[Any], node: ast.AST) -> Any:
        """The result of `getattr`, `hasattr` or `setattr`."""
        if word == "setattr":
            return self.set_attribute(args[0], args[1], args[2])
        value = self.attribute(args[0], args[1], node)
        missing = isinstance(value, Method) and isinstance(args[0], Instance)
        if word == "hasattr":
            return value if isinstance(args[0], Unknown) else not missing and not isinstance(value, Unknown)
        return args[2] if missing and len(args) > 2 else value
