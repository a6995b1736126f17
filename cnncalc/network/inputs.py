"""The shapes that enter the network, and the variables: from the spec, or given beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cnncalc.errors import OverrideError
from cnncalc.language.expressions import ExpressionError, Number, bounded, literal
from cnncalc.language.model import Spec
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode, in_braces, one_line
from cnncalc.language.problems import Problems, suggestion
from cnncalc.language.values import are_sizes, size_texts, sizes
from cnncalc.network.numbers import Context, read_number, read_whole
from cnncalc.network.scope import Scope, Value, ValueProblem
from cnncalc.network.slips import batch_advice, looks_swapped, slip, swapped_message
from cnncalc.network.vocabulary import kind_words, resolved
from cnncalc.shapes import AXES, MAX_RANK, OTHER_LAYOUT, Layout, Shape, letters_of

RANKS = {frozenset(letters_of(rank)): rank for rank in AXES}
"""The rank of an input whose sizes have these letters."""

BATCH = ("n", "b", "batch", "batch_size")
UNKNOWN = ("null", "~", "None", "Null", "-1", "?")
"""The words of frameworks for an unknown size."""

_OVERRIDE = r"(?:(?P<name>[\w-]+)[.=])??(?:(?P<axis>[CLDHW])=)?(?P<sizes>[\dx×,\[\]() ]+)"


def read_variables(spec: Spec, given: Mapping[str, str | Number], problems: Problems) -> dict[str, Value | None]:
    """The value of every variable; None for one that is wrong in the spec, which is noted.

    Values that are `given` replace those of the spec; a text is read as in a spec.

    Raises:
        OverrideError: `given` has a name that is not a variable, or a value that is not a number.
    """
    for name in given:
        if name not in spec.variables:
            known = suggestion(name, spec.variables) or f"; it has {', '.join(spec.variables) or 'none'}"
            raise OverrideError(f"{spec.file} has no variable '{name}'{known}")
    values: dict[str, Value | None] = {}
    context = _context(spec, values, problems)
    for name, node in spec.variables.items():
        is_given = name in given
        values[name] = _given(name, given[name]) if is_given else context.scope.attempt(read_number, node, context)
    return values


def _context(spec: Spec, variables: Mapping[str, Value | None], problems: Problems) -> Context:
    """The names that values in front of all layers may refer to."""
    return Context(Scope(variables, problems, {}, {}, {}, [], placed=False), None, spec.layout)


def _given(name: str, value: str | Number) -> Number:
    try:
        number = literal(value) if isinstance(value, str) else bounded(value)
    except ExpressionError as error:
        raise OverrideError(f"{name}={value}: {error}") from None
    if number < 0:
        raise OverrideError(f"{name}={value}: '{value}' is not a number of 0 or more")
    return number


def read_inputs(
    spec: Spec, variables: Mapping[str, Value | None], given: tuple[str, ...], problems: Problems
) -> dict[str, Shape]:
    """The shape of every input of the network; without those that are wrong in the spec, which is noted.

    Shapes or sizes that are `given` replace those of the spec: `3x224x224`, `H=160`, `left=3x64x64`, `left.H=64`.

    Raises:
        OverrideError: one of `given` does not fit.
    """
    shapes = given_shapes(spec, variables, given, problems)
    for name, left in _left_open(shapes).items():
        sizes_ = " ".join(f"--input {_prefix(spec, name)}{letter}=224" for letter in left)
        message = f"{' and '.join(left)} {'is' if len(left) == 1 else 'are'} left open; write a size, or give {sizes_}"
        problems.add(spec.inputs[name][1], message, "input")
        del shapes[name]
    return shapes


def open_sizes(
    spec: Spec, variables: Mapping[str, str | Number] | None = None, given: Sequence[str] = ()
) -> tuple[str, ...]:
    """The sizes of inputs that nobody gives, as overrides name them: `H`, or `left.H` if there are several inputs.

    Raises:
        OverrideError: one of `given` does not fit.
    """
    problems = Problems(spec.file, spec.text)
    shapes = given_shapes(spec, read_variables(spec, variables or {}, problems), given, problems)
    return tuple(f"{_prefix(spec, name)}{letter}" for name, left in _left_open(shapes).items() for letter in left)


def _prefix(spec: Spec, name: str) -> str:
    return "" if len(spec.inputs) == 1 else f"{name}."


def _left_open(shapes: Mapping[str, Shape]) -> dict[str, list[str]]:
    """The letters of the sizes that are 0, by input."""
    zeros = {
        name: [letter for letter, n in zip(letters_of(shape.rank), shape.sizes(), strict=True) if n == 0]
        for name, shape in shapes.items()
    }
    return {name: letters for name, letters in zeros.items() if letters}


def given_shapes(
    spec: Spec, variables: Mapping[str, Value | None], given: Sequence[str], problems: Problems
) -> dict[str, Shape]:
    """The shape of every input, with 0 for a size that is left open."""
    context = _context(spec, variables, problems)
    reader = _reader(spec) if len(spec.inputs) == 1 else ""
    shapes: dict[str, Shape] = {}
    for name, (key, node) in spec.inputs.items():
        shape = context.scope.attempt(_input_shape, key, node, context, reader)
        if shape is not None:
            shapes[name] = shape
    for text in given:
        _override(text, spec, shapes)
    return shapes


def _reader(spec: Spec) -> str:
    """The kind of the first line; empty for a block and for what is not a kind."""
    words = kind_words(spec.layers[0].settings, spec.blocks) if spec.layers else []
    return resolved(words[0])[0] if words and words[0] not in spec.blocks else ""


def _read_size(node: Node, name: str, context: Context) -> int:
    """One size of an input; 0 for one that is left open."""
    return 0 if isinstance(node, ScalarNode) and node.text in UNKNOWN else read_whole(node, name, context, 1)


def _input_shape(key: ScalarNode, node: Node, context: Context, reader: str) -> Shape:
    if isinstance(node, MapNode):
        return _named_shape(node, context)
    if isinstance(node, ScalarNode) and len(texts := size_texts(node.text)) > 1 and not {*texts}.isdisjoint(UNKNOWN):
        places = ListNode(node.line, node.column)  # (None, None, 3)
        places.items += [ScalarNode(text, node.line, node.column) for text in texts]
        node = places
    if isinstance(node, ListNode):
        _refuse_unknown_batch(node)
        numbers = tuple(_read_size(item, key.text, context) for item in node.items)
        if 0 in numbers and len(numbers) <= MAX_RANK + 1:
            return Shape.of(numbers, context.layout)
    elif are_sizes(node.text):
        try:
            numbers = sizes(node, most=MAX_RANK + 2)
        except ExpressionError as error:
            raise ValueProblem(node, f"{key.text}: {error}", "input") from None
    else:
        numbers = (read_whole(node, key.text, context, 1),)
    if wrong := slip(numbers, context.layout, reader):
        if wrong.swapped:
            raise ValueProblem(node, wrong.message, "layout")
        raise ValueProblem(node, wrong.message, "input")
    if not 1 <= len(numbers) <= MAX_RANK + 1 or min(numbers) < 1:
        message = f"{key.text}: one to {MAX_RANK + 1} sizes of at least 1 are expected, as 3x224x224"
        raise ValueProblem(node, message, "input")
    return Shape.of(numbers, context.layout)


def _refuse_unknown_batch(node: ListNode) -> None:
    """Raise ValueProblem for `[null, 3, 224, 224]`: what is left open in front is the batch."""
    first, *others = [one_line(item) for item in node.items[: MAX_RANK + 2]] or [""]
    if first in UNKNOWN and others and not set(others) & {*UNKNOWN}:
        raise ValueProblem(node, batch_advice(f"[{', '.join(others)}]", ""), "input")


def _named_shape(node: MapNode, context: Context) -> Shape:
    if [*node.values] == ["L"]:  # ids, which have no channels
        return Shape(read_whole(node.values["L"], "L", context, 1))
    rank = RANKS.get(frozenset(node.values))
    if rank is None:
        raise ValueProblem(node, _odd_names(node), "input")
    size = {letter: _read_size(value, letter, context) for letter, value in node.values.items()}
    return Shape.of(tuple(size[letter] for letter in letters_of(rank)))


def _odd_names(node: MapNode) -> str:
    """The message about sizes with letters that no input has."""
    if node.values and all(isinstance(value, MapNode) for value in node.values.values()):
        return "these are several inputs; write 'inputs:' instead of 'input:'"
    batch = next((letter for letter in node.values if letter.lower() in BATCH), "")
    others = {letter: one_line(value) for letter, value in node.values.items() if letter != batch}
    if batch and frozenset(others) in RANKS:
        return batch_advice(in_braces(others), one_line(node.values[batch]))
    forms = "{C: 3, H: 224, W: 224}, {C: 1, L: 16000}, {C: 3, D: 16, H: 112, W: 112} or {C: 784}"
    return f"an input of {{{', '.join(node.values)}}} is not known; write {forms}"


def _override(text: str, spec: Spec, shapes: dict[str, Shape]) -> None:
    """Replace one input's shape, or one of its sizes."""
    match = re.fullmatch(_OVERRIDE, text.strip(), re.ASCII)
    if match is None:
        raise OverrideError(f"input {text}: write a shape as 3x224x224, or one size as H=160")
    name, axis = match["name"], match["axis"]
    if name is not None and name not in spec.inputs:
        known = ", ".join(spec.inputs) or "none"
        raise OverrideError(f"input {text}: there is no input '{name}'; it has {known}")
    try:
        numbers = sizes(ScalarNode(match["sizes"].strip(), 0, 0), most=MAX_RANK + 2)
    except ExpressionError as error:
        raise OverrideError(f"input {text}: {error}") from None
    if min(numbers) < 1:
        raise OverrideError(f"input {text}: a size is at least 1")
    if name is None and axis is None and len(spec.inputs) > 1:
        raise OverrideError(f"input {text}: the network has several inputs; write {next(iter(spec.inputs))}={text}")
    # An input that is wrong in the spec has no shape to replace; that is reported first.
    for target in [name] if name in shapes else list(shapes) if name is None else []:
        shapes[target] = _replaced(text, shapes[target], axis, numbers, spec.layout)


def _replaced(text: str, shape: Shape, axis: str | None, numbers: tuple[int, ...], layout: Layout) -> Shape:
    if axis is None:
        if len(numbers) == shape.rank + 2:
            raise OverrideError(f"input {text}: {batch_advice('x'.join(map(str, numbers[1:])), numbers[0])}")
        if len(numbers) != shape.rank + 1:
            sizes_ = f"{len(numbers)} given, but the spec's input {shape.text(layout)} has {shape.rank + 1} sizes"
            raise OverrideError(f"input {text}: {sizes_}; write all of them, or one as H={numbers[-1]}")
        given, swapped = (Shape.of(numbers, order) for order in (layout, OTHER_LAYOUT[layout]))
        if looks_swapped(given, layout) or given.channels != shape.channels == swapped.channels:
            raise OverrideError(f"input {text}: {swapped_message(numbers, layout)}")
        return given
    letters = letters_of(shape.rank)
    if axis not in letters or len(numbers) != 1:
        raise OverrideError(f"input {text}: the axes are {', '.join(letters)}, each with one size")
    named = dict(zip(letters, shape.sizes(), strict=True)) | {axis: numbers[0]}
    return Shape.of(tuple(named.values()))
