"""The rules: as a table, as a page of text, and in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import indent
from typing import Any

from cnncalc.check.rule import CheckRule, RulePage
from cnncalc.check.rulebook import rulebook
from cnncalc.render.folding import wrapped
from cnncalc.render.grid import Grid, Header

HEADERS = (
    Header("rule", "rule"),
    Header("severity", "severity", priority=1),
    Header("when", "looked for", priority=3),
    Header("summary", "what it finds", priority=2),
)

WIDTH = 90


def rules_grid(rules: Iterable[CheckRule]) -> Grid:
    """A row for each rule."""
    rows = tuple((rule.id, rule.severity, rule.when, rule.page.summary) for rule in rules)
    return Grid(f"{len(rows)} rules", HEADERS, rows, notes=("cnncalc check --explain-rule ID says more",))


def rules_text(rules: Iterable[CheckRule], width: int) -> str:
    """The same for a terminal that is too narrow for the table: two lines or more for each rule."""
    return "".join(
        f"{rule.id} ({rule.severity}, {rule.when})\n{indent(_wrapped(rule.page.summary, width - 2), '  ')}\n"
        for rule in rules
    )


def rules_document(rules: Iterable[CheckRule]) -> list[dict[str, Any]]:
    """The rules as plain data."""
    return [{"id": rule.id, "severity": rule.severity, "when": rule.when, **rule.page._asdict()} for rule in rules]


def rule_text(rule: CheckRule, width: int = WIDTH) -> str:
    """The page of one rule, in lines that fit a width, with its examples if it has any."""
    page = rule.page
    parts = [f"{rule.id} ({rule.severity}, looked for {rule.when})"]
    parts += [_wrapped(text, min(width, WIDTH)) for text in (page.summary, page.reason)]
    parts += [f"{title}:\n{indent(example.rstrip(), '    ')}" for title, example in _examples(page)]
    return "\n\n".join(parts) + "\n"


def rule_markdown(rule: CheckRule) -> str:
    """The same in Markdown, for the page of an alert."""
    parts = [rule.page.summary, rule.page.reason]
    parts += [f"{title}:\n\n```yaml\n{example.rstrip()}\n```" for title, example in _examples(rule.page)]
    return "\n\n".join(parts) + "\n"


def page() -> str:
    """Every rule as a page of the manual."""
    rules = "".join(
        f"\n## {rule.id}\n\n{rule_markdown(rule)}\nSeverity: {rule.severity}. Looked for {rule.when}.\n"
        for rule in rulebook().values()
    )
    return f"# Rules\n\nEvery rule of `cnncalc check`, with a reason and an example.\n{rules}"


def _wrapped(text: str, width: int) -> str:
    return "\n".join(wrapped(text, width))


def _examples(page: RulePage) -> list[tuple[str, str]]:
    return [("Found in", page.bad), ("Not found in", page.good)] if page.bad else []
