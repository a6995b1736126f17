"""A bounded evaluator of Python source: expressions, attributes and calls."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from cnncalc.importing.source import plain
from cnncalc.importing.source.values import (
    Bound,
    Builtin,
    Class,
    Exhausted,
    External,
    Function,
    Instance,
    Method,
    Names,
    Partial,
    Stuck,
    Super,
    Unknown,
    is_tuple,
    unknown_in,
)

MAX_STEPS = 400_000


class Folder(Protocol):
    """The files beside a source."""

    def module(self, name: str, level: int) -> Names | None:
        """The names of a file; None if there is none."""


class Framework(Protocol):
    """What a library's classes and functions do."""

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a function or class of the library gives; `NotImplemented` if it is not known."""

    def init(self, instance: Instance, native: External, args: list[Any], named: Mapping[str, Any]) -> None:
        """Give an object the arguments of the library's class."""

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What an object of the library gives for values."""

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a tensor or of an object; `NotImplemented` if it has none."""

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a method of a tensor or of an object gives; `NotImplemented` if it has none."""

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """What an operator gives for tensors; `NotImplemented` if there is none among them."""

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part of a tensor or of a container; `NotImplemented` if it is none."""

    def items(self, value: Any) -> Sequence[Any] | None:
        """What a container of the library holds; None if it is none."""


class Expressions:
    """Follows expressions.

    Args:
        framework: what the libraries' names do.
        folder: where imports are looked for.
    """

    def __init__(self, framework: Framework, folder: Folder) -> None:
        self.framework, self.folder = framework, folder
        self.steps = 0
        self.depth = 0
        self.frames: list[tuple[Function, Names]] = []
        self.stuck: list[Stuck] = []

    def run(self, function: Function, args: list[Any], named: Mapping[str, Any], line: int) -> Any:
        """What a function of the source gives."""
        raise NotImplementedError

    def spend(self, node: ast.AST, steps: int = 1) -> None:
        """Count steps.

        Raises:
            Exhausted: there were too many.
        """
        self.steps += steps
        if self.steps > MAX_STEPS:
            line = getattr(node, "lineno", 1)
            raise Exhausted(line, f"the code takes more than {MAX_STEPS:,} steps; that of a network takes fewer")

    def value(self, node: ast.expr, scope: Names) -> Any:
        """What an expression is worth."""
        self.spend(node)
        reader = getattr(self, f"_at_{type(node).__name__.lower()}", None)
        return self._unknown(node) if reader is None else reader(node, scope)

    def _unknown(self, node: ast.AST) -> Unknown:
        if isinstance(node, ast.Call) and node.end_lineno != node.lineno:
            node = ast.copy_location(
                ast.Call(node.func, [ast.Constant(...)] if node.args or node.keywords else [], []), node
            )
        text = ast.unparse(node)
        return Unknown(getattr(node, "lineno", 1), f"{text:.60}")

    def truth(self, value: Any) -> bool:
        """Whether a value counts as true."""
        if isinstance(value, Instance):
            held = self.framework.items(value)
            return held is None or bool(held)
        return bool(value)

    def items(self, value: Any, node: ast.AST) -> list[Any]:
        """What a value holds, one after the other."""
        held = self.framework.items(value)
        if held is None and not (isinstance(value, list | dict | str | set | range) or is_tuple(value)):
            what = value.words() if isinstance(value, Unknown) else "this holds nothing to go through"
            raise Stuck(getattr(node, "lineno", 1), what)
        result = list(value if held is None else held)
        self.spend(node, len(result) // 8)
        return result

    def _at_constant(self, node: ast.Constant, scope: Names) -> Any:
        return plain.checked(node.value, node.lineno)

    def _at_name(self, node: ast.Name, scope: Names) -> Any:
        found = scope.find(node.id)
        if found is not None:
            return found.names[node.id]
        if node.id == "__name__":
            return "__main__"
        if node.id in plain.BUILTINS:
            return plain.BUILTINS[node.id]
        return External(f"builtins.{node.id}") if hasattr(builtins, node.id) else Unknown(node.lineno, node.id)

    def _at_tuple(self, node: ast.Tuple, scope: Names) -> tuple[Any, ...]:
        return tuple(self._elements(node.elts, scope))

    def _at_list(self, node: ast.List, scope: Names) -> list[Any]:
        return list(self._elements(node.elts, scope))

    def _at_set(self, node: ast.Set, scope: Names) -> Any:
        return set(self._elements(node.elts, scope))

    def _elements(self, nodes: list[ast.expr], scope: Names) -> Iterator[Any]:
        for node in nodes:
            if isinstance(node, ast.Starred):
                yield from self.items(self.value(node.value, scope), node)
            else:
                yield self.value(node, scope)

    def _at_dict(self, node: ast.Dict, scope: Names) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for key, one in zip(node.keys, node.values, strict=True):
            value = self.value(one, scope)
            if key is not None:
                made[self.value(key, scope)] = value
            elif isinstance(value, dict):
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

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """What an operator gives."""
        result = self.framework.operate(word, left, right, node)
        if result is not NotImplemented:
            return result
        for one in (left, right):
            if isinstance(one, Unknown):
                return one
        if word not in plain.OPERATORS or isinstance(left, External) or isinstance(right, External):
            return self._unknown(node)
        result = plain.binary(word, left, right, getattr(node, "lineno", 1))
        if isinstance(result, str | list | tuple):
            self.spend(node, len(result) // 8)
        return result

    def _at_compare(self, node: ast.Compare, scope: Names) -> Any:
        left = self.value(node.left, scope)
        for operator, one in zip(node.ops, node.comparators, strict=True):
            right = self.value(one, scope)
            result = self._compared(type(operator).__name__, left, right, node)
            if isinstance(result, Unknown) or not result:
                return result
            left = right
        return True

    def _compared(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return left if isinstance(left, Unknown) else right
        if word in ("Is", "IsNot"):
            return (self._same(left, right)) == (word == "Is")
        if word in ("In", "NotIn"):
            if not isinstance(right, str | list | tuple | dict | set | range):
                return self._unknown(node)
            self.spend(node, len(right) // 8)
            return (left in right) == (word == "In")
        if isinstance(left, External) or isinstance(right, External):
            return self._same(left, right) == (word == "Eq")
        return plain.OPERATORS[word](left, right)

    def _same(self, left: Any, right: Any) -> bool:
        if isinstance(left, External) and isinstance(right, External):
            return left.name == right.name
        return left is right or (type(left) is type(right) and isinstance(left, int | str | bool) and left == right)

    def _at_listcomp(self, node: ast.ListComp, scope: Names) -> list[Any]:
        made: list[Any] = []
        self._comprehended(node.generators, Names(scope), lambda inner: made.append(self.value(node.elt, inner)))
        return made

    _at_generatorexp = _at_setcomp = _at_listcomp

    def _at_dictcomp(self, node: ast.DictComp, scope: Names) -> dict[Any, Any]:
        made: dict[Any, Any] = {}

        def add(inner: Names) -> None:
            made[self.value(node.key, inner)] = self.value(node.value, inner)

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
            unknown = unknown_in(tests)
            if unknown is not None:
                raise Stuck(first.iter.lineno, unknown.words())
            if all(map(self.truth, tests)):
                self._comprehended(others, scope, add)
        return None

    def assign(self, target: ast.expr, value: Any, scope: Names) -> None:
        """Give a value to a target."""
        raise NotImplementedError

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
            try:
                return owner[key]
            except (KeyError, IndexError):
                what = ast.unparse(node.value)
                raise Stuck(node.lineno, f"{what:.60} has no entry {key!r:.40}", node.col_offset + 1) from None
        return self._unknown(node)

    def _at_attribute(self, node: ast.Attribute, scope: Names) -> Any:
        return self.attribute(self.value(node.value, scope), node.attr, node)

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a value."""
        if isinstance(owner, Unknown):
            return owner
        if isinstance(owner, External):
            full = f"{owner.name}.{name}"
            return plain.CONSTANTS.get(full) or External(full)
        if isinstance(owner, Names):
            return owner.names.get(name, self._unknown(node))
        if isinstance(owner, Instance):
            return self._of_instance(owner, name, node)
        if isinstance(owner, Super):
            order = owner.instance.class_.line_up() if isinstance(owner.instance.class_, Class) else []
            found = self._in_classes(order[order.index(owner.after) + 1 :], name)
            return self._bound(found, owner.instance) if found is not None else Method(owner, name)
        if isinstance(owner, Class):
            if name in ("__name__", "__qualname__"):
                return owner.name
            found = self._in_classes(owner.line_up(), name)
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
        found = self._in_classes(order, name)
        if isinstance(found, Function) and found.sort == "property":
            return self.run(found, [owner], {}, getattr(node, "lineno", 1))
        if found is not None:
            return self._bound(found, owner)
        result = self.framework.attribute(owner, name, node)
        return Method(owner, name) if result is NotImplemented else result

    def _in_classes(self, order: list[Class | External], name: str) -> Any:
        return next((one.names[name] for one in order if isinstance(one, Class) and name in one.names), None)

    def _bound(self, found: Any, instance: Instance) -> Any:
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

    def _at_call(self, node: ast.Call, scope: Names) -> Any:
        function = self.value(node.func, scope)
        args = list(self._elements(node.args, scope))
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named.update({str(key): one for key, one in value.items()})
        if isinstance(function, External) and function.name == "builtins.super":
            return self._super(args, node)
        try:
            return self.call(function, args, named, node)
        except Stuck as stuck:
            if not stuck.file:
                stuck.file = scope.file
            raise

    def _super(self, args: list[Any], node: ast.AST) -> Any:
        for function, scope in reversed(self.frames):
            first = next(iter(function.node.args.args), None)
            owner = scope.names.get(first.arg) if first is not None else None
            if isinstance(owner, Instance) and function.owner is not None:
                return Super(owner, args[0] if args and isinstance(args[0], Class) else function.owner)
        return self._unknown(node)

    def call(self, function: Any, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """What calling a value gives."""
        line = getattr(node, "lineno", 1)
        match function:
            case Function():
                return self.run(function, args, named, line)
            case Bound():
                return self.run(function.function, [function.self, *args], named, line)
            case Partial():
                return self.call(function.function, [*function.args, *args], {**function.named, **named}, node)
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
            case Unknown():
                return function
        return self._unknown(node)

    def make(self, class_: Class, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """A new object of a class of the source."""
        made = Instance(class_, getattr(node, "lineno", 1))
        init = self._in_classes(class_.line_up(), "__init__")
        native = class_.native()
        if isinstance(init, Function):
            self.run(init, [made, *args], named, made.line)
        elif native is not None:
            self.framework.init(made, native, args, named)
        else:
            fields = [key for key in class_.node.body if isinstance(key, ast.AnnAssign)]
            names = [one.target.id for one in fields if isinstance(one.target, ast.Name)]
            made.attributes.update({**dict(zip(names, args, strict=False)), **named})
        return made

    def apply(self, instance: Instance, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        """What an object gives if it is called."""
        return self.framework.apply(instance, args, named, node)

    def forward(self, instance: Instance) -> Function | None:
        """The function of the source that an object runs if it is called."""
        order = instance.class_.line_up() if isinstance(instance.class_, Class) else []
        for name in ("forward", "call", "__call__"):
            found = instance.attributes.get(name) or self._in_classes(order, name)
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
                return self._unknown(node)
        if "key" in named:
            return self._unknown(node)
        return plain.checked(function.run(*given, **named), getattr(node, "lineno", 1))

    def _external(self, function: External, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        word = function.name.removeprefix("builtins.")
        if word in ("isinstance", "issubclass") and len(args) == 2:
            return self._is(args[0], args[1], node)
        if word in ("getattr", "hasattr", "setattr") and len(args) > 1 and isinstance(args[1], str):
            return self._attributes(word, args, node)
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
        return unknown_in([*args, *named.values()]) or self._unknown(node)

    def _call_callable(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return isinstance(args[0], Function | Class | Instance | Bound | Builtin)

    def _call_type(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return args[0].class_ if isinstance(args[0], Instance) else self._unknown(node)

    def _call_partial(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return Partial(args[0], args[1:], named)

    def _call_deepcopy(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return self._copied(args[0], node)

    def _call_ordereddict(self, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        return dict(args[0] if args else {}, **named)

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
        if isinstance(type_, External) and type_.last in ("Iterable", "Sequence", "Container"):
            return is_tuple(value) or isinstance(value, list | dict)
        is_own = (
            plain.is_plain(value) or isinstance(value, list | dict | Function | Class | External) or is_tuple(value)
        )
        return isinstance(type_, External) and type_.last == "Tensor" and not is_own

    def _attributes(self, word: str, args: list[Any], node: ast.AST) -> Any:
        if word == "setattr":
            return self.set_attribute(args[0], args[1], args[2])
        value = self.attribute(args[0], args[1], node)
        missing = isinstance(value, Method) and isinstance(args[0], Instance)
        if word == "hasattr":
            return value if isinstance(args[0], Unknown) else not missing and not isinstance(value, Unknown)
        return args[2] if missing and len(args) > 2 else value

    def _method(self, method: Method, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        owner, name = method
        if isinstance(owner, Class):
            return self._unknown(node) if name != "__init__" else None
        if isinstance(owner, Super):
            owner = owner.instance
            if name == "__init__" and owner.native is not None:
                return self.framework.init(owner, owner.native, args, named)
            name = "$forward" if name in ("forward", "__call__", "call") else name
        if isinstance(owner, Instance) and name in ("__setattr__", "__getattr__", "__call__"):
            if name == "__call__":
                return self.apply(owner, args, named, node)
            return self._attributes(name.strip("_"), [owner, *args], node)
        result = self.framework.method(owner, name, args, named, node)
        if result is not NotImplemented:
            return result
        if isinstance(owner, Instance) or (isinstance(owner, tuple) and not is_tuple(owner)):
            return self._unknown(node)
        return self._plain_method(owner, name, args, named, node)

    def _plain_method(self, owner: Any, name: str, args: list[Any], named: dict[str, Any], node: ast.AST) -> Any:
        if isinstance(owner, list) and name == "extend" and args:
            args = [self.items(args[0], node)]
        if isinstance(owner, str | set) and (unknown := unknown_in(args)) is not None:
            return unknown
        self.spend(node, len(owner) // 8)
        return plain.method(owner, name, args, named, getattr(node, "lineno", 1))
