"""Ways of counting that give a number: the profiles, and the slips that people make with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import NamedTuple

from cnncalc.analysis.counting import symbols
from cnncalc.analysis.profiles import ACTIVATIONS, CONVS, OTHER_VERSIONS, POOLS
from cnncalc.analysis.reconcile import reconcile
from cnncalc.analysis.report import Report
from cnncalc.explaining.statement import Statement, rounding
from cnncalc.figures import CLAIMABLE

MOST_INPUTS = 1024
MOST_SHOWN = 5
ROUND = 1000
"""A multiple of this that nothing gives exactly is taken for a rounded number."""

NEAR = 4
"""Half units of a rounded number's last digit within which a total is shown beside the mixtures that give it."""

DIRECT, VARIANT, SLIP, MIXTURE = range(4)
"""How unlikely a way is; a mixture is only looked for if nothing else fits."""

RELATIVE = -1
"""The rank of what is a total of another network."""

COUNTS = [one for one in CLAIMABLE.values() if one.is_total and one.unit != "bytes" and not one.handed_on]

STORED = [figure.name for figure in COUNTS if figure.stored]
"""Figures that other tools count differently if there are norms or biases."""

COMPUTED = [figure.name for figure in COUNTS if not figure.stored]
"""Figures that are often doubled or halved, and counted by the rules of other tools."""

Choice = tuple[tuple[int, str], ...]
"""Choices of extra counts, at most one of each: the amount, and the words for it."""

LESS_ONE = " minus 1 for each fc output (n products need n − 1 additions)"

FAMILIES = {
    kind: family
    for family, kinds in (("conv", CONVS), ("fc", "fc"), ("bn", "bn"), ("act", ACTIVATIONS), ("pool", POOLS))
    for kind in kinds.split()
} | {"add": "add"}


NOT_OPERATIONS = ", not operations"


class Way(NamedTuple):
    """A way of counting, and the number that it gives for a network.

    Attributes:
        rank: `RELATIVE`, `DIRECT`, `VARIANT`, `SLIP`, or `MIXTURE` and more for each thing that is mixed in.
        value: the number.
        what: how it comes about.
        stored: whether it counts params.
    """

    rank: int
    value: Fraction
    what: str
    stored: bool = False

    @property
    def short(self) -> str:
        """The way in words for a claim, which says itself what it counts."""
        return self.what.replace(NOT_OPERATIONS, "")

    def distance(self, wanted: Fraction) -> Fraction:
        """The distance of its value from the number in question."""
        return abs(self.value - wanted)


def ways_of_counting(report: Report, statement: Statement) -> tuple[Way, ...]:
    """The ways of counting that give the number of a statement about operations or stored values; the best one."""
    figure, quantity = statement.figure, statement.quantity
    subject = replace(report, layers=report[statement.layer].layers) if statement.layer else report
    if quantity is None or not quantity.value or figure not in (*COMPUTED, *STORED) or not subject.layers:
        return ()
    # For a single layer, nearly any count is two or four times some other one.
    plausible = SLIP if figure in COMPUTED else DIRECT if statement.layer else VARIANT
    fitting, _ = identify(subject, *quantity)
    ways = [way for way in fitting if figure in COMPUTED or way.stored][:1]
    # An exact number that is only near a count would be a coincidence.
    return tuple(way for way in ways if way.rank <= plausible and way.distance(quantity.value) <= quantity.tolerance)


def identify(report: Report, wanted: Fraction, tolerance: Fraction) -> tuple[tuple[Way, ...], tuple[Way, ...]]:
    """The ways of counting that give a number, most plausible first; the nearest totals if no way but mixtures does.

    Args:
        report: the network's figures.
        wanted: the number.
        tolerance: half a unit of its last digit; 0 for an exact one.
    """
    totals = _totals(report)
    operations = [*totals, *_variants(report)]
    candidates = [*operations, *_parameters(report), *_slips(operations), *_batches(totals, wanted, tolerance)]
    fitting = _within(candidates, wanted, tolerance) or _within(_mixtures(report), wanted, tolerance)
    if not fitting and not tolerance and wanted % ROUND == 0:
        return identify(report, wanted, rounding(int(wanted)))
    if fitting and fitting[0].rank < MIXTURE:
        return fitting[:MOST_SHOWN], ()
    # A near total says more than mixtures do: papers cut numbers off, and round them twice.
    near = [way for way in candidates if way.rank == DIRECT and way.distance(wanted) < NEAR * tolerance]
    ranked = near if fitting else [way for way in candidates if way.rank <= SLIP]
    ranked.sort(key=lambda way: (way.distance(wanted), way.rank))
    return fitting[:MOST_SHOWN], tuple(_without_repeats(ranked)[:3])


def direct_ways(report: Report) -> list[Way]:
    """The totals of every tool, and the params."""
    return [*_totals(report), *_parameters(report)]


def _within(candidates: Iterable[Way], wanted: Fraction, tolerance: Fraction) -> tuple[Way, ...]:
    fitting = [way for way in candidates if way.distance(wanted) <= tolerance]
    return tuple(_without_repeats(sorted(fitting, key=lambda way: (way.rank, way.distance(wanted)))))


def _without_repeats(ways: Iterable[Way]) -> list[Way]:
    """The ways to each value that are as plausible as its first."""
    first: dict[Fraction, int] = {}
    return [way for way in ways if first.setdefault(way.value, way.rank) == way.rank]


def _totals(report: Report) -> list[Way]:
    """The profiles' totals; those that agree are one way."""
    names: dict[tuple[int, str], list[str]] = {}
    for tally in (*reconcile(report), *(reconcile(report, OTHER_VERSIONS) if "deconv" in _kinds(report) else ())):
        names.setdefault((tally.total, tally.profile.units), []).append(tally.profile.name)
    merged: dict[int, list[str]] = {}
    for (total, units), profiles in names.items():
        merged.setdefault(total, []).append(f"{', '.join(profiles)} ({units})")
    return [Way(DIRECT, Fraction(total), "; ".join(what)) for total, what in merged.items()]


def _kinds(report: Report) -> set[str]:
    return {layer.kind for layer in report.layers}


def _parameters(report: Report) -> Iterator[Way]:
    """Totals that are not operations at all."""
    totals = report.totals
    shapes = [(name, w, layer) for layer in report.layers for name, w in layer.facts.weights.items() if w.learned]
    biases = sum(prod(w.shape) for name, w, layer in shapes if name == "bias" and FAMILIES.get(layer.kind) != "bn")
    yield Way(DIRECT, Fraction(totals.params), f"params{NOT_OPERATIONS}", stored=True)
    if totals.buffers:
        both = f"params + buffers{NOT_OPERATIONS} (Keras's Total params)"
        yield Way(DIRECT, Fraction(totals.params + totals.buffers), both, stored=True)
        norms = sum(layer.params // 2 for layer in report.layers if layer.kind == "bn")
        yield Way(
            VARIANT, Fraction(totals.params - norms), "params with batch norm folded into conv and fc", stored=True
        )
    yield Way(VARIANT, Fraction(totals.params - biases), f"params without biases{NOT_OPERATIONS}", stored=True)
    yield Way(VARIANT, Fraction(4 * totals.params), "bytes of the params as float32")
    yield Way(VARIANT, Fraction(totals.elements), f"values in all outputs{NOT_OPERATIONS}")
    yield Way(VARIANT, Fraction(totals.connections), f"connections{NOT_OPERATIONS}")


def _variants(report: Report) -> Iterator[Way]:
    """MACs of a part of the network, or with groups or batch norm counted in another way."""
    for tally in reconcile(report):
        for kind in tally.skipped:
            what = f"{tally.profile.name} with {tally.profile.skipped[kind]} for {kind} ({tally.profile.units})"
            yield Way(VARIANT, Fraction(tally.least), what)
    sums = family_sums(report)
    conv, fc, macs = sums["conv"], sums["fc"], report.totals.macs
    grouped = sum(layer.macs * (vars(layer.layer).get("groups", 1) - 1) for layer in report.layers)
    folded = sums["bn"]["y"]
    for factor, unit in ((1, "MACs"), (2, "2·MACs")):
        if conv["M"] and fc["M"]:
            yield Way(VARIANT, Fraction(factor * conv["M"]), f"{unit} of the convolutions only")
            yield Way(VARIANT, Fraction(factor * fc["M"]), f"{unit} of fc only")
        if grouped:
            yield Way(VARIANT, Fraction(factor * (macs + grouped)), f"{unit} with the groups forgotten")
        if folded:
            what = f"{unit} + bias additions, with batch norm folded into the biases"
            yield Way(VARIANT, Fraction(factor * macs + conv["b"] + fc["b"] + folded), what)


def _slips(operations: Iterable[Way]) -> Iterator[Way]:
    """Twice, half or three times a total."""
    for total in operations:
        yield Way(total.rank + SLIP, 2 * total.value, f"twice: {total.what}")
        yield Way(total.rank + SLIP, total.value / 2, f"half: {total.what}")
        yield Way(total.rank + SLIP, 3 * total.value, f"three times (forward and backward pass): {total.what}")


def _batches(totals: Iterable[Way], wanted: Fraction, tolerance: Fraction) -> Iterator[Way]:
    """Totals of a batch. A rounded number says little about large batches: some batch always fits."""
    for total in totals:
        batch = round(wanted / total.value) if total.value else 0
        if 2 <= batch <= MOST_INPUTS and tolerance * 50 < total.value:
            yield Way(SLIP, batch * total.value, f"batch {batch}: {total.what}")


def family_sums(report: Report) -> dict[str, dict[str, int]]:
    """Sums of M, b, x, y and the cells of all windows, for each family of kinds."""
    sums = {family: dict.fromkeys(("M", "b", "x", "y", "cells"), 0) for family in FAMILIES.values()}
    for layer in report.layers:
        if layer.kind in FAMILIES:
            values = symbols(layer)
            values["cells"] = values["y"] * values["k"] if hasattr(layer.layer, "kernel") else values["x"]
            of_family = sums[FAMILIES[layer.kind]]
            for symbol in of_family:
                of_family[symbol] += values[symbol]
    return sums


def _mixtures(report: Report) -> Iterator[Way]:
    """MACs with biases, batch norm, activations, pooling and additions counted in, some of them."""
    sums = family_sums(report)
    conv, fc, bn, act, pool = (sums[family] for family in ("conv", "fc", "bn", "act", "pool"))
    rest: tuple[Choice, ...] = (
        ((sums["add"]["y"], " + add outputs"),),
        (
            (pool["cells"], " + cells of pooling windows"),
            (pool["x"], " + pooling inputs"),
            (pool["y"], " + pooling outputs"),
        ),
        ((act["x"], " + activation inputs"), (2 * act["x"], " + 2 · activation inputs")),
        ((bn["x"], " + bn inputs"), (2 * bn["x"], " + 2 · bn inputs"), (4 * bn["x"], " + 4 · bn inputs")),
    )
    of_conv = (conv["b"], " + bias additions of conv")
    everything = (of_conv, (conv["b"] + fc["b"], " + bias additions"), (-fc["y"], LESS_ONE))
    yield from _mixed(conv["M"] + fc["M"], "MACs", MIXTURE, (*rest, everything))
    if conv["M"] and fc["M"]:
        yield from _mixed(conv["M"], "MACs of the convolutions only", MIXTURE + 1, (*rest, (of_conv,)))


def _mixed(macs: int, name: str, rank: int, choices: tuple[Choice, ...]) -> Iterator[Way]:
    """The multiply–accumulates once or twice, with at most one of each choice; and half of it."""
    none: Choice = ((0, ""),)
    for mixed in product(*(none + tuple(extra for extra in choice if extra[0]) for choice in choices)):
        words = "".join(what for _, what in reversed(mixed))
        further = rank + sum(1 for count, _ in mixed if count)
        extra = sum(count for count, _ in mixed)
        yield Way(further, Fraction(macs + extra), name + words)
        yield Way(further, Fraction(2 * macs + extra), f"2·{name}{words}")
        yield Way(further + 1, Fraction(2 * macs + extra, 2), f"half: 2·{name}{words}")
