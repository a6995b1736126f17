"""Calls in a source: of its functions and classes, of Python's own functions, of methods and of libraries."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from cnncalc.importing.source import plain
from cnncalc.importing.source.arguments import arguments_of
from cnncalc.importing.source.command_line import ASSUMED, PARSER, parsed_by
from cnncalc.importing.source.library_calls import LibraryCalls
from cnncalc.importing.source.values import (
    Bound,
    Builtin,
    Class,
    External,
    Function,
    Instance,
    Method,
    Partial,
    Super,
    Unknown,
    is_tuple,
    unknown_in,
)
from cnncalc.language.problems import suggestion


class Calls(LibraryCalls):
    """Calls functions, classes and objects."""

    def call(self, function: Any, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """The result of calling a value."""
        function = self.imported(function)
        if isinstance(function, Instance | Builtin | External | Method) and not _is_partial(function):
            args, named = list(map(self.imported, args)), {key: self.imported(one) for key, one in named.items()}
            self.weigh(node, *args, *named.values())
        match function:
            case Function():
                return self._followed(None, function, args, named, node)
            case Bound():
                return self._followed(function.self, function.function, args, named, node)
            case Partial():
                return self.call(function.function, [*function.args, *args], {**function.named, **named}, node)
            case Unknown():
                return function
        return self._called(function, args, named, node)

    def _called(self, function: Any, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """The result of calling a value that is not a function of the source."""
        match function:
            case Class():
                return self.make(function, args, named, node)
            case Instance():
                return self.apply(function, args, named, node)
            case Builtin():
                return self._builtin(function, args, named, node)
            case External():
                return self._external(function, args, named, node)
            case Method():
                return self._method(function, args, named, node)
        return self.unknown(node)

    def _followed(self, owner: Any, function: Function, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """The result of a function of the source; `owner` is its first argument if it is a method."""
        result = self.framework.own(owner, function, args, named, node)
        if result is not NotImplemented:
            if isinstance(owner, Instance):
                self.stated.given(owner, result)
            return result
        return self.run(function, args if owner is None else [owner, *args], named, getattr(node, "lineno", 1))

    def make(self, class_: Class, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """A new object of a class of the source."""
        made = Instance(class_, getattr(node, "lineno", 1))
        init = self.in_classes(class_.line_up(), "__init__")
        native = class_.native()
        fields = list(_fields(class_)) if init is None else []
        if isinstance(init, Function):
            if native is None:
                made.attributes["$arguments"] = dict(arguments_of(init, [made, *args], dict(named), made.line))
            self.run(init, [made, *args], named, made.line)
        elif native is not None and not fields:
            self.framework.init(made, native, args, named)
        else:
            self._fill(made, fields, args, named)
        return made

    def _fill(self, made: Instance, fields: list[str], args: list[Any], named: dict[str, Any]) -> None:
        """Give an object of a dataclass, or of a named tuple, its values."""
        given = dict(zip(fields, args, strict=False)) | named
        order = made.class_.line_up() if isinstance(made.class_, Class) else []
        for name in fields:
            default = self.in_classes(order, name)
            value = given.get(name, default.copy() if isinstance(default, list | dict) else default)
            self.set_attribute(made, name, value)
        after = self.in_classes(order, "__post_init__")
        if isinstance(after, Function):
            self.run(after, [made], {}, made.line)

    def apply(self, instance: Instance, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """The result of calling an object."""
        result = self.framework.apply(instance, args, named, node)
        self.stated.given(instance, result)
        return result

    def forward(self, instance: Instance) -> Function | None:
        """The function of the source that an object runs when it is called."""
        order = instance.class_.line_up() if isinstance(instance.class_, Class) else []
        for name in ("forward", "call", "__call__"):
            found = instance.attributes.get(name) or self.in_classes(order, name)
            if isinstance(found, Bound):
                found = found.function
            if isinstance(found, Function):
                return found
        return None

    def _builtin(self, function: Builtin, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        handed = [one for one in args if isinstance(one, Unknown)] if function.name in plain.HANDING else args
        unknown = unknown_in(handed)
        if unknown is not None:
            return unknown
        given = []
        for one in args:
            held = self.framework.items(one)
            given.append(one if held is None else list(held))
        for one in given:
            if isinstance(one, list | tuple | dict | str | range | set):
                self.spend(node, len(one) // 8)
            elif not isinstance(one, int | float | None) and function.name not in ("str", "bool"):
                return self.unknown(node)
        if "key" in named:
            return self.unknown(node)
        return plain.checked(function.run(*given, **named), getattr(node, "lineno", 1))

    def _external(self, function: External, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        if function.name == PARSER:
            return Instance(function, getattr(node, "lineno", 1))
        word = function.name.removeprefix("builtins.")
        if word in ("isinstance", "issubclass") and len(args) == 2:
            return self._is(args[0], args[1], node)
        if word in ("getattr", "hasattr", "setattr") and len(args) > 1 and isinstance(args[1], str):
            return self.attributes_of(word, args, node)
        special = getattr(self, f"_call_{function.last.lower()}", None) if word in plain.SPECIAL else None
        if special is not None:
            return special(args, named, node)
        if function.name in plain.NUMBERS and all(map(plain.is_plain, args)):
            return plain.checked(plain.NUMBERS[function.name](*args, **named), getattr(node, "lineno", 1))
        if function.name in plain.FALSE:
            return False
        result = self.framework.call(function.name, args, named, node)
        if result is not NotImplemented:
            return result
        return unknown_in([*args, *named.values()]) or self.unknown(node)

    def _method(self, method: Method, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        owner, name = method
        if isinstance(owner, Class):
            return self._of_class(owner, name, args, named, node)
        if isinstance(owner, Super):
            owner = owner.instance
            if name == "__init__":
                fields = list(_fields(method.value.after))
                if owner.native is not None and not fields:
                    return self.framework.init(owner, owner.native, args, named)
                return self._fill(owner, fields, args, named)
            name = "$forward" if name in ("forward", "__call__", "call") else name
        if isinstance(owner, Instance) and name in ("__setattr__", "__getattr__", "__call__"):
            if name == "__call__":
                return self.apply(owner, args, named, node)
            return self.attributes_of(name.strip("_"), [owner, *args], node)
        if isinstance(owner, Instance) and isinstance(owner.class_, External) and owner.class_.name == PARSER:
            self.assumed[ASSUMED] = None
            result = parsed_by(owner, name, args, named)
        else:
            result = self.framework.method(owner, name, args, named, node)
        if result is not NotImplemented:
            return result
        if isinstance(owner, Instance) or (isinstance(owner, tuple) and not is_tuple(owner)):
            held = owner.attributes if isinstance(owner, Instance) else ()
            return self.unknown(node)._replace(hint=suggestion(name, held))
        return self._plain_method(owner, name, args, named, node)

    def _of_class(self, owner: Class, name: str, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """The result of a method that a class of the source has from a library."""
        run = owner.names.get("forward")
        if name == "apply" and isinstance(run, Function):
            return self.run(run, [Unknown(run.node.lineno, "the context"), *args], named, getattr(node, "lineno", 1))
        return self.unknown(node) if name != "__init__" else None

    def _plain_method(self, owner: Any, name: str, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        if isinstance(owner, list) and name == "extend" and args:
            args = [self.items(args[0], node)]
        if isinstance(owner, str | set) and (unknown := unknown_in(args)) is not None:
            return unknown
        if name in plain.COMPARING:
            self.weigh(node, owner)
        self.spend(node, len(owner) // 8 if not isinstance(owner, int | float) else 0)
        return plain.method(owner, name, args, named, getattr(node, "lineno", 1))


def _fields(class_: Class) -> Iterator[str]:
    """The names of a dataclass, those of its bases first."""
    for one in reversed(class_.line_up()):
        for node in one.node.body if isinstance(one, Class) else ():
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield node.target.id


def _is_partial(function: Any) -> bool:
    return isinstance(function, External) and function.name == "functools.partial"
