"""Every id that a finding can have is known, with its severity and a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnncalc.check.engine import check_source
from cnncalc.check.findings import SEVERITIES, Finding, Rule
from cnncalc.check.language import LANGUAGE
from cnncalc.check.language.content import CONTENT
from cnncalc.check.language.form import FORM
from cnncalc.check.rulebook import OF_CHECK, Entry, chosen_rules, require_rule, rulebook
from cnncalc.check.rules import RULES
from cnncalc.check.settings import Settings
from cnncalc.errors import ConfigurationError
from cnncalc.language.source import text_source

PACKAGE = Path(__file__).parents[2] / "cnncalc"

PLACES = {
    "add": 2,
    "note": 2,
    "_note": 2,
    "ValueProblem": 2,
    "Problem": 3,
    "Finding": 3,
    "_findings": 2,
    "_failure": 2,
    "unchecked": 2,
}
"""What notes a problem or makes a finding, and which of its arguments is the id."""

FORWARDED = {"rule", "problem.rule", "reason.rule", "p.rule", "error.rule", "rule.id"}
"""Arguments that hand on an id which was given elsewhere."""


def arguments(folder: str) -> Iterator[tuple[str, ast.expr]]:
    """The id in every call that makes a problem or a finding, with its place."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                function = node.func
                name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
                place = PLACES.get(name)
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                if place is not None and len(node.args) > place:
                    yield f"{path.name}:{node.lineno}", node.args[place]
                elif place is not None and "rule" in given:
                    yield f"{path.name}:{node.lineno}", given["rule"]


def literals(folder: str) -> set[str]:
    """The ids that stand in calls as they are."""
    return {node.value for _, node in arguments(folder) if isinstance(node, ast.Constant) and type(node.value) is str}


@pytest.mark.parametrize("folder", ["language", "network", "check"])
def test_every_id_in_the_code_is_known(folder: str) -> None:
    assert literals(folder) - rulebook().keys() == set()


@pytest.mark.parametrize("folder", ["language", "network", "check"])
def test_an_id_is_a_literal_or_handed_on(folder: str) -> None:
    others = {f"{place} {ast.unparse(node)}" for place, node in arguments(folder) if not isinstance(node, ast.Constant)}
    # `add` also adds to sets and nodes, whose arguments are no ids.
    known = FORWARDED | {"operands", "(output,)", "remarks"}
    assert {other for other in others if other.partition(" ")[2] not in known} == set()


def test_every_problem_of_the_language_is_still_noted_somewhere() -> None:
    # `value` is what ValueProblem says where nothing else is given.
    assert literals("language") | literals("network") | {"value"} == LANGUAGE.keys()


def test_the_bad_specs_of_the_tests_have_known_ids_only() -> None:
    bad = (PACKAGE.parent / "tests" / "language" / "bad").glob("*.yaml")
    named = {id_ for path in bad for id_ in re.findall(r"^# .*\(([a-z-]+)\)$", path.read_text("utf-8"), re.M)}
    assert len(named) > 25
    assert named <= LANGUAGE.keys()


def test_ids_of_the_three_sorts_differ() -> None:
    assert LANGUAGE.keys() & OF_CHECK.keys() == {"claim"}
    assert RULES.keys().isdisjoint(LANGUAGE.keys() | OF_CHECK.keys())


def test_the_problems_of_the_language_are_sorted_and_each_is_explained_once() -> None:
    assert list(LANGUAGE) == sorted([*FORM, *CONTENT])


@pytest.mark.parametrize("entry", rulebook().values(), ids=lambda entry: entry.id)
def test_an_entry_says_what_it_finds_in_a_sentence_and_why_in_some(entry) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.id)
    assert entry.severity in SEVERITIES
    assert re.fullmatch(r"\S.*[^.]\.", entry.summary)
    assert len(entry.summary) <= 120
    assert entry.reason.endswith(".")
    assert entry.reason != entry.summary


@pytest.mark.parametrize("id_", ["shape", "unknown-kind", "yaml", "budget", "expect", "claim", "unreadable"])
def test_what_makes_a_spec_unusable_or_breaks_a_promise_is_an_error(id_: str) -> None:
    assert rulebook()[id_].severity == "error"


WITHOUT_EXAMPLE = {
    "budget": "is found only where an option gives the limit",
    "expect": "is found only with a second file, that of the claims",
    "incomplete": "is found only under --strict",
    "override": "is about what options give",
    "internal-error": "a spec that shows it would be one that cnncalc mends",
    "stale-baseline": "is found in a baseline, which is no spec",
    "depth": "more than forty levels do not fit into a few lines that can be read",
    "too-many": "reading stops at the hundredth problem",
    "unreadable": "a file that cannot be read has no text to show",
}
"""The ids that no short spec shows, with the reason."""

EXAMPLES = {id_: entry for id_, entry in rulebook().items() if id_ not in RULES and id_ not in WITHOUT_EXAMPLE}
"""What has an example here; those of the lint rules have tests of their own."""

one_with_examples = pytest.mark.parametrize("entry", EXAMPLES.values(), ids=EXAMPLES)


def findings(text: str) -> list[Finding]:
    """All that a check finds in a text by default, lint rules included."""
    return [located.finding for located in check_source(text_source(text), Settings()).findings]


@pytest.mark.parametrize("id_", WITHOUT_EXAMPLE)
def test_what_no_short_spec_shows_has_no_example(id_: str) -> None:
    assert (rulebook()[id_].bad, rulebook()[id_].good) == ("", "")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_lint_rule_hands_on_its_examples(rule: Rule) -> None:
    assert (rulebook()[rule.id].bad, rulebook()[rule.id].good) == (rule.bad, rule.good)


@one_with_examples
def test_the_bad_example_has_findings_of_its_id_and_no_other(entry: Entry) -> None:
    assert {finding.rule for finding in findings(entry.bad)} == {entry.id}


@one_with_examples
def test_nothing_is_found_in_the_good_example(entry: Entry) -> None:
    assert findings(entry.good) == []


@one_with_examples
def test_examples_are_a_few_lines_that_fit_into_80_columns_behind_their_indentation(entry: Entry) -> None:
    for example in (entry.bad, entry.good):
        assert example.endswith("\n")
        assert len(example.splitlines()) <= 6
        assert max(map(len, example.splitlines())) <= 76
        assert example.isascii()
        assert example.replace("\n", "").isprintable()  # it is shown on terminals


@pytest.mark.usefixtures("planted_rules")
class TestChoice:
    """Which rules are on."""

    def test_by_default_those_that_say_so_are_on(self) -> None:
        assert chosen_rules() == {
            "claim", "seven-filters", "unused-ignore", "stale-baseline", "budget", "expect", "incomplete",
        }  # fmt: skip

    def test_what_is_selected_is_on_beside_what_options_ask_for(self) -> None:
        assert chosen_rules(["no-source"]) == {"no-source", "budget", "expect", "incomplete"}

    def test_default_adds_to_a_selection(self) -> None:
        assert chosen_rules(["default", "no-source"]) == chosen_rules() | {"no-source"}

    def test_all_has_those_that_are_off_by_default(self) -> None:
        assert chosen_rules(["all"]) == chosen_rules() | {"no-source"}

    def test_what_is_ignored_is_off_even_where_it_is_selected(self) -> None:
        assert chosen_rules(["claim", "seven-filters"], ["claim", "budget"]) == {
            "seven-filters", "expect", "incomplete",
        }  # fmt: skip

    def test_everything_can_be_ignored(self) -> None:
        assert chosen_rules([], ["all"]) == set()

    def test_a_mistyped_id_is_told_with_the_nearest(self) -> None:
        with pytest.raises(
            ConfigurationError, match=r"^there is no rule 'seven-filter'; did you mean 'seven-filters'\?$"
        ):
            chosen_rules(["seven-filter"])

    def test_an_id_that_is_far_from_all_is_told_with_where_to_look(self) -> None:
        with pytest.raises(
            ConfigurationError, match=r"^there is no rule 'q'; 'cnncalc check --list-rules' lists them$"
        ):
            chosen_rules([], ["q"])

    def test_a_problem_of_the_language_cannot_be_ignored(self) -> None:
        with pytest.raises(ConfigurationError, match=r"^'shape' is always on: without it nothing else can be known"):
            chosen_rules([], ["shape"])


def test_a_known_id_is_handed_back() -> None:
    assert require_rule("claim", ["claim"]) == "claim"
