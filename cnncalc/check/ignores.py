"""Comments that ignore findings: `# cnncalc: ignore[partial-window]`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from cnncalc.check.findings import Finding
from cnncalc.check.rulebook import ignorable, require_rule
from cnncalc.errors import ConfigurationError
from cnncalc.language.comments import comments_with_lines, first_lines
from cnncalc.language.tree import Tree, read_tree

_IGNORE = re.compile(r"(?:^|#)\s*cnncalc:\s*(?P<word>ignore(?:-file)?)(?![\w-])\s*(?:\[(?P<ids>[^\]]*)\])?")

_MISSPELT = re.compile(
    r"(?:^|#)\s*cnncalc:\s*(?P<word>[\w-]+(?=\s*\[)|(?:disable|ignore|noqa|skip)[\w-]*(?=\s*$))", re.IGNORECASE
)
"""A comment that was meant to ignore something, in other words than ours; several words without brackets are prose."""

MAX_COMPLAINTS = 100
"""The most comments of one spec that are reported because they ignore nothing."""

_EXAMPLE = "partial-window"
"""The rule that a comment is advised to name if none is found on its line."""


class Ignore(NamedTuple):
    """One id in a comment.

    Attributes:
        rule: the id; empty if the comment names none.
        line, column: its place, from 1.
        covers: the line whose findings it ignores; None for the whole file.
        misspelt: the word in place of `ignore`; empty for none.
    """

    rule: str
    line: int
    column: int
    covers: int | None
    misspelt: str = ""

    @property
    def length(self) -> int:
        """The number of characters that a complaint covers."""
        return max(len(self.rule or self.misspelt), 1)


def without_ignored(text: str, findings: Iterable[Finding], looked_for: Collection[str]) -> Iterator[Finding]:
    """The findings that no comment ignores, and one for each id in a comment that ignores nothing.

    Args:
        text: the spec, valid YAML.
        findings: those in it.
        looked_for: the ids that could have been found; a comment about others says nothing.
    """
    tree = read_tree(text) if "cnncalc:" in text else None
    ignores, firsts = ([*read_ignores(tree)], first_lines(tree)) if tree is not None else ([], {})
    covered = {(ignore.rule, ignore.covers) for ignore in ignores if ignore.rule}
    used: set[tuple[str, int | None]] = set()
    kept: dict[int | None, str] = {}
    for finding in findings:
        # A layer over several lines is covered by a comment above its first.
        lines = (None, finding.line, firsts.get(finding.line - 1, -1) + 1)
        matching = covered & {(finding.rule, line) for line in lines}
        used |= matching
        if not matching:
            kept.setdefault(finding.line, finding.rule)
            yield finding
    if "unused-ignore" in looked_for:
        unused = (ignore for ignore in ignores if (ignore.rule, ignore.covers) not in used)
        yield from islice(_complaints(unused, kept, looked_for), MAX_COMPLAINTS)


def _complaints(
    unused: Iterable[Ignore], kept: Mapping[int | None, str], looked_for: Collection[str]
) -> Iterator[Finding]:
    for ignore in unused:
        if complaint := _complaint(ignore, kept.get(ignore.covers, _EXAMPLE), looked_for):
            yield Finding(ignore.line, ignore.column, complaint, "unused-ignore", "warning", ignore.length)


def read_ignores(tree: Tree) -> Iterator[Ignore]:
    """Every id that a comment of a spec ignores, with the lines that it covers; `ignore-file` covers the file."""
    for comment, line in comments_with_lines(tree):
        if match := _IGNORE.search(comment.words):
            covers = None if match["word"] == "ignore-file" else line + 1
            for id_, offset in _ids(match):
                yield Ignore(id_, comment.line + 1, comment.words_column + offset + 1, covers)
        elif match := _MISSPELT.search(comment.words):
            column = comment.words_column + match.start("word") + 1
            yield Ignore("", comment.line + 1, column, line + 1, match["word"])


def _ids(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """The ids between the brackets, with their places in the comment."""
    if not (match["ids"] or "").strip():
        yield "", match.start("word")
        return
    for word in re.finditer(r"[^\s,]+", match["ids"]):
        yield word[0], match.start("ids") + word.start()


def _complaint(ignore: Ignore, example: str, looked_for: Collection[str]) -> str:
    """The message about an id that ignores nothing; empty if it may ignore something."""
    if ignore.misspelt:
        return f"'{ignore.misspelt:.40}' ignores nothing; write # cnncalc: ignore[{example}]"
    if not ignore.rule:
        return f"the comment names no rule to ignore; write # cnncalc: ignore[{example}]"
    try:
        require_rule(ignore.rule, ignorable())
    except ConfigurationError as error:
        return str(error)
    if ignore.rule not in looked_for:
        return ""
    place = "this file" if ignore.covers is None else f"line {ignore.covers}"
    return f"there is no {ignore.rule} in {place} to ignore; remove it from the comment"
