"""Where in a text the figures of an `expect:` go, and in which form."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnncalc.analysis.claimable import Amount, amount_text
from cnncalc.errors import RewritingError
from cnncalc.language.nodes import ScalarNode
from cnncalc.language.tree import Entry, Group, Tree
from cnncalc.rewriting.edits import Edits
from cnncalc.rewriting.frozen import Figures, Frozen, expect_block, mapping_text

_NEW_LINE = "\n"


def _anchor(group: Group, order: list[str], key: str) -> Entry | None:
    """The entry behind which a new key belongs; None where it comes first."""
    place = order.index(key)
    before = [entry for word in order[:place] if (entry := group.find(word)) is not None]
    if before:
        return before[-1]
    behind = {*order[place:], "layers"}
    index = next((i for i, entry in enumerate(group.entries) if entry.word in behind), len(group.entries))
    return group.entries[index - 1] if index else None


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
        first = tree.root.entries[0].key
        self._quote = '"' if tree.root.is_flow and first is not None and first.written[:1] == '"' else ""

    def append(self, frozen: Frozen) -> None:
        """Add an `expect:` where there is none, as the last key."""
        root, text = self._tree.root, self._tree.text
        if root.is_flow:
            written = f"{self._quote}expect{self._quote}: {self._whole(frozen)}"
            self._add_behind(root, root.entries[-1], written)
            return
        mark = re.compile(r"^\.\.\.", re.MULTILINE).search(text, root.stop)
        at = mark.start() if mark else len(text)
        indent = " " * self._tree.column(root.start)
        block = "".join(f"{indent}{line}\n" for line in expect_block(frozen).splitlines())
        self._edits.insert(at, block if text[:at].endswith("\n") else f"\n{block}")

    def complete(self, expect: Entry, frozen: Frozen) -> None:
        """Add to an `expect:` what it does not claim yet, and replace what is wrong."""
        group = expect.value
        assert isinstance(group, Group)
        layers = group.find("layers")
        if layers is None and frozen.layers and group.is_flow and not self._tree.root.is_flow:
            self._unfold(expect, group, frozen)
            return
        self._figures(group, "", frozen.network)
        if layers is not None and isinstance(layers.value, Group):
            self._layers(layers.value, frozen.layers)
        elif frozen.layers:
            self._add(group, [*frozen.network, "layers"], {"layers": self._below(group, frozen.layers)})

    def replace_claim(self, at: ScalarNode, amount: Amount) -> None:
        """Put an amount in place of a claim, wherever that stands."""
        value = self._tree.value_at(at.line, at.column)
        self._edits.replace(value.start, value.stop, self._value(amount))

    def _figures(self, group: Group, layer: str, figures: Figures) -> None:
        """The figures of the network, or of one layer."""
        for entry in group.entries:
            if (layer, entry.word) in self._wrong:
                self._edits.replace(entry.value.start, entry.value.stop, self._value(figures[entry.word]))
        new = {name: self._value(amount) for name, amount in figures.items() if group.find(name) is None}
        self._add(group, [*figures], new)

    def _layers(self, group: Group, layers: Mapping[str, Figures]) -> None:
        for entry in group.entries:
            if entry.word in layers and isinstance(entry.value, Group):
                self._figures(entry.value, entry.word, layers[entry.word])
        new = {path: self._mapping(figures) for path, figures in layers.items() if group.find(path) is None}
        self._add(group, [*layers], new)

    def _add(self, group: Group, order: list[str], new: Mapping[str, str]) -> None:
        """Add keys with their values, each behind the one that is there and comes before it in `order`."""
        for key, value in new.items():
            written = f"{self._quote}{key}{self._quote}:{'' if value.startswith(_NEW_LINE) else ' '}{value}"
            anchor = _anchor(group, order, key)
            if anchor is not None:
                self._add_behind(group, anchor, written)
            elif group.entries:
                between = ", " if group.is_flow else f"\n{self._indent(group)}"
                self._edits.insert(group.entries[0].start, f"{written}{between}")
            else:
                self._edits.insert(group.start + 1, written if key == next(iter(new)) else f", {written}")

    def _add_behind(self, group: Group, anchor: Entry, written: str) -> None:
        if group.is_flow:
            self._edits.insert(anchor.value.stop, f", {written}")
        else:
            self._edits.insert(self._end_of_line(anchor.value.stop), f"\n{self._indent(group)}{written}")

    def _unfold(self, expect: Entry, group: Group, frozen: Frozen) -> None:
        """Write an `expect:` in brackets with a figure on each line, so that layers find room."""
        if not self._tree.is_one_line(group):
            message = "expect: is in brackets over several lines; write it without brackets to freeze layers"
            raise RewritingError(f"{self._file}: {message}")
        assert expect.key is not None
        indent = " " * (self._tree.column(expect.start) + 2)
        lines = [f"{entry.word}: {self._said(entry, frozen.network)}" for entry in group.entries]
        lines += [f"{name}: {amount_text(a)}" for name, a in frozen.network.items() if group.find(name) is None]
        end = self._end_of_line(group.stop)
        behind = self._tree.text[group.stop : end]
        below = "".join(f"\n{indent}{line}" for line in lines)
        layers = f"\n{indent}layers:{self._lines(indent, frozen.layers)}"
        self._edits.replace(expect.key.stop, end, f":{behind}{below}{layers}")

    def _said(self, entry: Entry, figures: Figures) -> str:
        """The value of a claim as it is written, or as it should be."""
        if ("", entry.word) in self._wrong:
            return amount_text(figures[entry.word])
        return self._tree.text[entry.value.start : entry.value.stop]

    def _whole(self, frozen: Frozen) -> str:
        """All figures in brackets."""
        texts = {figure: self._value(amount) for figure, amount in frozen.network.items()}
        layers = {path: self._mapping(figures) for path, figures in frozen.layers.items()}
        return mapping_text(texts | ({"layers": mapping_text(layers, self._quote)} if layers else {}), self._quote)

    def _below(self, group: Group, layers: Mapping[str, Figures]) -> str:
        """The value of `layers:` inside `expect:`."""
        if group.is_flow:
            return mapping_text({path: self._mapping(figures) for path, figures in layers.items()}, self._quote)
        return self._lines(self._indent(group), layers)

    def _lines(self, indent: str, layers: Mapping[str, Figures]) -> str:
        return "".join(f"\n{indent}  {path}: {self._mapping(figures)}" for path, figures in layers.items())

    def _mapping(self, figures: Figures) -> str:
        return mapping_text({name: self._value(amount) for name, amount in figures.items()}, self._quote)

    def _value(self, amount: Amount) -> str:
        """An amount as a claim says it; in JSON, a shape in quotes."""
        text = amount_text(amount)
        return f"{self._quote}{text}{self._quote}" if isinstance(amount, tuple) else text

    def _indent(self, group: Group) -> str:
        return " " * self._tree.column(group.start)

    def _end_of_line(self, offset: int) -> int:
        end = self._tree.text.find("\n", offset)
        return end if end >= 0 else len(self._tree.text)
