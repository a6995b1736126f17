"""One line of words → Spec: `conv 96 11x11 /4, pool 3 /2`, for a calculation without a file.

oneliner := layer, layer, ...      (layer: see layer_words.py)

Every word keeps its column, so that what the ordinary reader finds wrong points into the line.
"""

from __future__ import annotations

from cnncalc.errors import OverrideError
from cnncalc.language.expressions import ExpressionError
from cnncalc.language.lines import read_lines
from cnncalc.language.model import Line, Spec
from cnncalc.language.nodes import ListNode, ScalarNode
from cnncalc.language.problems import Problems, TooManyProblems
from cnncalc.language.values import sizes
from cnncalc.network.inputs import looks_swapped
from cnncalc.network.layer_words import layer_node
from cnncalc.network.plans import Planner
from cnncalc.shapes import MAX_RANK, OTHER_LAYOUT, Layout, Shape

FILE = "LAYERS"
"""What problems call the line."""


def read_oneliner(shape: str, layers: str, layout: Layout = "CHW") -> Spec:
    """The spec that an input's shape and a line of layers say.

    Args:
        shape: as a spec writes it: `3x227x227`, `784`, `1x16000`.
        layers: the line.
        layout: the order of `shape`.

    Raises:
        OverrideError: `shape` is no shape.
        SpecError: the line is wrong; what is wrong with its shapes is left to `build_network`.
    """
    rank = _input_shape(shape, layout).rank
    problems = Problems(FILE, layers)
    try:
        spec = _spec(shape, layers, layout, _lines(layers, rank, problems))
        if len(problems):
            Planner(spec, problems).plan_all(spec.layers)
    except TooManyProblems:
        raise problems.error() from None
    problems.raise_if_any()
    return spec


def _lines(text: str, rank: int, problems: Problems) -> tuple[Line, ...]:
    """The layers that can be made sense of, as lines of a spec."""
    lines = ListNode(0, 0)
    for words in _split(text, problems):
        before = len(problems)
        node = layer_node(words, rank, problems)
        if len(problems) == before:
            lines.items.append(node)
    return read_lines(lines, problems)


def _spec(shape: str, layers: str, layout: Layout, lines: tuple[Line, ...]) -> Spec:
    return Spec(
        file=FILE, text=layers, bundled=False, name="one-liner", source="", notes="", layout=layout,
        inputs={"input": (ScalarNode("input", 0, 0), ScalarNode(shape, 0, 0))},
        variables={}, defaults={}, blocks={}, layers=lines, outputs=(), claims=(),
    )  # fmt: skip


def _input_shape(text: str, layout: Layout) -> Shape:
    try:
        numbers = sizes(ScalarNode(text, 0, 0))
    except ExpressionError as error:
        raise OverrideError(f"input {text}: {error}; write 3x227x227, 1x16000 or 784") from None
    if min(numbers) < 1 or len(numbers) > MAX_RANK + 1:
        raise OverrideError(f"input {text}: one to {MAX_RANK + 1} sizes of at least 1 are expected, as 3x227x227")
    shape = Shape.of(numbers, layout)
    if looks_swapped(shape, layout):
        other = OTHER_LAYOUT[layout]
        turned = Shape.of(numbers, other).text(layout)
        raise OverrideError(f"input {text}: looks like {other}; write {turned}, or give --layout {other}")
    return shape


def _split(text: str, problems: Problems) -> list[list[ScalarNode]]:
    """The words of each layer: split at commas and at spaces, but not inside brackets."""
    layers: list[list[ScalarNode]] = [[]]
    word = ""
    opened: list[int] = []
    for column, character in enumerate(f"{text},"):
        last = column == len(text)
        if opened and last:
            problems.add(ScalarNode(text[opened[0]], 0, opened[0]), "this bracket is not closed", "grammar")
            layers.pop()
            break
        if character in "([{" and not last:
            opened.append(column)
        elif character in ")]}" and opened:
            opened.pop()
        if opened or not (character.isspace() or character == ","):
            word += character
            continue
        if word:
            layers[-1].append(ScalarNode(word, 0, column - len(word)))
            word = ""
        if character == ",":
            if not layers[-1]:
                message = "a layer is expected here, as 'conv 8 3x3' or 'relu', but there is nothing"
                problems.add(ScalarNode("", 0, min(column, max(len(text) - 1, 0))), message, "grammar")
            layers.append([])
    return [words for words in layers if words]
