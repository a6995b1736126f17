"""JUnit XML, which GitLab, Jenkins and others show as tests.

There is no one specification: this is the common ground of Jenkins' schema and GitLab's reader.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cnncalc.check.reporters import Surroundings
from cnncalc.check.reporters.concise_view import concise_line
from cnncalc.check.results import Checked, Located, Results
from cnncalc.errors import printable

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


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
    failing = [located for located in checked.findings if results.fails(located.finding.severity)]
    suite = SubElement(
        root,
        "testsuite",
        name=_text(printable(checked.file)),
        tests=str(max(len(checked.findings), 1)),
        failures=str(len(failing)),
        errors="0",
        skipped="0",
    )
    names: Counter[str] = Counter()
    for located in checked.findings:
        name = _name(located)
        names[name] += 1
        _case(suite, located, name if names[name] == 1 else f"{name} ({names[name]})", located in failing)
    if not checked.findings:
        name = _text(printable(checked.file))
        SubElement(suite, "testcase", name="nothing found", classname=name)
    return suite


def _name(located: Located) -> str:
    """What a finding is called from one run to the next, wherever its line moves to."""
    finding = located.finding
    return _text(f"{finding.rule} in {printable(finding.layer)}" if finding.layer else finding.rule)


def _case(suite: Element, located: Located, name: str, failing: bool) -> None:
    finding = located.finding
    case = SubElement(suite, "testcase", name=name, classname=_text(printable(located.file)))
    if failing:
        failure = SubElement(case, "failure", type=finding.severity, message=_text(finding.message))
        failure.text = _text(concise_line(located))
    else:
        SubElement(case, "system-out").text = _text(concise_line(located))


def _text(text: str) -> str:
    return _NOT_XML.sub("?", text)
