"""Claims that are right for what is claimed further up, which is not: found as homework is marked."""

from __future__ import annotations

from functools import cached_property

from cnncalc.analysis.claims import Comparison
from cnncalc.analysis.report import Report
from cnncalc.homework.exercise import TOTAL, Exercise, Item
from cnncalc.homework.mark import Mark
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.yaml_sheet import claims_sheet

MOST_LAYERS = 1000
"""Layers of a network up to which claims are followed."""

MOST_CLAIMS = 300
"""Claims of a spec up to which they are followed."""


class FollowingClaims:
    """Finds the claim that another one follows from.

    Args:
        report: the report that the claims are about.
    """

    def __init__(self, report: Report) -> None:
        self._report = report

    def mark(self, comparison: Comparison) -> Mark | None:
        """What a claim is, with the claims above it; None where too many would have to be looked at."""
        claim, network = comparison.claim, self._report.network
        if len(network.nodes) > MOST_LAYERS or len(network.claims) > MOST_CLAIMS or claim not in network.claims:
            return None
        return self._marks.get((claim.layer or TOTAL, claim.figure))

    def source(self, comparison: Comparison) -> str:
        """Whose wrong claim this one follows from: a layer, or the layers above; empty where it follows from none."""
        claim, mark = comparison.claim, self.mark(comparison)
        if mark is None or mark.state != "follows":
            return ""
        if not claim.layer:
            return "the layers above"
        item = self._items.get(claim.layer)
        while item is not None:
            own = item.name == claim.layer and claim.figure == "out"
            above = self._marks.get((item.name, "out"))
            if not own and above is not None and above.state in ("wrong", "follows"):
                return item.name
            item = next((self._makers[path] for path in item.reads if path in self._makers), None)
        return ""

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
