"""Claims that are right for what is claimed further up, which is not: found as homework is marked."""

from __future__ import annotations

from functools import cached_property

from cnncalc.analysis.claims import Comparison
from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.report import Report
from cnncalc.homework.exercise import Exercise, Item
from cnncalc.homework.marking import Mark, mark_sheet
from cnncalc.homework.yaml_sheet import claims_sheet

MOST_LAYERS = 1000
"""Layers of a network up to which claims are followed."""


class FollowingClaims:
    """Finds the claim that another one follows from.

    Args:
        report: the report that the claims are about.
    """

    def __init__(self, report: Report) -> None:
        self._report = report

    def source(self, comparison: Comparison) -> str:
        """The layer of the wrong claim that this one follows from; empty where it follows from none."""
        claim, mark = comparison.claim, self._mark(comparison)
        if mark is None or mark.state != "follows":
            return ""
        item = self._items.get(claim.layer)
        while item is not None:
            own = item.name == claim.layer and claim.figure == "out"
            above = self._marks.get((item.name, "out"))
            if not own and above is not None and above.state in ("wrong", "follows"):
                return item.name
            item = next((self._makers[path] for path in item.reads if path in self._makers), None)
        return ""

    def own(self, comparison: Comparison) -> tuple[Explanation, ...]:
        """The mistakes that give the claim with the claims above, where these are not right."""
        mark = self._mark(comparison)
        return mark.explanations if mark is not None and mark.own else ()

    def _mark(self, comparison: Comparison) -> Mark | None:
        """What a claim on a line is; None where too many layers would have to be looked at."""
        claim, network = comparison.claim, self._report.network
        if len(network.nodes) > MOST_LAYERS or not claim.layer or claim not in network.claims:
            return None
        return self._marks.get((claim.layer, claim.figure))

    @cached_property
    def _exercise(self) -> Exercise:
        claimed = frozenset(claim.layer for claim in self._report.network.claims)
        return Exercise(self._report, also=claimed)

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.name: item for item in self._exercise.items}

    @cached_property
    def _makers(self) -> dict[str, Item]:
        """The row that makes each value."""
        return {item.row.output: item for item in self._exercise.items}

    @cached_property
    def _marks(self) -> dict[tuple[str, str], Mark]:
        """What every claim is, by layer and figure."""
        marked = mark_sheet(self._exercise, claims_sheet(self._report.network, "claims"))
        return {(mark.layer, mark.figure): mark for mark in marked.marks}
