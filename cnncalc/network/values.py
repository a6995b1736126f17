"""Values as written → values as a layer's fields have them.

A reader for each parameter type; shorthand is left as it is (`layers.base.make` completes it).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

from cnncalc.language.expressions import (
    MAX_LENGTH,
    MAX_MAGNITUDE,
    ExpressionError,
    Number,
    decimal_text,
    is_name,
    literal,
)
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode, one_line
from cnncalc.language.problems import suggestion
from cnncalc.language.values import are_sizes, size_texts, sizes
from cnncalc.layers.parameters import PADDING_WORDS, Parameter, Type
from cnncalc.network.numbers import Context, at_least, plain_whole, read_number, read_whole
from cnncalc.network.scope import NotComputed, Scope, Value, ValueProblem, Word
from cnncalc.network.vocabulary import WORDS, kind_of, kind_suggestion, spelled
from cnncalc.shapes import MAX_RANK, Shape, letters_of


def read_value(node: Node, name: str, parameter: Parameter, context: Context) -> Any:
    """The value of one parameter; its name is for messages.

    Raises:
        ValueProblem: it is not of the parameter's type, or out of its range.
        NotComputed: it depends on something unknown.
    """
    plain = plain_value(node, parameter, context.scope)
    return plain if plain is not None else _READERS[parameter.type](node, name, parameter, context)


def plain_value(node: Node | None, parameter: Parameter, scope: Scope) -> int | str | None:
    """A value that needs no second look, as most do: digits, or a word that no name hides; None for any other."""
    if type(node) is not ScalarNode:
        return None
    if parameter.type in NUMBERS:
        plain = plain_whole(node)
        if plain is not None:
            return plain if plain >= (parameter.minimum or 0) else None
    text = node.text
    plain = is_word(text, parameter) and text not in scope.arguments and text not in scope.variables
    return text if plain else None


def is_word(text: str, parameter: Parameter) -> bool:
    """Whether a text is one of the words that are values by themselves."""
    match parameter.type:
        case Type.PADDING:
            return text in PADDING_WORDS
        case Type.FOLLOWER:
            return text in parameter.words and (text == "none" or not kind_of(text).required)
        case Type.WORD:
            return text in parameter.words
    return False


def _bound(node: Node, context: Context) -> Value | None:
    """The value of a node that is a single name of the scope; None for any other."""
    if isinstance(node, ScalarNode) and is_name(node.text):
        return context.scope.value(node.text)
    return None


def _text(node: Node, context: Context) -> str:
    """The word that a node is, or that the block parameter of this name carries."""
    value = _bound(node, context)
    if isinstance(value, Word):
        return value.text
    return node.text if isinstance(node, ScalarNode) else ""


def _count(node: Node, name: str, parameter: Parameter, context: Context) -> int:
    return read_whole(node, name, context, parameter.minimum)


def _size(node: Node, name: str, parameter: Parameter, context: Context) -> int | tuple[int, ...]:
    if isinstance(node, ListNode):
        _check_length(node, name)
        return tuple(read_whole(item, name, context, parameter.minimum) for item in node.items)
    value = _bound(node, context)
    if isinstance(value, tuple) and not isinstance(value, Word):
        return tuple(at_least(node, name, n, parameter.minimum) for n in value)
    if isinstance(node, ScalarNode) and are_sizes(node.text):
        return tuple(at_least(node, name, n, parameter.minimum) for n in _literal_sizes(node, name))
    return read_whole(node, name, context, parameter.minimum)


def _check_length(node: ListNode, name: str) -> None:
    if not node.items:
        raise ValueProblem(node, f"{name}: a size is expected, as 3, 1x7 or [3, 5]")
    if len(node.items) > MAX_RANK + 1:
        raise ValueProblem(node, f"{name}: {len(node.items):,} numbers; there is one for each axis")


def _literal_sizes(node: Node, name: str) -> tuple[int, ...]:
    try:
        return sizes(node)
    except ExpressionError as error:
        raise ValueProblem(node, f"{name}: {error}") from None


def _padding(node: Node, name: str, parameter: Parameter, context: Context) -> Any:
    word = spelled(_text(node, context), parameter)
    if word in PADDING_WORDS:
        return word
    if isinstance(node, ScalarNode) and is_name(node.text) and _bound(node, context) is None and node.text != "in":
        hint = suggestion(node.text, PADDING_WORDS) or f"; words are {', '.join(PADDING_WORDS)}"
        raise ValueProblem(node, f"'{node.text}' is not a padding{hint}", "value")
    if not isinstance(node, ListNode):
        signed = (parameter.minimum or 0) < 0 and _without_sign(node)
        return _whole(node, name, context, parameter.minimum) if signed else _size(node, name, parameter, context)
    if any(isinstance(item, ListNode) for item in node.items):
        example = " for each axis, as [[0, 1], [0, 1]]"
        return tuple(_sides(item, name, context, example, parameter.minimum) for item in node.items)
    if len(node.items) > MAX_RANK:
        message = f"{name}: {len(node.items)} numbers in a row have three different orders in use; "
        raise ValueProblem(node, message + "write [[top, bottom], [left, right]]", "value")
    return _size(node, name, parameter, context)


def _pair(node: Node, name: str, parameter: Parameter, context: Context) -> tuple[int, int]:
    return _sides(node, name, context, ", as [0, 16]", parameter.minimum)


def _sides(node: Node, name: str, context: Context, example: str, minimum: int | None) -> tuple[int, int]:
    if not isinstance(node, ListNode) or len(node.items) != 2:
        raise ValueProblem(node, f"{name}: [before, after] is expected{example}")
    before, after = (_whole(item, name, context, minimum) for item in node.items)
    return before, after


def _whole(node: Node, name: str, context: Context, minimum: int | None) -> int:
    """A whole number, which may have a sign if the minimum is below 0."""
    positive = _without_sign(node) if (minimum or 0) < 0 else None
    return -read_whole(positive, name, context, 0) if positive else read_whole(node, name, context, minimum)


def _factor(node: Node, name: str, parameter: Parameter, context: Context) -> Any:
    if isinstance(node, ListNode):
        _check_length(node, name)
        return tuple(_one_factor(item, name, parameter, context) for item in node.items)
    if isinstance(node, ScalarNode) and (are_sizes(node.text) or isinstance(_bound(node, context), tuple)):
        return _size(node, name, parameter._replace(minimum=1), context)
    return _one_factor(node, name, parameter, context)


def _one_factor(node: Node, name: str, parameter: Parameter, context: Context) -> int | float:
    value = _positive(node, name, context)
    if not 0 < value <= MAX_MAGNITUDE:
        raise ValueProblem(node, f"{name} is {decimal_text(value)}; more than 0 is expected", "range")
    return int(value) if value.denominator == 1 else float(value)


def _target(node: Node, name: str, parameter: Parameter, context: Context) -> Any:
    if not isinstance(node, ScalarNode) or not is_name(node.text) or node.text == "in":
        return _size(node, name, parameter, context)
    if isinstance(_bound(node, context), int | Fraction | tuple) and not isinstance(_bound(node, context), Word):
        return _size(node, name, parameter, context)
    path = context.scope.resolve(node, "")
    shape = context.shapes.get(path or "")
    if shape is None:
        raise NotComputed
    return shape.spatial


def _crop(node: Node, name: str, parameter: Parameter, context: Context) -> int | tuple[Any, ...]:
    if isinstance(node, ListNode) and any(isinstance(item, ListNode) for item in node.items):
        return tuple(_sides(item, name, context, " for each axis, as [[1, 2], [0, 3]]", 0) for item in node.items)
    return _size(node, name, parameter, context)


def _flag(node: Node, name: str, parameter: Parameter, context: Context) -> bool:
    word = spelled(_text(node, context), parameter)
    if word not in ("true", "false"):
        found = f"'{word}'" if word else "a list or nothing"
        raise ValueProblem(node, f"{name} is true or false, not {found}", "value")
    return word == "true"


def _real(node: Node, name: str, parameter: Parameter, context: Context) -> float:
    positive = _without_sign(node) if (parameter.minimum or 0) < 0 else None
    value = _positive(positive or node, name, context)
    value = -value if positive else value
    low, below = parameter.minimum, parameter.below
    if (low is not None and value < low) or (below is not None and value >= below) or value > MAX_MAGNITUDE:
        limits = [f"at least {low}"] * (low is not None) + [f"below {below or 'ten to the 18th'}"]
        written = node.text if isinstance(node, ScalarNode) else ""
        raise ValueProblem(node, f"{name} is {written:.40}; {' and '.join(limits)} is expected", "range")
    return float(value)


def _without_sign(node: Node) -> ScalarNode | None:
    """The value after a minus; None for a value without one."""
    if not isinstance(node, ScalarNode) or node.text[:1] != "-":
        return None
    return ScalarNode(node.text[1:].lstrip(), node.line, node.column + 1)


def _positive(node: Node, name: str, context: Context) -> Number:
    value = _scientific(_text(node, context))
    return read_number(node, context, f"{name}: a number") if value is None else value


def _scientific(text: str) -> Number | None:
    """The number that `1e-5` is; None for any other text."""
    mantissa, letter, exponent = text.lower().partition("e")
    digits = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    if not letter or not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        return None
    try:
        return literal(mantissa) * Fraction(10) ** int(exponent)
    except ExpressionError:
        return None


def _word(node: Node, name: str, parameter: Parameter, context: Context) -> str:
    word = spelled(_text(node, context), parameter)
    if word in parameter.words or (word and not parameter.words):
        return word
    if not word:
        expected = f"one of {', '.join(parameter.words)}" if parameter.words else "a word"
        raise ValueProblem(node, f"{name}: {expected} is expected", "value")
    kinds = {*parameter.words} - {"none"} <= WORDS.keys()  # a word for another operation is not a slip
    near = kind_suggestion(word, parameter.words) if kinds else suggestion(word, parameter.words)
    hint = near or f"; it is one of {', '.join(parameter.words)}"
    raise ValueProblem(node, f"{name} has no value '{word}'{hint}", "value")


def _follower(node: Node, name: str, parameter: Parameter, context: Context) -> str | MapNode:
    if isinstance(node, MapNode):
        return node  # its settings are already sorted
    word = _word(node, name, parameter, context)
    missing = kind_of(word).required if word in WORDS else ()
    if missing:
        message = f"{name}: {word} needs {' and '.join(missing)}; write {name}: {{{word}: {'...'}}}"
        raise ValueProblem(node, message, "missing-parameter")
    return word


def _choice(node: Node, name: str, parameter: Parameter, context: Context) -> str | int:
    word = _text(node, context)
    if word in parameter.words:
        return word
    if word and is_name(word) and _bound(node, context) is None and word != "in":
        return _word(node, name, parameter, context)
    return read_whole(node, name, context, parameter.minimum)


def _range(node: Node, name: str, parameter: Parameter, context: Context) -> tuple[int, int]:
    text = node.text if isinstance(node, ScalarNode) else ""
    start, dots, stop = text.partition("..")
    if not isinstance(node, ScalarNode) or not dots:
        raise ValueProblem(node, f"{name}: from..to is expected, as 0..in/2", "value")
    offset = node.quote + len(start) + len(dots)
    return (
        read_whole(ScalarNode(start.strip(), node.line, node.column + node.quote), name, context, 0),
        read_whole(ScalarNode(stop.strip(), node.line, node.column + offset), name, context, 0),
    )


def check_entering(node: Node, name: str, word: str, x: Shape, context: Context) -> bool:
    """True if a line says correctly what enters: `in_features: 1568`, `input_shape: (28, 28, 1)`, `axis: -1`.

    Raises:
        ValueProblem: something else enters.
    """
    if name == "batch_first" or (name in ("in_features", "input_dim") and x.rank > 1):
        return True  # a layer for vectors says more about maps
    if name in ("axis", "dim"):
        return _check_axis(node, name, word, x, context)
    if name != "input_shape":
        said = read_whole(node, name, context, 1)
        what = f"{x.channels} channels" if x.spatial else str(x.channels)
        if said != x.channels:
            raise ValueProblem(node, f"{word}: {what} enter, not {said}; leave '{name}' out, or correct what is above")
        return True
    sizes_ = _literal_sizes(node, name)
    if sizes_ not in (x.sizes(), x.sizes("HWC")):
        found, text = x.text(context.layout), "x".join(map(str, sizes_))
        raise ValueProblem(node, f"{word}: {found} enters, not {text}; leave '{name}' out, or correct what is above")
    return True


def _check_axis(node: Node, name: str, word: str, x: Shape, context: Context) -> bool:
    """True for the axis of the channels, in PyTorch's numbers or in Keras' with the batch in front.

    Raises:
        ValueProblem: it is another axis, or not an axis.
    """
    last = name == "axis" and context.layout == "HWC"
    axes = dict(
        zip(
            (0, *range(1, x.rank + 2)),
            ("the batch", *letters_of(x.rank, context.layout if last else "CHW")),
            strict=True,
        )
    )
    names = {**axes, **{number - x.rank - 2: letter for number, letter in axes.items()}}
    if name == "axis":  # Keras' channels are the last in an image that is written CxHxW, too
        names[-1] = names[x.rank + 1] = "C"
    text = one_line(node)
    known = {str(number): letter for number, letter in names.items()}
    if known.get(text) != "C":
        what = f"is {known[text]} of" if text in known else "is not theirs in"
        raise ValueProblem(node, f"{word} works along the channels; {name} {text:.20} {what} {x.text(context.layout)}")
    return True


def _with_rest(node: Node, name: str, context: Context) -> Node:
    """A shape with the number for its -1, which stands for the values that remain."""
    texts = [one_line(item) for item in node.items] if isinstance(node, ListNode) else size_texts(one_line(node))
    if texts.count("-1") != 1 or len(texts) > MAX_RANK + 1:
        return node
    if context.elements is None and context.channels is not None:
        raise ValueProblem(node, f"{name}: -1 is for a line of its own; write the size", "value")
    if context.elements is None:
        raise NotComputed
    others = [read_whole(ScalarNode(text, node.line, node.column), name, context, 1) for text in texts if text != "-1"]
    rest, left = divmod(context.elements, prod(others))
    if left or not rest:
        message = f"{name}: {'x'.join(texts)} cannot hold the {context.elements} values that enter, "
        raise ValueProblem(node, f"{message}as {prod(others)} does not divide them")
    return ScalarNode(
        "x".join(str(rest) if text == "-1" else str(others.pop(0)) for text in texts), node.line, node.column
    )


def _shape(node: Node, name: str, parameter: Parameter, context: Context) -> Shape:
    value = _size(_with_rest(node, name, context), name, parameter, context)
    numbers = (value,) if type(value) is int else value
    if not isinstance(numbers, tuple) or not 1 <= len(numbers) <= MAX_RANK + 1:
        raise ValueProblem(node, f"{name}: a shape has one to {MAX_RANK + 1} sizes, as 256x4x4", "value")
    return Shape.of(numbers, context.layout)


def _links(node: Node, name: str, parameter: Parameter, context: Context) -> tuple[tuple[int, ...], ...]:
    rows = node.items if isinstance(node, ListNode) else []
    links: list[tuple[int, ...]] = []
    for row in rows:
        items = row.items if isinstance(row, ListNode) else []
        maps = tuple(read_whole(item, name, context, 0) for item in items)
        if not maps or len(set(maps)) < len(maps):
            wrong = "names a map twice" if maps else "is not a list of input maps"
            raise ValueProblem(row, f"{name}: row {len(links) + 1} {wrong}", "value")
        links.append(maps)
    if not links:
        raise ValueProblem(node, f"{name}: a list of lists is expected, for each filter the maps it sees", "value")
    return tuple(links)


def _order(node: Node, name: str, parameter: Parameter, context: Context) -> tuple[str, ...]:
    """Letters of axes, channels first; also in Keras' numbers, from 1, or PyTorch's, with 0 for the batch in front."""
    items = [item.text if isinstance(item, ScalarNode) else "" for item in getattr(node, "items", ())]
    given = items[1:] if items[:1] == ["0"] else items
    letters = letters_of(min(max(len(given) - 1, 0), MAX_RANK), context.layout)
    numbered = {str(number): letter for number, letter in enumerate(letters, start=1)}
    named = [numbered.get(item, item) for item in given]
    if sorted(named) != sorted(letters):
        example = ", ".join(reversed(letters_of(1, context.layout)))
        raise ValueProblem(node, f"{name}: the letters of all axes in their new order are expected, as [{example}]")
    by_letter = dict(zip(letters, named, strict=True))
    return tuple(by_letter[letter] for letter in letters_of(len(letters) - 1))


NUMBERS = frozenset({Type.COUNT, Type.SIZE, Type.PADDING})
"""Types that have digits for a value."""

_READERS: dict[Type, Callable[[Node, str, Parameter, Context], Any]] = {
    Type.COUNT: _count,
    Type.SIZE: _size,
    Type.PADDING: _padding,
    Type.FLAG: _flag,
    Type.REAL: _real,
    Type.WORD: _word,
    Type.FOLLOWER: _follower,
    Type.CHOICE: _choice,
    Type.SHORTCUT: _word,
    Type.PAIR: _pair,
    Type.CROP: _crop,
    Type.FACTOR: _factor,
    Type.TARGET: _target,
    Type.RANGE: _range,
    Type.SHAPE: _shape,
    Type.ORDER: _order,
    Type.LINKS: _links,
}


def read_argument(node: Node, context: Context) -> Value:
    """The value of a block's argument, in the names of the caller.

    Raises:
        ValueProblem: it is neither a number nor a size nor a word.
        NotComputed: it depends on something unknown.
    """
    if isinstance(node, ListNode):
        _check_length(node, "size")
        return tuple(read_whole(item, "size", context) for item in node.items)
    if not isinstance(node, ScalarNode):
        raise ValueProblem(node, "a number, a size or a word is expected here")
    plain = plain_whole(node)
    if plain is not None:
        return plain
    text, scope = node.text, context.scope
    if len(text) > MAX_LENGTH:
        raise ValueProblem(node, f"a value of {len(text):,} characters; {MAX_LENGTH} are allowed")
    value = _bound(node, context)
    if value is not None:
        return value
    path = scope.layer(text)
    if path is not None or (is_name(text) and text != "in"):
        return Word(text, path, scope.left_out_at(text))
    if are_sizes(text):
        return _literal_sizes(node, "size")
    if _scientific(text) is not None:
        return Word(text)
    return read_number(node, context)
