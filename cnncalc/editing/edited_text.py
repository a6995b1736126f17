"""A text that somebody is typing, with its figures; while it is broken, the last good ones stay."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import final

from cnncalc.analysis.report import Report
from cnncalc.check.engine import check_report, check_source, refused, report_on
from cnncalc.check.results import Checked
from cnncalc.check.settings import Settings
from cnncalc.errors import OverrideError, Problem, SpecError
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import Source, read_bytes
from cnncalc.language.tree import Tree, read_tree
from cnncalc.network.model import Row


@final
class EditedText:
    """One state of a text.

    Args:
        source: the text, with the name of its file.
        settings: those of its check; the usual ones if it is None.
        before: the state before, whose figures stay if this one has none.
        error: the reason why the text cannot even be read, if it cannot.

    Attributes:
        source: the text, with the name of its file.
        spec: as far as it could be read; None if it is not YAML, or not a mapping.
        report: its figures; None if something in it is wrong.
        good: this state if it has figures, else the last one before that had some; None if none had.
    """

    def __init__(
        self, source: Source, settings: Settings | None = None, before: EditedText | None = None,
        error: SpecError | None = None,
    ) -> None:  # fmt: skip
        self.source = source
        self.settings = (settings or Settings()).of(source.file)
        self.spec: Spec | None = None
        self.report: Report | None = None
        self._error: SpecError | OverrideError | None = error
        if error is None:
            try:
                self.spec = read_spec(source)
                self.report = report_on(self.spec, self.settings, advise=False)
            except (SpecError, OverrideError) as found:
                self._error = found
        self.good: EditedText | None = self if self.report is not None else before.good if before is not None else None

    @property
    def text(self) -> str:
        """The whole text."""
        return self.source.text

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, as findings count them."""
        return self.text.splitlines()

    @property
    def mistakes(self) -> tuple[Problem, ...]:
        """Why there are no figures, at once: without the advice that `checked` looks for."""
        return self._error.problems if isinstance(self._error, SpecError) else ()

    @cached_property
    def checked(self) -> Checked:
        """The findings of a check in it."""
        if self._error is not None:
            return refused(self.source, self._error) if self.spec is None else check_source(self.source, self.settings)
        assert self.spec is not None
        assert self.report is not None
        return check_report(self.source, self.spec, self.report, self.settings)

    @cached_property
    def tree(self) -> Tree | None:
        """The tree with the places of its words; None if it is not YAML, or not a mapping."""
        return None if self.spec is None else read_tree(self.text)

    @cached_property
    def uses(self) -> dict[int, list[list[Row]]]:
        """The outermost rows of each line (from 0), one list for each use of the block or copy that it is in."""
        found: dict[int, list[list[Row]]] = {}
        if self.report is not None:
            _note_uses(self.report.network.rows, 0, found)
        return found

    def now(self, line: int) -> int | None:
        """The line (from 0) that a line of the last good text is now; None if it was changed."""
        head, tail, shift = self._kept
        return line if line < head else line + shift if line >= tail else None

    def then(self, line: int) -> int | None:
        """The line (from 0) of the last good text that a line is; None if it was changed."""
        head, tail, shift = self._kept
        return line if line < head else line - shift if line >= tail + shift else None

    @cached_property
    def _kept(self) -> tuple[int, int, int]:
        """The number of unchanged first lines, the first unchanged line at the end of the good text, and its shift."""
        old, new = self.good.lines if self.good is not None else [], self.lines
        head, foot = unchanged_ends(old, new)
        return head, len(old) - foot, len(new) - len(old)


def unchanged_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """The numbers of lines at the beginning and at the end of a text that a change of it has kept."""
    most, head, foot = min(len(old), len(new)), 0, 0
    while head < most and old[head] == new[head]:
        head += 1
    while foot < most - head and old[-1 - foot] == new[-1 - foot]:
        foot += 1
    return head, foot


def opened(file: str, text: str, settings: Settings | None = None, before: EditedText | None = None) -> EditedText:
    """A text as an editor has it, of whatever size and characters; the arguments are those of `EditedText`."""
    try:
        source = read_bytes(file, text.encode("utf-8", "surrogatepass"))
    except SpecError as error:
        return EditedText(Source(file, ""), settings, before, error)
    return EditedText(source, settings, before)


def _note_uses(rows: tuple[Row, ...], around: int, found: dict[int, list[list[Row]]]) -> None:
    """Note the rows of one body at their lines, but for those on the line around them, which stands for them."""
    here: dict[int, list[Row]] = {}
    for row in rows:
        if row.line != around:
            here.setdefault(row.line - 1, []).append(row)
    for line, together in here.items():
        found.setdefault(line, []).append(together)
    for row in rows:
        if row.children:
            _note_uses(row.children, row.line, found)
