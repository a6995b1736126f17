"""Reads every report of a check as the programs do that it is for, and holds it against their schemas."""

import json
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from junitparser import JUnitXml
from markdown_it import MarkdownIt
from schemas import complaints, published_schema
from workflow_commands import read_log


class Read(NamedTuple):
    """A finding as a report has it."""

    file: str
    line: int
    column: int
    severity: str
    message: str
    rule: str


LINE = re.compile(r"(.+):(\d+):(\d+): (\w+): (.*) \(([\w-]+)\)")


def read_line(line: str) -> Read:
    match = LINE.fullmatch(line)
    assert match, line
    file, number, column, severity, message, rule = match.groups()
    return Read(file, int(number), int(column), severity, message, rule)


def read_text(text: str) -> list[Read]:
    lines, found = text.split("\n"), []
    for line, excerpt, carets in zip(lines, [*lines[1:], ""], [*lines[2:], "", ""], strict=True):
        if LINE.fullmatch(line):
            read = read_line(line)
            if excerpt.startswith(f"{read.line:>5} | "):  # a file that cannot be read has no line to show
                assert re.fullmatch(rf" {{{7 + read.column}}}\^+", carets)
                assert len(carets) <= len(excerpt)
            found.append(read)
    return found


def read_concise(text: str) -> list[Read]:
    return [read_line(line) for line in text.splitlines()]


def read_json(text: str) -> list[Read]:
    return [Read(*(finding[field] for field in Read._fields)) for finding in json.loads(text)["findings"]]


def read_github(text: str) -> list[Read]:
    commands, (summary, end) = read_log(text)
    assert re.match(r"\d+ specs?\b", summary)
    assert end == ""
    assert all(command.properties["line"] == command.properties["endLine"] for command in commands)
    return [
        Read(p["file"], int(p["line"]), int(p["col"]), name.replace("notice", "note"), message, p["title"])
        for name, p, message in commands
    ]


SARIF = published_schema("https://json.schemastore.org/sarif-2.1.0.json")


def read_sarif(text: str) -> list[Read]:
    document = json.loads(text)
    assert complaints(document, SARIF) == []
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found = []
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        uri, region = place["artifactLocation"]["uri"], place["region"]
        assert re.fullmatch(r"[!-~]+", uri)
        assert ("uriBaseId" in place["artifactLocation"]) is not uri.startswith("file:")
        file = unquote(urlsplit(uri).path, errors="surrogateescape")
        where = (region["startLine"], region["startColumn"])
        found.append(Read(file, *where, result["level"], result["message"]["text"], result["ruleId"]))
    return found


def read_gitlab(text: str) -> list[Read]:
    severities = {"major": "error", "minor": "warning", "info": "note"}
    found, fingerprints = [], set()
    for one in json.loads(text):
        assert one.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        path, start = one["location"]["path"], one["location"]["positions"]["begin"]
        assert one["location"]["lines"]["begin"] == start["line"]
        fingerprints.add(one["fingerprint"])
        severity = severities[one["severity"]]
        found.append(Read(path, start["line"], start["column"], severity, one["description"], one["check_name"]))
    assert len(fingerprints) == len(found)
    return found


JENKINS = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
    ),
    "testcase": (
        {"skipped", "error", "failure", "system-out", "system-err"}, {"name"}, {"time", "classname", "group"}
    ),
    "failure": (set(), set(), {"type", "message"}),
    "system-out": (set(), set(), set()),
}  # fmt: skip
"""Children, required and other attributes of each element: junit-10.xsd of Jenkins' xunit-plugin (MIT)."""


def read_junit(text: str) -> list[Read]:
    for element in ElementTree.fromstring(text.encode()).iter():
        children, required, optional = JENKINS[element.tag]
        assert {child.tag for child in element} <= children
        assert required <= set(element.keys()) <= required | optional
    suites = JUnitXml.fromstring(text.encode())
    found = []
    for suite in suites:
        cases = list(suite)
        assert (suite.tests, suite.failures) == (len(cases), sum(bool(case.result) for case in cases))
        for case in cases:
            if case.name != "nothing found":
                read = read_line(case.result[0].text if case.result else case.system_out)
                assert case.name.startswith(read.rule)
                assert case.classname == suite.name == read.file
                assert all((failure.type, failure.message) == read[3:5] for failure in case.result)
                found.append(read)
    assert suites.tests == sum(suite.tests for suite in suites)
    assert suites.failures == sum(suite.failures for suite in suites)
    return found


def read_markdown(text: str) -> list[Read]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    cells = [after for token, after in zip(tokens, tokens[1:], strict=False) if token.type == "td_open"]
    texts = []
    for cell in cells:
        inside = [child for child in cell.children or [] if child.type != "html_inline" or child.content != "<!-- -->"]
        assert {child.type for child in inside} <= {"text", "text_special"}, cell.content
        texts.append("".join(child.content for child in inside))
    rows = zip(*(texts[column::4] for column in range(4)), strict=True)
    return [read_line(f"{place}: {severity}: {message} ({rule})") for severity, place, message, rule in rows]


READERS: dict[str, Callable[[str], list[Read]]] = {
    "text": read_text,
    "concise": read_concise,
    "json": read_json,
    "github": read_github,
    "gitlab": read_gitlab,
    "sarif": read_sarif,
    "junit": read_junit,
    "markdown": read_markdown,
}
"""What reads each format."""
