"""What each rule is for: as a table, as a page of text, and in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import indent, wrap
from typing import Any

from cnncalc.check.rulebook import Entry
from cnncalc.render.grid import Grid, Header

HEADERS = (
    Header("rule", "rule"),
    Header("severity", "severity", priority=1),
    Header("when", "looked for", priority=3),
    Header("summary", "what it finds", priority=2),
)

WIDTH = 90


def rules_grid(entries: Iterable[Entry]) -> Grid:
    """A row for each rule."""
    rows = tuple((entry.id, entry.severity, entry.when, entry.summary) for entry in entries)
    return Grid(f"{len(rows)} rules", HEADERS, rows, notes=("cnncalc check --explain-rule ID says more",))


def rules_text(entries: Iterable[Entry], width: int) -> str:
    """The same for a terminal that is too narrow for the table: two lines or more for each rule."""
    parts = [
        f"{entry.id} ({entry.severity}, {entry.when})\n{indent(_wrapped(entry.summary, width - 2), '  ')}\n"
        for entry in entries
    ]
    return "".join(parts)


def rules_document(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The rules as plain data."""
    return [entry._asdict() for entry in entries]


def rule_text(entry: Entry) -> str:
    """Everything about one rule, with a spec that breaks it and one that does not where these are short."""
    parts = [f"{entry.id} ({entry.severity}, looked for {entry.when})", _wrapped(entry.summary), _wrapped(entry.reason)]
    for title, example in _examples(entry):
        parts.append(f"{title}:\n{indent(example.rstrip(), '    ')}")
    return "\n\n".join(parts) + "\n"


def rule_markdown(entry: Entry) -> str:
    """The same in Markdown, for the page of an alert."""
    parts = [entry.summary, entry.reason]
    parts += [f"{title}:\n\n```yaml\n{example.rstrip()}\n```" for title, example in _examples(entry)]
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str, width: int = WIDTH) -> str:
    return "\n".join(wrap(text, max(width, 20)))


def _examples(entry: Entry) -> list[tuple[str, str]]:
    return [("Found in", entry.bad), ("Not found in", entry.good)] if entry.bad else []
