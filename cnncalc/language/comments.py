"""The comments of a text, which the parser leaves out, and the parts of the text that they belong to.

- `fmt` rewrites a text. Comments above an entry go with it, and so does the comment after its line.
  Comments below that are indented more than its key are its own (`Unprinted`). Brackets over several lines keep
  the comments between their entries, and the order of the entries if there is one (`has_comment`).
- `freeze` changes words and adds lines; every other byte stays. A new line goes below the whole line that it
  follows, so that a comment after that stays there (`end_of_line`).
- `check` takes a comment after something to be about its own line. One on a line of its own is about the next line
  that is not a comment (`comments_with_lines`), and so about all of a layer in braces that begins there
  (`first_lines`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.language.nodes import MapNode, Node, ScalarNode, entries
from cnncalc.language.tree import BREAKS, Span, Tree

_COMMENT = f"#[^{BREAKS}]*"
_MARK = rf"^(?:---|\.\.\.)(?:[ \t]+{_COMMENT})?(?=\s|$)"
_BLANK = rf"^[ \t]*(?=[{BREAKS}])"
_BETWEEN = re.compile(f"{_MARK}|{_COMMENT}|{_BLANK}", re.MULTILINE)


class Comment(NamedTuple):
    """A comment, a blank line, or a mark of a document (`---`, `...`) with its comment.

    Attributes:
        text: the comment with its sign, or the mark; empty for a blank line.
        start: its place in the text.
        line: the line of that place, from 0.
        before: the text before it on its line.
    """

    text: str
    start: int
    line: int
    before: str

    @property
    def words(self) -> str:
        """The words after its sign."""
        return self.text.partition("#")[2]

    @property
    def words_column(self) -> int:
        """The column of the first of these, from 0."""
        return len(self.before) + self.text.find("#") + 1

    @property
    def is_above(self) -> bool:
        """Whether nothing of the spec is before it on its line."""
        return not self.before.strip("-?: \t")

    @property
    def indent(self) -> int:
        """The column that it belongs to; after a dash without anything else, that of the dash."""
        is_after_sign = self.is_above and self.before.strip()
        return len(self.before) - len(self.before.lstrip() if is_after_sign else "")


def read_comments(tree: Tree) -> list[Comment]:
    """All comments, blank lines and marks of a text, in order."""
    found: list[Comment] = []
    end = 0
    # Between words a `#` begins a comment.
    for start, stop in [*_words(tree), (len(tree.text), len(tree.text))]:
        found += [_comment(tree, match) for match in _BETWEEN.finditer(tree.text, end, start)]
        end = max(end, stop)
    return found


def _words(tree: Tree) -> list[tuple[int, int]]:
    """The parts of a text that are words."""
    # A block of text that keeps its last blank lines has the end of the last one, too.
    spans = (span for node, span in tree.spans.items() if isinstance(node, ScalarNode))
    return [(start, stop + tree.text.endswith("\n", start, stop)) for start, stop, _ in spans]


def _comment(tree: Tree, match: re.Match[str]) -> Comment:
    line, column = tree.line(match.start()), tree.column(match.start())
    return Comment(match[0].strip(), match.start(), line, tree.text[match.start() - column : match.start()])


class Unprinted:
    """The comments that are not printed yet, in the order of the text, without those in brackets.

    Args:
        tree: of the text.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._left = _outside_brackets(tree, read_comments(tree))
        self._next = 0

    def before(self, offset: int) -> list[Comment]:
        """Take all comments before a place."""
        stop = self._next
        while stop < len(self._left) and self._left[stop].start < offset:
            stop += 1
        return self._take(stop)

    def after(self, offset: int) -> Comment | None:
        """Take the comment after a place on its line, if there is one."""
        if self._next == len(self._left):
            return None
        comment = self._left[self._next]
        if comment.is_above or comment.line != self._tree.line(offset):
            return None
        return self._take(self._next + 1)[0]

    def inside(self, column: int, limit: int) -> list[Comment]:
        """Take the comments before `limit` that are indented more than `column`, up to the last of them."""
        stop = self._next
        for index in range(self._next, len(self._left)):
            comment = self._left[index]
            if comment.start >= limit or (comment.text and comment.indent <= column):
                break
            if comment.text:
                stop = index + 1
        return self._take(stop)

    def _take(self, stop: int) -> list[Comment]:
        taken, self._next = self._left[self._next : stop], stop
        return taken


def _outside_brackets(tree: Tree, comments: Iterable[Comment]) -> list[Comment]:
    """The comments that collections in brackets do not keep themselves."""
    brackets = iter([*tree.outermost_brackets(), Span(len(tree.text) + 1, len(tree.text) + 1)])
    around, outside = next(brackets), []
    for comment in comments:
        while comment.start >= around.stop:
            around = next(brackets)
        if comment.start < around.start:
            outside.append(comment)
    return outside


def has_comment(between: str) -> bool:
    """Whether there is a comment in the text between two entries."""
    return "#" in between


def end_of_line(tree: Tree, offset: int) -> int:
    """The end of the line of a place, after its comment."""
    end = tree.text.find("\n", offset)
    return end if end >= 0 else len(tree.text)


def comments_with_lines(tree: Tree) -> Iterator[tuple[Comment, int]]:
    """The comments of a text in order, each with the line that it is about, from 0."""
    comments = [comment for comment in read_comments(tree) if "#" in comment.text]
    lines = tree.text.splitlines()
    below = [*range(len(lines))]
    alone = {comment.line for comment in comments if comment.text[0] == "#" and not comment.before.strip()}
    for line in reversed(below[:-1]):
        if line in alone or not lines[line].strip():
            below[line] = below[line + 1]
    return ((comment, below[comment.line]) for comment in comments)


def first_lines(tree: Tree) -> dict[int, int]:
    """The first line of a mapping in braces, for each further line that it takes; of nested ones the outermost.

    The braces of a whole document do not count.
    """
    firsts: dict[int, int] = {}
    waiting: list[Node] = [*tree.root.values.values()]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MapNode) and tree.spans[node].in_brackets:
            first, last = tree.line(tree.start(node)), tree.line(tree.stop(node))
            firsts.update(dict.fromkeys(range(first + 1, last + 1), first))
        elif not isinstance(node, ScalarNode):
            waiting += [value for _, value in entries(node)]
    return firsts
