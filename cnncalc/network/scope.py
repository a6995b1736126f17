"""The meanings of names at one place of a spec: variables, block parameters, `in`, and layer names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar, TypeVarTuple

from cnncalc.language.expressions import Number
from cnncalc.language.model import Line
from cnncalc.language.nodes import ListNode, Node, ScalarNode
from cnncalc.language.problems import Problems, suggestion

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

MAX_LISTED = 15
"""The most names that a message lists."""


class Word(NamedTuple):
    """A word that was passed to a block: `relu`, `half`, or a layer's name.

    Attributes:
        text: the word.
        path: the value that a layer of this name hands on, if the caller sees such a layer.
        left_out: the line (from 1, or 0) of this name that the caller leaves out.
    """

    text: str
    path: str | None = None
    left_out: int = 0


Span = tuple[int, int]
"""The numbers of a first node and of the one after the last."""

Value = Number | tuple[int, ...] | Word
"""The value of a name: a number, a size per axis, or a word."""


class NotComputed(Exception):
    """A value depends on a shape that an earlier problem left unknown; nothing more is said."""


class ValueProblem(Exception):
    """A value that can't be what the parameter needs."""

    def __init__(self, at: Node, message: str, rule: str = "value") -> None:
        self.at = at
        self.rule = rule
        super().__init__(message)


class Scope(NamedTuple):
    """The names that the lines of one body see.

    Attributes:
        variables: `vars:`; None for one whose value is wrong.
        problems: notes problems of names.
        layers: explicit names of the layers above, in this body: name → path of its value.
        spans: the first node of each of these layers, and the one after its last: name → (start, stop).
        left_out: explicit names of the lines above whose repeat is 0: name → the line, from 1.
        bodies: the lines of this body with all their names, with the automatic ones.
        inputs: names of the network's inputs.
        placed: whether a value enters here, whose channels are `in`; not so in `vars:` and `input:`.
        arguments: the parameters of the block around the lines.
        outer: the scope around the body, for names of layers.
        blocks: the blocks around the lines, outermost first, to stop recursion.
        where: the words of problems for the uses of those blocks.
        depth: the number of bodies around the lines.
        frozen: whether the line around these freezes weights; None if there is no such setting.
    """

    variables: Mapping[str, Value | None]
    problems: Problems
    layers: dict[str, str]
    spans: dict[str, Span]
    left_out: dict[str, int]
    bodies: list[tuple[Sequence[Line], Sequence[str]]]
    inputs: Collection[str] = ()
    placed: bool = True
    arguments: Mapping[str, Value | None] = {}
    outer: Scope | None = None
    blocks: tuple[str, ...] = ()
    where: str = ""
    depth: int = 0
    frozen: bool | None = None

    def inner(self) -> Scope:
        """The scope of a composite's body: the same numbers, names of its own."""
        return self._around(self, self.arguments, self.blocks, self.where)

    def block(self, name: str, arguments: Mapping[str, Value | None], line: int) -> Scope:
        """The scope of a block's body, used on a line (from 1). It sees no layer of its caller but those passed."""
        where = f" (in block '{name}' used on line {line}"
        where += f", {self.where[2:]}" if self.where else ")"
        return self._around(None, arguments, (*self.blocks, name), where)

    def _around(
        self, outer: Scope | None, arguments: Mapping[str, Value | None], blocks: tuple[str, ...], where: str
    ) -> Scope:
        """The scope of a body within this one, which has no layers yet."""
        return Scope(
            self.variables, self.problems, {}, {}, {}, [], self.inputs, self.placed, arguments, outer, blocks, where,
            self.depth + 1, self.frozen,
        )  # fmt: skip

    def note(self, at: Node | Line, message: str, rule: str) -> None:
        """Note a problem, with the uses of the blocks around it."""
        self.problems.add(at, message, rule, self.where)

    def attempt(self, read: Callable[[*Ts], T], *arguments: *Ts) -> T | None:
        """The result of `read`; None if the value is wrong, which is noted, or depends on something unknown."""
        try:
            return read(*arguments)
        except ValueProblem as problem:
            self.note(problem.at, str(problem), problem.rule)
        except NotComputed:
            pass
        return None

    def value(self, name: str) -> Value | None:
        """The value that a name stands for; None if it is not a variable or parameter.

        Raises:
            NotComputed: its value is wrong or unknown; that was noted where it is given.
        """
        names = self.arguments if name in self.arguments else self.variables
        if name not in names:
            return None
        value = names[name]
        if value is None:
            raise NotComputed
        return value

    def named_number(self, name: str) -> int | None:
        """The whole number that a name stands for; None if it is something else."""
        value = self.arguments[name] if name in self.arguments else self.variables.get(name)
        return value if type(value) is int else None

    def layer(self, name: str) -> str | None:
        """The path of the value of the layer with this explicit name, looking outwards."""
        if name in self.left_out:
            return None
        if name in self.layers or self.outer is None:
            return self.layers.get(name)
        return self.outer.layer(name)

    def span(self, name: ScalarNode) -> Span | None:
        """The nodes of the line above that `weights:` names; None if there is none, which is noted."""
        scope = next((scope for scope in self._outwards() if name.text in scope.spans), None)
        if scope is None:
            self._note_unknown(name, name.text)
        return scope.spans[name.text] if scope is not None else None

    def left_out_at(self, name: str) -> int:
        """The line (from 1, or 0) of this name that is left out."""
        return next((scope.left_out[name] for scope in self._outwards() if name in scope.left_out), 0)

    def _outwards(self) -> Iterator[Scope]:
        """This scope and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def _others(self, name: str) -> tuple[int, int]:
        """The line (from 1, or 0) that declares `name` below, and the one that has it automatically."""
        for scope in self._outwards():
            pairs = [pair for lines, names in scope.bodies for pair in zip(lines, names, strict=True)]
            named = [line for line, known in pairs if known == name]
            explicit = [line.line + 1 for line in named if line.name is not None]
            automatic = [line.line + 1 for line in named if line.name is None]
            if named:
                return next(iter(explicit), 0), next(iter(automatic), 0)
        return 0, 0

    def name_hint(self, name: str) -> str:
        """A suggestion for an unknown name in an expression."""
        known = [*self.arguments, *self.variables, *(("in",) if self.placed else ())]
        return suggestion(name, known) or (f"; known here: {_listed(known)}" if known else "; there are no vars:")

    def check_names(self, lines: Sequence[Line]) -> None:
        """Note the names of a body that are twice or are those of inputs."""
        seen: dict[str, int] = {}
        for line in lines:
            if line.name is None:
                continue
            name = line.name.text
            if name in seen:
                message = f"name '{name}' is used twice (first on line {seen[name]})"
                self.note(line.name, message, "name")
            elif name in self.inputs:
                self.note(line.name, f"'{name}' is an input's name; take another", "name")
            seen.setdefault(name, line.name.line + 1)

    def resolve(self, name: ScalarNode, current: str) -> str | None:
        """The path of the value that `from:` or an operand names; None if there is none."""
        text = name.text
        bound = self.arguments.get(text)
        if text in self.arguments and bound is None:
            return None  # noted where the block is used
        if isinstance(bound, Word):
            text = bound.text
            path = bound.path or (text if text in self.inputs else None)
            if path is None:
                self._note_unknown(name, text, bound)
            return path
        if bound is not None:
            message = f"'{text}' is {_number_text(bound)} here, not the name of a layer"
            self.note(name, message, "reference")
            return None
        if text == "prev":
            if not current:
                self.note_no_entry(name)
            return current or None
        if text == "input" and len(self.inputs) == 1:
            return next(iter(self.inputs))
        path = text if text in self.inputs else self.layer(text)
        if path is None:
            self._note_unknown(name, text)
        return path

    def operands(self, node: Node, current: str) -> tuple[str, ...] | None:
        """The paths that `concat: [enc4, prev]` reads; None if one is wrong."""
        items = node.items if isinstance(node, ListNode) else []
        names = [item for item in items if isinstance(item, ScalarNode) and item.text]
        if len(names) < 2 or len(names) < len(items):
            self.note(node, "a list of two or more names is expected, as [enc4, prev]", "reference")
            return None
        paths = [self.resolve(name, current) for name in names]
        return None if None in paths else tuple(path for path in paths if path is not None)

    def operand(self, node: Node, current: str) -> str | None:
        """The path that `memory: encoder` reads; None if it is wrong."""
        if not isinstance(node, ScalarNode) or not node.text:
            self.note(node, "the name of a layer is expected, as encoder", "reference")
            return None
        return self.resolve(node, current)

    def output(self, name: ScalarNode) -> str | None:
        """The path of the value that `outputs:` names; None if there is none."""
        if name.text == "prev":
            self.note(name, "outputs: name the layer; prev has no meaning here", "reference")
            return None
        return self.resolve(name, "")

    def passed(self, word: ScalarNode, current: str) -> Word | None:
        """`prev` or `input` as the argument of a block: the caller's, not the block's own."""
        path = self.resolve(word, current)
        return None if path is None else Word(word.text, path)

    def note_no_entry(self, at: ScalarNode) -> None:
        """Note that a layer has nothing to read, because there are several inputs."""
        if len(self.inputs) > 1:
            several = f"the network has several inputs ({_listed(self.inputs)})"
            self.note(at, f"{several}; say with 'from:' which one enters here", "reference")

    def _note_unknown(self, name: ScalarNode, text: str, passed: Word | None = None) -> None:
        """Note that no layer has this name; a name that was `passed` to a block is not the block's own."""
        known = [layer for scope in self._outwards() for layer in scope.layers] + [*self.inputs]
        below, automatic = self._others(text)
        left_out = self.left_out_at(text)
        if passed is not None:
            known, below, automatic, left_out = [], 0, 0, passed.left_out
        if left_out:
            message = f"layer '{text}' on line {left_out} is left out, as its repeat is 0; nothing can refer to it"
        elif text.lstrip("-").isdigit():
            message = "layers are referred to by name, not by number; give the layer a 'name:' and write that, "
            message += f"not {text}"
        elif below == name.line + 1:
            message = f"'{text}' is this layer itself; a reference points upwards"
        elif below:
            message = f"layer '{text}' is on line {below}, below this one; a reference points upwards"
        elif automatic:
            message = f"'{text}' is an automatic name; write 'name: {text}' on line {automatic} to refer to it"
        elif text in self.inputs:
            message = f"'{text}' is an input, which has no weights"
        elif text == "input":
            message = f"the network has several inputs; name one of {_listed(self.inputs)}"
        else:
            hint = suggestion(text, known) or (f"; known here: {_listed(known)}" if known else "")
            message = f"there is no layer named '{text}' above{hint}"
        self.note(name, message, "reference")


def _listed(names: Iterable[str]) -> str:
    return ", ".join([*names][:MAX_LISTED])


def _number_text(value: Value) -> str:
    """The words for a block's argument that is not a word."""
    return f"the size {'x'.join(map(str, value))}" if isinstance(value, tuple) else f"the number {value}"
