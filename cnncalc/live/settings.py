"""The numbers of a text that a page has sliders for: its variables, and the sizes of its inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.check.words import axis_names
from cnncalc.editing.places import range_of
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.tree import Tree
from cnncalc.language.values import are_sizes
from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer
from cnncalc.shapes import AXES, MAX_RANK, Layout, letters_of

NUMBER = re.compile(r"\d{1,9}(?:\.(\d{1,4}))?", re.ASCII)


class WrittenNumber(NamedTuple):
    """A number as it is written, and its place in the text of the tree."""

    text: str
    start: int
    stop: int


def settings(text: OpenText) -> list[Answer]:
    """The sliders, in the order of the text; none for a text that cannot be read."""
    tree, spec = text.edited.tree, text.edited.spec
    if tree is None or spec is None:
        return []
    root = tree.root.values
    found = [("var", name, [one]) for name, one in _numbers(tree, root.get("vars"))]
    for name, node in {"": root.get("input"), **_values(root.get("inputs"))}.items():
        found += [
            ("input", f"{name} {words}".strip(), all_) for words, all_ in _together(_sizes(tree, node, spec.layout))
        ]
    return [_setting(text, tree, kind, name, places) for kind, name, places in found]


def _values(node: Node | None) -> Mapping[str, Node]:
    return node.values if isinstance(node, MapNode) else {}


def _numbers(tree: Tree, node: Node | None) -> Iterator[tuple[str, WrittenNumber]]:
    """The values of a mapping that are plain numbers."""
    for name, value in _values(node).items():
        if isinstance(value, ScalarNode) and NUMBER.fullmatch(tree.written(value)):
            yield name, WrittenNumber(tree.written(value), tree.start(value), tree.stop(value))


def _sizes(tree: Tree, node: Node | None, layout: Layout) -> dict[str, WrittenNumber]:
    """The sizes of an input that are plain numbers, by their letters."""
    if isinstance(node, MapNode):
        return dict(_numbers(tree, node))
    if isinstance(node, ListNode):
        parts = [(tree.written(item), tree.start(item)) for item in node.items]
    elif isinstance(node, ScalarNode) and are_sizes(node.text):
        parts = [(match[0], tree.start(node) + match.start()) for match in re.finditer(r"\d+", tree.written(node))]
    else:
        return {}
    if not 1 < len(parts) <= MAX_RANK + 1:
        return {}
    written = (WrittenNumber(part, start, start + len(part)) for part, start in parts)
    letters = letters_of(len(parts) - 1, layout)
    return {letter: one for letter, one in zip(letters, written, strict=True) if NUMBER.fullmatch(one.text)}


def _together(sizes: Mapping[str, WrittenNumber]) -> Iterator[tuple[str, list[WrittenNumber]]]:
    """The sizes along the axes, all in one if they are the same."""
    spatial = [letter for letter in sizes if any(letter in axes for axes in AXES.values())]
    if len({sizes[letter].text for letter in spatial}) == 1:
        yield axis_names(spatial), [sizes[letter] for letter in spatial]
        return
    for letter in spatial:
        yield axis_names(letter), [sizes[letter]]


def _setting(text: OpenText, tree: Tree, kind: str, name: str, places: list[WrittenNumber]) -> Answer:
    """A slider; its end is a power of two far enough from the number, so that it rarely moves."""
    written = places[0].text
    step = 10 ** -len(written.partition(".")[2])
    end = 2 << int(float(written)).bit_length()
    return {
        "name": name,
        "kind": kind,
        "value": written,
        "ranges": [text.range(range_of(tree, one.start, one.stop)) for one in places],
        "least": step if float(written) else 0,
        "most": max(end, 8) if step == 1 else end,
        "step": step,
    }
