"""A tree with its comments → text in canonical layout.

Mappings are indented by two blanks, lists begin below the dash or the first letter of their key, claims of
a line begin in column 72. A comment begins two blanks after its line. Comments of one paragraph that were
aligned with one another stay so, and one before the column of the claims stays there if the line fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from typing import NamedTuple

from cnncalc.language.comments import Comment, Unprinted
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode, entries
from cnncalc.rewriting.brackets import Brackets, shifted
from cnncalc.rewriting.canonical import Canonical

CLAIM_COLUMN = 71
"""The column of a line's claims (from 0), as in every bundled spec; one blank after a longer line."""

INDENT = 2
GAP = 2
"""Blanks between a line and the comment after it."""

COMMENT_COLUMN = CLAIM_COLUMN - GAP
"""The column of a comment with its words below the claims of other lines."""

WIDTH = 120
"""Comments are not aligned beyond this column."""


class TextLine(NamedTuple):
    """One line of the new text.

    Attributes:
        text: its words; of a value over several lines all of these.
        claims: the text in the column of the claims.
        comment: the comment after it.
        column: the column of that comment in the old text.
    """

    text: str = ""
    claims: str = ""
    comment: str = ""
    column: int = 0

    @property
    def is_code(self) -> bool:
        """Whether it is more than a comment or a blank line."""
        return bool(self.text.strip()) and not self.text.lstrip().startswith("#")

    @property
    def line(self) -> str:
        """The line without its comment."""
        if not self.claims:
            return self.text
        blanks = max(CLAIM_COLUMN - len(self.text), 1)
        return self.text + " " * blanks + self.claims

    @property
    def end(self) -> int:
        """The column after the last line of it."""
        return len(self.line.rpartition("\n")[2])


def print_tree(canonical: Canonical) -> str:
    """The text of a tree in canonical words, order and layout."""
    return "\n".join(_with_comments(_Printer(canonical).document())) + "\n"


class _Printer:
    def __init__(self, canonical: Canonical) -> None:
        self._tree = canonical.tree
        self._canonical = canonical
        self._comments = Unprinted(canonical.tree)
        self._brackets = Brackets(canonical)

    def document(self) -> list[TextLine]:
        """All lines."""
        root, end = self._tree.root, len(self._tree.text)
        above = self._comments.before(self._tree.start(root))
        if not self._tree.is_block(root):
            whole = self._commented(TextLine(self._brackets.text(root)), self._tree.stop(root))
            lines = [*_alone(above, 0), whole]
        else:
            head, lead = _split_head(above)
            shift = -self._tree.column(self._tree.start(root))
            lines = [*_alone(head, 0), *self._block(root, 0, -1, end, _alone(lead, shift))]
        return _trimmed([*lines, *_alone(self._comments.before(end + 1), 0)])

    def _block(
        self, node: ListNode | MapNode, indent: int, parent: int, limit: int, lead: Iterable[TextLine] = ()
    ) -> list[TextLine]:
        """The lines of a collection without brackets.

        Args:
            node: the collection.
            indent: its new column.
            parent: the old column of the key that it belongs to; comments that are indented more are its own.
            limit: the start of the next entry after that key.
            lead: lines above the first entry that are already taken.
        """
        inside, tree = entries(node), self._tree
        shift = indent - tree.column(tree.start(node))
        printed: dict[Node, list[TextLine]] = {}
        stops = [*(tree.start(key or value) for key, value in inside[1:]), limit]
        above = list(lead)
        for (key, value), stop in zip(inside, stops, strict=True):
            above += _alone(self._comments.before(tree.start(key or value)), shift)
            printed[value] = [*above, *self._entry(key, value, indent, shift, stop)]
            above = []
        below = _alone(self._comments.inside(parent, limit), shift)
        return [line for _, value in self._canonical.entries(node) for line in printed[value]] + below

    def _entry(self, key: ScalarNode | None, value: Node, indent: int, shift: int, limit: int) -> list[TextLine]:
        """An item, or a key with its value."""
        if key is None:
            return self._item(value, indent, shift, limit)
        tree, head = self._tree, f"{' ' * indent}{self._canonical.written(key)}:"
        if not isinstance(value, ScalarNode) and self._is_block(value):
            inner = indent + INDENT if isinstance(value, MapNode) else indent
            column = tree.column(tree.start(key))
            return [self._commented(TextLine(head), tree.stop(key)), *self._block(value, inner, column, limit)]
        between = self._comments.before(tree.start(value))
        moved = [TextLine(" " * indent + one.text if one.text else "") for one in between]
        text = self._value(value, len(head) + 1, shift)
        line = TextLine(f"{head} {text}" if text else head)
        return [*moved, self._commented(line, max(tree.stop(value), tree.stop(key)))]

    def _item(self, value: Node, indent: int, shift: int, limit: int) -> list[TextLine]:
        """An item of a list: its dash is before the first word of its contents."""
        blanks = " " * indent
        if isinstance(value, ScalarNode) or not self._is_block(value):
            return [self._commented(self._one_line(value, indent, shift), self._tree.stop(value))]
        column = self._tree.column(self._tree.start(value))
        inside = self._block(value, indent + INDENT, column - 1, limit)
        first = next(index for index, line in enumerate(inside) if line.is_code)
        above = [line._replace(text=line.text.removeprefix(" " * INDENT)) for line in inside[:first]]
        dashed = inside[first]._replace(text=f"{blanks}- {inside[first].text[indent + INDENT :]}")
        return [*above, dashed, *inside[first + 1 :]]

    def _is_block(self, node: Node) -> bool:
        """Whether a collection is to be written without brackets."""
        return self._tree.is_block(node) and not self._canonical.is_word(node)

    def _one_line(self, value: Node, indent: int, shift: int) -> TextLine:
        """An item that is a word, or in brackets."""
        blanks = " " * indent
        if isinstance(value, MapNode) and value in self._canonical.layers and self._tree.is_one_line(value):
            text, claims = self._brackets.claims_apart(value)
            return TextLine(f"{blanks}- {text}", claims)
        return TextLine(f"{blanks}- {self._value(value, indent + 2, shift)}".rstrip())

    def _value(self, value: Node, column: int, shift: int) -> str:
        """A word, or a collection in brackets; its further lines move with it."""
        is_word = self._canonical.is_word(value)
        by = shift if is_word else column - self._tree.column(self._tree.start(value))
        return shifted(self._brackets.text(value), by)

    def _commented(self, line: TextLine, offset: int) -> TextLine:
        """A line with the comment after it, if there is one."""
        comment = self._comments.after(offset)
        return line if comment is None else line._replace(comment=comment.text, column=comment.indent)


def _alone(comments: Iterable[Comment], shift: int) -> list[TextLine]:
    """Comments and blank lines as lines of their own, moved with what is below them."""
    return [TextLine(" " * max(one.indent + shift, 0) + one.text if one.text else "") for one in comments]


def _split_head(comments: list[Comment]) -> tuple[list[Comment], list[Comment]]:
    """The comments that head the file, and those of its first key: a paragraph after a blank line, if there is one."""
    blanks = [index for index, one in enumerate(comments) if not one.text]
    marks = [index for index, one in enumerate(comments) if one.text.startswith("---")]
    stop = max(blanks + marks) + 1 if blanks else len(comments)
    return comments[:stop], comments[stop:]


def _trimmed(lines: list[TextLine]) -> list[TextLine]:
    """The lines without blank ones at both ends."""
    written = [index for index, line in enumerate(lines) if line.line]
    return lines[written[0] : written[-1] + 1]


def _with_comments(rows: list[TextLine]) -> Iterator[str]:
    """The lines of the text, with the comments after them."""
    columns = _comment_columns(rows)
    for row in rows:
        yield f"{row.line}{' ' * (next(columns) - row.end)}{row.comment}" if row.comment else row.line


def _comment_columns(rows: list[TextLine]) -> Iterator[int]:
    """The column of each comment after a line, in order: those that were below one another are so again."""
    paragraphs = accumulate(not row.line for row in rows)
    commented = [(paragraph, row) for paragraph, row in zip(paragraphs, rows, strict=True) if row.comment]
    for (_, before), group in groupby(commented, key=lambda one: (one[0], one[1].column)):
        together = [row for _, row in group]
        column = max(row.end + GAP for row in together)
        if before == COMMENT_COLUMN:
            column = max(column, COMMENT_COLUMN)
        if any(column > row.end + GAP and column + len(row.comment) > WIDTH for row in together):
            yield from (row.end + GAP for row in together)
        else:
            yield from (column for _ in together)
