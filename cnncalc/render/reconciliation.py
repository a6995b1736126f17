"""Profiles side by side, their rules, and the possible meanings of a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any

from cnncalc.analysis.profiles import PROFILES, RULE_SYMBOLS, UNSUPPORTED
from cnncalc.analysis.reconcile import Part, Tally
from cnncalc.analysis.report import Report
from cnncalc.explaining.verdict import Verdict
from cnncalc.explaining.ways import MIXTURE, RELATIVE, Way
from cnncalc.figures import FIGURES, NUMBERS, plain_numbers
from cnncalc.notation import PLAIN, listed
from cnncalc.render.columns import report_title
from cnncalc.render.document import Document
from cnncalc.render.grid import AtLeast, Cell, Grid, Header, cell_text, headers
from cnncalc.render.numbers import Units, number_text, plain_number
from cnncalc.render.report_data import VERSION, inputs_data

TALLIES = (
    Header("profile", "profile"),
    Header("unit", "unit", priority=3),
    Header("total", "total", "right"),
    Header("made_of", "made of", priority=1, folds=True),
)
RECORDS = headers("profile", "unit", "total", "macs", "counted_per_mac", "part", "kinds", "rule")
ANSWERS = (Header("number", "number", "right"), Header("off", "off by", "right"), Header("what", "what it is"))
RULES = (Header("profile", "profile"), Header("rule", "counts"), Header("kinds", "for each", priority=1, folds=True))


def tallies_document(report: Report, tallies: Sequence[Tally], units: Units) -> Document:
    """Every profile's total."""
    return Document(
        blocks=lambda: [tallies_grid(report, tallies, units)],
        data=lambda: _tallies_data(report, tallies),
        records=lambda: flat_grid(report, tallies),
    )


def tallies_grid(report: Report, tallies: Sequence[Tally], units: Units) -> Grid:
    """Every profile's total, and its parts."""
    rows = tuple((t.profile.name, t.profile.unit, _total(t), "\n".join(_made_of(t, units))) for t in tallies)
    return Grid(report_title(report), TALLIES, rows, notes=_notes(report, tallies))


def flat_grid(report: Report, tallies: Sequence[Tally]) -> Grid:
    """The same for CSV: a row for each part, with the figures of its profile."""
    rows: list[tuple[Cell, ...]] = []
    for tally in tallies:
        known = (tally.profile.name, tally.profile.unit, _total(tally), tally.macs, tally.profile.base)
        rows += [(*known, p.amount, " ".join(p.kinds), p.rule) for p in tally.parts]
        rows += [(*known, -n, kind, f"0 for {tally.profile.skipped[kind]}") for kind, n in tally.skipped.items()]
        rows += [(*known, None, " ".join(kinds), reason) for reason, kinds in tally.unknown.items()]
        if not tally.parts and not tally.unknown:
            rows.append((*known, None, None, None))
    return Grid(report_title(report), RECORDS, tuple(rows))


def _total(tally: Tally) -> int:
    return AtLeast(tally.least) if tally.unknown or tally.skipped else tally.total


def _made_of(tally: Tally, units: Units) -> Iterator[str]:
    yield _macs(tally.profile.base)
    for part in tally.parts:
        sign = "−" if part.amount < 0 else "+"
        yield f"{sign} {number_text(abs(part.amount), units)} {part_words(part, tally.profile.base)}"
    for kinds in tally.unknown.values():
        yield f"+ ? for {', '.join(kinds)}"
    for kind, amount in tally.skipped.items():
        yield f"− {number_text(amount, units)} if {kind} is {tally.profile.skipped[kind]} in the model"


def _macs(base: int) -> str:
    return "macs" if base == 1 else f"{base}·macs"


def part_words(part: Part, base: int) -> str:
    """The words for the operations that a part counts: `bias additions of conv and fc`, `relu inputs`, `bn: 31y`."""
    kinds = listed(part.kinds)
    if part.instead:
        of = "M" if base == 1 else f"{base}M"
        return f"{kinds} not counted" if part.rule == "0" else f"{kinds}: {PLAIN.formula(part.rule)} instead of {of}"
    if part.rule == "b":
        return f"bias additions of {kinds}"
    whose = {"x": "inputs", "y": "outputs"}
    return f"{kinds} {whose[part.rule]}" if part.rule in whose else f"{kinds}: {PLAIN.formula(part.rule)}"


def _notes(report: Report, tallies: Sequence[Tally]) -> tuple[str, ...]:
    macs = f"macs are {FIGURES['macs'].what.partition(';')[0]}"
    legend = _legend(PLAIN.formula(part.rule) for tally in tallies for part in tally.parts)
    unsure = "?: the tool has no rule and counts 0, or its rule is not known here ('cnncalc reconcile --rules')"
    return (
        f"{macs}: {report.totals.macs:,}",
        f"inputs (x) and outputs (y) are values{legend}",
        *([unsure] if any(tally.unknown for tally in tallies) else []),
        f"batch {report.batch}",
    )


def _legend(formulas: Iterable[str]) -> str:
    """The meanings of the symbols in some formulas, except those with words in their place."""
    letters = {word for formula in formulas for word in "".join(c if c.isalpha() else " " for c in formula).split()}
    letters -= {"M", "b", "x", "y"}
    return "".join(f"; {symbol}: {meaning}" for symbol, meaning in RULE_SYMBOLS.items() if symbol in letters)


def _tallies_data(report: Report, tallies: Sequence[Tally]) -> dict[str, Any]:
    """Every profile's total as plain data."""
    network = report.network
    return {
        "cnncalc": VERSION,
        "name": network.name,
        "inputs": inputs_data(network),
        "batch": report.batch,
        "macs": report.totals.macs,
        **plain_numbers(report.totals, (figure for figure in NUMBERS if figure.listed and not figure.formula)),
        "profiles": [_tally_data(tally) for tally in tallies],
    }


def _tally_data(tally: Tally) -> dict[str, Any]:
    return {
        "profile": tally.profile.name,
        "unit": tally.profile.unit,
        "source": tally.profile.source,
        "total": tally.total,
        **({"least": tally.least} if tally.skipped else {}),
        "complete": not tally.unknown,
        "counted_per_mac": tally.profile.base,
        "difference": tally.difference,
        "parts": [
            {"kinds": list(part.kinds), "rule": part.rule, "instead_of_macs": part.instead, "amount": part.amount}
            for part in tally.parts
        ],
        "unknown": [{"kinds": list(kinds), "reason": reason} for reason, kinds in tally.unknown.items()],
    }


def rules_document() -> Document:
    """The rules of every profile."""
    return Document(lambda: [rules_grid()], _rules_data)


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
            rows.append((name, counts, ", ".join(kinds) + (f" ({UNSUPPORTED[rule]})" if rule in UNSUPPORTED else "")))
            name = ""
    sources = [f"{p.name} counts {p.units}: {p.source}" for p in PROFILES.values()]
    symbols = [f"{symbol}: {meaning}" for symbol, meaning in RULE_SYMBOLS.items()]
    return Grid(f"{len(PROFILES)} counting profiles", RULES, tuple(rows), notes=(*symbols, *sources))


def _rules_data() -> list[dict[str, Any]]:
    """The rules of every profile as plain data; null if it has none."""
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


def answer_document(report: Report, written: str, wanted: Fraction, verdict: Verdict) -> Document:
    """The document that says what a number may be.

    Args:
        report: of the network that may give it.
        written: the number as it was written.
        wanted: its value.
        verdict: the one on it.
    """
    return Document(
        blocks=lambda: [answer_grid(report, written, wanted, verdict)],
        data=lambda: _answer_data(report, written, verdict),
        screen=lambda width: [answer_text(report, written, wanted, verdict, width)],
    )


def answer_text(report: Report, written: str, wanted: Fraction, verdict: Verdict, width: int) -> str:
    """The explanations, or the nearest totals, one below another and no wider than `width`."""
    cells = [_answer_cells(way, wanted) for way in _listed(verdict)]
    rows = [[cell_text(cell, "exact") for cell in row] for row in cells]
    numbers, offs = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [report_title(report), heading(written, verdict)]
    for number, off, what in rows:
        start = f"  {number:>{numbers}}  {off:>{offs}}  "
        lines += wrap(what, max(width, 60), initial_indent=start, subsequent_indent=" " * len(start))
    return "\n".join(lines) + "\n"


def _listed(verdict: Verdict) -> list[Way]:
    """The ways in order: relatives first, then the nearest totals, then mixtures."""
    return sorted((*verdict.nearest, *verdict.ways), key=lambda way: (way.rank != RELATIVE, way.rank >= MIXTURE))


def heading(written: str, verdict: Verdict) -> str:
    """The heading of a list of ways."""
    if not verdict.ways:
        return f"{written} is none of the totals that are known here; the nearest are"
    if verdict.ways[0].rank == RELATIVE:
        return f"{written} is not a likely total of this network, but of a related one; 'cnncalc diff' compares the two"
    if verdict.nearest:
        return f"{written} is not a total of any tool; the nearest, and then mixtures that fit, are"
    if verdict.ways[0].rank >= MIXTURE and len(verdict.ways) > 1:
        return f"{written} is not a total of any tool; these mixtures fit, and more digits would distinguish them"
    return f"{written} is"


def answer_grid(report: Report, written: str, wanted: Fraction, verdict: Verdict) -> Grid:
    """The explanations as a table."""
    rows = tuple(_answer_cells(way, wanted) for way in _listed(verdict))
    return Grid(f"{report_title(report)} · {heading(written, verdict)}", ANSWERS, rows)


def _answer_cells(way: Way, wanted: Fraction) -> tuple[Cell, ...]:
    return _number(way.value), _off(way.value, wanted), way.what


def _number(value: Fraction) -> Cell:
    """A count, or a half of one: `2,053,402.5`."""
    return value.numerator if value.denominator == 1 else f"{float(value):,.1f}"


def _off(value: Fraction, wanted: Fraction) -> str:
    """The distance of a value from the number: `0.04 % more`, `exact`."""
    if value == wanted:
        return "exact"
    if value >= 10 * wanted:
        return f"{float(value / wanted):,.0f} times"
    percent = abs(float(100 * (value - wanted) / wanted))
    text = f"{percent:.{2 if percent >= 0.005 else 4}f}" if percent >= 0.0001 else "< 0.0001"
    return f"{text} % {'more' if value > wanted else 'less'}"


def _answer_data(report: Report, written: str, verdict: Verdict) -> dict[str, Any]:
    """The explanations as plain data."""
    return {
        "cnncalc": VERSION,
        "name": report.network.name,
        "batch": report.batch,
        "find": written,
        "found": bool(verdict.ways),
        "explanations": [_plain_way(way) for way in verdict.ways],
        "nearest": [_plain_way(way) for way in verdict.nearest],
    }


def _plain_way(way: Way) -> dict[str, Any]:
    return {"value": plain_number(way.value), "what": way.what}
