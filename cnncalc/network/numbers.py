"""Numbers of a spec in their place: evaluated with the names that they see, exact, and whole where needed."""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from cnncalc.language.expressions import ExpressionError, Number, UnknownName, decimal_text, evaluate
from cnncalc.language.nodes import Node, ScalarNode
from cnncalc.network.scope import Scope
from cnncalc.shapes import Layout


class ValueProblem(Exception):
    """A value that can't be what the parameter needs."""

    def __init__(self, at: Node, message: str, rule: str = "value") -> None:
        self.at = at
        self.rule = rule
        super().__init__(message)


class Context(NamedTuple):
    """What a value may refer to at its place.

    Attributes:
        scope: the names.
        channels: `in`, None where it is unknown.
        layout: the order of list-form shapes.
        entered: whether a value enters here at all; not so on a first line with several inputs.
    """

    scope: Scope
    channels: int | None
    layout: Layout
    entered: bool = True


def read_number(node: Node, context: Context, expected: str = "a number") -> Number:
    """The exact number that a scalar says.

    Raises:
        ValueProblem: it is none.
        NotComputed: it depends on something unknown.
    """
    if not isinstance(node, ScalarNode):
        raise ValueProblem(node, f"{expected} is expected here, not a list or mapping", "number")
    text = node.text
    if not text:
        raise ValueProblem(node, f"{expected} is expected here, but there is nothing", "number")
    try:
        return evaluate(text, lambda name: context.scope.number(name, context.channels, entered=context.entered))
    except UnknownName as error:
        within = f" in '{text}'" if text != error.name else ""
        hint = context.scope.name_hint(error.name)
        raise ValueProblem(
            node, f"{expected} is expected; '{error.name}'{within} is not known{hint}", "unknown-name"
        ) from None
    except ExpressionError as error:
        quotes = "; a value with a comma needs quotes" if text.count("(") > text.count(")") else ""
        subject = "" if str(error).startswith(f"'{text}'") else f"'{text}': "
        raise ValueProblem(node, f"{subject}{error}{quotes}", "number") from None


def read_whole(node: Node, name: str, context: Context, minimum: int | None = None) -> int:
    """The whole number that a scalar says, at least `minimum`."""
    if (
        type(node) is ScalarNode
        and node.text.isascii()
        and node.text.isdigit()
        and node.text[0] != "0"
        and len(node.text) < 18
    ):
        value: Number = int(node.text)
    else:
        value = read_number(node, context, f"{name}: a whole number")
    if value.denominator != 1:
        _not_whole(node, value)
    return at_least(node, name, int(value), minimum)


def _not_whole(node: Node, value: Number) -> NoReturn:
    text = node.text if isinstance(node, ScalarNode) else ""
    if text == decimal_text(value):
        raise ValueProblem(node, f"{text} is not a whole number", "not-whole")
    advice = " (use // to round down)" if "/" in text else " (use // 1 to round down)"
    raise ValueProblem(node, f"'{text}' is {decimal_text(value)}, not a whole number{advice}", "not-whole")


def at_least(node: Node, name: str, value: int, minimum: int | None) -> int:
    """The value, if it is in range.

    Raises:
        ValueProblem: it is below `minimum`.
    """
    if minimum is not None and value < minimum:
        raise ValueProblem(node, f"{name} is {value}; at least {minimum} is expected", "range")
    return value
