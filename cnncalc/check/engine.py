"""One spec, and everything that a check has to say about it."""

from __future__ import annotations

from cnncalc.analysis.analyze import analyze_spec
from cnncalc.analysis.claims import compare_claims
from cnncalc.check.failures import claim_findings, expected_findings, limit_findings
from cnncalc.check.findings import Finding
from cnncalc.check.ignores import without_ignored
from cnncalc.check.relocation import by_file
from cnncalc.check.results import Checked, locate
from cnncalc.check.rule import CheckRule, lint_findings
from cnncalc.check.rules import RULES
from cnncalc.check.settings import Settings
from cnncalc.check.subject import Subject
from cnncalc.errors import OverrideError, SpecError
from cnncalc.language.grammar import read_spec
from cnncalc.language.origins import relocated_error
from cnncalc.language.source import Source


def check_source(source: Source, settings: Settings) -> Checked:
    """Everything that is found in one spec.

    A spec that is wrong has its problems and nothing else: no figure of it is known.
    """
    settings = settings.of(source.file)
    try:
        spec = read_spec(source)
        report = analyze_spec(spec, **settings.overrides._asdict(), open_sizes=True)
    except SpecError as error:
        return unsound(relocated_error(error, source.origins))
    except OverrideError as error:
        return unchecked(source.file, str(error), "override")
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
    """What a rule finds; where sizes are left open, what it finds whatever they are."""
    found, *others = ([*lint_findings(rule, subject)] for subject in subjects)
    return [finding for finding in found if all(finding in other for other in others)]


def unsound(error: SpecError) -> Checked:
    """A file whose spec is wrong."""
    findings = (Finding(p.line, p.column, p.message, p.rule, "error", p.length) for p in error.problems)
    return Checked(error.file, locate(error.file, error.text, findings), complete=False)


def unchecked(file: str, message: str, rule: str) -> Checked:
    """A file that could not be checked for another reason than its spec."""
    return Checked(file, locate(file, "", [Finding(1, 1, message, rule, "error")]), complete=False)
