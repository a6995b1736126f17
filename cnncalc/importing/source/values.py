"""Values of expressions in a source, besides plain numbers, texts, lists and dicts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, final

FRAMEWORKS = ("torch.", "keras.", "tensorflow.")
"""Beginnings of class names that say what an object is."""


class Unknown(NamedTuple):
    """A value that the source alone does not give.

    Attributes:
        line: the one that it first came from.
        what: the expression, for people.
        hint: what may have been meant, if it looks like a slip.
    """

    line: int
    what: str
    hint: str = ""

    def words(self) -> str:
        """The words for the unknown expression and its line."""
        return f"{self.what} of line {self.line} is not known{self.hint}"


class Stuck(Exception):
    """The source cannot be followed any further.

    Attributes:
        line, column: its place; see `LineNames` for the lines of other files.
    """

    def __init__(self, line: int, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


@final
class Missing(Stuck):
    """A function is called without values that it needs; `names` are those of its parameters."""

    def __init__(self, line: int, function: str, names: Sequence[str]) -> None:
        are = f"a value for {names[0]}" if len(names) == 1 else f"values for {', '.join(names)}"
        super().__init__(line, f"{function} needs {are}")
        self.names = names


class Exhausted(Stuck):
    """A bound is reached: nothing after it is tried."""


class Lengthy(Exhausted):
    """A statement of a file takes too long: it is left out."""


@final
class External:
    """A name of a library, as `torch.nn.Conv2d`; it is never imported."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def last(self) -> str:
        """The last word."""
        return self.name.rpartition(".")[2]


@final
class Names:
    """The names of a function, of a class body or of a module.

    Attributes:
        parent: the scope around it.
        history: the earlier values of each name.
        outer: the scopes of names that are global or nonlocal here.
    """

    def __init__(self, parent: Names | None, file: str = "") -> None:
        self.names: dict[str, Any] = {}
        self.history: list[tuple[str, Any]] = []
        self.outer: dict[str, Names] = {}
        self.parent = parent
        self.file: str = file if parent is None else parent.file

    def find(self, name: str) -> Names | None:
        """The scope that has a name."""
        scope: Names | None = self.outer.get(name, self)
        while scope is not None and name not in scope.names:
            scope = scope.parent and scope.parent.outer.get(name, scope.parent)
        return scope

    def set(self, name: str, value: Any) -> None:
        """Give a value to a name, here or in the scope that a statement has said."""
        self.outer.get(name, self).names[name] = value

    @property
    def module(self) -> Names:
        """The scope of the whole file."""
        return self if self.parent is None else self.parent.module


@final
class Function:
    """A function of the source, and what it is bound to."""

    def __init__(self, node: ast.FunctionDef | ast.Lambda, scope: Names, defaults: list[Any], named: list[Any]) -> None:
        self.node, self.scope, self.defaults, self.named = node, scope, defaults, named
        self.owner: Class | None = None
        self.sort = ""

    @cached_property
    def yields(self) -> bool:
        """Whether it gives one value after another."""
        body = [] if isinstance(self.node, ast.Lambda) else self.node.body
        return any(isinstance(inner, ast.Yield | ast.YieldFrom) for one in body for inner in ast.walk(one))

    @property
    def name(self) -> str:
        """Its name."""
        return "lambda" if isinstance(self.node, ast.Lambda) else self.node.name


PLAIN_BASES = ("object", "ABC", "Protocol", "Generic")
"""Classes of Python that do not make a class a library's."""


MAX_BASES = 100


@final
class Class:
    """A class of the source."""

    def __init__(self, node: ast.ClassDef, bases: list[Class | External], names: dict[str, Any]) -> None:
        self.node, self.names = node, names
        self.name = node.name
        above = [one for base in bases for one in (base.line_up() if isinstance(base, Class) else [base])]
        self._order = list(dict.fromkeys([self, *above]))
        if len(self._order) > MAX_BASES:
            raise Exhausted(node.lineno, f"{self.name} has more than {MAX_BASES} classes above it")

    def line_up(self) -> list[Class | External]:
        """The class and all above it, in the order of look-up."""
        return self._order

    def native(self) -> External | None:
        """The class of a library that it comes from."""
        above = [one for one in self.line_up() if isinstance(one, External) and one.last not in PLAIN_BASES]
        return next((one for one in above if one.name.startswith(FRAMEWORKS)), above[0] if above else None)


@final
class Instance:
    """An object: of a class of the source, or of a library.

    Attributes:
        attributes: by name.
        items: the contents of a container.
        name, parent: the target that it was first assigned to.
        line: the one that made it.
    """

    def __init__(self, class_: Class | External, line: int) -> None:
        self.class_ = class_
        self.line = line
        self.attributes: dict[str, Any] = {}
        self.items: dict[str, Any] = {}
        self.name = ""
        self.parent: Instance | None = None

    @property
    def native(self) -> External | None:
        """The class of a library that is its class, or a base of it."""
        return self.class_ if isinstance(self.class_, External) else self.class_.native()

    @property
    def class_name(self) -> str:
        """The name of its class."""
        return self.class_.name if isinstance(self.class_, Class) else self.class_.last

    def adopt(self, name: str, value: Any) -> None:
        """Make a value a part, if it is an object without an owner."""
        if isinstance(value, Instance) and value.parent is None and value is not self:
            value.parent, value.name = self, name

    def path(self) -> tuple[str, ...]:
        """The names from the outermost object to this one."""
        names: list[str] = []
        one: Instance | None = self
        while one is not None and one.parent is not None and len(names) < 100:
            names.append(one.name)
            one = one.parent
        return tuple(reversed(names))


class Imported(NamedTuple):
    """A name that a file imports from another one, which is read when the name is used.

    Attributes:
        module, level: as after `from`: level dots and the name.
        name: the imported name.
        file, line: of the import.
    """

    module: str
    level: int
    name: str
    file: str
    line: int


class Bound(NamedTuple):
    """A function with its first argument."""

    function: Function
    self: Any


class Super(NamedTuple):
    """The result of `super()`: the classes after one, for an object."""

    instance: Instance
    after: Class


class Method(NamedTuple):
    """A method of a value that is not an object of the source."""

    value: Any
    name: str


class Partial(NamedTuple):
    """The result of `functools.partial`."""

    function: Any
    args: list[Any]
    named: dict[str, Any]


class Builtin(NamedTuple):
    """A function of Python; `type` is what `isinstance` compares with."""

    name: str
    run: Callable[..., Any]
    type: tuple[type, ...] = ()


class Dummy(NamedTuple):
    """A tensor outside of the network: only its sizes count, the batch first.

    Attributes:
        dims: its sizes.
        made: the function that makes it while the network runs, as `randn`; empty for weights.
    """

    dims: tuple[int, ...]
    made: str = ""


class Numbers(NamedTuple):
    """A row of numbers.

    Attributes:
        values: one after the other.
    """

    values: tuple[Any, ...]


class Array(NamedTuple):
    """An array of numpy outside of the network: only its sizes count."""

    dims: tuple[int, ...]


RECORDS = (Numbers, Unknown, Imported, Bound, Super, Method, Partial, Builtin, Dummy, Array)
"""Tuples that are not tuples of the source."""


def is_tuple(value: Any) -> bool:
    """Whether a value is a tuple of the source."""
    return isinstance(value, tuple) and not isinstance(value, RECORDS)


def unknown_in(value: Any, depth: int = 0) -> Unknown | None:
    """The unknown part of a value, or of its contents; None if there is none."""
    if isinstance(value, Unknown):
        return value
    if depth < 4 and (is_tuple(value) or isinstance(value, list)):
        return next((found for one in value if (found := unknown_in(one, depth + 1)) is not None), None)
    return None


def assigned(node: ast.stmt) -> Iterator[ast.Name | ast.Attribute]:
    """The targets of a statement, at any depth."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name | ast.Attribute) and isinstance(inner.ctx, ast.Store):
            yield inner


def refuse_class(value: Any, line: int) -> None:
    """Refuse a class in place of one of its objects.

    Raises:
        Stuck: with what to write.
    """
    if isinstance(value, External | Class):
        name = value.last if isinstance(value, External) else value.name
        raise Stuck(line, f"{name} is a class, not a layer; write {name}()")
