"""Every id that a finding can have is known, with its severity and a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnncalc.check.rulebook import OF_CHECK, chosen_rules, require_rule, rulebook
from cnncalc.check.rules import RULES
from cnncalc.errors import ConfigurationError

PROBLEMS = {id_: rule for id_, rule in rulebook().items() if id_ not in RULES and id_ not in OF_CHECK}
"""Those of the language, of which one is `claim` as well."""

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
    "note_here": 1,
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
    assert literals("language") | literals("network") | {"value"} == PROBLEMS.keys() | {"claim"}


def test_the_bad_specs_of_the_tests_have_known_ids_only() -> None:
    bad = (PACKAGE.parent / "tests" / "language" / "bad").glob("*.yaml")
    named = {id_ for path in bad for id_ in re.findall(r"^# .*\(([a-z-]+)\)$", path.read_text("utf-8"), re.M)}
    assert len(named) > 25
    assert named <= PROBLEMS.keys() | {"claim"}


def test_ids_are_sorted_and_those_of_lint_no_problems() -> None:
    assert list(RULES) == sorted(RULES)
    assert list(PROBLEMS) == sorted(PROBLEMS)
    assert RULES.keys().isdisjoint(PROBLEMS.keys() | OF_CHECK.keys())


def test_only_unclaimed_is_off_by_default() -> None:
    assert [rule.id for rule in RULES.values() if rule.when != "by default"] == ["unclaimed"]


@pytest.mark.parametrize("id_", ["shape", "unknown-kind", "yaml", "budget", "expect", "claim", "unreadable"])
def test_what_makes_a_spec_unusable_or_breaks_a_promise_is_an_error(id_: str) -> None:
    assert rulebook()[id_].severity == "error"


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
