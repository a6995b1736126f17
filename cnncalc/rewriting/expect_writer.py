"""Places and forms for the figures of an `expect:` in a text."""

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
from cnncalc.rewriting.frozen import Figures, Frozen, expect_block

Said = Mapping[str, "str | Said"]
"""The wanted contents of a mapping of claims: the text of each figure, and under `layers` those of each layer."""

Keys = tuple[str, ...]
"""The keys in `expect:` that lead to a claim: `params`, or `layers`, `conv1` and `out`."""


class ExpectWriter:
    """Notes the changes that put figures into a text.

    Args:
        file: the name for messages.
        tree: of the text.
        edits: takes the changes.
        frozen: the figures.
    """

    def __init__(self, file: str, tree: Tree, edits: Edits, frozen: Frozen) -> None:
        self._file = file
        self._tree = tree
        self._edits = edits
        self._frozen = frozen
        first = next(iter(tree.root.keys.values()))
        is_json = not tree.is_block(tree.root) and tree.written(first)[:1] == '"'
        self._quote = '"' if is_json else ""
        self._layers: Said = {path: self._texts(figures) for path, figures in frozen.layers.items()}
        self._said: Said = {**self._texts(frozen.network), **({"layers": self._layers} if self._layers else {})}

    def replace_claim(self, at: ScalarNode, amount: Amount) -> None:
        """Put an amount in place of a claim, in `expect:` or on a line."""
        self._replace(self._tree.value_at(at.line, at.column), self._amount(amount))

    def complete(self, wrong: set[Keys]) -> None:
        """Add the claims that are missing, and replace those that are wrong.

        Raises:
            RewritingError: the layout leaves no room for layers.
        """
        tree, expect = self._tree, self._tree.root.values.get("expect")
        if not isinstance(expect, MapNode):
            self._append()
        elif self._layers and "layers" not in expect.values and tree.is_block(tree.root) and not tree.is_block(expect):
            self._unfold(expect, wrong)
        else:
            self._merge(expect, self._said, wrong)

    def _append(self) -> None:
        """Add the `expect:` that is missing, as the last key."""
        root, text = self._tree.root, self._tree.text
        if not self._tree.is_block(root):
            self._add(root, "expect", self._said, [*root.values.values()][-1])
            return
        mark = re.compile(r"^\.\.\.", re.MULTILINE).search(text, self._tree.stop(root))
        at = mark.start() if mark else len(text)
        block = "".join(f"{self._indent(root)}{line}\n" for line in expect_block(self._frozen).splitlines())
        self._edits.insert(at, block if text[:at].endswith("\n") else f"\n{block}")

    def _unfold(self, expect: MapNode, wrong: set[Keys]) -> None:
        """Write an `expect:` in brackets with a figure on each line, so that layers find room."""
        tree, key = self._tree, self._tree.root.keys["expect"]
        if not tree.is_one_line(expect):
            message = "expect: is in brackets over several lines; write it without brackets to freeze layers"
            raise RewritingError(f"{self._file}: {message}")
        # A claim stays as it is written, if it is not to be replaced.
        written = {figure: tree.written(value) for figure, value in expect.values.items() if (figure,) not in wrong}
        said = {**dict.fromkeys(expect.values, ""), **self._said, **written}
        indent = " " * (tree.column(tree.start(key)) + 2)
        below = "".join(f"\n{indent}{self._entry(word, value, indent)}" for word, value in said.items())
        end = end_of_line(tree, tree.stop(expect))
        self._edits.replace(tree.stop(key), end, f":{tree.text[tree.stop(expect) : end]}{below}")

    def _merge(self, node: MapNode, said: Said, wrong: set[Keys], keys: Keys = ()) -> None:
        """Give a mapping its wanted contents; a new key goes after the one that comes before it in `said`."""
        if not node.values:
            self._edits.insert(self._tree.start(node) + 1, self._text(said)[1:-1])
            return
        anchors = _anchors(node, said)
        for word, value in said.items():
            there = node.values.get(word)
            if there is None:
                self._add(node, word, value, anchors[word])
            elif (*keys, word) in wrong:
                self._replace(there, self._text(value))
            elif isinstance(there, MapNode) and not isinstance(value, str):
                self._merge(there, value, wrong, (*keys, word))

    def _add(self, node: MapNode, word: str, said: str | Said, anchor: Node | None) -> None:
        """Add a key with its value after an existing one, or as the first."""
        tree, indent = self._tree, self._indent(node) if self._tree.is_block(node) else None
        entry, between = self._entry(word, said, indent), ", " if indent is None else f"\n{indent}"
        if anchor is None:
            self._edits.insert(tree.start(next(iter(node.keys.values()))), f"{entry}{between}")
        else:
            at = tree.stop(anchor)
            self._edits.insert(at if indent is None else end_of_line(tree, at), f"{between}{entry}")

    def _replace(self, node: Node, text: str) -> None:
        self._edits.replace(self._tree.start(node), self._tree.stop(node), text)

    def _entry(self, word: str, said: str | Said, indent: str | None) -> str:
        """A key with its value; without brackets around them, a line for each of the layers."""
        if said is self._layers and indent is not None:
            return "".join([f"{word}:", *(f"\n{indent}  {path}: {self._text(one)}" for path, one in said.items())])
        return f"{self._quote}{word}{self._quote}: {self._text(said)}"

    def _text(self, said: str | Said) -> str:
        """A value on one line."""
        if isinstance(said, str):
            return said
        return in_braces({word: self._text(value) for word, value in said.items()}, self._quote)

    def _texts(self, figures: Figures) -> dict[str, str]:
        return {figure: self._amount(amount) for figure, amount in figures.items()}

    def _amount(self, amount: Amount) -> str:
        """An amount as a claim says it; in JSON, a shape in quotes."""
        text = amount_text(amount)
        return f"{self._quote}{text}{self._quote}" if isinstance(amount, tuple) else text

    def _indent(self, node: MapNode) -> str:
        return " " * self._tree.column(self._tree.start(node))


def _anchors(node: MapNode, said: Said) -> dict[str, Node | None]:
    """For each wanted key, the value after which it belongs if it is new; None if it comes first."""
    others = [*takewhile(lambda word: word not in said and word != "layers", node.values)]
    last = node.values[others[-1]] if others else None
    anchors: dict[str, Node | None] = {}
    for word in said:
        anchors[word] = last
        last = node.values.get(word, last)
    return anchors
