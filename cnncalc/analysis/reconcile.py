"""Every profile's total compared with the MACs, and the kinds of layers that make the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from cnncalc.analysis.counting import evaluate, symbols, terms
from cnncalc.analysis.profiles import PROFILES, UNSUPPORTED, Profile
from cnncalc.analysis.report import Report


class Part(NamedTuple):
    """The part of a count that one rule adds to the multiply–accumulates.

    Attributes:
        kinds: the kinds of layers that it counts.
        rule: the term of their rule, over the symbols of profiles.
        instead: whether it replaces the multiply–accumulates, rather than adding to them.
        amount: what it adds over all layers of these kinds; negative if less is counted.
    """

    kinds: tuple[str, ...]
    rule: str
    instead: bool
    amount: int


class Tally(NamedTuple):
    """One profile's total, taken apart: total = base · macs + the parts.

    Attributes:
        profile: the way of counting.
        total: its count.
        macs: the multiply–accumulates of the network.
        parts: those that make the difference, in the order of the layers.
        unknown: reasons why there is no number, with the kinds; a total with any is a lower bound.
        skipped: the operations that the tool does not count if the model writes a kind in another way, by the kind.
    """

    profile: Profile
    total: int
    macs: int
    parts: tuple[Part, ...]
    unknown: Mapping[str, tuple[str, ...]]
    skipped: Mapping[str, int]

    @property
    def least(self) -> int:
        """The total if everything that may be skipped is skipped."""
        return self.total - sum(self.skipped.values())

    @property
    def difference(self) -> int:
        """The operations that are counted beyond base · macs."""
        return self.total - self.profile.base * self.macs


def reconcile(report: Report, profiles: Iterable[Profile] = PROFILES.values()) -> tuple[Tally, ...]:
    """The total under every profile, each with its differences from the MACs."""
    layers = list(_distinct(report))
    return tuple(_tally(profile, layers, report.totals.macs) for profile in profiles)


def _distinct(report: Report) -> Iterator[tuple[str, dict[str, int], int]]:
    """Kind, symbols and number of the layers; those with equal counts are one."""
    alike: dict[tuple[str | int, ...], tuple[str, dict[str, int], int]] = {}
    for layer in report.layers:
        values = symbols(layer)
        key: tuple[str | int, ...] = (layer.kind, *values.values())
        _, _, times = alike.get(key, ("", values, 0))
        alike[key] = (layer.kind, values, times + 1)
    yield from alike.values()


def _tally(profile: Profile, layers: list[tuple[str, dict[str, int], int]], macs: int) -> Tally:
    amounts: dict[tuple[str, bool], int] = {}
    kinds: dict[tuple[str, bool], dict[str, None]] = {}
    unknown: dict[str, dict[str, None]] = {}
    skipped: dict[str, int] = {}
    for kind, values, times in layers:
        rule = profile.rules[kind]
        if rule in UNSUPPORTED:
            unknown.setdefault(UNSUPPORTED[rule], {})[kind] = None
            rule = "0"
        for term, instead, value in _beyond(profile, rule, values):
            if value:
                amounts[term, instead] = amounts.get((term, instead), 0) + value * times
                kinds.setdefault((term, instead), {})[kind] = None
                if kind in profile.skipped:
                    skipped[kind] = skipped.get(kind, 0) + value * times
    return Tally(
        profile,
        profile.base * macs + sum(amounts.values()),
        macs,
        tuple(Part(tuple(kinds[key]), *key, amount) for key, amount in amounts.items()),
        {reason: tuple(names) for reason, names in unknown.items()},
        skipped,
    )


def _beyond(profile: Profile, rule: str, values: Mapping[str, int]) -> list[tuple[str, bool, int]]:
    """The terms of a rule besides base · M: term, whether it replaces M, its value for one layer."""
    if not values["M"]:
        return [(rule, False, evaluate(rule, values))]
    first, *others = terms(rule)
    beyond = [(term, False, evaluate(term, values)) for term in others]
    if "M" not in first:
        beyond.insert(0, (first, True, evaluate(first, values) - profile.base * values["M"]))
    return beyond
