"""One spec, and all findings of a check in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.analysis.analyze import analyze_spec
from cnncalc.analysis.claims import compare_claims
from cnncalc.analysis.report import Report
from cnncalc.check.failures import claim_findings, expected_findings, limit_findings
from cnncalc.check.findings import Finding, Fix
from cnncalc.check.ignores import without_ignored
from cnncalc.check.relocation import by_file
from cnncalc.check.results import Checked, locate
from cnncalc.check.rule import CheckRule, lint_findings
from cnncalc.check.rules import RULES
from cnncalc.check.settings import Settings
from cnncalc.check.subject import Subject
from cnncalc.errors import OverrideError, Problem, SpecError
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.origins import relocated_error
from cnncalc.language.problems import suggested
from cnncalc.language.source import Source


def check_source(source: Source, settings: Settings) -> Checked:
    """All findings in one spec.

    A spec that is wrong has its problems and nothing else: no figure of it is known.
    """
    settings = settings.of(source.file)
    try:
        spec = read_spec(source)
        report = report_on(spec, settings)
    except (SpecError, OverrideError) as error:
        return refused(source, error)
    return check_report(source, spec, report, settings)


def report_on(spec: Spec, settings: Settings, *, advise: bool = True) -> Report:
    """The report that a check looks at; `advise` is that of `analyze_spec`.

    Raises:
        SpecError, OverrideError: as `analyze_spec`.
    """
    return analyze_spec(spec, **settings.overrides._asdict(), open_sizes=True, advise=advise)


def refused(source: Source, error: SpecError | OverrideError) -> Checked:
    """The findings in a text without a report."""
    if isinstance(error, SpecError):
        return unsound(relocated_error(error, source.origins))
    return unchecked(source.file, str(error), "override")


def check_report(source: Source, spec: Spec, report: Report, settings: Settings) -> Checked:
    """All findings in a valid spec.

    Args:
        source: its text.
        spec: as it was read.
        report: as `report_on` gives it.
        settings: those of its file.
    """
    rules = settings.rules_for(source.file)
    comparisons = compare_claims(report) if "claim" in rules else ()
    unknown = report.incomplete if "incomplete" in rules else ()  # about no single line
    subjects = [Subject(spec, one) for one in (report, report.other) if one is not None]
    findings = [
        *claim_findings(report, comparisons),
        *(limit_findings(spec, report, settings.limits) if "budget" in rules else ()),
        *(Finding(1, 1, reason, "incomplete", "error") for reason in unknown),
        *(finding for rule in RULES.values() if rule.id in rules for finding in _lint(rule, subjects)),
    ]
    kept = findings if source.origins is not None else without_ignored(source.text, findings, rules)
    here = tuple(one for file, text, inside in by_file(source, kept) for one in locate(file, text, inside))
    if settings.key is None or "expect" not in rules:
        return Checked(source.file, here, len(comparisons))
    file, text, claims = settings.key
    there = locate(file, text, expected_findings(report, claims, source.file))
    return Checked(source.file, here + there, len(comparisons) + len(claims))


def _lint(rule: CheckRule, subjects: list[Subject]) -> list[Finding]:
    """The findings of a rule; if sizes are left open, those that hold for all sizes."""
    found, *others = ([*lint_findings(rule, subject)] for subject in subjects)
    return [finding for finding in found if all(finding in other for other in others)]


def unsound(error: SpecError) -> Checked:
    """The results of a file whose spec is wrong."""
    lines = error.text.splitlines()
    findings = [
        Finding(p.line, p.column, p.message, p.rule, "error", p.length, fixes=tuple(_spellings(p, lines)))
        for p in error.problems
    ]
    return Checked(error.file, locate(error.file, error.text, findings), complete=False)


def _spellings(problem: Problem, lines: Sequence[str]) -> Iterator[Fix]:
    """The intended words for a mistyped one."""
    line = lines[problem.line - 1] if problem.line <= len(lines) else ""
    for column, length, word in suggested(problem, line):
        yield Fix(f"write '{word}'", problem.line, column, word, length=length)


def unchecked(file: str, message: str, rule: str) -> Checked:
    """The results of a file that could not be checked for another reason than its spec."""
    return Checked(file, locate(file, "", [Finding(1, 1, message, rule, "error")]), complete=False)
