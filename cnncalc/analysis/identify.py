"""Which way of counting gives a number: the profiles, and the slips that people make with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product
from math import prod
from typing import NamedTuple

from cnncalc.analysis.counting import symbols
from cnncalc.analysis.profiles import ACTIVATIONS, CONVS, POOLS
from cnncalc.analysis.reconcile import reconcile
from cnncalc.analysis.report import Report

MAX_BATCH = 1024
MOST_SHOWN = 5
ROUND = 1000
"""A multiple of this that nothing gives exactly is taken for a rounded number."""

DIRECT, VARIANT, SLIP, MIXTURE = range(4)
"""How far-fetched an explanation is; a mixture is only looked for where nothing else fits."""

Choice = tuple[tuple[int, str], ...]
"""What may be counted in, one at most: how much, and the words for it."""

LESS_ONE = " less 1 for each fc output (n products need n − 1 additions)"

FAMILIES = {
    kind: family
    for family, kinds in (("conv", CONVS), ("fc", "fc"), ("bn", "bn"), ("act", ACTIVATIONS), ("pool", POOLS))
    for kind in kinds.split()
} | {"add": "add"}


class Explanation(NamedTuple):
    """A number that the network gives, and how.

    Attributes:
        rank: `DIRECT`, `VARIANT`, `SLIP`, or `MIXTURE` and more for each thing that is mixed in.
        value: the number.
        what: how it comes about.
    """

    rank: int
    value: Fraction
    what: str

    def distance(self, wanted: Fraction) -> Fraction:
        """How far it is from the number in question."""
        return abs(self.value - wanted)


class Answer(NamedTuple):
    """What a number may be.

    Attributes:
        fitting: the explanations within the number's precision, most plausible first.
        nearest: where none fits, the nearest totals.
    """

    fitting: tuple[Explanation, ...]
    nearest: tuple[Explanation, ...]


def identify(report: Report, wanted: Fraction, tolerance: Fraction) -> Answer:
    """What gives a number for this network.

    Args:
        report: the network's figures.
        wanted: the number.
        tolerance: half a unit of its last digit; 0 for an exact one.
    """
    totals = _totals(report)
    operations = [*totals, *_variants(report)]
    candidates = [*operations, *_parameters(report), *_slips(operations), *_batches(totals, wanted, tolerance)]
    fitting = _within(candidates, wanted, tolerance) or _within(_mixtures(report), wanted, tolerance)
    if fitting:
        return Answer(fitting[:MOST_SHOWN], ())
    if not tolerance and wanted % ROUND == 0:
        return identify(report, wanted, _rounding(int(wanted)))
    ranked = sorted((e for e in candidates if e.rank <= SLIP), key=lambda e: (e.distance(wanted), e.rank))
    return Answer((), tuple(_without_repeats(ranked)[:3]))


def _rounding(number: int) -> Fraction:
    """Half a unit of the last digit that is not 0: 714000000 is 714 million, rounded."""
    digits = str(number)
    return Fraction(10 ** (len(digits) - len(digits.rstrip("0"))), 2)


def _within(candidates: Iterable[Explanation], wanted: Fraction, tolerance: Fraction) -> tuple[Explanation, ...]:
    fitting = [e for e in candidates if e.distance(wanted) <= tolerance]
    return tuple(_without_repeats(sorted(fitting, key=lambda e: (e.rank, e.distance(wanted)))))


def _without_repeats(explanations: Iterable[Explanation]) -> list[Explanation]:
    """The explanations of each value that are as plausible as its first."""
    first: dict[Fraction, int] = {}
    return [e for e in explanations if first.setdefault(e.value, e.rank) == e.rank]


def _totals(report: Report) -> list[Explanation]:
    """The profiles' totals; those that agree are one explanation."""
    names: dict[tuple[int, str], list[str]] = {}
    for tally in reconcile(report):
        names.setdefault((tally.total, tally.profile.units), []).append(tally.profile.name)
    merged: dict[int, list[str]] = {}
    for (total, units), profiles in names.items():
        merged.setdefault(total, []).append(f"{', '.join(profiles)} ({units})")
    return [Explanation(DIRECT, Fraction(total), "; ".join(what)) for total, what in merged.items()]


def _parameters(report: Report) -> Iterator[Explanation]:
    """Totals that are not operations at all."""
    totals = report.totals
    shapes = [(name, w, layer) for layer in report.layers for name, w in layer.facts.weights.items() if w.learned]
    biases = sum(prod(w.shape) for name, w, layer in shapes if name == "bias" and FAMILIES.get(layer.kind) != "bn")
    yield Explanation(DIRECT, Fraction(totals.params), "params, not operations")
    if totals.buffers:
        both = "params + buffers, not operations (Keras's Total params)"
        yield Explanation(DIRECT, Fraction(totals.params + totals.buffers), both)
        norms = sum(layer.params // 2 for layer in report.layers if layer.kind == "bn")
        yield Explanation(VARIANT, Fraction(totals.params - norms), "params with batch norm folded into conv and fc")
    yield Explanation(VARIANT, Fraction(totals.params - biases), "params without biases, not operations")
    yield Explanation(VARIANT, Fraction(4 * totals.params), "bytes of the params as float32")
    yield Explanation(VARIANT, Fraction(totals.elements), "values in all outputs, not operations")


def _variants(report: Report) -> Iterator[Explanation]:
    """MACs of a part of the network, or with groups or batch norm read in another way."""
    sums = family_sums(report)
    conv, fc, macs = sums["conv"], sums["fc"], report.totals.macs
    grouped = sum(layer.macs * (getattr(layer.layer, "groups", 1) - 1) for layer in report.layers)
    folded = sums["bn"]["y"]
    for factor, unit in ((1, "MACs"), (2, "2·MACs")):
        if conv["M"] and fc["M"]:
            yield Explanation(VARIANT, Fraction(factor * conv["M"]), f"{unit} of the convolutions only")
            yield Explanation(VARIANT, Fraction(factor * fc["M"]), f"{unit} of fc only")
        if grouped:
            yield Explanation(VARIANT, Fraction(factor * (macs + grouped)), f"{unit} with the groups forgotten")
        if folded:
            what = f"{unit} + bias additions, with batch norm folded into the biases"
            yield Explanation(VARIANT, Fraction(factor * macs + conv["b"] + fc["b"] + folded), what)


def _slips(operations: Iterable[Explanation]) -> Iterator[Explanation]:
    """Twice, half or three times a total."""
    for total in operations:
        yield Explanation(total.rank + SLIP, 2 * total.value, f"twice: {total.what}")
        yield Explanation(total.rank + SLIP, total.value / 2, f"half: {total.what}")
        yield Explanation(total.rank + SLIP, 3 * total.value, f"three times (forward and backward pass): {total.what}")


def _batches(totals: Iterable[Explanation], wanted: Fraction, tolerance: Fraction) -> Iterator[Explanation]:
    """Totals of a batch. A rounded number says little about large batches: there any fits."""
    for total in totals:
        batch = round(wanted / total.value) if total.value else 0
        if 2 <= batch <= MAX_BATCH and tolerance * 50 < total.value:
            yield Explanation(SLIP, batch * total.value, f"batch {batch}: {total.what}")


def family_sums(report: Report) -> dict[str, dict[str, int]]:
    """M, b, x, y and the cells of all windows, summed over the families of kinds."""
    sums = {family: dict.fromkeys(("M", "b", "x", "y", "cells"), 0) for family in FAMILIES.values()}
    for layer in report.layers:
        if layer.kind in FAMILIES:
            values = symbols(layer)
            values["cells"] = values["y"] * values["k"] if hasattr(layer.layer, "kernel") else values["x"]
            of_family = sums[FAMILIES[layer.kind]]
            for symbol in of_family:
                of_family[symbol] += values[symbol]
    return sums


def _mixtures(report: Report) -> Iterator[Explanation]:
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


def _mixed(macs: int, name: str, rank: int, choices: tuple[Choice, ...]) -> Iterator[Explanation]:
    """The multiply–accumulates once or twice, with at most one of each choice; and half of it."""
    none: Choice = ((0, ""),)
    for mixed in product(*(none + tuple(extra for extra in choice if extra[0]) for choice in choices)):
        words = "".join(what for _, what in reversed(mixed))
        further = rank + sum(1 for count, _ in mixed if count)
        extra = sum(count for count, _ in mixed)
        yield Explanation(further, Fraction(macs + extra), name + words)
        yield Explanation(further, Fraction(2 * macs + extra), f"2·{name}{words}")
        yield Explanation(further + 1, Fraction(2 * macs + extra, 2), f"half: 2·{name}{words}")
