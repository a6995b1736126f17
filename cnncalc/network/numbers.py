"""Numbers of a spec in their place: evaluated with the names that they see, exact, and whole if needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.language.expressions import ExpressionError, Number, UnknownName, decimal_text, evaluate
from cnncalc.language.nodes import Node, ScalarNode
from cnncalc.language.problems import suggestion
from cnncalc.network.scope import NotComputed, Scope, ValueProblem, Word
from cnncalc.shapes import Layout, Shape


class Context(NamedTuple):
    """The names and numbers that a value may refer to at its place.

    Attributes:
        scope: the names.
        channels: `in`, None if it is unknown.
        layout: the order of list-form shapes.
        shapes: the shape of every value above, by path.
        entered: whether a value enters here at all; not so on a first line with several inputs.
        elements: the number of values that enter, None if it is unknown.
    """

    scope: Scope
    channels: int | None
    layout: Layout
    entered: bool = True
    shapes: Mapping[str, Shape | None] = {}
    elements: int | None = None

    def number(self, name: str) -> Number:
        """The number that a name in an expression stands for.

        Raises:
            UnknownName: the name stands for nothing.
            ExpressionError: it stands for something that is not a number.
            NotComputed: it stands for something unknown.
        """
        if name == "in":
            if not (self.scope.placed and self.entered):
                raise ExpressionError("'in' is the number of channels that enter a layer; nothing enters here")
            if self.channels is None:
                raise NotComputed
            return self.channels
        value = self.scope.value(name)
        if value is None:
            raise UnknownName(name)
        if isinstance(value, Word):
            hint = suggestion(value.text, self.scope.variables)
            raise ExpressionError(f"'{name}' is the word '{value.text}' here, not a number{hint}")
        if isinstance(value, tuple):
            raise ExpressionError(f"'{name}' is the size {'x'.join(map(str, value))} here, not a number")
        return value


def read_number(node: Node, context: Context, expected: str = "a number") -> Number:
    """The exact number of a scalar.

    Raises:
        ValueProblem: it is not a number.
        NotComputed: it depends on something unknown.
    """
    if not isinstance(node, ScalarNode):
        raise ValueProblem(node, f"{expected} is expected here, not a list or mapping", "number")
    text = node.text
    if not text:
        raise ValueProblem(node, f"{expected} is expected here, but there is nothing", "number")
    try:
        return evaluate(text, context.number)
    except UnknownName as error:
        within = f" in '{text}'" if text != error.name else ""
        unknown = f"'{error.name}'{within} is not known{context.scope.name_hint(error.name)}"
        raise ValueProblem(node, f"{expected} is expected; {unknown}", "unknown-name") from None
    except ExpressionError as error:
        quotes = "; a value with a comma needs quotes" if text.count("(") > text.count(")") else ""
        subject = "" if str(error).startswith(f"'{text}'") else f"'{text}': "
        raise ValueProblem(node, f"{subject}{error}{quotes}", "number") from None


def read_whole(node: Node, name: str, context: Context, minimum: int | None = None) -> int:
    """The whole number of a scalar, at least `minimum`."""
    plain = plain_whole(node)
    value: Number = plain if plain is not None else read_number(node, context, f"{name}: a whole number")
    if value.denominator == 1:
        return at_least(node, name, int(value), minimum)
    written = decimal_text(value)
    text = node.text if isinstance(node, ScalarNode) else ""
    if text == written:
        raise ValueProblem(node, f"{text} is not a whole number", "not-whole")
    advice = " (use // to round down)" if "/" in text else " (use // 1 to round down)"
    raise ValueProblem(node, f"'{text}' is {written}, not a whole number{advice}", "not-whole")


def plain_whole(node: Node) -> int | None:
    """The whole number above 0 that a scalar has in digits; None for any other value."""
    return digits(node.text) if type(node) is ScalarNode else None


def digits(text: str) -> int | None:
    """The whole number above 0 that a text of digits is; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and text[0] != "0" and len(text) < 18 else None


def at_least(node: Node, name: str, value: int, minimum: int | None) -> int:
    """The value, unless it is below `minimum`: then ValueProblem."""
    if minimum is not None and value < minimum:
        raise ValueProblem(node, f"{name} is {value}; at least {minimum} is expected", "range")
    return value
