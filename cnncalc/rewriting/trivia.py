"""What stands between the pieces of a text: comments, blank lines and the marks of a document."""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.language.tree import BREAKS, Leaf, Piece, Tree

_COMMENT = f"#[^{BREAKS}]*"
_MARK = rf"^(?:---|\.\.\.)(?:[ \t]+{_COMMENT})?(?=\s|$)"
_BLANK = rf"^[ \t]*(?=[{BREAKS}])"
_TRIVIA = re.compile(f"{_MARK}|{_COMMENT}|{_BLANK}", re.MULTILINE)


class Trivia(NamedTuple):
    """A comment, a blank line, or a mark (`---`, `...`) with its comment.

    Attributes:
        text: the comment with its sign, or the mark; empty for a blank line.
        start: where it starts.
        column: from 0.
        is_alone: whether nothing of the spec stands before it on its line.
    """

    text: str
    start: int
    column: int
    is_alone: bool


def read_trivia(tree: Tree) -> list[Trivia]:
    """All of a text, in order, but for those inside of collections in brackets, which keep them."""
    found: list[Trivia] = []
    end = 0
    for start, stop in [*_solid(tree.root), (len(tree.text), len(tree.text))]:
        found += [_trivia(tree, match) for match in _TRIVIA.finditer(tree.text, end, start)]
        end = max(end, stop)
    return found


def _trivia(tree: Tree, match: re.Match[str]) -> Trivia:
    column = tree.column(match.start())
    before = tree.text[match.start() - column : match.start()]
    is_alone = not before.strip("-?: \t")
    if is_alone and before.strip():
        # Behind a dash that holds nothing else, a comment stands where the dash does.
        column = len(before) - len(before.lstrip())
    return Trivia(match[0].strip(), match.start(), column, is_alone)


def _solid(piece: Piece) -> list[tuple[int, int]]:
    """The parts of the text that hold no trivia of their own: words, and what is in brackets."""
    if isinstance(piece, Leaf):
        # Of a block scalar that keeps its last blank lines, the end of the last one is its own, too.
        return [(piece.start, piece.stop + piece.written.endswith("\n"))]
    if piece.is_flow:
        return [(piece.start, piece.stop)]
    spans: list[tuple[int, int]] = []
    for entry in piece.entries:
        if entry.key is not None:
            spans.append((entry.key.start, entry.key.stop))
        spans += _solid(entry.value)
    return spans


class Pool:
    """The trivia that are not printed yet, in the order of the text."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._trivia = read_trivia(tree)
        self._next = 0

    def before(self, offset: int) -> list[Trivia]:
        """Take all that stand before a place."""
        stop = self._next
        while stop < len(self._trivia) and self._trivia[stop].start < offset:
            stop += 1
        return self._take(stop)

    def behind(self, offset: int) -> Trivia | None:
        """Take the comment behind a place on its line, if there is one."""
        if self._next == len(self._trivia):
            return None
        trivia = self._trivia[self._next]
        if trivia.is_alone or self._tree.line(trivia.start) != self._tree.line(offset):
            return None
        return self._take(self._next + 1)[0]

    def inside(self, column: int, limit: int) -> list[Trivia]:
        """Take the comments before `limit` that are indented more than `column`, up to the last of them."""
        stop = self._next
        for index in range(self._next, len(self._trivia)):
            trivia = self._trivia[index]
            if trivia.start >= limit or (trivia.text and trivia.column <= column):
                break
            if trivia.text:
                stop = index + 1
        return self._take(stop)

    def _take(self, stop: int) -> list[Trivia]:
        taken, self._next = self._trivia[self._next : stop], stop
        return taken
