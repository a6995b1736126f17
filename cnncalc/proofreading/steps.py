"""The steps of a write-up: what is said of one layer after another, and whether it fits together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.proofreading.equations import Term, WindowNumbers
from cnncalc.proofreading.facts import Fact

HEADING = re.compile(r"^\W*(?:#+\s*)?(?:layer|conv(?:olution)?|pool(?:ing)?|step)\s*[\dA-Z]*\b.{0,12}$", re.IGNORECASE)


class Calculation(NamedTuple):
    """A window's calculation in a write-up, with its result and its place."""

    window: WindowNumbers
    result: int
    side: Term
    line: int
    column: int
    length: int


class Description(NamedTuple):
    """What is said of one layer.

    Attributes:
        facts: in the order of the text.
        calculations: in the order of the text.
        is_pool: whether a pool is spoken of.
    """

    facts: list[Fact]
    calculations: list[Calculation]
    is_pool: bool = False

    def values(self, what: str) -> dict[int, Fact]:
        """Each value that is said of something, with where it is said first."""
        found: dict[int, Fact] = {}
        for fact in self.facts:
            if fact.what == what:
                found.setdefault(fact.value, fact)
        return found


class Descriptions:
    """Collects what is said line by line; a new layer begins with a heading, or when something is said once more."""

    def __init__(self) -> None:
        self._steps: list[Description] = []
        self._open = False
        self._section = 0

    def add(self, line: str, found: Sequence[Fact], calculations: Sequence[Calculation]) -> None:
        """Add what one line says."""
        if HEADING.match(line) and not found:
            self._open = False
        if not (found or calculations):
            return
        if self._starts(found):
            self._steps.append(Description([], [], is_pool="pool" in line.lower()))
            self._open = True
        if not self._open:
            return
        step = self._steps[-1]
        if "pool" in line.lower() and not step.is_pool and not step.calculations:
            self._steps[-1] = step = step._replace(is_pool=True)
        step.facts.extend(found)
        step.calculations.extend(calculations)

    def _starts(self, found: Sequence[Fact]) -> bool:
        """Whether a line begins with another layer."""
        kinds = {(fact.what, fact.source) for fact in found}
        if not self._open:
            return bool({what for what, _ in kinds} & {"kernel", "size", "stride"})
        step = self._steps[-1]
        known = {(fact.what, fact.source) for fact in step.facts}
        described = ("kernel", "sentence") in kinds and (
            ("kernel", "sentence") in known or bool(step.calculations) or any(source == "result" for _, source in known)
        )
        return described or (("size", "list") in kinds and bool(step.calculations or ("size", "list") in known))

    def __iter__(self) -> Iterator[Description]:
        return iter(self._steps)
