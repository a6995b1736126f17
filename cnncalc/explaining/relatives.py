"""The bundled networks of one family: a number that does not fit a network may be a relative's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.report import Report
from cnncalc.errors import CnnCalcError
from cnncalc.explaining.ways import DIRECT, RELATIVE, Way, direct_ways
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import bundled_names, read_bundled
from cnncalc.network.build import build_network

MOST_RELATIVES = 3


def ways_of_relatives(report: Report, wanted: Fraction, tolerance: Fraction) -> tuple[Way, ...]:
    """The totals of bundled relatives that equal a number, or equal it when their further digits are cut off."""
    ways = []
    for name in _relatives(report):
        try:
            relative = analyze_network(build_network(read_spec(read_bundled(name))), batch=report.batch)
        except CnnCalcError:
            continue
        if relative.totals == report.totals:
            continue
        for way in direct_ways(relative):
            off = way.value - wanted
            if way.rank == DIRECT and (abs(off) <= tolerance or 0 <= off < 2 * tolerance):
                cut = "" if abs(off) <= tolerance else ", cut off, not rounded"
                ways.append(Way(RELATIVE, way.value, f"{name} ({relative.network.name}){cut}: {way.what}"))
                break
    base = re.sub(r"[^a-z0-9]", "", report.network.name.lower())
    ways.sort(key=lambda way: (not way.what.replace("_", "").startswith(base), way.distance(wanted)))
    return tuple(ways[:MOST_RELATIVES])


def _relatives(report: Report) -> Iterator[str]:
    """The bundled networks with the same base name, as `resnet` of ResNet-50."""
    network = report.network
    words = {re.split(r"[^a-z]", text.lower().strip())[0] for text in (network.name, network.family)} - {""}
    return (name for name in bundled_names() if any(word in name for word in words if len(word) > 2))
