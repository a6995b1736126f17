"""Every claim of every bundled spec holds, and would be noticed if it did not."""

import re
from fractions import Fraction
from typing import Any

from bundled import NAMES, report_of, text_of
from every import for_every

import cnncalc
from cnncalc.analysis.claims import compare_claims
from cnncalc.language.model import Claim

every_name = for_every(NAMES)

CLAIM = re.compile(r"\b(out|params|buffers|macs|flops|elements|connections): (?P<value>\d[\dx.]*)")


def actual(report: cnncalc.Report, claim: Claim) -> int | tuple[int, ...]:
    """The figure that a claim is about, without the help of `check`."""
    if claim.figure == "out" and not claim.layer:
        (shape,) = report.output_shapes.values()
        return shape
    row: Any = report[claim.layer] if claim.layer else report.totals
    value: int | tuple[int, ...] = row.output_shape if claim.figure == "out" else getattr(row, claim.figure)
    return value


def holds(report: cnncalc.Report, claim: Claim) -> bool:
    """Whether the figure is what the claim says, to the digits that it writes, without the help of `check`."""
    found = actual(report, claim)
    assert claim.bound == "exact"
    if isinstance(found, tuple):
        return found == claim.value
    return not isinstance(claim.value, tuple) and abs(Fraction(found - claim.value)) <= claim.tolerance


def with_next_digit(match: re.Match[str]) -> str:
    """The claim with its last digit one up: 34944 -> 34945, 96x55x55 -> 96x55x56, 38.5 -> 38.6."""
    text = match[0]
    return f"{text[:-1]}{(int(text[-1]) + 1) % 10}"


@every_name
def test_every_claim_holds(name: str) -> None:
    report = report_of(name)
    assert report.network.claims
    assert [claim for claim in report.network.claims if not holds(report, claim)] == []


@every_name
def test_check_says_so_with_the_same_figures(name: str) -> None:
    report = report_of(name)
    compared = compare_claims(report)
    assert sorted(c.claim.at.line for c in compared) == sorted(claim.at.line for claim in report.network.claims)
    assert all(c.holds and c.actual == actual(report, c.claim) and not c.reason for c in compared)


@every_name
def test_every_claim_fails_once_its_last_digit_is_changed(name: str) -> None:
    altered, changes = CLAIM.subn(with_next_digit, text_of(name))
    report = cnncalc.analyze(text=altered)
    compared = compare_claims(report)
    assert changes > 0
    assert len(compared) == len(report_of(name).network.claims)
    assert [c for c in compared if c.holds] == []
    assert report.totals == report_of(name).totals


@every_name
def test_every_claim_that_is_written_is_read(name: str) -> None:
    places = {(claim.at.line, claim.at.column) for claim in report_of(name).network.claims}
    assert len(places) == len(CLAIM.findall(text_of(name)))


def test_a_changed_layer_fails_the_claims_about_it() -> None:
    text = text_of("alexnet")
    without_groups = text.replace("padding: 2, groups: 2", "padding: 2")
    assert without_groups != text
    # conv2 sees all 96 maps: 96/2 * 5 * 5 * 256 = 307,200 more params.
    failed = [c for c in compare_claims(cnncalc.analyze(text=without_groups)) if not c.holds]
    assert [(c.claim.layer, c.claim.figure, c.actual) for c in failed] == [
        ("", "params", 60_965_224 + 307_200),
        ("", "macs", 724_406_816 + 307_200 * 27 * 27),
    ]
