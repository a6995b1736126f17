"""What the rules find in a text, as lines: `line:column: message (rule)`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cnncalc.analysis.analyze import analyze_network
from cnncalc.check.findings import Finding, Rule, Subject
from cnncalc.check.remarks import findings
from cnncalc.check.rules import ALL, RULES
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import read_source, text_source
from cnncalc.network.build import build_network


def subject(text: str) -> Subject:
    """A text as the rules see it."""
    spec = read_spec(text_source(text))
    return Subject(spec, analyze_network(build_network(spec)))


def subject_of(file: Path) -> Subject:
    """A file as the rules see it."""
    spec = read_spec(read_source(str(file)))
    return Subject(spec, analyze_network(build_network(spec)))


def all_findings(subject: Subject, rules: Iterable[Rule] = ALL) -> list[Finding]:
    """The findings of some rules, by place."""
    return sorted(finding for rule in rules for finding in findings(rule, subject))


def written(finding: Finding) -> str:
    """A finding as the first lines of an example file have it."""
    return f"{finding.line}:{finding.column}: {finding.message} ({finding.rule})"


def found(text: str, *ids: str) -> list[str]:
    """What the rules of these ids find, or all that are on by default."""
    rules = [RULES[id_] for id_ in ids] or [rule for rule in ALL if rule.by_default]
    return [written(finding) for finding in all_findings(subject(text), rules)]


def messages(text: str, id_: str) -> list[str]:
    """What one rule says about a text, without the places."""
    return [finding.message for finding in all_findings(subject(text), [RULES[id_]])]
