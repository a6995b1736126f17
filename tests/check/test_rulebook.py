"""Every id that a finding can have is known, with its severity and a reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnncalc.check.rulebook import OF_CHECK, chosen_rules, rulebook
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


def literals(*folders: str) -> set[str]:
    """The ids that calls have as literals."""
    nodes = [node for folder in folders for _, node in arguments(folder)]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is str}


def test_every_problem_in_the_code_has_a_page_and_every_page_a_problem() -> None:
    # `value` is what ValueProblem says where nothing else is given.
    assert literals("language", "network") | {"value"} == PROBLEMS.keys() | {"claim"}
    assert literals("check") <= rulebook().keys()


@pytest.mark.parametrize("folder", ["language", "network", "check"])
def test_an_id_is_a_literal_or_handed_on(folder: str) -> None:
    others = {f"{place} {ast.unparse(node)}" for place, node in arguments(folder) if not isinstance(node, ast.Constant)}
    # `add` also adds to sets and nodes, whose arguments are not ids.
    known = FORWARDED | {"operands", "(output,)"}
    assert {other for other in others if other.partition(" ")[2] not in known} == set()


def test_ids_are_sorted_and_those_of_lint_no_problems() -> None:
    assert list(RULES) == sorted(RULES)
    assert list(PROBLEMS) == sorted(PROBLEMS)
    assert RULES.keys().isdisjoint(PROBLEMS.keys() | OF_CHECK.keys())


def test_what_makes_a_spec_unusable_or_breaks_a_promise_is_an_error() -> None:
    others = {id_ for id_, rule in {**PROBLEMS, **OF_CHECK}.items() if rule.severity != "error"}
    assert others == {"unused-ignore", "stale-baseline"}
    assert {rule.when for rule in PROBLEMS.values()} == {"always"}


def test_of_lint_only_unclaimed_is_off_by_default() -> None:
    assert [rule.id for rule in RULES.values() if rule.when != "by default"] == ["unclaimed"]


ASKED = {"budget", "expect", "incomplete"}
"""What options ask for; it is on without being selected."""

DEFAULT = {"claim", "seven-filters", "unused-ignore", "stale-baseline", *ASKED}


@pytest.mark.usefixtures("planted_rules")
@pytest.mark.parametrize(
    ("select", "ignore", "on"),
    [
        pytest.param([], [], DEFAULT, id="by default those that say so"),
        pytest.param(["no-source"], [], {"no-source", *ASKED}, id="what is selected, beside what options ask for"),
        pytest.param(["default", "no-source"], [], {"no-source", *DEFAULT}, id="default adds to a selection"),
        pytest.param(["all"], [], {"no-source", *DEFAULT}, id="all has those that are off by default"),
        pytest.param(
            ["claim", "seven-filters"], ["claim", "budget"], {"seven-filters", "expect", "incomplete"},
            id="what is ignored is off even if it is selected",
        ),
        pytest.param([], ["all"], set(), id="everything can be ignored"),
    ],
)  # fmt: skip
def test_which_rules_are_on(select: list[str], ignore: list[str], on: set[str]) -> None:
    assert chosen_rules(select, ignore) == on


@pytest.mark.usefixtures("planted_rules")
@pytest.mark.parametrize(
    ("id_", "message"),
    [
        ("seven-filter", r"^there is no rule 'seven-filter'; did you mean 'seven-filters'\?$"),
        ("q", r"^there is no rule 'q'; 'cnncalc check --list-rules' lists them$"),
        ("shape", r"^'shape' is always on: without it nothing else can be known about a spec$"),
    ],
)
def test_what_cannot_be_selected_or_ignored_is_told(id_: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        chosen_rules([id_])
    with pytest.raises(ConfigurationError, match=message):
        chosen_rules([], [id_])
