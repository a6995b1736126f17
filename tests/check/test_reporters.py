"""Every report is valid by its own format's schema or parser, whatever files and messages are called."""

from __future__ import annotations

import json
import os
import re
from io import StringIO
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from rich.console import Console
from schemas import complaints, published_schema
from workflow_commands import Command, read_log

from cnncalc.check.findings import Finding
from cnncalc.check.reporters import (
    Surroundings,
    concise_view,
    github_view,
    json_view,
    junit_view,
    markdown_view,
    sarif_view,
)
from cnncalc.check.reporters.markdown_view import MOST_SHOWN
from cnncalc.check.reporters.summary_view import relative_path, relative_uri, summary
from cnncalc.check.reporters.text_view import print_findings
from cnncalc.check.results import Checked, Results, locate
from cnncalc.check.rulebook import rulebook
from cnncalc.errors import printable

pytestmark = pytest.mark.usefixtures("planted_rules")

TEXT = "input: 3x8x8\nlayers:\n- {conv: 7, kernel: 1}\n"

FINDINGS = (
    Finding(3, 4, "7 filters", "seven-filters", "warning", 4, "conv"),
    Finding(3, 10, "kernel: 1 claimed, 2 found", "claim", "error", 9),
    Finding(1, 1, "nothing much", "no-source", "note"),
)

ODD_MESSAGE = "100 % of [x](y), ::error::, a|b `c` <d> & {0} \\ _e_ *f* %0A \u202e é 日本 \U0001f600"


def results(fail_on: str = "error", **others: object) -> Results:
    files = (
        Checked("good.yaml", (), 2),
        Checked("models/net.yaml", locate("models/net.yaml", TEXT, FINDINGS), 1),
        Checked(
            "unreadable.yaml", locate("unreadable.yaml", "", [Finding(1, 1, "is a folder", "unreadable", "error")])
        ),
    )
    return Results(files, fail_on=fail_on, **others)  # type: ignore[arg-type]


def here(root: str = "") -> Surroundings:
    return Surroundings(root or os.getcwd(), "1.2.3", ascii_only=False)


def one(file: str, message: str = "m", text: str = TEXT, length: int = 1) -> Results:
    finding = Finding(3, 4, message, "claim", "error", length)
    # `locate` leaves no odd signs in a message; a report does not rely on it.
    (located,) = locate(file, text, [finding])
    return Results((Checked(file, (located._replace(finding=finding),)),))


ODD_NAMES = {
    "a blank": "my net.yaml",
    "a line break": "a\nb.yaml",
    "a carriage return": "a\r::error::b.yaml",
    "colons": "::error file=x::y.yaml",
    "commas": "a,line=9,b.yaml",
    "percent signs": "100%.yaml",
    "an escape of GitHub": "a%0Ab.yaml",
    "Markdown": "a|b_c_`d`[e](f)*g*<h>.yaml",
    "markup of rich": "[bold]x[/bold].yaml",
    "XML": "a<b>&\"'.yaml",
    "an escape sequence of a terminal": "a\x1b[31mb.yaml",
    "a zero-width sign": "a\u200bb.yaml",
    "a name that is no UTF-8": "a\udcffb.yaml",
    "signs of a URI": "a?b#c.yaml",
    "another script": "сеть.yaml",
    "a folder above": "../net.yaml",
}  # fmt: skip

odd_names = pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)


class TestSummary:
    """The line that sums a run up."""

    def test_it_counts_what_there_is(self) -> None:
        assert summary(results()) == "3 specs, 3 claims: 2 errors, 1 warning, 1 note"

    def test_it_tells_what_was_skipped(self) -> None:
        assert summary(Results((Checked("a", ()),), skipped=1)) == "1 spec: nothing found; 1 other YAML file skipped"
        assert summary(Results((Checked("a", (), 1),), skipped=1234)) == (
            "1 spec, 1 claim: nothing found; 1,234 other YAML files skipped"
        )


class TestText:
    """For people."""

    def text(self, found: Results, width: int = 80) -> str:
        console = Console(file=StringIO(), width=width, highlight=False, markup=False, emoji=False)
        print_findings(found, console)
        assert isinstance(console.file, StringIO)
        return console.file.getvalue()

    def test_each_finding_has_its_line_and_carets(self) -> None:
        assert self.text(results()).splitlines() == [
            "models/net.yaml:1:1: note: nothing much (no-source)",
            "    1 | input: 3x8x8",
            "        ^",
            "models/net.yaml:3:4: warning: 7 filters (seven-filters)",
            "    3 | - {conv: 7, kernel: 1}",
            "           ^^^^",
            "models/net.yaml:3:10: error: kernel: 1 claimed, 2 found (claim)",
            "    3 | - {conv: 7, kernel: 1}",
            "                 ^^^^^^^^^",
            "unreadable.yaml:1:1: error: is a folder (unreadable)",
            "",
            "3 specs, 3 claims: 2 errors, 1 warning, 1 note",
        ]

    def test_where_nothing_is_found_it_is_one_line(self) -> None:
        assert self.text(Results((Checked("a", (), 2),))) == "1 spec, 2 claims: nothing found\n"

    @odd_names
    def test_odd_names_are_printed_on_one_line_without_steering_the_terminal(self, name: str) -> None:
        lines = self.text(one(name)).split("\n")
        assert lines[0] == f"{printable(name)}:3:4: error: m (claim)"
        assert len(lines) == 6

    def test_signs_in_the_file_that_would_steer_the_terminal_are_not_printed(self) -> None:
        text = self.text(one("a.yaml", text="a\nb\n- \x1b[31m{conv\x07\n"))
        assert "\x1b" not in text
        assert "\x07" not in text


class TestConcise:
    """A line each."""

    def test_a_finding_is_a_line(self) -> None:
        assert concise_view.report(results(), here()).splitlines() == [
            "models/net.yaml:1:1: note: nothing much (no-source)",
            "models/net.yaml:3:4: warning: 7 filters (seven-filters)",
            "models/net.yaml:3:10: error: kernel: 1 claimed, 2 found (claim)",
            "unreadable.yaml:1:1: error: is a folder (unreadable)",
        ]

    @odd_names
    def test_an_odd_name_stays_on_its_line(self, name: str) -> None:
        (line,) = concise_view.report(one(name), here()).splitlines()
        assert re.fullmatch(r".*:3:4: error: m \(claim\)", line)
        assert line.startswith("" if not name.isprintable() else name)


class TestJson:
    """The documented object."""

    def test_it_has_the_words_of_the_other_reports(self) -> None:
        document = json.loads(json_view.report(results(skipped=4), here()))
        findings = document.pop("findings")
        assert document == {
            "cnncalc": 1, "files": 3, "skipped": 4, "claims": 3, "known": 0, "fail_on": "error", "failed": True,
            "counts": {"error": 2, "warning": 1, "note": 1},
        }  # fmt: skip
        fingerprint = findings[1].pop("fingerprint")
        assert re.fullmatch("[0-9a-f]{16}", fingerprint)
        assert findings[1] == {
            "file": "models/net.yaml", "line": 3, "column": 4, "end_column": 8, "severity": "warning",
            "rule": "seven-filters", "message": "7 filters", "layer": "conv",
        }  # fmt: skip
        assert findings[0]["layer"] is None

    @odd_names
    def test_an_odd_name_survives(self, name: str) -> None:
        document = json.loads(json_view.report(one(name, ODD_MESSAGE), here()))
        assert (document["findings"][0]["file"], document["findings"][0]["message"]) == (name, ODD_MESSAGE)

    def test_what_is_covered_ends_with_its_line(self) -> None:
        assert (
            json.loads(json_view.report(one("a", length=999), here()))["findings"][0]["end_column"]
            == len("- {conv: 7, kernel: 1}") + 1
        )


class TestGithub:
    """Annotations."""

    def test_each_finding_is_a_command_and_the_totals_are_none(self) -> None:
        commands, others = read_log(github_view.report(results(), here()))
        assert others == ["3 specs, 3 claims: 2 errors, 1 warning, 1 note", ""]
        assert commands[1] == Command(
            "warning",
            {
                "file": "models/net.yaml", "line": "3", "endLine": "3", "col": "4", "endColumn": "8",
                "title": "seven-filters",
            },
            "7 filters",
        )  # fmt: skip
        assert [command.name for command in commands] == ["notice", "warning", "error", "error"]

    @odd_names
    def test_odd_names_and_messages_come_back_as_they_were(self, name: str) -> None:
        (command,), others = read_log(github_view.report(one(name, ODD_MESSAGE), here(os.path.dirname(os.getcwd()))))
        assert command.message == ODD_MESSAGE
        expected = os.path.relpath(name, os.path.dirname(os.getcwd()))
        assert command.properties["file"] == expected
        assert others == ["1 spec: 1 error", ""]

    def test_paths_are_those_of_the_repository(self) -> None:
        root = os.path.dirname(os.getcwd())
        (command,), _ = read_log(github_view.report(one("net.yaml"), here(root)))
        assert command.properties["file"] == f"{os.path.basename(os.getcwd())}/net.yaml"


class TestMarkdown:
    """A job's summary."""

    def rendered(self, text: str) -> list[str]:
        """The texts of the table's cells, as a reader of the page sees them."""
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        cells = [after for token, after in zip(tokens, tokens[1:], strict=False) if token.type == "td_open"]
        for cell in cells:
            assert {child.type for child in cell.children or []} <= {"text", "text_special"}, cell.content
        return ["".join(child.content for child in cell.children or []) for cell in cells]

    def test_it_is_a_heading_the_totals_and_a_table(self) -> None:
        text = markdown_view.report(results(), here())
        assert text.startswith("## cnncalc check failed\n\n3 specs, 3 claims: 2 errors, 1 warning, 1 note.\n\n|")
        assert self.rendered(text)[4:8] == ["warning", "models/net.yaml:3:4", "7 filters", "seven-filters"]
        assert len(self.rendered(text)) == 16

    def test_it_says_so_where_all_is_well(self) -> None:
        assert markdown_view.report(Results((Checked("a", (), 2),)), here()) == (
            "## cnncalc check passed\n\n1 spec, 2 claims: nothing found.\n"
        )

    def test_nobody_is_mentioned(self) -> None:
        finding = Finding(1, 1, "there is no layer '@everyone'; see #1 and a@b", "claim", "error")
        text = markdown_view.report(Results((Checked("@me.yaml", locate("@me.yaml", "x", [finding])),)), here())
        assert (
            "| @<!-- -->me.yaml:1:1 | there is no layer '@<!-- -->everyone'; see #<!-- -->1 and a@<!-- -->b |" in text
        )

    @odd_names
    def test_odd_names_and_messages_are_text_and_nothing_else(self, name: str) -> None:
        cells = self.rendered(markdown_view.report(one(name, ODD_MESSAGE), here()))
        assert cells == ["error", f"{printable(name)}:3:4", " ".join(ODD_MESSAGE.split()), "claim"]

    def test_a_long_table_is_cut_and_says_so(self) -> None:
        findings = [Finding(1, column, "m", "claim", "error") for column in range(1, MOST_SHOWN + 1235)]
        text = markdown_view.report(Results((Checked("a", locate("a", "x", findings)),)), here())
        assert text.endswith("\n\n1,234 more findings are in the log.\n")
        assert text.count("\n| error |") == MOST_SHOWN
        assert len(text.encode()) < 2**20


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


class TestJunit:
    """Test reports."""

    def check(self, text: str) -> ElementTree.Element:
        root = ElementTree.fromstring(text.encode())
        assert root.tag == "testsuites"
        for element in root.iter():
            children, required, optional = JENKINS[element.tag]
            assert {child.tag for child in element} <= children
            assert required <= set(element.keys()) <= required | optional
        return root

    def test_a_file_is_a_suite_and_a_finding_a_test(self) -> None:
        text = junit_view.report(results(), here())
        self.check(text)
        suites = list(JUnitXml.fromstring(text.encode()))
        assert [(suite.name, suite.tests, suite.failures) for suite in suites] == [
            ("good.yaml", 1, 0), ("models/net.yaml", 3, 1), ("unreadable.yaml", 1, 1),
        ]  # fmt: skip
        cases = list(suites[1])
        assert [(case.classname, case.name, case.is_passed) for case in cases] == [
            ("models/net.yaml", "no-source", True),
            ("models/net.yaml", "seven-filters in conv", True),
            ("models/net.yaml", "claim", False),
        ]
        assert cases[1].system_out == "models/net.yaml:3:4: warning: 7 filters (seven-filters)"
        (failure,) = cases[2].result
        assert (failure.type, failure.message) == ("error", "kernel: 1 claimed, 2 found")
        assert failure.text == "models/net.yaml:3:10: error: kernel: 1 claimed, 2 found (claim)"

    @pytest.mark.parametrize(("fail_on", "failures"), [("never", 0), ("error", 2), ("warning", 3), ("note", 4)])
    def test_what_fails_the_run_fails_the_test(self, fail_on: str, failures: int) -> None:
        root = self.check(junit_view.report(results(fail_on), here()))
        assert root.get("failures") == str(failures)
        assert root.get("tests") == "5"
        assert len(root.findall(".//failure")) == failures

    def test_totals_of_suites_are_those_of_their_tests(self) -> None:
        root = self.check(junit_view.report(results("note"), here()))
        for suite in root:
            assert suite.get("tests") == str(len(suite.findall("testcase")))
            assert suite.get("failures") == str(len(suite.findall("testcase/failure")))

    @odd_names
    def test_odd_names_and_messages_are_valid_xml(self, name: str) -> None:
        root = self.check(junit_view.report(one(name, f"{ODD_MESSAGE}\x00\ufffe"), here()))
        failure = root.find(".//failure")
        assert failure is not None
        assert failure.get("message") == f"{ODD_MESSAGE}??"


class TestSarif:
    """Code scanning."""

    SCHEMA = published_schema("https://json.schemastore.org/sarif-2.1.0.json")

    def check(self, found: Results) -> dict[str, object]:
        document = json.loads(sarif_view.report(found, here()))
        assert complaints(document, self.SCHEMA) == []
        (run,) = document["runs"]
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert isinstance(run, dict)
        return run

    def test_the_schema_is_that_of_the_standard_and_finds_mistakes(self) -> None:
        assert self.SCHEMA["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
        document = json.loads(sarif_view.report(results(), here()))
        document["runs"][0]["results"][0]["level"] = "fatal"
        assert complaints(document, self.SCHEMA) != []

    def test_a_result_has_rule_place_region_and_fingerprint(self) -> None:
        run = self.check(results())
        found = run["results"]
        assert isinstance(found, list)
        assert found[1] == {
            "ruleId": "seven-filters",
            "ruleIndex": list(rulebook()).index("seven-filters"),
            "level": "warning",
            "message": {"text": "7 filters"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "models/net.yaml", "uriBaseId": "%SRCROOT%"},
                        "region": {
                            "startLine": 3, "startColumn": 4, "endLine": 3, "endColumn": 8,
                            "snippet": {"text": "conv"},
                        },
                    },
                    "logicalLocations": [{"fullyQualifiedName": "conv", "kind": "element"}],
                }
            ],
            "partialFingerprints": {"cnncalc/v1": results().files[1].findings[1].fingerprint},
        }  # fmt: skip
        assert [result["level"] for result in found] == ["note", "warning", "error", "error"]

    def test_every_rule_has_its_metadata(self) -> None:
        run = self.check(Results(()))
        rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}  # type: ignore[index]
        assert rules.keys() == rulebook().keys()
        assert rules["seven-filters"] == {
            "id": "seven-filters",
            "shortDescription": {"text": "A convolution has 7 filters."},
            "fullDescription": {"text": "Seven is planted. It does not matter."},
            "help": {
                "text": (
                    "seven-filters (warning, looked for by default)\n\nA convolution has 7 filters.\n\n"
                    "Seven is planted. It does not matter.\n\nFound in:\n"
                    "    input: 3x8x8\n    layers:\n    - {conv: 7, kernel: 1}\n\nNot found in:\n"
                    "    input: 3x8x8\n    layers:\n    - {conv: 8, kernel: 1}\n"
                ),
                "markdown": (
                    "A convolution has 7 filters.\n\nSeven is planted. It does not matter.\n\nFound in:\n\n"
                    "```yaml\ninput: 3x8x8\nlayers:\n- {conv: 7, kernel: 1}\n```\n\nNot found in:\n\n"
                    "```yaml\ninput: 3x8x8\nlayers:\n- {conv: 8, kernel: 1}\n```\n"
                ),
            },
            "defaultConfiguration": {"level": "warning", "enabled": True},
        }
        assert rules["shape"]["help"]["markdown"].endswith(
            "\n\nFound in:\n\n```yaml\ninput: {C: 256, H: 6, W: 6}\nlayers:\n- {fc: 10}\n```\n\n"
            "Not found in:\n\n```yaml\ninput: {C: 256, H: 6, W: 6}\nlayers:\n- flatten\n- {fc: 10}\n```\n"
        )
        assert "Found in" not in rules["budget"]["help"]["text"] + rules["budget"]["help"]["markdown"]
        assert rules["no-source"]["defaultConfiguration"] == {"level": "note", "enabled": False}

    def test_the_run_says_who_ran_and_how_it_ended(self) -> None:
        run = self.check(results())
        assert run["tool"]["driver"]["version"] == "1.2.3"  # type: ignore[index]
        assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
        assert self.check(results("never"))["invocations"] == [{"executionSuccessful": True, "exitCode": 0}]

    @odd_names
    def test_odd_names_are_uris_that_lead_back_to_the_file(self, name: str) -> None:
        run = self.check(one(name, ODD_MESSAGE))
        (result,) = run["results"]  # type: ignore[misc]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert re.fullmatch(r"[!-~]+", place["uri"])
        path = unquote(urlsplit(place["uri"]).path, errors="surrogateescape")
        assert os.path.abspath(path) == os.path.abspath(name)
        assert ("uriBaseId" in place) is not name.startswith("..")
        assert result["message"]["text"] == ODD_MESSAGE


class TestPaths:
    """Where files are, seen from the root of the repository."""

    @pytest.mark.parametrize(
        ("file", "path", "uri"),
        [
            ("/repo/a/net.yaml", "a/net.yaml", "a/net.yaml"),
            ("/repo/a b#.yaml", "a b#.yaml", "a%20b%23.yaml"),
            ("/other/net.yaml", "/other/net.yaml", "file:///other/net.yaml"),
            ("/repository/net.yaml", "/repository/net.yaml", "file:///repository/net.yaml"),
            ("/repo/..net.yaml", "..net.yaml", "..net.yaml"),
        ],
    )
    def test_a_path_is_relative_where_it_can_be(self, file: str, path: str, uri: str) -> None:
        assert relative_path(file, "/repo") == path
        assert relative_uri(file, "/repo") == uri


def test_all_reports_are_empty_but_valid_without_any_file() -> None:
    nothing = Results(())
    assert concise_view.report(nothing, here()) == ""
    assert github_view.report(nothing, here()) == "0 specs: nothing found\n"
    assert TestJunit().check(junit_view.report(nothing, here())).get("tests") == "0"
    assert TestSarif().check(nothing)["results"] == []
