"""Collections in brackets: on one line in the usual spacing, over several lines as they are laid out."""

from __future__ import annotations

import re

from cnncalc.figures import ON_LINES
from cnncalc.language.tree import BREAKS, Entry, Group, Leaf, Piece, Tree


class Brackets:
    """Writes collections in brackets.

    Args:
        tree: whose pieces they are.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def text(self, piece: Piece) -> str:
        """A word or collection as text, with newlines where it takes several lines."""
        if isinstance(piece, Leaf):
            return piece.written if piece.written[:1] in ("|", ">") else _without_blanks(piece.written)
        if self._tree.is_one_line(piece):
            return self._one_line(piece)
        if not piece.entries or _is_table(piece):
            return _without_blanks(self._tree.text[piece.start : piece.stop])
        return self._several_lines(piece)

    def claims_apart(self, line: Group) -> tuple[str, str]:
        """A line of a list on one line, as `{conv: 8, kernel: 3,` and `out: 8x30x30}`; no claims, no second part."""
        parts = self._ordered(line)
        words = [entry.word for entry in sorted(line.entries, key=lambda entry: entry.place)]
        count = sum(word in ON_LINES for word in words)
        if not count or count == len(words):
            return f"{{{', '.join(parts)}}}", ""
        return f"{{{', '.join(parts[:-count])},", f"{', '.join(parts[-count:])}}}"

    def _ordered(self, group: Group) -> list[str]:
        return [self._entry(entry) for entry in sorted(group.entries, key=lambda entry: entry.place)]

    def _one_line(self, group: Group) -> str:
        opening, closing = ("{", "}") if group.is_mapping else ("[", "]")
        return f"{opening}{', '.join(self._ordered(group))}{closing}"

    def _entry(self, entry: Entry) -> str:
        """An item, or a key with its value; `{relu}` and `{relu: }` stay what they are."""
        value = self.text(entry.value)
        if entry.key is None:
            return value
        between = self._tree.text[entry.key.stop : entry.value.start]
        if not value and ":" not in between:
            return entry.key.written
        return f"{entry.key.written}{between if _breaks(between) else ': '}{value}"

    def _several_lines(self, group: Group) -> str:
        """The entries in order, each in the place of another, with the ends of lines that are there."""
        text, entries = self._tree.text, group.entries
        ends = [group.start, *(entry.value.stop for entry in entries)]
        starts = [*(entry.start for entry in entries), group.stop]
        gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        has_comments = any("#" in gap for gap in gaps)
        ordered = entries if has_comments else sorted(entries, key=lambda entry: entry.place)
        usual = ["{" if group.is_mapping else "[", *[", "] * (len(entries) - 1), "}" if group.is_mapping else "]"]
        written = [_without_blanks(gap) if _breaks(gap) else own for gap, own in zip(gaps, usual, strict=True)]
        return "".join(
            [written[0]]
            + [part for entry, gap in zip(ordered, written[1:], strict=True) for part in (self._entry(entry), gap)]
        )


def _is_table(group: Group) -> bool:
    """Whether a collection is a list of words or of such lists, whose columns the writer has aligned."""
    inside = [entry.value for entry in group.entries if isinstance(entry.value, Group)]
    return not group.is_mapping and all(map(_is_table, inside))


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
