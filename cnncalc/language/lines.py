"""Lists of layers → lines: the universal keys are taken out, the rest is left for `network`."""

from __future__ import annotations

from cnncalc.figures import ON_LINES
from cnncalc.language.claims import read_claims
from cnncalc.language.expressions import FUNCTIONS, is_name
from cnncalc.language.model import ATTRIBUTES, USAGE, Claim, Line
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems

ONE_VALUE = {
    "name": "a name is expected",
    "from": "the name of a layer is expected",
    "weights": "the name of a line above is expected, whose weights are used again",
    "repeat": "a whole number is expected",
    "shared": "true or false is expected",
    "frozen": "true or false is expected",
}
"""The keys of any line with a single value, and the message if they have another one."""

UNIVERSAL = (*USAGE, *ON_LINES)
"""The keys that every layer line may have."""

MAX_NAME = 100

_PLAIN = str.maketrans("-", "_")
_QUOTED = str.maketrans("-/.", "___")
"""Signs of names besides letters, digits and _: in quotes also the / and . of other programs' names."""

RESERVED = ("input", "prev", "in", *FUNCTIONS, "true", "false", "none")
"""Words that mean something else wherever a name could be."""


def read_lines(node: Node, problems: Problems) -> tuple[Line, ...]:
    """The lines of a list of layers."""
    if not isinstance(node, ListNode):
        problems.add(node, "a list of layers is expected, each after a '- '", "grammar")
        return ()
    lines = []
    for item in node.items:
        if type(item) is MapNode and item.values:
            lines.append(_mapping_line(item, problems))
        elif type(item) is ScalarNode and 0 < len(item.text) <= MAX_NAME:
            lines.append(Line({item.text: item}, {item.text: None}, item.line, item.column))
        else:
            message = "a layer is expected here, as 'relu' or '{conv: 8, kernel: 3}', not"
            problems.add(item, f"{message} {_found(item)}", "grammar")
    return tuple(lines)


def _found(item: Node) -> str:
    """The words for a node that is in place of a layer."""
    if isinstance(item, ScalarNode):
        return f"{len(item.text):,} characters" if item.text else "nothing"
    return "a list" if isinstance(item, ListNode) else "{}"


def _mapping_line(item: MapNode, problems: Problems) -> Line:
    values = item.values
    if values.keys().isdisjoint(UNIVERSAL):
        return Line(item.keys, values, item.line, item.column)
    line = Line(item.keys, {k: v for k, v in values.items() if k not in UNIVERSAL}, item.line, item.column)
    for word, expected in ONE_VALUE.items():
        if word in values:
            setattr(line, ATTRIBUTES.get(word, word), _scalar(item, word, expected, problems))
    if line.name is not None and not check_layer_name(line.name, problems):
        line.name = None
    first = values.get("first")
    if isinstance(first, MapNode):
        line.first = first
    elif first is not None:
        problems.add(first, "first: needs parameters for the first copy, as {stride: 2}", "grammar")
    claims: list[Claim] = []
    for figure in ON_LINES:
        if figure in values:
            claims += read_claims(item.keys[figure], values[figure], "", problems)
    line.claims = tuple(claims)
    line.claimed = {figure: values[figure] for figure in ON_LINES if figure in values}
    return line


def _scalar(item: MapNode, word: str, expected: str, problems: Problems) -> ScalarNode | None:
    node = item.values[word]
    if isinstance(node, ScalarNode) and node.text:
        return node
    problems.add(node, f"{word}: {expected}", "grammar")
    return None


def check_layer_name(name: ScalarNode, problems: Problems) -> bool:
    """Whether `name` can name a layer; if not, that is noted."""
    before = len(problems)
    if len(name.text) > MAX_NAME:
        problems.add(name, f"a name of {len(name.text):,} characters; {MAX_NAME} are allowed", "name")
    elif name.text in RESERVED:
        problems.add(name, f"'{name.text}' has a meaning of its own; take another name", "name")
    elif not is_name("_" + name.text.translate(_QUOTED if name.quote else _PLAIN)) or name.text.isdigit():
        message = f"'{name.text}' cannot be a name: letters, digits, _ and - are allowed, but not digits alone" + (
            "; in quotes also / and ." if {"/", "."} & {*name.text} else ""
        )
        problems.add(name, message, "name")
    return len(problems) == before
