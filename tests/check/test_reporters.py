"""Every report is valid by its own format's schema or parser, whatever files and messages are called."""

import json
import os
import re
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from check.reports import READERS, SARIF
from junitparser import JUnitXml
from schemas import complaints
from workflow_commands import Command, read_log

from cnncalc.check.findings import Finding
from cnncalc.check.reporters import FORMATS, Surroundings
from cnncalc.check.reporters.markdown_view import MOST_SHOWN
from cnncalc.check.reporters.summary_view import relative_path, relative_uri, summary
from cnncalc.check.reporters.text_view import print_findings
from cnncalc.check.results import Checked, Results, locate
from cnncalc.check.rulebook import rulebook
from cnncalc.errors import printable, printable_lines
from cnncalc.render.screen import Screen

pytestmark = pytest.mark.usefixtures("planted_rules")

TEXT = "input: 3x8x8\nlayers:\n- {conv: 7, kernel: 1}\n"

FINDINGS = (
    Finding(3, 4, "7 filters", "seven-filters", "warning", 4, "conv"),
    Finding(3, 10, "kernel: 1 claimed, 2 found", "claim", "error", 9),
    Finding(1, 1, "nothing much", "no-source", "note"),
)

LINES = [
    "models/net.yaml:1:1: note: nothing much (no-source)",
    "models/net.yaml:3:4: warning: 7 filters (seven-filters)",
    "models/net.yaml:3:10: error: kernel: 1 claimed, 2 found (claim)",
    "unreadable.yaml:1:1: error: is a folder (unreadable)",
]
"""The findings of `results`, sorted by place, as a concise report has them."""

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


def one(file: str, message: str = "m", text: str = TEXT, length: int = 1) -> Results:
    finding = Finding(3, 4, message, "claim", "error", length)
    # `locate` leaves no odd signs in a message; a report does not rely on it.
    (located,) = locate(file, text, [finding])
    return Results((Checked(file, (located._replace(finding=finding),)),))


def report(format_: str, found: Results, root: str = "") -> str:
    """A report as it is printed in this folder, or in a checkout somewhere else."""
    if format_ == "text":
        file = StringIO()
        print_findings(found, Screen(file, 80))
        return file.getvalue()
    surroundings = Surroundings(root or os.getcwd(), "1.2.3", ascii_only=False)
    text: str = import_module(f"cnncalc.check.reporters.{format_}_view").report(found, surroundings)
    return text


ODD_NAMES = {
    "a blank": "my net.yaml",
    "a line break": "a\nb.yaml",
    "a carriage return": "a\r::error::b.yaml",
    "colons": "::error file=x::y.yaml",
    "commas": "a,line=9,b.yaml",
    "percent signs": "100%.yaml",
    "an escape of GitHub": "a%0Ab.yaml",
    "Markdown": "a|b_c_`d`[e](f)*g*<h>.yaml",
    "a mention": "@me#1.yaml",
    "markup of rich": "[bold]x[/bold].yaml",
    "XML": "a<b>&\"'.yaml",
    "an escape sequence of a terminal": "a\x1b[31mb.yaml",
    "a zero-width sign": "a\u200bb.yaml",
    "a name that is no UTF-8": "a\udcffb.yaml",
    "signs of a URI": "a?b#c.yaml",
    "another script": "сеть.yaml",
    "a folder above": "../net.yaml",
}


class TestEveryFormat:
    """What holds for all of them."""

    def test_each_has_a_reader(self) -> None:
        assert tuple(READERS) == FORMATS

    @pytest.mark.parametrize("format_", FORMATS)
    def test_findings_are_those_of_the_run(self, format_: str) -> None:
        found = READERS[format_](report(format_, results()))
        assert [f"{r.file}:{r.line}:{r.column}: {r.severity}: {r.message} ({r.rule})" for r in found] == LINES

    @pytest.mark.parametrize("format_", FORMATS)
    @pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
    def test_odd_names_and_messages_are_text_and_nothing_else(self, name: str, format_: str) -> None:
        (read,) = READERS[format_](report(format_, one(name, ODD_MESSAGE)))
        message = printable_lines(ODD_MESSAGE) if format_ == "text" else ODD_MESSAGE
        assert read[1:] == (3, 4, "error", message, "claim")
        match format_:
            case "json":
                assert read.file == name
            case "github":  # which finds no file with a sign that would steer the log
                assert os.path.abspath(read.file) == os.path.abspath(printable_lines(name))
            case "gitlab" | "sarif":
                assert os.path.abspath(read.file) == os.path.abspath(name)
            case _:
                assert read.file == printable(name)

    @pytest.mark.parametrize("format_", FORMATS)
    def test_a_report_about_nothing_is_valid(self, format_: str) -> None:
        assert READERS[format_](report(format_, Results(()))) == []


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

    def test_each_finding_has_its_line_and_carets(self) -> None:
        assert report("text", results()).splitlines() == [
            LINES[0],
            "    1 | input: 3x8x8",
            "        ^",
            LINES[1],
            "    3 | - {conv: 7, kernel: 1}",
            "           ^^^^",
            LINES[2],
            "    3 | - {conv: 7, kernel: 1}",
            "                 ^^^^^^^^^",
            LINES[3],
            "",
            "3 specs, 3 claims: 2 errors, 1 warning, 1 note",
        ]

    def test_where_nothing_is_found_it_is_one_line(self) -> None:
        assert report("text", Results((Checked("a", (), 2),))) == "1 spec, 2 claims: nothing found\n"

    def test_signs_that_would_steer_the_terminal_are_not_printed(self) -> None:
        text = report("text", one("a\x1b[31mb.yaml", text="a\nb\n- \x1b[31m{conv\x07\n"))
        assert "\x1b" not in text
        assert "\x07" not in text


class TestJson:
    """The documented object."""

    def test_it_has_the_words_of_the_other_reports(self) -> None:
        document = json.loads(report("json", results(skipped=4)))
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

    def test_what_is_covered_ends_with_its_line(self) -> None:
        document = json.loads(report("json", one("a", length=999)))
        assert document["findings"][0]["end_column"] == 23  # "- {conv: 7, kernel: 1}" has 22 characters


class TestGithub:
    """Annotations."""

    def test_each_finding_is_a_command_and_the_totals_are_none(self) -> None:
        commands, others = read_log(report("github", results()))
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

    def test_paths_are_those_of_the_repository(self) -> None:
        here = Path.cwd()
        (read,) = READERS["github"](report("github", one("net.yaml"), str(here.parent)))
        assert read.file == f"{here.name}/net.yaml"


class TestMarkdown:
    """A job's summary."""

    def test_it_is_a_heading_the_totals_and_a_table(self) -> None:
        text = report("markdown", results())
        assert text.startswith("## cnncalc check failed\n\n3 specs, 3 claims: 2 errors, 1 warning, 1 note.\n\n|")

    def test_it_says_so_where_all_is_well(self) -> None:
        assert report("markdown", Results((Checked("a", (), 2),))) == (
            "## cnncalc check passed\n\n1 spec, 2 claims: nothing found.\n"
        )

    def test_nobody_is_mentioned(self) -> None:
        text = report("markdown", one("@me.yaml", "there is no layer '@everyone'; see #1 and a@b"))
        assert (
            "| @<!-- -->me.yaml:3:4 | there is no layer '@<!-- -->everyone'; see #<!-- -->1 and a@<!-- -->b |" in text
        )

    def test_a_long_table_is_cut_and_says_so(self) -> None:
        findings = [Finding(1, column, "m", "claim", "error") for column in range(1, MOST_SHOWN + 1235)]
        text = report("markdown", Results((Checked("a", locate("a", "x", findings)),)))
        assert text.endswith("\n\n1,234 more findings are in the log.\n")
        assert text.count("\n| error |") == MOST_SHOWN
        assert len(text.encode()) < 2**20


class TestJunit:
    """Test reports."""

    def test_a_file_is_a_suite_and_a_finding_a_test(self) -> None:
        suites = list(JUnitXml.fromstring(report("junit", results()).encode()))
        assert [(suite.name, suite.tests, suite.failures) for suite in suites] == [
            ("good.yaml", 1, 0), ("models/net.yaml", 3, 1), ("unreadable.yaml", 1, 1),
        ]  # fmt: skip
        names = [(case.name, case.is_passed) for case in suites[1]]
        assert names == [("no-source", True), ("seven-filters in conv", True), ("claim", False)]

    @pytest.mark.parametrize(("fail_on", "failures"), [("never", 0), ("error", 2), ("warning", 3), ("note", 4)])
    def test_what_fails_the_run_fails_the_test(self, fail_on: str, failures: int) -> None:
        text = report("junit", results(fail_on))
        assert len(READERS["junit"](text)) == 4
        suites = JUnitXml.fromstring(text.encode())
        assert (suites.tests, suites.failures) == (5, failures)

    def test_what_xml_cannot_write_becomes_a_question_mark(self) -> None:
        (read,) = READERS["junit"](report("junit", one("a.yaml", "a\x00\ufffeb")))
        assert read.message == "a??b"


class TestSarif:
    """Code scanning."""

    def test_the_schema_is_that_of_the_standard_and_finds_mistakes(self) -> None:
        assert SARIF["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
        document = json.loads(report("sarif", results()))
        document["runs"][0]["results"][0]["level"] = "fatal"
        assert complaints(document, SARIF) != []

    def test_a_result_has_rule_place_region_and_fingerprint(self) -> None:
        (run,) = json.loads(report("sarif", results()))["runs"]
        assert run["results"][1] == {
            "ruleId": "seven-filters",
            "ruleIndex": 0,  # lint comes first, and this is planted first
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

    def test_every_rule_has_its_metadata(self) -> None:
        (run,) = json.loads(report("sarif", Results(())))["runs"]
        rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
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
        assert "Found in" not in rules["budget"]["help"]["text"] + rules["budget"]["help"]["markdown"]
        assert rules["no-source"]["defaultConfiguration"] == {"level": "note", "enabled": False}

    def test_the_run_says_who_ran_and_how_it_ended(self) -> None:
        (run,) = json.loads(report("sarif", results()))["runs"]
        assert run["tool"]["driver"]["version"] == "1.2.3"
        assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
        (run,) = json.loads(report("sarif", results("never")))["runs"]
        assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 0}]


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
def test_a_path_is_relative_where_it_can_be(file: str, path: str, uri: str) -> None:
    assert relative_path(file, "/repo") == path
    assert relative_uri(file, "/repo") == uri
