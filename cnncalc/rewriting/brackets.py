"""Collections in brackets: on one line in the usual spacing, over several lines as they are laid out."""

from __future__ import annotations

import re

from cnncalc.figures import ON_LINES
from cnncalc.language.comments import has_comment
from cnncalc.language.nodes import KeyedNode, ListNode, MapNode, Node, ScalarNode, entries
from cnncalc.language.tree import BREAKS
from cnncalc.rewriting.canonical import Canonical


class Brackets:
    """Writes words and collections in brackets.

    Args:
        canonical: the words and the order for the nodes of a tree.
    """

    def __init__(self, canonical: Canonical) -> None:
        self._tree = canonical.tree
        self._canonical = canonical

    def text(self, node: Node) -> str:
        """A word or collection as text, with newlines if it takes several lines."""
        if isinstance(node, ScalarNode) or self._canonical.is_word(node):
            written = self._canonical.written(node)
            return written if written[:1] in ("|", ">") else _without_blanks(written)
        if self._tree.is_one_line(node):
            opening, closing = _signs(node)
            return f"{opening}{', '.join(self._ordered(node))}{closing}"
        if not entries(node) or _is_table(node):
            return _without_blanks(self._tree.written(node))
        return self._several_lines(node)

    def claims_apart(self, line: MapNode) -> tuple[str, str]:
        """A line of a list on one line, as `{conv: 8, kernel: 3,` and `out: 8x30x30}`; no claims, no second part."""
        parts = self._ordered(line)
        count = sum(word in ON_LINES for word in line.keys)
        if not count or count == len(parts):
            return f"{{{', '.join(parts)}}}", ""
        return f"{{{', '.join(parts[:-count])},", f"{', '.join(parts[-count:])}}}"

    def _ordered(self, node: ListNode | MapNode) -> list[str]:
        return [self._entry(entry) for entry in self._canonical.entries(node)]

    def _entry(self, entry: KeyedNode) -> str:
        """An item, or a key with its value; `{relu}` and `{relu: }` stay as they are."""
        key, value = entry
        text = self.text(value)
        if key is None:
            return text
        between = self._tree.text[self._tree.stop(key) : self._tree.start(value)]
        if not text and ":" not in between:
            return self._canonical.written(key)
        return f"{self._canonical.written(key)}{between if _breaks(between) else ': '}{text}"

    def _several_lines(self, node: ListNode | MapNode) -> str:
        """The entries in order, each in the place of another, with the ends of lines that are there."""
        tree, inside = self._tree, entries(node)
        ends = [tree.start(node), *(tree.stop(value) for _, value in inside)]
        starts = [*(tree.start(key or value) for key, value in inside), tree.stop(node)]
        gaps = [tree.text[end:start] for end, start in zip(ends, starts, strict=True)]
        ordered = inside if any(map(has_comment, gaps)) else self._canonical.entries(node)
        opening, closing = _signs(node)
        usual = [opening, *[", "] * (len(inside) - 1), closing]
        written = "".join(
            part
            for entry, gap, own in zip([None, *ordered], gaps, usual, strict=True)
            for part in (self._entry(entry) if entry else "", gap if _breaks(gap) else own)
        )
        return _without_blanks(written)


def _signs(node: Node) -> tuple[str, str]:
    return ("{", "}") if isinstance(node, MapNode) else ("[", "]")


def _is_table(node: Node) -> bool:
    """Whether a collection is a list of words or of such lists, whose columns the writer has aligned."""
    return isinstance(node, ListNode) and all(isinstance(item, ScalarNode) or _is_table(item) for item in node.items)


def _breaks(text: str) -> bool:
    return any(sign in text for sign in BREAKS)


def _without_blanks(text: str) -> str:
    """A text without blanks at the ends of its lines."""
    return re.sub(rf"[ \t]+(?=[{BREAKS}])", "", text) if _breaks(text) else text


def shifted(text: str, by: int) -> str:
    """A text of several lines with all but the first moved to the right, or to the left as far as there are blanks."""
    first, *others = text.split("\n")
    return "\n".join([first, *(_moved(line, by) for line in others)])


def _moved(line: str, by: int) -> str:
    if by >= 0 or not line:
        return " " * by + line if line else line
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(-by, blanks) :]
