"""Every id that a finding can have, with its severity and what it means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from cnncalc.check.explained import Explained
from cnncalc.check.findings import Rule, Severity
from cnncalc.check.language import LANGUAGE
from cnncalc.check.rules import RULES
from cnncalc.errors import ConfigurationError
from cnncalc.language.problems import suggestion

When = Literal["always", "by default", "on request"]
"""When something is looked for: always, unless it is ignored or not selected, or when an option asks for it."""


class Entry(NamedTuple):
    """What an id stands for.

    Attributes:
        id: its name in `--select`, in comments and in reports.
        severity: how much a finding of it matters.
        when: when it is looked for.
        summary: one sentence that says what was found.
        reason: why it matters, and what to do.
        bad: a spec in which it is found; empty where no short spec shows it.
        good: the same spec, mended; empty where `bad` is.
    """

    id: str
    severity: Severity
    when: When
    summary: str
    reason: str
    bad: str = ""
    good: str = ""


OF_CHECK: dict[str, tuple[Severity, When, Explained]] = {
    "claim": ("error", "by default", LANGUAGE["claim"]),
    "budget": (
        "error",
        "on request",
        Explained(
            "A figure of the network is over its budget.",
            "--max-params and the other limits hold for every spec that is checked. The finding stands at the line "
            "that contributes most, or where most memory is held. A limit for one spec stands in its "
            "expect:, as {params: {max: 5M}}.",
        ),
    ),
    "expect": (
        "error",
        "on request",
        Explained(
            "A claim of the file given by --expect does not hold.",
            "The claims are those of an expect: block, kept apart from the spec: the key to an exercise, "
            "or what a published model must still give. The finding stands in the file of the claims.",
        ),
    ),
    "incomplete": (
        "error",
        "on request",
        Explained(
            "A figure is unknown or only a lower bound, and --strict is given.",
            "A counting profile without a rule for a layer, or a receptive field that cannot be followed, "
            "makes a total incomplete. A build that relies on the figures should not take it for the whole.",
        ),
    ),
    "override": (
        "error",
        "always",
        Explained(
            "What --input or --set gives does not fit the spec.",
            "The spec has no variable of this name or its input has other axes, so that it was not checked.",
        ),
    ),
    "internal-error": (
        "error",
        "always",
        Explained(
            "cnncalc itself failed on this file.",
            "This is a mistake of cnncalc, not of the spec, and worth a bug report. The other files were checked.",
        ),
    ),
    "unused-ignore": (
        "warning",
        "by default",
        Explained(
            "A comment ignores what is not there.",
            "The finding was mended or has moved, or the rule's name is mistyped. An ignore that is left behind "
            "would hide the next finding of that rule: remove the comment, or the name from it.",
            bad=(
                "input: {C: 3, H: 227, W: 227}\nlayers:\n"
                "- {conv: 96, kernel: 11, stride: 4}  # cnncalc: ignore[partial-window]\n"
            ),
            good="input: {C: 3, H: 227, W: 227}\nlayers:\n- {conv: 96, kernel: 11, stride: 4}\n",
        ),
    ),
    "stale-baseline": (
        "warning",
        "by default",
        Explained(
            "The baseline holds a finding that is gone.",
            "It was mended, which is good news; write the baseline anew with --write-baseline, "
            "so that the same mistake cannot come back unseen.",
        ),
    ),
}
"""What is found beside the problems of the language and by the lint rules."""


def rulebook() -> dict[str, Entry]:
    """Every id with its meaning: the lint rules, what the check itself looks for, the problems of the language."""
    of_check = {id_: Entry(id_, severity, when, *words) for id_, (severity, when, words) in OF_CHECK.items()}
    language = {id_: Entry(id_, "error", "always", *words) for id_, words in LANGUAGE.items()}
    lint = {id_: _of_lint(rule) for id_, rule in RULES.items()}
    return {**lint, **of_check, **{id_: entry for id_, entry in language.items() if id_ not in of_check}}


def _of_lint(rule: Rule) -> Entry:
    when: When = "by default" if rule.by_default else "on request"
    return Entry(rule.id, rule.severity, when, rule.summary, rule.reason, rule.bad, rule.good)


def chosen_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> frozenset[str]:
    """The ids that are on, of all that can be ignored.

    What an option asks for (`budget`, `expect`, `incomplete`) is on without being selected.

    Args:
        select: ids, `default` or `all`; nothing for `default`.
        ignore: ids or `all`.

    Raises:
        ConfigurationError: there is no such id, or it is a problem of the language.
    """
    known = {id_: entry.when for id_, entry in rulebook().items() if entry.when != "always"}
    default = frozenset(id_ for id_, when in known.items() if when == "by default")
    asked = frozenset(id_ for id_ in OF_CHECK if known.get(id_) == "on request")
    words = {"default": default, "all": frozenset(known)}
    selected = _expanded(select, words, known) if select else default
    return (selected | asked) - _expanded(ignore, words, known)


def _expanded(ids: Iterable[str], words: dict[str, frozenset[str]], known: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(words.get(id_) or {require_rule(id_, known)} for id_ in ids))


def require_rule(id_: str, known: Iterable[str]) -> str:
    """The id, if it is known.

    Raises:
        ConfigurationError: it is not, or nothing of that id can be ignored.
    """
    if id_ in known:
        return id_
    if id_ in rulebook():
        raise ConfigurationError(f"'{id_}' is always on: without it nothing else can be known about a spec")
    hint = suggestion(id_, known) or "; 'cnncalc check --list-rules' lists them"
    raise ConfigurationError(f"there is no rule '{id_}'{hint}")
