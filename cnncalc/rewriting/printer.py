"""A tree with its comments → text in canonical layout.

Mappings are indented by two blanks, lists stand below the dash or the first letter of their key, claims of
a line in column 72. A comment behind a line stands two blanks behind it. Comments of one paragraph that were
aligned with one another stay so, and one before the column of the claims stays there, as long as the line fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from typing import NamedTuple

from cnncalc.language.tree import Entry, Group, Leaf, Piece, Tree
from cnncalc.rewriting.brackets import Brackets, shifted
from cnncalc.rewriting.trivia import Pool, Trivia

CLAIM_COLUMN = 71
"""Where the claims of a line start (from 0), as in every bundled spec; one blank behind a longer line."""

INDENT = 2
GAP = 2
"""Blanks between a line and the comment behind it."""

COMMENT_COLUMN = CLAIM_COLUMN - GAP
"""Where a comment stands whose words are below the claims of other lines."""

WIDTH = 120
"""Comments are not aligned beyond this column."""


class Row(NamedTuple):
    """One line of the text to come.

    Attributes:
        text: what stands on it; of a value over several lines all of them.
        claims: what stands in the column of the claims.
        comment: the comment behind it.
        column: the column of that comment in the text as it was.
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


def print_tree(tree: Tree) -> str:
    """The text of a tree, whose entries have their places and words their names."""
    rows = _Printer(tree).document()
    return "\n".join(_with_comments(rows)) + "\n"


class _Printer:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._pool = Pool(tree)
        self._brackets = Brackets(tree)

    def document(self) -> list[Row]:
        """All rows."""
        root, end = self._tree.root, len(self._tree.text)
        above = self._pool.before(root.start)
        if root.is_flow:
            rows = [*_alone(above, 0), self._commented(Row(self._brackets.text(root)), root.stop)]
        else:
            head, lead = _split_head(above)
            shift = -self._tree.column(root.start)
            rows = [*_alone(head, 0), *self._block(root, 0, -1, end, _alone(lead, shift))]
        return _trimmed([*rows, *_alone(self._pool.before(end + 1), 0)])

    def _block(self, group: Group, indent: int, parent: int, limit: int, lead: Iterable[Row] = ()) -> list[Row]:
        """The rows of a collection without brackets.

        Args:
            group: the collection.
            indent: its new column.
            parent: the old column of what it belongs to; comments that are indented more are its own.
            limit: where the next entry of that starts.
            lead: rows above the first entry that are taken already.
        """
        shift = indent - self._tree.column(group.start)
        chunks: list[tuple[int, list[Row]]] = []
        stops = [*(entry.start for entry in group.entries[1:]), limit]
        above = list(lead)
        for entry, stop in zip(group.entries, stops, strict=True):
            above += _alone(self._pool.before(entry.start), shift)
            chunks.append((entry.place, [*above, *self._entry(entry, indent, shift, stop)]))
            above = []
        below = _alone(self._pool.inside(parent, limit), shift)
        return [row for _, rows in sorted(chunks, key=lambda chunk: chunk[0]) for row in rows] + below

    def _entry(self, entry: Entry, indent: int, shift: int, limit: int) -> list[Row]:
        """An item, or a key with its value."""
        if entry.key is None:
            return self._item(entry.value, indent, shift, limit)
        blanks, key = " " * indent, entry.key.written
        column = self._tree.column(entry.key.start)
        if isinstance(entry.value, Group) and not entry.value.is_flow:
            head = self._commented(Row(f"{blanks}{key}:"), entry.key.stop)
            inner = indent + INDENT if entry.value.is_mapping else indent
            return [head, *self._block(entry.value, inner, column, limit)]
        moved = _alone((one._replace(column=indent) for one in self._pool.before(entry.value.start)), 0)
        value = self._value(entry.value, indent + len(key) + 2, shift)
        row = Row(f"{blanks}{key}: {value}" if value else f"{blanks}{key}:")
        return [*moved, self._commented(row, max(entry.value.stop, entry.key.stop))]

    def _item(self, value: Piece, indent: int, shift: int, limit: int) -> list[Row]:
        """An item of a list: its dash stands before the first word of what it holds."""
        blanks = " " * indent
        if isinstance(value, Leaf) or value.is_flow:
            return [self._commented(self._leaf_row(value, indent, shift), value.stop)]
        inside = self._block(value, indent + INDENT, self._tree.column(value.start) - 1, limit)
        first = next(index for index, row in enumerate(inside) if row.is_code)
        above = [row._replace(text=row.text.removeprefix(" " * INDENT)) for row in inside[:first]]
        dashed = inside[first]._replace(text=f"{blanks}- {inside[first].text[indent + INDENT :]}")
        return [*above, dashed, *inside[first + 1 :]]

    def _leaf_row(self, value: Piece, indent: int, shift: int) -> Row:
        blanks = " " * indent
        if isinstance(value, Group) and value.is_line and self._tree.is_one_line(value):
            text, claims = self._brackets.claims_apart(value)
            return Row(f"{blanks}- {text}", claims)
        return Row(f"{blanks}- {self._value(value, indent + 2, shift)}".rstrip())

    def _value(self, value: Piece, column: int, shift: int) -> str:
        """A word, or a collection in brackets; its further lines move with it."""
        text = self._brackets.text(value)
        by = shift if isinstance(value, Leaf) else column - self._tree.column(value.start)
        return shifted(text, by)

    def _commented(self, row: Row, offset: int) -> Row:
        """A row with the comment behind it, if there is one."""
        comment = self._pool.behind(offset)
        return row if comment is None else row._replace(comment=comment.text, column=comment.column)


def _alone(trivia: Iterable[Trivia], shift: int) -> list[Row]:
    """Comments and blank lines as rows of their own, moved with what they stand above."""
    return [Row(" " * max(one.column + shift, 0) + one.text if one.text else "") for one in trivia]


def _split_head(trivia: list[Trivia]) -> tuple[list[Trivia], list[Trivia]]:
    """What heads the file, and what belongs to its first key: a paragraph behind a blank line, if there is one."""
    blanks = [index for index, one in enumerate(trivia) if not one.text]
    marks = [index for index, one in enumerate(trivia) if one.text.startswith("---")]
    stop = max(blanks + marks) + 1 if blanks else len(trivia)
    return trivia[:stop], trivia[stop:]


def _trimmed(rows: list[Row]) -> list[Row]:
    """The rows without blank lines at both ends."""
    while rows and not rows[0].line:
        rows = rows[1:]
    while rows and not rows[-1].line:
        rows = rows[:-1]
    return rows


def _with_comments(rows: list[Row]) -> Iterator[str]:
    """The lines of the text, with the comments behind them."""
    columns = _comment_columns(rows)
    for row in rows:
        yield f"{row.line}{' ' * (next(columns) - _end(row))}{row.comment}" if row.comment else row.line


def _comment_columns(rows: list[Row]) -> Iterator[int]:
    """The column of each comment behind a row, in order: those that stood below one another do so again."""
    paragraphs = accumulate(not row.line for row in rows)
    commented = [(paragraph, row) for paragraph, row in zip(paragraphs, rows, strict=True) if row.comment]
    for (_, before), group in groupby(commented, key=lambda one: (one[0], one[1].column)):
        together = [row for _, row in group]
        column = max(_end(row) + GAP for row in together)
        if before == COMMENT_COLUMN:
            column = max(column, COMMENT_COLUMN)
        if any(column > _end(row) + GAP and column + len(row.comment) > WIDTH for row in together):
            yield from (_end(row) + GAP for row in together)
        else:
            yield from (column for _ in together)


def _end(row: Row) -> int:
    """The column behind the last line of a row."""
    return len(row.line.rpartition("\n")[2])
