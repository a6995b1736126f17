"""Functions of Python's own library that need the evaluator: map, copy, isinstance and others."""

from __future__ import annotations

import ast
from keyword import iskeyword
from typing import Any, cast

from cnncalc.importing.source import plain
from cnncalc.importing.source.attributes import Attributes
from cnncalc.importing.source.values import (
    Bound,
    Builtin,
    Class,
    External,
    Function,
    Instance,
    Partial,
    Stuck,
    Unknown,
    is_tuple,
    unknown_in,
)


class LibraryCalls(Attributes):
    """Calls functions of the library."""

    def _call_callable(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return isinstance(args[0], Function | Class | Instance | Bound | Builtin)

    def _call_type(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return args[0].class_ if isinstance(args[0], Instance) else self.unknown(node)

    def _call_partial(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return Partial(args[0], args[1:], named)

    def _call_deepcopy(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return self._copied(args[0], node)

    def _call_copy(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        if not isinstance(args[0], Instance):
            return args[0].copy() if isinstance(args[0], list | dict) else args[0]
        made = Instance(args[0].class_, args[0].line)
        made.attributes, made.items = dict(args[0].attributes), dict(args[0].items)
        return made

    def _call__assert(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        if not isinstance(args[0], Unknown) and not self.truth(args[0]):
            raise Stuck(getattr(node, "lineno", 1), f"an assert of the code fails: {str(args[-1]):.100}")

    def _call_ordereddict(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return dict(args[0] if args else {}, **named)

    def _call_namedtuple(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """A class with these fields, as if it were written."""
        given = args[1] if len(args) > 1 else named.get("field_names", "")
        fields = given.replace(",", " ").split() if isinstance(given, str) else self.items(given, node)
        wrong = [one for one in fields if not isinstance(one, str) or not one.isidentifier() or iskeyword(one)]
        if wrong:
            raise Stuck(getattr(node, "lineno", 1), f"a field of a namedtuple cannot be '{wrong[0]!s:.40}'")
        lines = [f"    {name}: object" for name in fields]
        written = ast.parse("\n".join(["class Record:", *lines] if lines else ["class Record: pass"])).body[0]
        return Class(ast.copy_location(cast("ast.ClassDef", written), node), [], {})

    def _call_field(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        made = named.get("default_factory")
        return named.get("default") if made is None else self.call(made, [], {}, node)

    def _call_replace(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        made = self._copied(args[0], node)
        made.attributes.update(named)
        return made

    def _call_map(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        rows = [self.items(one, node) for one in args[1:]]
        return [self.call(args[0], list(given), {}, node) for given in zip(*rows, strict=False)]

    def _call_filter(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        tests = [
            (one, one if args[0] is None else self.call(args[0], [one], {}, node)) for one in self.items(args[1], node)
        ]
        return unknown_in([test for _, test in tests]) or [one for one, test in tests if self.truth(test)]

    def _call_reduce(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        values = [*args[2:], *self.items(args[1], node)]
        value = values[0]
        for one in values[1:]:
            value = self.call(args[0], [value, one], {}, node)
        return value

    def _call_next(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        held = None if isinstance(args[0], Unknown) else self.items(args[0], node)
        return held[0] if held else args[1] if len(args) > 1 else self.unknown(node)

    def _call_cast(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return args[1]

    def _copied(self, value: Any, node: ast.AST) -> Any:
        self.spend(node)
        if isinstance(value, Instance):
            made = Instance(value.class_, value.line)
            for name, one in value.attributes.items():
                self.set_attribute(made, name, self._copied(one, node) if one is not value else made)
            made.items = {name: self._copied(one, node) for name, one in value.items.items()}
            for name, one in made.items.items():
                made.adopt(name, one)
            return made
        if isinstance(value, list):
            return [self._copied(one, node) for one in value]
        return dict(value) if isinstance(value, dict) else value

    def _is(self, value: Any, types: Any, node: ast.AST) -> Any:
        if isinstance(value, Unknown):
            return value
        return any(self._is_of(value, one) for one in (types if is_tuple(types) else [types]))

    def _is_of(self, value: Any, type_: Any) -> bool:
        if isinstance(type_, Builtin):
            return (is_tuple(value) or not isinstance(value, tuple)) and isinstance(value, type_.type)
        if isinstance(value, Instance):
            order = value.class_.line_up() if isinstance(value.class_, Class) else [value.class_]
            if isinstance(type_, External):
                lasts = [one.last for one in order if isinstance(one, External)]
                return type_.last in (*lasts, "Module")
            return type_ in order
        if isinstance(type_, External) and type_.last in plain.TYPES:
            return (is_tuple(value) or not isinstance(value, tuple)) and isinstance(value, plain.TYPES[type_.last])
        is_own = (
            plain.is_plain(value) or isinstance(value, list | dict | Function | Class | External) or is_tuple(value)
        )
        return isinstance(type_, External) and type_.last == "Tensor" and not is_own
