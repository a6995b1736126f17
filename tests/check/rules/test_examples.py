"""Each rule has a file in which it finds something and one in which it does not, and so has its record.

The first lines of a file in `bad/`, `# <line>:<column>: message (rule)`, are all that all rules find in it, those that
are off by default included. A file dropped in is a test.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from check.looking import all_findings, found, subject_of, written

from cnncalc.check.findings import Finding, Rule
from cnncalc.check.rules import ALL, RULES

HERE = Path(__file__).parent
BAD = {file.stem: file for file in sorted((HERE / "bad").glob("*.yaml"))}
GOOD = {file.stem: file for file in sorted((HERE / "good").glob("*.yaml"))}

HEADER = re.compile(r"# (\d+:\d+: .+ \(([a-z-]+)\))")


def expected_findings(file: Path) -> list[str]:
    """The leading comment lines of a file that are findings."""
    expected = []
    for line in file.read_text("utf-8").splitlines():
        match = HEADER.fullmatch(line)
        if match is None:
            break
        expected.append(match[1])
    return expected


@pytest.mark.parametrize("file", BAD.values(), ids=BAD)
def test_the_findings_are_exactly_those_of_the_first_lines(file: Path) -> None:
    expected = expected_findings(file)
    assert any(line.endswith(f"({file.stem})") for line in expected), "the file shows nothing of its rule"
    assert [written(finding) for finding in all_findings(subject_of(file))] == expected


@pytest.mark.parametrize("file", GOOD.values(), ids=GOOD)
def test_nothing_is_found_in_a_good_file(file: Path) -> None:
    assert [written(finding) for finding in all_findings(subject_of(file))] == []


def test_every_rule_has_both_files_and_every_file_its_rule() -> None:
    assert list(BAD) == list(GOOD) == list(RULES)


# A finding without a layer and without a word is about the whole spec; every other one covers a word of its line.
@pytest.mark.parametrize("file", BAD.values(), ids=BAD)
def test_a_finding_covers_a_word_of_its_line(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    for finding in all_findings(subject_of(file)):
        if finding.rule != "unclaimed":
            covered = excerpt(lines, finding)
            assert re.fullmatch(r"[\w*]+(\([\w=, ]*\))?|\d+(\.\d+)?", covered), covered


def excerpt(lines: list[str], finding: Finding) -> str:
    """The characters that the caret of a finding covers."""
    return lines[finding.line - 1][finding.column - 1 :][: finding.length]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_the_bad_spec_of_a_record_has_findings_of_its_rule_only(rule: Rule) -> None:
    findings = found(rule.bad, *{rule.id, *(other.id for other in ALL if other.by_default)})
    assert findings
    assert all(finding.endswith(f"({rule.id})") for finding in findings)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_the_good_spec_of_a_record_has_none(rule: Rule) -> None:
    assert found(rule.good, *{rule.id, *(other.id for other in ALL if other.by_default)}) == []
