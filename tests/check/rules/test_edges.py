"""Where a rule begins and ends: small specs, and what the rule says about each, word for word.

A file of `edges/` has the rule's name. A case in it is a sentence behind `#`, perhaps with the arithmetic on a second
such line, a spec, and the messages behind `>`; without one the rule has nothing to say.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from check.looking import messages

from cnncalc.check.rules import RULES

EDGES = Path(__file__).with_name("edges")


def cases() -> list[tuple[str, str, str]]:
    """(rule, sentence, the rest of the case) of all files."""
    found = []
    for file in sorted(EDGES.glob("*.txt")):
        for paragraph in file.read_text("utf-8").rstrip("\n").split("\n\n"):
            sentence, _, rest = paragraph.partition("\n")
            found.append((file.stem, sentence.removeprefix("# "), rest))
    return found


@pytest.mark.parametrize(
    ("rule", "case"), [pytest.param(rule, rest, id=f"{rule}: {sentence}") for rule, sentence, rest in cases()]
)
def test_the_rule_says_exactly_this(rule: str, case: str) -> None:
    lines = case.splitlines()
    text = "\n".join(line for line in lines if line[:1] not in ("#", ">"))
    assert messages(text, rule) == [line.removeprefix("> ") for line in lines if line.startswith(">")]


def test_every_rule_has_cases_in_which_it_speaks_and_is_silent() -> None:
    speaks = {rule for rule, _, rest in cases() if "\n>" in rest}
    silent = {rule for rule, _, rest in cases() if "\n>" not in rest}
    assert (sorted(speaks), sorted(silent)) == ([*RULES], [*RULES])
