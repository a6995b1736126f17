"""What names mean at one place of a spec: variables, block parameters, `in`, and layer names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, final

from cnncalc.language.expressions import ExpressionError, Number, UnknownName
from cnncalc.language.model import Line
from cnncalc.language.problems import suggestion

MAX_LISTED = 15
"""Names that a message lists."""


class Word(NamedTuple):
    """A word that was passed to a block: `relu`, `half`, or a layer's name.

    Attributes:
        text: the word.
        path: the value that a layer of this name hands on, where the caller sees such a layer.
        left_out: the line (from 1, or 0) of this name that the caller leaves out.
    """

    text: str
    path: str | None = None
    left_out: int = 0


Value = Number | tuple[int, ...] | Word
"""What a name can stand for: a number, a size per axis, or a word."""


class NotComputed(Exception):
    """A value depends on a shape that an earlier problem left unknown; nothing more is said."""


@final
class Scope:
    """The names that the lines of one body see.

    Args:
        variables: `vars:`; None for one whose value is wrong.
        arguments: the parameters of the block around the lines.
        outer: the scope around the body, for names of layers.
        blocks: the blocks around the lines, outermost first, to stop recursion.
        where: how a problem names the uses of those blocks.
        depth: bodies around the lines.
        placed: whether a value enters here, whose channels are `in`; not so in `vars:` and `input:`.

    Attributes:
        layers: explicit names of the layers above, in this body: name → path of its value.
        left_out: explicit names of the lines above whose repeat is 0: name → the line, from 1.
        bodies: the lines of this body with all their names, automatic ones included.
    """

    def __init__(
        self,
        variables: Mapping[str, Value | None],
        arguments: Mapping[str, Value | None] | None = None,
        outer: Scope | None = None,
        blocks: tuple[str, ...] = (),
        where: str = "",
        depth: int = 0,
        placed: bool = True,
    ) -> None:
        self.variables = variables
        self.arguments = arguments if arguments is not None else {}
        self.outer = outer
        self.blocks = blocks
        self.where = where
        self.depth = depth
        self.placed = placed
        self.layers: dict[str, str] = {}
        self.left_out: dict[str, int] = {}
        self.bodies: list[tuple[Sequence[Line], Sequence[str]]] = []

    def inner(self) -> Scope:
        """The scope of a composite's body: the same numbers, names of its own."""
        return Scope(self.variables, self.arguments, self, self.blocks, self.where, self.depth + 1)

    def block(self, name: str, arguments: Mapping[str, Value | None], line: int) -> Scope:
        """The scope of a block's body, used on a line (from 1). It sees no layer of its caller but those passed."""
        where = f" (in block '{name}' used on line {line}"
        where += f", {self.where[2:]}" if self.where else ")"
        return Scope(self.variables, arguments, None, (*self.blocks, name), where, self.depth + 1)

    def value(self, name: str) -> Value | None:
        """What a name stands for; None where it is not a variable or parameter.

        Raises:
            NotComputed: its value is wrong or unknown; that was noted where it is given.
        """
        for names in (self.arguments, self.variables):
            if name in names:
                value = names[name]
                if value is None:
                    raise NotComputed
                return value
        return None

    def number(self, name: str, channels: int | None, *, entered: bool = True) -> Number:
        """The number that a name in an expression stands for.

        Args:
            name: the name; `in` is the number of channels.
            channels: of the value that enters the layer; None where it is unknown.
            entered: whether a value enters at all.

        Raises:
            UnknownName: the name stands for nothing.
            ExpressionError: it stands for something that is not a number.
            NotComputed: it stands for something unknown.
        """
        if name == "in":
            if not (self.placed and entered):
                raise ExpressionError("'in' is the number of channels that enter a layer; nothing enters here")
            if channels is None:
                raise NotComputed
            return channels
        value = self.value(name)
        if value is None:
            raise UnknownName(name)
        if isinstance(value, Word):
            hint = suggestion(value.text, self.variables)
            raise ExpressionError(f"'{name}' is the word '{value.text}' here, not a number{hint}")
        if isinstance(value, tuple):
            raise ExpressionError(f"'{name}' is the size {'x'.join(map(str, value))} here, not a number")
        return value

    def known_names(self) -> list[str]:
        """Every name that an expression may use here."""
        return [*self.arguments, *self.variables, *(("in",) if self.placed else ())]

    def layer(self, name: str) -> str | None:
        """The path of the value of the layer with this explicit name, looking outwards."""
        scope: Scope | None = self
        while scope is not None and name not in scope.left_out:
            if name in scope.layers:
                return scope.layers[name]
            scope = scope.outer
        return None

    def left_out_at(self, name: str) -> int:
        """The line (from 1, or 0) of this name that is left out."""
        if name in self.left_out or self.outer is None:
            return self.left_out.get(name, 0)
        return self.outer.left_out_at(name)

    def layer_names(self) -> list[str]:
        """Every layer name that can be referred to here."""
        outer = self.outer.layer_names() if self.outer is not None else []
        return [*self.layers, *outer]

    def others(self, name: str) -> tuple[int, int]:
        """The line (from 1, or 0) that declares `name` below, and the one that has it automatically."""
        below = automatic = 0
        for lines, names in self.bodies:
            for line, known in zip(lines, names, strict=True):
                if line.name is not None and line.name.text == name:
                    below = below or line.line + 1
                elif known == name:
                    automatic = automatic or line.line + 1
        if (below, automatic) == (0, 0) and self.outer is not None:
            return self.outer.others(name)
        return below, automatic

    def name_hint(self, name: str) -> str:
        """A suggestion for an unknown name in an expression."""
        known = self.known_names()
        return suggestion(name, known) or (
            f"; known here: {', '.join(known[:MAX_LISTED])}" if known else "; there are no vars:"
        )
