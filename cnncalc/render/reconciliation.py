"""Profiles side by side, and their rules: tables and documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

from cnncalc.analysis.profiles import PROFILES, SYMBOLS, UNSUPPORTED
from cnncalc.analysis.reconcile import Part, Tally
from cnncalc.analysis.report import Report
from cnncalc.notation import PLAIN
from cnncalc.render.columns import report_title
from cnncalc.render.grid import AtLeast, Cell, Grid, Header

WORDS = 40
"""The longest line in the column of words: with the numbers beside it, a terminal of 80 columns holds it."""

TALLIES = (
    Header("profile", "profile"),
    Header("unit", "unit", priority=3),
    Header("total", "total", "right"),
    Header("made_of", "made of", priority=1),
)
RULES = (Header("profile", "profile"), Header("rule", "counts"), Header("kinds", "for each", priority=1))


def tallies_grid(report: Report, tallies: Sequence[Tally]) -> Grid:
    """Every profile's total, and under one another what it is made of."""
    rows: list[tuple[Cell, ...]] = []
    for tally in tallies:
        total = AtLeast(tally.total) if tally.unknown else tally.total
        first, *others = _made_of(tally)
        rows.append((tally.profile.name, tally.profile.unit, total, first))
        rows += [("", "", None, line) for line in others]
    return Grid(report_title(report), TALLIES, tuple(rows), notes=_notes(report, tallies))


def flat_grid(report: Report, tallies: Sequence[Tally]) -> Grid:
    """The same for CSV: a row for each part, with the figures of its profile."""
    names = ("profile", "unit", "total", "macs", "counted_per_mac", "part", "kinds", "rule")
    rows: list[tuple[Cell, ...]] = []
    for tally in tallies:
        total = AtLeast(tally.total) if tally.unknown else tally.total
        known = (tally.profile.name, tally.profile.unit, total, tally.macs, tally.profile.base)
        rows += [(*known, p.amount, " ".join(p.kinds), p.rule) for p in tally.parts]
        rows += [(*known, None, " ".join(kinds), reason) for reason, kinds in tally.unknown.items()]
        if not tally.parts and not tally.unknown:
            rows.append((*known, None, None, None))
    return Grid(report_title(report), tuple(Header(name, name) for name in names), tuple(rows))


def _made_of(tally: Tally) -> list[str]:
    lines = [_macs(tally.profile.base)]
    for part in tally.parts:
        sign = "−" if part.amount < 0 else "+"
        lines += wrap(f"{sign} {abs(part.amount):,} {part_words(part, tally.profile.base)}", WORDS)
    for kinds in tally.unknown.values():
        lines += wrap(f"+ ? for {', '.join(kinds)}", WORDS)
    return lines


def _macs(base: int) -> str:
    return "macs" if base == 1 else f"{base}·macs"


def part_words(part: Part, base: int) -> str:
    """What a part counts: `bias additions of conv and fc`, `relu inputs`, `bn: 31y`."""
    kinds = listed(part.kinds)
    if part.instead:
        of = "M" if base == 1 else f"{base}M"
        return f"{kinds} not counted" if part.rule == "0" else f"{kinds}: {PLAIN.formula(part.rule)} instead of {of}"
    if part.rule == "b":
        return f"bias additions of {kinds}"
    whose = {"x": "inputs", "y": "outputs"}
    return f"{kinds} {whose[part.rule]}" if part.rule in whose else f"{kinds}: {PLAIN.formula(part.rule)}"


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: `conv, deconv and fc`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _notes(report: Report, tallies: Sequence[Tally]) -> tuple[str, ...]:
    macs = "macs are multiply–accumulates of conv, deconv, depthwise and fc"
    legend = _legend(PLAIN.formula(part.rule) for tally in tallies for part in tally.parts)
    unsure = "?: the tool has no rule and counts 0, or its rule is not known here ('cnncalc reconcile --rules')"
    return (
        f"{macs}: {report.totals.macs:,}",
        f"inputs (x) and outputs (y) are values{legend}",
        *([unsure] if any(tally.unknown for tally in tallies) else []),
        f"batch {report.batch}",
    )


def _legend(formulas: Iterable[str]) -> str:
    """What the symbols in some formulas mean, but for those that words stand for."""
    letters = {word for formula in formulas for word in "".join(c if c.isalpha() else " " for c in formula).split()}
    letters -= {"M", "b", "x", "y"}
    return "".join(f"; {symbol}: {meaning}" for symbol, meaning in SYMBOLS.items() if symbol in letters)


def tallies_document(report: Report, tallies: Sequence[Tally]) -> dict[str, Any]:
    """Every profile's total as plain data."""
    network = report.network
    return {
        "cnncalc": 1,
        "name": network.name,
        "inputs": {name: list(shape.sizes(network.layout)) for name, shape in network.inputs.items()},
        "batch": report.batch,
        "macs": report.totals.macs,
        "params": report.totals.params,
        "buffers": report.totals.buffers,
        "profiles": [_tally_document(tally) for tally in tallies],
    }


def _tally_document(tally: Tally) -> dict[str, Any]:
    return {
        "profile": tally.profile.name,
        "unit": tally.profile.unit,
        "source": tally.profile.source,
        "total": tally.total,
        "complete": not tally.unknown,
        "counted_per_mac": tally.profile.base,
        "difference": tally.difference,
        "parts": [
            {"kinds": list(part.kinds), "rule": part.rule, "instead_of_macs": part.instead, "amount": part.amount}
            for part in tally.parts
        ],
        "unknown": [{"kinds": list(kinds), "reason": reason} for reason, kinds in tally.unknown.items()],
    }


def rules_grid() -> Grid:
    """The rules of every profile."""
    rows: list[tuple[Cell, ...]] = []
    for profile in PROFILES.values():
        by_rule: dict[str, list[str]] = {}
        for kind, rule in profile.rules.items():
            by_rule.setdefault(rule, []).append(kind)
        name = profile.name
        for rule, kinds in by_rule.items():
            counts = "?" if rule in UNSUPPORTED else PLAIN.formula(rule)
            for line in wrap(", ".join(kinds) + (f" ({UNSUPPORTED[rule]})" if rule in UNSUPPORTED else ""), WORDS):
                rows.append((name, counts, line))
                name = counts = ""
    sources = [f"{p.name} counts {p.units}: {p.source}" for p in PROFILES.values()]
    symbols = [f"{symbol}: {meaning}" for symbol, meaning in SYMBOLS.items()]
    return Grid(f"{len(PROFILES)} counting profiles", RULES, tuple(rows), notes=(*symbols, *sources))


def rules_document() -> list[dict[str, Any]]:
    """The rules of every profile as plain data; null where it has none."""
    return [
        {
            "profile": p.name,
            "unit": p.unit,
            "source": p.source,
            "rules": {kind: None if rule in UNSUPPORTED else rule for kind, rule in p.rules.items()},
            "unknown": {kind: UNSUPPORTED[rule] for kind, rule in p.rules.items() if rule in UNSUPPORTED},
        }
        for p in PROFILES.values()
    ]
