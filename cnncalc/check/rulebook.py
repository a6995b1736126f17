"""Every id that a finding can have, and the choice of those that are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cnncalc.check.rule import CheckRule
from cnncalc.check.rules import RULES
from cnncalc.errors import ConfigurationError
from cnncalc.language.problems import suggestion

OF_CHECK: dict[str, CheckRule] = {
    rule.id: rule
    for rule in (
        CheckRule("claim", "error", "by default"),
        CheckRule("budget", "error", "on request"),
        CheckRule("expect", "error", "on request"),
        CheckRule("incomplete", "error", "on request"),
        CheckRule("override"),
        CheckRule("internal-error"),
        CheckRule("unused-ignore", "warning", "by default"),
        CheckRule("stale-baseline", "warning", "by default"),
    )
}
"""The rules of findings that come neither from the language nor from lint rules."""


def rulebook() -> dict[str, CheckRule]:
    """Every rule by id: of lint, of the check itself, and the problems of the language, which have a page each."""
    from importlib.resources import files  # most checks need no page

    pages = sorted(page.name for page in files("cnncalc.check.problems").iterdir())
    problems = {id_: CheckRule(id_) for page in pages if (id_ := page.removesuffix(".md")) != page}
    return {**RULES, **OF_CHECK, **{id_: rule for id_, rule in problems.items() if id_ not in OF_CHECK}}


def ignorable() -> dict[str, CheckRule]:
    """The rules that are not always looked for, by id."""
    return {id_: rule for id_, rule in {**RULES, **OF_CHECK}.items() if rule.when != "always"}


def chosen_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> frozenset[str]:
    """The ids that are on, of all that can be ignored.

    Ids that an option asks for (`budget`, `expect`, `incomplete`) are on without being selected.

    Args:
        select: ids, `default` or `all`; nothing for `default`.
        ignore: ids or `all`.

    Raises:
        ConfigurationError: there is no such id, or it is a problem of the language.
    """
    known = ignorable()
    default = frozenset(id_ for id_, rule in known.items() if rule.when == "by default")
    asked = frozenset(id_ for id_, rule in OF_CHECK.items() if rule.when == "on request")
    words = {"default": default, "all": frozenset(known)}
    selected = _expanded(select, words, known) if select else default
    return (selected | asked) - _expanded(ignore, words, known)


def _expanded(ids: Iterable[str], words: Mapping[str, frozenset[str]], known: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(words.get(id_) or {require_rule(id_, known)} for id_ in ids))


def require_rule(id_: str, known: Iterable[str]) -> str:
    """The id, if it is known.

    Raises:
        ConfigurationError: it is not known, or cannot be ignored.
    """
    if id_ in known:
        return id_
    if id_ in rulebook():
        raise ConfigurationError(f"'{id_}' is always on: without it nothing else can be known about a spec")
    hint = suggestion(id_, known) or "; 'cnncalc check --list-rules' lists them"
    raise ConfigurationError(f"there is no rule '{id_}'{hint}")
