"""The limits of each rule: specs with the exact messages about them.

A file of `cases/` has the rule's id. A case in it is a sentence after `#`, perhaps with the arithmetic on more such
lines, a spec, and after `>` the messages of the rule; without one it has nothing to say. After `##` there is a whole
network, at which all rules look, those included that are off by default: a finding has its place, severity and id, too.
A file or case dropped in is a test.
"""

import re
from pathlib import Path

import pytest
from check.looking import all_findings, subject

from cnncalc.check.findings import Finding
from cnncalc.check.rules import RULES

CASES = [
    pytest.param(file.stem, case, id=f"{file.stem}: {case.partition(chr(10))[0].lstrip('# ')}")
    for file in sorted(Path(__file__).with_name("cases").glob("*.txt"))
    for case in file.read_text("utf-8").rstrip("\n").split("\n\n")
]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_exactly_this_is_found(rule: str, case: str) -> None:
    lines = case.splitlines()
    text = "\n".join(line for line in lines if line[:1] not in ("#", ">"))
    said = [line.removeprefix("> ") for line in lines if line.startswith(">")]
    if not case.startswith("##"):
        assert [finding.message for finding in all_findings(subject(text), [RULES[rule]])] == said
        return
    found = all_findings(subject(text))
    assert [f"{f.line}:{f.column}: {f.severity}: {f.message} ({f.rule})" for f in found] == said
    assert all(map(re.compile(WORD).fullmatch, (covered(text, finding) for finding in found)))


WORD = r"[\w*]+(\([\w=, ]*\))?|\d+(\.\d+)?|"
"""What a finding covers: a word of its line, or nothing if it is about the whole spec."""


def covered(text: str, finding: Finding) -> str:
    """The characters that the caret of a finding covers."""
    if finding.rule == "unclaimed":
        return ""
    return text.splitlines()[finding.line - 1][finding.column - 1 :][: finding.length]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_speaks_and_is_silent_in_whole_networks_and_in_small_specs(rule: str) -> None:
    mine = [str(case.values[1]) for case in CASES if case.values[0] == rule]
    sorts = {(case.startswith("##"), "\n>" in case) for case in mine}
    assert sorts == {(True, True), (True, False), (False, True), (False, False)}
    assert any(re.search(rf"^> .* \({rule}\)$", case, re.M) for case in mine)
