"""One line of words → Spec: `conv 96 11x11 /4, pool 3 /2`, for a calculation without a file.

oneliner := layer, layer, ...
layer    := kind value... short... name=value... norm... activation...
value    := in order, what the kind must be given (conv: filters kernel), else its first parameter (dropout: rate)
short    := /STRIDE | sSTRIDE | kKERNEL | pPADDING (p2, p1x2, p1+2 for before+after, psame, phalf) | dDILATION | gGROUPS
            | name value | no flag

Every word keeps its column, so that problems of the ordinary reader point into the line.
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.errors import OverrideError
from cnncalc.language.expressions import ExpressionError
from cnncalc.language.lines import UNIVERSAL, read_lines
from cnncalc.language.model import Line, Spec
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems, TooManyProblems, suggestion
from cnncalc.language.reader import read_nodes
from cnncalc.language.values import sizes
from cnncalc.layers.parameters import ACTIVATION, ACTIVATIONS, NORM, NORMS, PADDING_WORDS, Type
from cnncalc.network.inputs import RANKS
from cnncalc.network.plans import Planner
from cnncalc.network.slips import named_sizes, slip
from cnncalc.network.vocabulary import WORDS, Kind, kind_of, kind_words, resolved, spelled
from cnncalc.shapes import MAX_RANK, OTHER_LAYOUT, Layout, Shape

FILE = "LAYERS"
"""The name of the line in problems."""

SHORT_KINDS = {"pool": "maxpool"}
SHORT_PARAMETERS = {"/": "stride", "s": "stride", "k": "kernel", "p": "padding", "d": "dilation", "g": "groups"}


def read_oneliner(shape: str, layers: str, layout: Layout = "CHW") -> Spec:
    """The spec of an input's shape and a line of layers.

    Args:
        shape: as a spec writes it: `3x227x227`, `784`, `1x16000`.
        layers: the line.
        layout: the order of `shape`.

    Raises:
        OverrideError: `shape` is not a shape.
        SpecError: the line is wrong; problems of its shapes are left to `build_network`.
    """
    problems = Problems(FILE, layers)
    node = _named_sizes(shape)
    rank = (
        RANKS.get(frozenset(node.values), 0) if isinstance(node, MapNode) else _input_shape(shape, layers, layout).rank
    )
    try:
        spec = _spec(node, layers, layout, _lines(layers, rank, problems))
        if len(problems):
            Planner(spec, problems).plan_all(spec.layers)
    except TooManyProblems:
        raise problems.error() from None
    problems.raise_if_any()
    return spec


def _lines(text: str, rank: int, problems: Problems) -> tuple[Line, ...]:
    """The layers that can be understood, as lines of a spec."""
    lines = ListNode(0, 0)
    for words in _split(text, problems):
        before = len(problems)
        node = _layer_node(words, rank, problems)
        if len(problems) == before:
            lines.items.append(node)
    return read_lines(lines, problems)


def _spec(shape: Node, layers: str, layout: Layout, lines: tuple[Line, ...]) -> Spec:
    return Spec(
        file=FILE, text=layers, bundled=False, name="one-liner", source="", notes="", layout=layout,
        inputs={"input": (ScalarNode("input", 0, 0), shape)},
        variables={}, defaults={}, blocks={}, layers=lines, outputs=(), claims=(),
    )  # fmt: skip


def _named_sizes(text: str) -> Node:
    """The input as a spec has it: a mapping for `{C: 512, L: 10}`."""
    if not text.lstrip().startswith("{"):
        return ScalarNode(text, 0, 0)
    node = read_nodes(text, Problems(FILE, text))
    if not isinstance(node, MapNode) or (frozenset(node.values) not in RANKS and [*node.values] != ["L"]):
        raise OverrideError(f"input {text}: write 3x227x227, or names with sizes, as {{C: 512, L: 10}}, in quotes")
    return node


def _input_shape(text: str, layers: str, layout: Layout) -> Shape:
    try:
        numbers = sizes(ScalarNode(text.strip(), 0, 0), most=MAX_RANK + 2)
    except ExpressionError as error:
        raise OverrideError(f"input {text}: {error}; write 3x227x227, 1x16000 or 784") from None
    if wrong := slip(numbers, layout, resolved((layers.split() or [""])[0].rstrip(","))[0]):
        if wrong.swapped:
            other = OTHER_LAYOUT[layout]
            turned = Shape.of(numbers, other).text(layout)
            named = f", or '{named_sizes(Shape.of(numbers, layout))}'" if len(numbers) == 2 else ""
            raise OverrideError(f"input {text}: looks like {other}; write {turned}, or give --layout {other}{named}")
        raise OverrideError(f"input {text}: {wrong.message}")
    if min(numbers) < 1:
        raise OverrideError(f"input {text}: one to {MAX_RANK + 1} sizes of at least 1 are expected, as 3x227x227")
    return Shape.of(numbers, layout)


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


def _layer_node(words: list[ScalarNode], rank: int, problems: Problems) -> Node:
    """The layer as a line of `layers:`; a bare word if the kind is not known. The input has `rank` axes."""
    head, *rest = words
    canonical = SHORT_KINDS.get(head.text, head.text)
    if not kind_words([canonical]):
        return head
    kind, node = kind_of(canonical), MapNode(0, head.column)
    node.keys[canonical] = ScalarNode(canonical, 0, head.column)
    node.values[canonical] = ScalarNode("", 0, head.column)
    if kind.layer is None or any(operand.required for operand in kind.layer.operands.values()):
        message = f"'{head.text}' joins several layers, but a one-liner is a chain; write a spec for it"
        problems.add(head, message, "grammar")
        return node
    reader = _LayerWords(head.text, canonical, kind, node, rank, problems)
    for word in _joined(rest, kind):
        if not follower_of(word.text) and (word.text in WORDS or word.text in SHORT_KINDS):
            problems.add(word, f"'{word.text}' is a layer of its own; put a comma before it", "grammar")
            break
        reader.read(word)
    return node


def _joined(words: list[ScalarNode], kind: Kind) -> Iterator[ScalarNode]:
    """Words of which `stride 2` and `no bias`, as tables print them, are one: `stride=2`, `bias=false`."""
    left = iter(words)
    for word in left:
        is_no = word.text == "no"
        if is_no or (word.text in kind.spellings and not follower_of(word.text)):
            value = next(left, None)
            if value is None:
                yield word
                return
            text = f"{value.text}=false" if is_no else f"{word.text}={value.text}"
            yield ScalarNode(text, word.line, word.column)
        else:
            yield word


def follower_of(word: str) -> str:
    """`activation` or `norm` for a word of one; empty for any other."""
    parameters = {"activation": ACTIVATION, "norm": NORM}
    return next((name for name, one in parameters.items() if spelled(word, one) in one.words[1:]), "")


class _LayerWords:
    """Reads the words after a kind into the mapping."""

    def __init__(self, head: str, canonical: str, kind: Kind, node: MapNode, rank: int, problems: Problems) -> None:
        self._head = head
        self._canonical = canonical
        self._kind = kind
        self._node = node
        self._rank = rank
        self._note = problems.add
        self._values = list(_positions(kind))

    def read(self, word: ScalarNode) -> None:
        """Read one word."""
        name, equals, value = word.text.partition("=")
        if equals:
            self._give(word, name, value, word.column + len(name) + 1)
        elif short := _short_parameter(word.text):
            self._short(short, word)
        elif follower_of(word.text):
            self._follower(word)
        elif self._values and word.text not in (*self._kind.spellings, *PADDING_WORDS, *UNIVERSAL):
            self._value(word)
        else:
            self._note(word, self._meaningless(word.text), "grammar")

    def _value(self, word: ScalarNode) -> None:
        """A value without a name: the next that the kind takes."""
        name = self._values.pop(0)
        above, slash, below = word.text.partition("/")
        is_size = self._kind.parameters[name].type is Type.SIZE
        if slash and above.replace("x", "").isdigit() and below.isdigit() and is_size:
            message = f"'{word.text}' is one number; put a space before '/{below}' for a stride of {below}"
            self._note(word, message, "number")
        if name == self._kind.first:
            self._node.values[self._canonical] = self._parsed(word.text, word.column)
        else:
            self._give(word, name, word.text, word.column)

    def _short(self, name: str, word: ScalarNode) -> None:
        value, column = word.text[1:], word.column + 1
        if name not in self._kind.spellings:
            self._note(word, f"{self._head} has no {name}", "unknown-parameter")
        elif name == "padding" and "+" in value:
            self._give(word, name, value, column, self._pairs(value, column))
        else:
            self._give(word, name, value, column)

    def _follower(self, word: ScalarNode) -> None:
        name = follower_of(word.text)
        if name not in self._kind.followers:
            message = f"{self._head} takes no {name}; put a comma before '{word.text}' for a layer of its own"
            self._note(word, message, "unknown-parameter")
        elif name == "norm" and "activation" in self._node.keys:
            message = f"a norm comes before the activation; put '{word.text}' first, or a comma before it"
            self._note(word, message, "grammar")
        else:
            self._give(word, name, word.text, word.column)

    def _give(self, word: ScalarNode, name: str, text: str, column: int, node: Node | None = None) -> None:
        """Add a parameter with its value."""
        if name in self._node.keys:
            self._note(word, f"{self._head}: {name} is given twice", "duplicate-key")
            return
        self._node.keys[name] = ScalarNode(name, 0, word.column)
        self._node.values[name] = node or self._parsed(text, column)

    def _parsed(self, text: str, column: int) -> Node:
        """A value as a spec has it; lists are read as YAML, after spaces that keep the columns."""
        if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
            text, column = text[1:-1], column + 1
        scalar = ScalarNode(text, 0, column)
        if text[:1] not in ("[", "{"):
            return scalar
        found = Problems("", text)
        node = read_nodes(" " * column + text, found)
        if node is None or len(found):
            self._note(scalar, f"'{text}' is not a list; write it as [[0, 1], [0, 1]]", "grammar")
        return node or scalar

    def _pairs(self, text: str, column: int) -> ListNode:
        """`1+2` → [[1, 2], ...] for each axis of the input; `1+2x0+1` → [[1, 2], [0, 1]]."""
        pairs = ListNode(0, column)
        for part in text.split("x"):
            before, plus, after = part.partition("+")
            first = ScalarNode(before, 0, column)
            pair = ListNode(0, column)
            pair.items += [first, ScalarNode(after, 0, column + len(before) + 1) if plus else first]
            pairs.items.append(pair)
            column += len(part) + 1
        if len(pairs.items) == 1:
            pairs.items *= max(self._rank, 1)
        return pairs

    def _meaningless(self, text: str) -> str:
        """The hint about a word that has no meaning here."""
        kind, taken = self._kind, _positions(self._kind)
        if text in PADDING_WORDS and "padding" in kind.spellings:
            return f"'{text}' alone has no meaning here; write p{text}"
        if text in kind.spellings or text in UNIVERSAL:
            short = next((f"{sign}VALUE or " for sign, name in SHORT_PARAMETERS.items() if name == text), "")
            return f"'{text}' needs a value: write {short}{text}=VALUE"
        if text[:1].isdigit():
            names = f"{len(taken)} (" + ", ".join(taken) + ")" if taken else "none"
            stride = f"; the stride is written /{text}" if "stride" in kind.spellings else ""
            if kind.word in ("conv", "deconv") and self._head != kind.word:
                stride += ", and what enters, PyTorch's first number, is left out"
            return f"'{text}' is one value too many: {self._head} takes {names}{stride}"
        followers = (*NORMS, *ACTIVATIONS) if kind.followers else ()
        hint = suggestion(text, (*followers, *kind.spellings)) or "; a parameter is written name=value"
        return f"'{text}' has no meaning here{hint}"


def _positions(kind: Kind) -> tuple[str, ...]:
    """The parameters that a kind takes without their names: the required ones, else the first."""
    if kind.required or not kind.first or kind.parameters[kind.first].type is Type.FLAG:
        return kind.required
    return (kind.first,)


def _short_parameter(text: str) -> str:
    """The parameter that a short form gives: `stride` for `/4`; empty if it is none."""
    sign, value = text[:1], text[1:]
    if sign == "/":
        return "stride"
    if value[:1].isdigit() or (sign == "p" and value in PADDING_WORDS):
        return SHORT_PARAMETERS.get(sign, "")
    return ""
