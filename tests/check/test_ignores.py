"""Comments that ignore findings, and complaints about those that ignore nothing."""

import pytest

from cnncalc.check.engine import check_source
from cnncalc.check.rulebook import chosen_rules
from cnncalc.check.settings import Settings
from cnncalc.language.source import text_source

pytestmark = pytest.mark.usefixtures("planted_rules")

HEAD = "input: 3x8x8\nlayers:\n"
SEVEN = "conv: 7, kernel: 1"


def found(text: str, *select: str) -> list[str]:
    """The findings of a spec as `line:column rule`."""
    settings = Settings(rules=chosen_rules(select))
    checked = check_source(text_source(text), settings)
    return [f"{located.finding.line}:{located.finding.column} {located.finding.rule}" for located in checked.findings]


def complaints(text: str) -> list[str]:
    """What is said about comments, with their places."""
    checked = check_source(text_source(text), Settings(rules=chosen_rules()))
    findings = [located.finding for located in checked.findings if located.finding.rule == "unused-ignore"]
    assert {finding.severity for finding in findings} <= {"warning"}
    return [f"{finding.line}:{finding.column} {finding.message}" for finding in findings]


IGNORED = {
    "behind the line": f"{HEAD}- {{{SEVEN}}} # cnncalc: ignore[seven-filters]\n",
    "with other words behind it": f"{HEAD}- {{{SEVEN}}} # cnncalc: ignore[seven-filters] as the paper has it\n",
    "behind the comment of another tool": f"{HEAD}- {{{SEVEN}}} # noqa # cnncalc: ignore[seven-filters]\n",
    "without blanks": f"{HEAD}- {{{SEVEN}}} #cnncalc:ignore[seven-filters]\n",
    "with several ids": f"{HEAD}- {{{SEVEN}, out: 1}} # cnncalc: ignore[claim, seven-filters]\n",
    "alone above the line": f"{HEAD}# cnncalc: ignore[seven-filters]\n- {{{SEVEN}}}\n",
    "indented above the line": f"{HEAD}  # cnncalc: ignore[seven-filters]\n- {{{SEVEN}}}\n",
    "above other comments and blank lines": (
        f"{HEAD}# cnncalc: ignore[seven-filters]\n\n# as the paper has it\n- {{{SEVEN}}}\n"
    ),
    "two of them above the line": (
        f"{HEAD}# cnncalc: ignore[claim]\n# cnncalc: ignore[seven-filters]\n- {{{SEVEN}, out: 1}}\n"
    ),
    "for the whole file, at its end": f"{HEAD}- {{{SEVEN}}}\n- {{{SEVEN}}}\n# cnncalc: ignore-file[seven-filters]\n",
    "for the whole file, behind a value": (
        f"input: 3x8x8 # cnncalc: ignore-file[seven-filters]\nlayers:\n- {{{SEVEN}}}\n"
    ),
    "above a layer over several lines": f"{HEAD}# cnncalc: ignore[claim]\n- {{conv: 8,\n   kernel: 1,\n   out: 1}}\n",
    "above a layer over several lines in JSON": (
        '{"input": "3x8x8", "layers": [\n# cnncalc: ignore[claim]\n{"conv": 8, "kernel": 1,\n"out": 1}, "relu"]}\n'
    ),
    "with Windows line ends": f"{HEAD}- {{{SEVEN}}} # cnncalc: ignore[seven-filters]\n".replace("\n", "\r\n"),
}


@pytest.mark.parametrize("text", IGNORED.values(), ids=IGNORED)
def test_a_comment_ignores_a_finding(text: str) -> None:
    assert found(text) == []


KEPT = {
    "without a comment": (f"{HEAD}- {{{SEVEN}}}\n", ["3:4 seven-filters"]),
    "on the line above, behind something": (f"{HEAD}- relu # cnncalc: ignore[seven-filters]\n- {{{SEVEN}}}\n",
        ["3:26 unused-ignore", "4:4 seven-filters"]),
    "on the line below": (f"{HEAD}- {{{SEVEN}}}\n# cnncalc: ignore[seven-filters]\n",
                          ["3:4 seven-filters", "4:19 unused-ignore"]),
    "on another layer, in the braces of a whole spec": (
        "{input: 3x8x8, # cnncalc: ignore[seven-filters]\nlayers: [\n{conv: 7, kernel: 1}]}\n",
        ["1:34 unused-ignore", "3:2 seven-filters"],
    ),
    "one of two lines": (f"{HEAD}- {{{SEVEN}}} # cnncalc: ignore[seven-filters]\n- {{{SEVEN}}}\n",
                         ["4:4 seven-filters"]),
    "another rule": (f"{HEAD}- {{{SEVEN}}} # cnncalc: ignore[claim]\n", ["3:4 seven-filters", "3:42 unused-ignore"]),
    "in a text": (
        f"notes: 'cnncalc: ignore-file[seven-filters] # cnncalc: ignore-file[seven-filters]'\n{HEAD}- {{{SEVEN}}}\n",
        ["4:4 seven-filters"],
    ),
    "in a block of text": (f"notes: |\n  # cnncalc: ignore-file[seven-filters]\n{HEAD}- {{{SEVEN}}}\n",
                           ["5:4 seven-filters"]),
    "another word": (f"{HEAD}- {{{SEVEN}}} # cnncalc: ignored[seven-filters]\n",
                     ["3:4 seven-filters", "3:35 unused-ignore"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), KEPT.values(), ids=KEPT)
def test_a_finding_stays_where_the_comment_is_about_something_else(text: str, expected: list[str]) -> None:
    assert found(text) == expected


COMPLAINTS = {
    "nothing to ignore on a line": (f"{HEAD}- relu # cnncalc: ignore[seven-filters]\n",
                                    ["3:26 there is no seven-filters in line 3 to ignore; remove it from the comment"]),
    "nothing to ignore on the line below": (f"{HEAD}# cnncalc: ignore[seven-filters]\n\n- relu\n",
        ["3:19 there is no seven-filters in line 5 to ignore; remove it from the comment"]),
    "nothing to ignore in a file": (f"{HEAD}- relu\n# cnncalc: ignore-file[claim]\n",
                                    ["4:24 there is no claim in this file to ignore; remove it from the comment"]),
    "a mistyped id": (f"{HEAD}- {{{SEVEN}}} # cnncalc: ignore[seven-filter, seven-filters]\n",
                      ["3:42 there is no rule 'seven-filter'; did you mean 'seven-filters'?"]),
    "a problem of the language": (f"{HEAD}- relu # cnncalc: ignore[shape]\n",
                                  ["3:26 'shape' is always on: without it nothing else can be known about a spec"]),
    "no id": (f"{HEAD}- {{{SEVEN}}} # cnncalc: ignore\n",
              ["3:35 the comment names no rule to ignore; write # cnncalc: ignore[seven-filters]"]),
    "another word": (
        f"{HEAD}- {{{SEVEN}}} # cnncalc: Disable[seven-filters]\n- relu # cnncalc: ignore-line\n# cnncalc: noqa\n",
        [
            "3:35 'Disable' ignores nothing; write # cnncalc: ignore[seven-filters]",
            "4:19 'ignore-line' ignores nothing; write # cnncalc: ignore[partial-window]",
            "5:12 'noqa' ignores nothing; write # cnncalc: ignore[partial-window]",
        ],
    ),
    "empty brackets": (f"{HEAD}- relu # cnncalc: ignore[ ]\n",
                       ["3:19 the comment names no rule to ignore; write # cnncalc: ignore[partial-window]"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), COMPLAINTS.values(), ids=COMPLAINTS)
def test_a_comment_that_ignores_nothing_is_told(text: str, expected: list[str]) -> None:
    assert complaints(text) == expected


def test_a_comment_that_only_names_cnncalc_is_no_instruction() -> None:
    assert found(f"{HEAD}- relu # cnncalc: the figures of the table [1]\n") == []
    assert found(f"{HEAD}- relu # cnncalc: skip connections are blocks here\n") == []


def test_a_complaint_covers_the_id() -> None:
    source = text_source(f"{HEAD}- relu # cnncalc: ignore[seven-filters]\n")
    checked = check_source(source, Settings(rules=chosen_rules()))
    (located,) = checked.findings
    start = located.finding.column - 1
    assert located.excerpt[start : start + located.finding.length] == "seven-filters"


@pytest.mark.parametrize("id_", ["no-source", "budget", "expect", "incomplete"])
def test_a_comment_about_what_was_not_looked_for_is_not_told(id_: str) -> None:
    # no-source is off by default, and the others only come with an option; the comment may serve another run.
    assert found(f"{HEAD}- relu # cnncalc: ignore[{id_}]\n") == []


def test_a_comment_about_a_rule_that_is_not_selected_is_not_told() -> None:
    assert found(f"{HEAD}- {{{SEVEN}}} # cnncalc: ignore[seven-filters]\n", "claim", "unused-ignore") == []


def test_a_hundred_complaints_are_enough() -> None:
    text = HEAD + "- relu\n" + "# cnncalc: ignore[no-such-rule]\n" * 1_000
    assert found(text) == [f"{line}:19 unused-ignore" for line in range(4, 104)]


def test_thousands_of_comments_ignore_what_they_cover() -> None:
    # One comment above another: each covers the line below all of them.
    text = HEAD + "# cnncalc: ignore[seven-filters]\n" * 2_000 + f"- {{{SEVEN}}}\n"
    assert found(text) == []
    text = HEAD + f"- {{{SEVEN}}} # cnncalc: ignore[seven-filters]\n" * 1_000
    assert found(text) == []


def test_complaints_can_be_off() -> None:
    assert found(f"{HEAD}- relu # cnncalc: ignore[seven-filters]\n", "seven-filters") == []


def test_a_problem_of_the_language_is_never_ignored() -> None:
    assert found(f"{HEAD}- rellu # cnncalc: ignore[unknown-kind]\n") == ["3:3 unknown-kind"]
