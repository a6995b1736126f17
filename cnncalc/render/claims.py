"""Claims with the actual values: in words, as a table, and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from cnncalc.analysis.claim_wording import actual_text, claimed_text, failure_text
from cnncalc.analysis.claims import Comparison
from cnncalc.notation import several
from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, Header
from cnncalc.render.numbers import plain_number

CLAIMS = (
    Header("name", "name"),
    Header("layer", "layer", priority=2),
    Header("figure", "figure"),
    Header("claimed", "claimed", "right"),
    Header("actual", "actual", "right"),
    Header("holds", "holds", styles={"yes": "green", "no": "red"}),
    Header("line", "line", "right", priority=3),
)

Checked = tuple[str, Sequence[Comparison]]
"""The name of an architecture, and its claims with the actual values."""


def failure_line(file: str, comparison: Comparison) -> str:
    """A claim that does not hold: `alexnet.yaml:9:80: conv1: params: 34945 claimed, 34,944 found (claim)`."""
    return f"{file}:{comparison.line}:{comparison.column}: {failure_text(comparison)} (claim)"


def claims_document(checked: Sequence[Checked], wrong: int) -> Document:
    """Claims with the actual values; `wrong` as for `claims_text`."""
    return Document(
        blocks=lambda: [claims_grid(checked, wrong)],
        data=lambda: _data(checked),
        screen=lambda width: [claims_text(checked, wrong)],
    )


def claims_text(checked: Sequence[Checked], wrong: int) -> str:
    """A line for each architecture whose claims all hold, and one for each claim that does not.

    Args:
        checked: the architectures.
        wrong: how many others were to be checked, but their spec is wrong.
    """
    width = max((len(name) for name, _ in checked), default=0)
    lines: list[str] = []
    for name, comparisons in checked:
        failed = [comparison for comparison in comparisons if not comparison.holds]
        lines += [failure_line(f"{name}.yaml", comparison) for comparison in failed]
        if not failed:
            lines.append(f"{name:<{width}}  ok  {several(len(comparisons), 'claim'):>9}")
    return "".join(f"{line}\n" for line in (*lines, _summary(checked, wrong)))


def _summary(checked: Sequence[Checked], wrong: int) -> str:
    holds = [comparison.holds for _, comparisons in checked for comparison in comparisons]
    others = f"; {several(wrong, 'spec')} wrong and not checked" if wrong else ""
    return f"{several(len(checked), 'architecture')}, {claims_state(holds)}{others}"


def claims_state(holds: Sequence[bool]) -> str:
    """How many claims there are and how many hold: `10 claims: all hold`."""
    return f"{several(len(holds), 'claim')}: {_verdict(holds)}"


def _verdict(holds: Sequence[bool]) -> str:
    failed = holds.count(False)
    if failed:
        return f"{failed:,} {'does' if failed == 1 else 'do'} not hold"
    return "all hold" if holds else "nothing to check"


def claims_grid(checked: Sequence[Checked], wrong: int) -> Grid:
    """A row for each claim, with what comes out; `wrong` as for `claims_text`."""
    rows = tuple((name, *_cells(comparison)) for name, comparisons in checked for comparison in comparisons)
    return Grid(_summary(checked, wrong), CLAIMS, rows)


def _cells(comparison: Comparison) -> Iterable[Cell]:
    claim, actual = comparison.claim, comparison.actual
    found = actual if type(actual) is int else actual_text(comparison)
    holds = "yes" if comparison.holds else "no"
    return (claim.layer, claim.figure, claimed_text(claim), found, holds, comparison.line)


def _data(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """Every claim as plain data; `actual` is null if it is not known, and `reason` says why."""
    return [
        {
            "name": name,
            "holds": all(comparison.holds for comparison in comparisons),
            "claims": [_claim(comparison) for comparison in comparisons],
        }
        for name, comparisons in checked
    ]


def _claim(comparison: Comparison) -> dict[str, Any]:
    claim = comparison.claim
    return {
        "line": comparison.line,
        "column": comparison.column,
        "layer": claim.layer,
        "figure": claim.figure,
        "bound": claim.bound,
        "claimed": claim.at.text or claimed_text(claim),
        "actual": _plain(comparison.actual),
        "holds": comparison.holds,
        **({"reason": comparison.reason} if comparison.reason else {}),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(size) for size in value]
    return plain_number(value) if isinstance(value, Fraction) else value
