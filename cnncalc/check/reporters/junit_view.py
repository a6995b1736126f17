"""JUnit XML, which GitLab, Jenkins and others show as tests.

There is no one specification: this is the common ground of Jenkins' schema and GitLab's reader.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cnncalc.check.findings import Finding
from cnncalc.check.reporters import Surroundings
from cnncalc.check.reporters.concise_view import concise_line
from cnncalc.check.results import Checked, Located, Results
from cnncalc.errors import printable

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML 1.0 cannot write."""


def report(results: Results, surroundings: Surroundings) -> str:
    """A suite for each file and a test for each finding; a file without any is one test that passes.

    A finding that does not make the run fail is a test that passes, with the finding as its output.
    """
    root = Element("testsuites", name="cnncalc check")
    suites = [_suite(root, checked, results) for checked in (*results.files, *results.others)]
    for count in ("tests", "failures"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.set("errors", "0")
    indent(root)
    encoding = "us-ascii" if surroundings.ascii_only else "utf-8"  # others become character references
    text = tostring(root, encoding, xml_declaration=False).decode()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _suite(root: Element, checked: Checked, results: Results) -> Element:
    file, findings = _text(printable(checked.file)), checked.findings
    failures = sum(results.fails(located.finding.severity) for located in findings)
    counts = {"tests": max(len(findings), 1), "failures": failures, "errors": 0, "skipped": 0}
    suite = SubElement(root, "testsuite", {"name": file, **{what: str(count) for what, count in counts.items()}})
    names: Counter[str] = Counter()
    for located in findings:
        name = _name(located.finding)
        names[name] += 1
        unique = f"{name} ({names[name]})" if names[name] > 1 else name
        _describe(
            SubElement(suite, "testcase", name=unique, classname=_text(printable(located.file))), located, results
        )
    if not findings:
        SubElement(suite, "testcase", name="nothing found", classname=file)
    return suite


def _name(finding: Finding) -> str:
    """The name of a finding from one run to the next, wherever its line moves to."""
    return _text(f"{finding.rule} in {printable(finding.layer)}" if finding.layer else finding.rule)


def _describe(case: Element, located: Located, results: Results) -> None:
    severity, message = located.finding.severity, _text(located.finding.message)
    fails = results.fails(severity)
    said = SubElement(case, "failure", type=severity, message=message) if fails else SubElement(case, "system-out")
    said.text = _text(concise_line(located))


def _text(text: str) -> str:
    return _NOT_XML.sub("?", text)
