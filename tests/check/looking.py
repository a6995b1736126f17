"""What the lint rules find in a spec."""

from collections.abc import Iterable
from pathlib import Path

from cnncalc.analysis.analyze import analyze_network
from cnncalc.check.findings import Finding
from cnncalc.check.rule import CheckRule, lint_findings
from cnncalc.check.rules import RULES
from cnncalc.check.subject import Subject
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source, read_source, text_source
from cnncalc.network.build import build_network


def subject(spec: str | Path) -> Subject:
    """A text, or a file, as the rules see it."""
    source: Source = read_source(str(spec)) if isinstance(spec, Path) else text_source(spec)
    read = read_spec(source)
    return Subject(read, analyze_network(build_network(read)))


def all_findings(subject: Subject, rules: Iterable[CheckRule] = RULES.values()) -> list[Finding]:
    """The findings of some rules, by place."""
    return sorted(finding for rule in rules for finding in lint_findings(rule, subject))
