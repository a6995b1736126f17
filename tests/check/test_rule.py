"""The place of a finding: at the word of the spec that gives what it is about, once for each word."""

import pytest
from check.looking import subject

from cnncalc.check.findings import Finding
from cnncalc.check.rule import CheckRule, Complaint, lint_findings
from cnncalc.check.rules import RULES
from cnncalc.language.nodes import ScalarNode


def found(text: str, rule: str) -> list[tuple[int, int, int, str]]:
    """(line, column, length, layer) of each finding."""
    return [(f.line, f.column, f.length, f.layer) for f in lint_findings(RULES[rule], subject(text))]


HEAD = "input: 1x8x8\nlayers:\n"


@pytest.mark.parametrize(
    ("line", "column", "length"),
    [
        pytest.param("- {conv: 1, kernel: 3, stride: 2}", 24, 6, id="the parameter"),
        pytest.param("- {conv2d: 1, kernel: 3, strides: 2}", 26, 7, id="an alias of it"),
        pytest.param("- conv: {filters: 1, kernel: 3, stride: 2}", 33, 6, id="in the long form"),
        pytest.param("- {conv: 1, kernel: 3, repeat: 1, first: {stride: 2}}", 43, 6, id="in first"),
        pytest.param("- {'conv': 1, 'kernel': 3, \"stride\": 2}", 28, 6, id="in quotes"),
        pytest.param("- {maxpool: 3, padding: 0}", 4, 7, id="the kind, where a default gives it"),
        pytest.param("- {name: p, pool_size: 3, max_pool: }", 27, 8, id="the kind by its alias"),
        pytest.param("- {sequence: [relu, {sequence: [{conv: 1, kernel: 3, stride: 2}]}]}", 54, 6, id="deep inside"),
    ],
)
def test_a_finding_points_at_the_word_that_gives_the_stride(line: str, column: int, length: int) -> None:
    assert [place[:3] for place in found(f"{HEAD}{line}\n", "partial-window")] == [(3, column, length)]


def test_a_layer_of_a_block_stands_in_the_block() -> None:
    text = "input: 1x8x8\nblocks:\n  half:\n  - {conv: 1, kernel: 3, stride: 2}\nlayers: [half]\n"
    assert found(text, "partial-window") == [(4, 26, 6, "half/conv")]


def test_the_layers_of_one_line_are_one_finding_that_names_the_first_and_counts_the_others() -> None:
    text = "input: 1x64x64\nblocks:\n  half: [{conv: 1, kernel: 3, stride: 2}]\nlayers: [half, {half: , repeat: 3}]\n"
    # 64 -> 31 -> 15 -> 7 -> 3: 31, 15 and 7 are exact
    (finding,) = lint_findings(RULES["partial-window"], subject(text))
    assert finding.layer == "half1/conv"
    assert "more layer" not in finding.message

    (finding,) = lint_findings(RULES["partial-window"], subject(text.replace("kernel: 3", "kernel: 4")))
    assert finding.layer == "half2.1/conv"  # 64 -> 31 -> 14 -> 6 -> 2: (31 - 4)/2 is not whole
    assert "31x31" in finding.message

    (finding,) = lint_findings(RULES["dead-pixels"], subject(text.replace("kernel: 3", "kernel: 1")))
    assert finding.layer == "half1/conv"
    assert finding.message.endswith(" (in half1/conv and 3 more layers)")


def test_one_other_layer_is_said_in_the_singular() -> None:
    (finding,) = lint_findings(RULES["dead-pixels"], subject(f"{HEAD}- {{conv: 1, kernel: 1, stride: 2, repeat: 2}}\n"))
    assert finding.message.endswith(" (in conv.1 and 1 more layer)")


DEFAULTS = "input: 1x8x8\ndefaults:\n  {word}: {{kernel: 3, norm: bn}}\nlayers:\n"


@pytest.mark.parametrize("word", ["conv", "conv2d"])
def test_what_defaults_give_to_several_lines_is_one_finding_there(word: str) -> None:
    text = DEFAULTS.format(word=word) + "- {conv: 1}\n- {conv: 1}\n- {conv: 1, norm: instancenorm}\n"
    places = [place[:3] for place in found(text, "bias-before-norm")]
    assert places == [(3, 17 + len(word), 4), (7, 13, 4)]


def test_a_complaint_that_is_not_inherited_stays_on_its_line() -> None:
    text = "input: 1x8x8\ndefaults: {conv: {stride: 2}}\nlayers:\n- {conv: 1, kernel: 3}\n"
    assert found(text, "partial-window") == [(4, 4, 4, "conv")]


def rule_of(*complaints: Complaint) -> CheckRule:
    """A rule that has just this to say."""
    return RULES["unclaimed"]._replace(find=lambda _subject: iter(complaints))


def test_a_complaint_about_the_whole_spec_stands_at_its_first_line() -> None:
    looked_at = subject(f"{HEAD}- relu\n")
    assert list(lint_findings(rule_of(Complaint(None, "what")), looked_at)) == [
        Finding(1, 1, "what", "unclaimed", "note", 1, "")
    ]


def test_a_complaint_about_a_word_stands_there_and_every_one_is_kept() -> None:
    looked_at = subject(f"{HEAD}- relu\n")
    word = ScalarNode("relu", 2, 2)
    complaints = [
        Complaint(None, "what", at=word),
        Complaint(None, "else", at=word),
        Complaint(None, "", at=ScalarNode("", 0, 0)),
    ]
    assert list(lint_findings(rule_of(*complaints), looked_at)) == [
        Finding(3, 3, "what", "unclaimed", "note", 4, ""),
        Finding(3, 3, "else", "unclaimed", "note", 4, ""),
        Finding(1, 1, "", "unclaimed", "note", 1, ""),
    ]
