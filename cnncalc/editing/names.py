"""The places of each name of a spec: blocks and their parameters, variables, layers and inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from cnncalc.language.lines import UNIVERSAL
from cnncalc.language.model import Block, Spec
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode, entries
from cnncalc.language.tree import Tree
from cnncalc.layers.parameters import Type
from cnncalc.network.vocabulary import kind_of, kind_words

Sort = Literal["block", "parameter", "variable", "layer", "input"]

WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)

REFERRING = (Type.INPUTS, Type.LAYER, Type.TARGET)
"""The types of parameters whose values name layers."""

HOLDING = (Type.LAYERS, Type.PATHS, Type.SHORTCUT)
"""The types of parameters whose values are lists of layers."""


class Occurrence(NamedTuple):
    """One place of a name.

    Attributes:
        sort: what it names.
        start, stop: the part of the tree's text that it takes.
        defined: the place of the definition that it refers to; in the definition that is `start`.
    """

    sort: Sort
    start: int
    stop: int
    defined: int

    @property
    def is_definition(self) -> bool:
        """Whether the name is defined here."""
        return self.start == self.defined


class Visible(NamedTuple):
    """The meanings of names at one place, each with the offset of its definition.

    Attributes:
        numbers: variables, and the parameters of the block around, which hide them.
        layers: of each body around the place, outermost first, the names above it.
    """

    numbers: Mapping[str, tuple[Sort, int]]
    layers: tuple[dict[str, tuple[Sort, int]], ...]

    def layer(self, name: str) -> tuple[Sort, int] | None:
        """The layer that a name refers to; None if there is none above."""
        return next((body[name] for body in reversed(self.layers) if name in body), None)

    def inner(self) -> Visible:
        """The names that the lines inside of a composite see."""
        return self._replace(layers=(*self.layers, {}))


def occurrences(tree: Tree, spec: Spec) -> list[Occurrence]:
    """Every name of a spec that is defined in it, in the order of the text."""
    return sorted(set(_NameFinder(tree, spec).all()), key=lambda one: one.start)


def same_name(found: list[Occurrence], offset: int) -> list[Occurrence]:
    """All places of the name at an offset; none if there is no name."""
    here = next((one for one in found if one.start <= offset <= one.stop), None)
    return [one for one in found if here is not None and one.defined == here.defined]


class _NameFinder:
    def __init__(self, tree: Tree, spec: Spec) -> None:
        self._tree = tree
        self._blocks = spec.blocks
        self._blocks_by_key = {block.at.text: block for block in spec.blocks.values()}
        self._defined: dict[str, int] = {}
        self._parameters: dict[str, dict[str, int]] = {}

    def all(self) -> Iterator[Occurrence]:
        """Every name, as often as it is met."""
        values = self._tree.root.values
        variables: dict[str, tuple[Sort, int]] = {}
        for key, node in self._pairs("vars"):
            variables[key.text] = "variable", self._word_start(key)
            yield self._definition("variable", key)
            yield from self._numbers(node, Visible(variables, ()))
        for key, _ in self._pairs("blocks"):
            if (block := self._blocks_by_key.get(key.text)) is not None:
                self._defined[block.name] = self._word_start(key)
                self._parameters[block.name] = self._signature(key, block)
        inputs: dict[str, tuple[Sort, int]] = {}
        for key, _ in self._pairs("inputs"):
            inputs[key.text] = "input", self._word_start(key)
            yield self._definition("input", key)
        top = Visible(variables, (inputs,))
        for word in ("input", "inputs", "defaults"):
            if word in values:
                yield from self._numbers(values[word], top)
        for key, body in self._pairs("blocks"):
            yield from self._block(key, body, top)
        if "layers" in values:
            yield from self._lines(values["layers"], top)
        yield from self._after(top)

    def _pairs(self, word: str) -> Iterator[tuple[ScalarNode, Node]]:
        node = self._tree.root.values.get(word)
        for key, value in entries(node) if isinstance(node, MapNode) else ():
            if key is not None:
                yield key, value

    def _word_start(self, node: ScalarNode) -> int:
        """The start of a word, after its quote."""
        return self._tree.start(node) + node.quote

    def _definition(self, sort: Sort, node: ScalarNode) -> Occurrence:
        start = self._word_start(node)
        return Occurrence(sort, start, start + len(node.text), start)

    def _use(self, node: ScalarNode, known: tuple[Sort, int]) -> Occurrence:
        start = self._word_start(node)
        return Occurrence(known[0], start, start + len(node.text), known[1])

    def _block(self, key: ScalarNode, body: Node, top: Visible) -> Iterator[Occurrence]:
        """A block: its signature, with the parameters and what their defaults name, and its lines."""
        block = self._blocks_by_key.get(key.text)
        if block is None:
            return
        start, own = self._word_start(key), self._parameters[block.name]
        numbers: dict[str, tuple[Sort, int]] = {**top.numbers}
        numbers |= {name: ("parameter", at) for name, at in own.items()}
        yield Occurrence("block", start, start + len(block.name), start)
        for word in WORD.finditer(key.text, len(block.name)):
            if word[0] in numbers:
                sort, defined = numbers[word[0]]
                yield Occurrence(sort, start + word.start(), start + word.end(), defined)
        yield from self._lines(body, Visible(numbers, (top.layers[0], {})))

    def _signature(self, key: ScalarNode, block: Block) -> dict[str, int]:
        """The place of each parameter in a block's signature: after a bracket or a comma, before its default."""
        found: dict[str, int] = {}
        for word in WORD.finditer(key.text, len(block.name)):
            if word[0] in block.parameters and key.text[: word.start()].rstrip()[-1] in "(,":
                found.setdefault(word[0], self._word_start(key) + word.start())
        return found

    def _lines(self, node: Node, visible: Visible) -> Iterator[Occurrence]:
        """The lines of a list, each of which sees the names of those above."""
        for item in node.items if isinstance(node, ListNode) else ():
            if isinstance(item, ScalarNode) and item.text in self._defined:
                yield self._use(item, ("block", self._defined[item.text]))
            elif isinstance(item, MapNode):
                yield from self._line(item, visible)
                name = item.values.get("name")
                if isinstance(name, ScalarNode) and name.text:
                    yield self._definition("layer", name)
                    visible.layers[-1][name.text] = "layer", self._word_start(name)

    def _line(self, line: MapNode, visible: Visible) -> Iterator[Occurrence]:
        word = next(iter(kind_words(line.values, self._blocks)), "")
        for text, value in line.values.items():
            if text in self._defined:
                yield self._use(line.keys[text], ("block", self._defined[text]))
            if text == "name":
                continue
            if word in self._blocks:
                yield from self._given(line, text, value, word)
            if text in ("from", "weights") or word in self._blocks and text not in UNIVERSAL:
                yield from self._references(value, visible)
            elif text in UNIVERSAL or not word:
                yield from self._numbers(value, visible)
            else:
                yield from self._setting(word, text, value, visible)

    def _given(self, line: MapNode, text: str, value: Node, block: str) -> Iterator[Occurrence]:
        """The parameters of a block that a line gives: beside it, after it, or for the first copy."""
        parameters = self._parameters[block]
        inside = value.keys if text in (block, "first") and isinstance(value, MapNode) else {}
        keys = inside.values() if inside else [line.keys[text]]
        yield from (self._use(key, ("parameter", parameters[key.text])) for key in keys if key.text in parameters)

    def _setting(self, word: str, text: str, value: Node, visible: Visible) -> Iterator[Occurrence]:
        """The names in the value of a key of a kind's line."""
        kind = kind_of(word)
        if text == word and isinstance(value, MapNode) and kind.first:
            for inner, setting in value.values.items():
                yield from self._typed(kind.named(inner) or "", word, setting, visible)
        else:
            yield from self._typed(kind.first if text == word else kind.named(text) or "", word, value, visible)

    def _typed(self, name: str, word: str, value: Node, visible: Visible) -> Iterator[Occurrence]:
        kind = kind_of(word)
        type_ = kind.parameters[name].type if name in kind.parameters else None
        if type_ in HOLDING and isinstance(value, ListNode):
            for body in value.items if type_ is Type.PATHS else (value,):
                yield from self._lines(body, visible.inner())
        elif type_ in REFERRING or (kind.layer is not None and kind.layer.copies):
            yield from self._references(value, visible)
        else:
            yield from self._numbers(value, visible)

    def _references(self, node: Node, visible: Visible) -> Iterator[Occurrence]:
        """Names of layers, or of the parameter that carries one; what is not a name may be a number."""
        for scalar in _scalars(node):
            number = visible.numbers.get(scalar.text)
            known = visible.layer(scalar.text)
            if known is not None and (number is None or number[0] != "parameter"):
                yield self._use(scalar, known)
            else:
                yield from self._numbers(scalar, visible)

    def _numbers(self, node: Node, visible: Visible) -> Iterator[Occurrence]:
        """The variables and parameters in values."""
        for scalar in _scalars(node):
            start = self._word_start(scalar)
            for word in WORD.finditer(scalar.text):
                if word[0] in visible.numbers:
                    sort, defined = visible.numbers[word[0]]
                    yield Occurrence(sort, start + word.start(), start + word.end(), defined)

    def _after(self, top: Visible) -> Iterator[Occurrence]:
        """The layers that `outputs:` and `expect:` name."""
        outputs, expect = (self._tree.root.values.get(word) for word in ("outputs", "expect"))
        if outputs is not None:
            yield from self._references(outputs, top)
        layers = expect.values.get("layers") if isinstance(expect, MapNode) else None
        for key in layers.keys.values() if isinstance(layers, MapNode) else ():
            name = re.split(r"[/.]", key.text)[0]
            known = top.layer(key.text) or top.layer(name)
            if known is not None:
                length = len(key.text) if top.layer(key.text) else len(name)
                start = self._word_start(key)
                yield Occurrence(known[0], start, start + length, known[1])


def _scalars(node: Node) -> Iterator[ScalarNode]:
    """The words of a value, without keys."""
    if isinstance(node, ScalarNode):
        yield node
    else:
        for _, value in entries(node):
            yield from _scalars(value)
