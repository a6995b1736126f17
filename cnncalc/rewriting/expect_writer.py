"""Where in a text the figures of an `expect:` go, and in which form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile

from cnncalc.analysis.claim_wording import Amount, amount_text
from cnncalc.errors import RewritingError
from cnncalc.language.comments import end_of_line
from cnncalc.language.nodes import MapNode, Node, ScalarNode, in_braces
from cnncalc.language.tree import Tree
from cnncalc.rewriting.edits import Edits
from cnncalc.rewriting.frozen import Figures, Frozen, expect_block, layer_lines

_NEW_LINE = "\n"


class ExpectWriter:
    """Notes the changes that put figures into a text.

    Args:
        file: the name for messages.
        tree: of the text.
        edits: takes the changes.
        wrong: layer and figure of the claims to replace.
    """

    def __init__(self, file: str, tree: Tree, edits: Edits, wrong: set[tuple[str, str]]) -> None:
        self._file = file
        self._tree = tree
        self._edits = edits
        self._wrong = wrong
        first = next(iter(tree.root.keys.values()))
        is_json = not tree.is_block(tree.root) and tree.written(first)[:1] == '"'
        self._quote = '"' if is_json else ""

    def append(self, frozen: Frozen) -> None:
        """Add the `expect:` that is missing, as the last key."""
        root, text = self._tree.root, self._tree.text
        if not self._tree.is_block(root):
            written = f"{self._quote}expect{self._quote}: {self._whole(frozen)}"
            self._add_after(root, [*root.values.values()][-1], written)
            return
        mark = re.compile(r"^\.\.\.", re.MULTILINE).search(text, self._tree.stop(root))
        at = mark.start() if mark else len(text)
        indent = self._indent(root)
        block = "".join(f"{indent}{line}\n" for line in expect_block(frozen).splitlines())
        self._edits.insert(at, block if text[:at].endswith("\n") else f"\n{block}")

    def complete(self, frozen: Frozen) -> None:
        """Add to the `expect:` what it does not claim yet, and replace what is wrong."""
        tree, expect = self._tree, self._tree.root.values["expect"]
        assert isinstance(expect, MapNode)
        layers = expect.values.get("layers")
        if layers is None and frozen.layers and not tree.is_block(expect) and tree.is_block(tree.root):
            self._unfold(expect, frozen)
            return
        self._figures(expect, "", frozen.network)
        if isinstance(layers, MapNode):
            self._layers(layers, frozen.layers)
        elif frozen.layers:
            is_block, indent = tree.is_block(expect), self._indent(expect)
            value = _below(frozen.layers, indent) if is_block else self._layers_in_braces(frozen.layers)
            self._add(expect, [*frozen.network, "layers"], {"layers": value})

    def replace_claim(self, at: ScalarNode, amount: Amount) -> None:
        """Put an amount in place of a claim, wherever that stands."""
        self._replace(self._tree.value_at(at.line, at.column), amount)

    def _replace(self, value: Node, amount: Amount) -> None:
        self._edits.replace(self._tree.start(value), self._tree.stop(value), self._value(amount))

    def _figures(self, node: MapNode, layer: str, figures: Figures) -> None:
        """The figures of the network, or of one layer."""
        for figure, value in node.values.items():
            if (layer, figure) in self._wrong:
                self._replace(value, figures[figure])
        new = {name: self._value(amount) for name, amount in figures.items() if name not in node.values}
        self._add(node, [*figures], new)

    def _layers(self, node: MapNode, layers: Mapping[str, Figures]) -> None:
        for path, claimed in node.values.items():
            if path in layers and isinstance(claimed, MapNode):
                self._figures(claimed, path, layers[path])
        new = {path: self._mapping(figures) for path, figures in layers.items() if path not in node.values}
        self._add(node, [*layers], new)

    def _add(self, node: MapNode, order: list[str], new: Mapping[str, str]) -> None:
        """Add keys with their values, each after the one that is there and comes before it in `order`."""
        anchors = _anchors(node, order)
        for key, value in new.items():
            written = f"{self._quote}{key}{self._quote}:{'' if value.startswith(_NEW_LINE) else ' '}{value}"
            if (anchor := anchors[key]) is not None:
                self._add_after(node, anchor, written)
            elif node.keys:
                between = f"\n{self._indent(node)}" if self._tree.is_block(node) else ", "
                self._edits.insert(self._tree.start(next(iter(node.keys.values()))), f"{written}{between}")
            else:
                at = self._tree.start(node) + 1
                self._edits.insert(at, written if key == next(iter(new)) else f", {written}")

    def _add_after(self, node: MapNode, anchor: Node, written: str) -> None:
        at = self._tree.stop(anchor)
        if self._tree.is_block(node):
            self._edits.insert(end_of_line(self._tree, at), f"\n{self._indent(node)}{written}")
        else:
            self._edits.insert(at, f", {written}")

    def _unfold(self, expect: MapNode, frozen: Frozen) -> None:
        """Write an `expect:` in brackets with a figure on each line, so that layers find room."""
        tree, key = self._tree, self._tree.root.keys["expect"]
        if not tree.is_one_line(expect):
            message = "expect: is in brackets over several lines; write it without brackets to freeze layers"
            raise RewritingError(f"{self._file}: {message}")
        indent = " " * (tree.column(tree.start(key)) + 2)
        # A claim stays as it is written, if it is not to be replaced.
        said = {name: tree.written(value) for name, value in expect.values.items() if ("", name) not in self._wrong}
        today = {figure: amount_text(amount) for figure, amount in frozen.network.items()}
        texts = dict.fromkeys(expect.values, "") | today | said
        below = "".join(f"\n{indent}{name}: {text}" for name, text in texts.items())
        end = end_of_line(tree, tree.stop(expect))
        comment = tree.text[tree.stop(expect) : end]
        layers = f"\n{indent}layers:{_below(frozen.layers, indent)}"
        self._edits.replace(tree.stop(key), end, f":{comment}{below}{layers}")

    def _whole(self, frozen: Frozen) -> str:
        """All figures in brackets."""
        texts = {figure: self._value(amount) for figure, amount in frozen.network.items()}
        return in_braces(
            texts | ({"layers": self._layers_in_braces(frozen.layers)} if frozen.layers else {}), self._quote
        )

    def _layers_in_braces(self, layers: Mapping[str, Figures]) -> str:
        return in_braces({path: self._mapping(figures) for path, figures in layers.items()}, self._quote)

    def _mapping(self, figures: Figures) -> str:
        return in_braces({name: self._value(amount) for name, amount in figures.items()}, self._quote)

    def _value(self, amount: Amount) -> str:
        """An amount as a claim says it; in JSON, a shape in quotes."""
        text = amount_text(amount)
        return f"{self._quote}{text}{self._quote}" if isinstance(amount, tuple) else text

    def _indent(self, node: MapNode) -> str:
        return " " * self._tree.column(self._tree.start(node))


def _below(layers: Mapping[str, Figures], indent: str) -> str:
    """The figures of layers on lines of their own, below a key with that indentation."""
    return "".join(f"\n{line}" for line in layer_lines(layers, {}, f"{indent}  "))


def _anchors(node: MapNode, order: list[str]) -> dict[str, Node | None]:
    """For each key of `order` the value after which it belongs, if it is new; None if it comes first."""
    known = {*order, "layers"}
    others = [*takewhile(lambda word: word not in known, node.values)]
    last = node.values[others[-1]] if others else None
    anchors: dict[str, Node | None] = {}
    for word in order:
        anchors[word] = last
        last = node.values.get(word, last)
    return anchors
