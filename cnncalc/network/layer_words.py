"""The words of one layer in a one-liner → the mapping that a spec would have: `conv 96 11x11 /4 relu`.

layer    := kind value... short... name=value... norm... activation...
value    := in order, what the kind must be given (conv: filters kernel), else its first parameter (dropout: rate)
short    := /STRIDE | pPADDING (p2, p1x2, p1+2 for before+after, psame, phalf) | dDILATION | gGROUPS
"""

from __future__ import annotations

from cnncalc.language.lines import UNIVERSAL
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems, suggestion
from cnncalc.language.reader import read_nodes
from cnncalc.layers.parameters import ACTIVATIONS, NORMS, PADDING_WORDS, Type
from cnncalc.network.vocabulary import WORDS, Kind, kind_of

SHORT_KINDS = {"pool": "maxpool"}
SHORT_PARAMETERS = {"/": "stride", "p": "padding", "d": "dilation", "g": "groups"}


class LayerWords:
    """Reads the words of one layer into the mapping that a spec would have.

    Args:
        words: kind first; columns count from 0.
        rank: the number of axes of the network's input.
        problems: notes what is wrong.
    """

    def __init__(self, words: list[ScalarNode], rank: int, problems: Problems) -> None:
        self._word, *self._rest = words
        self._rank = rank
        self._problems = problems
        self._mapping = MapNode(0, self._word.column)
        self._values: list[str] = []

    def node(self) -> Node:
        """The layer as a line of `layers:`; a bare word where the kind is not known."""
        canonical = SHORT_KINDS.get(self._word.text, self._word.text)
        if canonical not in WORDS:
            return self._word
        kind = kind_of(canonical)
        self._mapping.keys[canonical] = ScalarNode(canonical, 0, self._word.column)
        self._mapping.values[canonical] = ScalarNode("", 0, self._word.column)
        if kind.layer is None or kind.layer.operands:
            message = f"'{self._word.text}' joins several layers, but a one-liner is a chain; write a spec for it"
            self._note(self._word, message, "grammar")
            return self._mapping
        self._values += positions(kind)
        for word in self._rest:
            if word.text not in (*ACTIVATIONS, *NORMS) and (word.text in WORDS or word.text in SHORT_KINDS):
                self._note(word, f"'{word.text}' is a layer of its own; put a comma before it", "grammar")
                break
            self._read(kind, canonical, word)
        return self._mapping

    def _read(self, kind: Kind, canonical: str, word: ScalarNode) -> None:
        """Read one word behind the kind."""
        name, equals, value = word.text.partition("=")
        if equals:
            self._give(word, name, value, word.column + len(name) + 1)
        elif short := short_parameter(word.text):
            self._short(kind, short, word)
        elif word.text in (*ACTIVATIONS, *NORMS):
            self._follower(kind, word)
        elif self._values and not self._is_misplaced(kind, word):
            self._value(kind, canonical, word)
        else:
            self._note(word, self._meaningless(kind, word.text), "grammar")

    def _value(self, kind: Kind, canonical: str, word: ScalarNode) -> None:
        """A value without a name: the next that the kind takes."""
        name = self._values.pop(0)
        above, slash, below = word.text.partition("/")
        if slash and above.replace("x", "").isdigit() and below.isdigit() and kind.parameters[name].type is Type.SIZE:
            message = f"'{word.text}' is one number; put a space before '/{below}' for a stride of {below}"
            self._note(word, message, "number")
        if name == kind.first:
            self._mapping.values[canonical] = self._parse(word.text, word.column)
        else:
            self._give(word, name, word.text, word.column)

    def _short(self, kind: Kind, name: str, word: ScalarNode) -> None:
        value = word.text[1:]
        if name not in kind.spellings:
            self._note(word, f"{self._word.text} has no {name}", "unknown-parameter")
        elif name == "padding" and "+" in value:
            self._give(word, name, value, word.column + 1, self._pairs(value, word.column + 1))
        else:
            self._give(word, name, value, word.column + 1)

    def _follower(self, kind: Kind, word: ScalarNode) -> None:
        name = "activation" if word.text in ACTIVATIONS else "norm"
        if name not in kind.followers:
            message = f"{self._word.text} takes no {name}; put a comma before '{word.text}' for a layer of its own"
            self._note(word, message, "unknown-parameter")
        elif name == "norm" and "activation" in self._mapping.keys:
            message = f"a norm comes before the activation; put '{word.text}' first, or a comma before it"
            self._note(word, message, "grammar")
        else:
            self._give(word, name, word.text, word.column)

    def _give(self, word: ScalarNode, name: str, text: str, column: int, node: Node | None = None) -> None:
        """Add a parameter with its value."""
        if name in self._mapping.keys:
            self._note(word, f"{self._word.text}: {name} is given twice", "duplicate-key")
            return
        self._mapping.keys[name] = ScalarNode(name, 0, word.column)
        self._mapping.values[name] = node or self._parse(text, column)

    def _parse(self, text: str, column: int) -> Node:
        """A value as a spec has it; lists are read as YAML, behind spaces that keep the columns."""
        if text[:1] not in ("[", "{"):
            return ScalarNode(text, 0, column)
        found = Problems("", text)
        node = read_nodes(" " * column + text, found)
        if node is None or len(found):
            message = f"'{text}' is not a list; write it as [[0, 1], [0, 1]]"
            self._note(ScalarNode(text, 0, column), message, "grammar")
        return node or ScalarNode(text, 0, column)

    def _pairs(self, text: str, column: int) -> ListNode:
        """`1+2` → [[1, 2], ...] for each axis of the input; `1+2x0+1` → [[1, 2], [0, 1]]."""
        pairs = ListNode(0, column)
        for part in text.split("x"):
            pair = ListNode(0, column)
            before, plus, after = part.partition("+")
            behind = column + len(before) + len(plus)
            pair.items += [
                ScalarNode(before, 0, column),
                ScalarNode(after if plus else before, 0, behind if plus else column),
            ]
            pairs.items.append(pair)
            column += len(part) + 1
        return pairs if len(pairs.items) > 1 else self._on_every_axis(pairs)

    def _on_every_axis(self, pairs: ListNode) -> ListNode:
        pairs.items *= max(self._rank, 1)
        return pairs

    def _is_misplaced(self, kind: Kind, word: ScalarNode) -> bool:
        """Whether a word is more likely a parameter's name or a padding than a value."""
        return word.text in kind.spellings or word.text in PADDING_WORDS or word.text in UNIVERSAL

    def _meaningless(self, kind: Kind, text: str) -> str:
        """What to say about a word that is nothing that can stand here."""
        if text in PADDING_WORDS and "padding" in kind.spellings:
            return f"'{text}' alone has no meaning here; write p{text}"
        if text in kind.spellings or text in UNIVERSAL:
            short = next((f"{sign}VALUE or " for sign, name in SHORT_PARAMETERS.items() if name == text), "")
            return f"'{text}' needs a value: write {short}{text}=VALUE"
        taken = positions(kind)
        if text[:1].isdigit():
            names = f"{len(taken)} (" + ", ".join(taken) + ")" if taken else "none"
            stride = f"; the stride is written /{text}" if "stride" in kind.spellings else ""
            return f"'{text}' is one value too many: {self._word.text} takes {names}{stride}"
        if text[:1] == "s" and text[1:].isdigit() and "stride" in kind.spellings:
            return f"'{text}' has no meaning here; the stride is written /{text[1:]}"
        followers = (*NORMS, *ACTIVATIONS) if kind.followers else ()
        hint = suggestion(text, (*followers, *kind.spellings)) or "; a parameter is written name=value"
        return f"'{text}' has no meaning here{hint}"

    def _note(self, at: ScalarNode, message: str, rule: str) -> None:
        self._problems.add(at, message, rule)


def positions(kind: Kind) -> tuple[str, ...]:
    """The parameters that a kind takes without their names: the required ones, else the first."""
    if kind.required or not kind.first or kind.parameters[kind.first].type is Type.FLAG:
        return kind.required
    return (kind.first,)


def short_parameter(text: str) -> str:
    """The parameter that a short form gives: `stride` for `/4`; empty where it is none."""
    sign, value = text[:1], text[1:]
    if sign == "/":
        return "stride"
    if value[:1].isdigit() or (sign == "p" and value in PADDING_WORDS):
        return SHORT_PARAMETERS.get(sign, "")
    return ""
