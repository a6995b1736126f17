"""Every claim of every bundled spec holds, and would be noticed if it did not."""

import re
from pathlib import Path

import pytest

import cnncalc
from cnncalc.spec.model import Claim

FOLDER = Path(__file__).parents[2] / "architectures"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))

COUNTS = ("elements", "params", "buffers", "macs", "flops")
"""The figures that a claim is compared with today, besides `out`."""

LATER = ("connections",)
"""Figures that bundled specs claim already and that no report has yet."""

CLAIM = re.compile(r"\b(out|params|buffers|macs|flops|elements): (?P<value>\d[\dx.]*)")


def actual(report: cnncalc.Report, claim: Claim) -> int | tuple[int, ...]:
    """The figure that a claim is about."""
    if not claim.layer:
        if claim.figure == "out":
            (shape,) = report.output_shapes.values()
            return shape
        return getattr(report.totals, claim.figure)
    row = report[claim.layer]
    return row.output_shape if claim.figure == "out" else getattr(row, claim.figure)


def holds(report: cnncalc.Report, claim: Claim) -> bool:
    """Whether the figure is what the claim says, to the digits that it writes."""
    found = actual(report, claim)
    if isinstance(found, tuple) or isinstance(claim.value, tuple):
        assert claim.bound == "exact"
        return found == claim.value
    match claim.bound:
        case "exact":
            return abs(found - claim.value) <= claim.tolerance
        case "max":
            return found <= claim.value
        case "min":
            return found >= claim.value
    raise AssertionError(claim.bound)


def checked(report: cnncalc.Report) -> list[Claim]:
    """The claims whose figure exists today."""
    claims = [claim for claim in report.network.claims if claim.figure in ("out", *COUNTS)]
    others = {claim.figure for claim in report.network.claims} - {"out", *COUNTS}
    assert others <= set(LATER)
    return claims


def failed(report: cnncalc.Report) -> list[Claim]:
    return [claim for claim in checked(report) if not holds(report, claim)]


def with_next_digit(match: re.Match[str]) -> str:
    """The claim with its last digit one up: 34944 -> 34945, 96x55x55 -> 96x55x56, 38.5 -> 38.6."""
    text = match[0]
    return f"{text[:-1]}{(int(text[-1]) + 1) % 10}"


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_holds(name: str) -> None:
    report = cnncalc.analyze(name)
    assert checked(report)
    assert failed(report) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_fails_once_its_last_digit_is_changed(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    altered, changes = CLAIM.subn(with_next_digit, text)
    report = cnncalc.analyze(text=altered)
    assert changes > 0
    assert failed(report) == checked(report)
    assert report.totals == cnncalc.analyze(name).totals


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_that_is_written_is_read(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    report = cnncalc.analyze(name)
    places = {(claim.at.line, claim.at.column) for claim in report.network.claims if claim.figure not in LATER}
    assert len(places) == len(CLAIM.findall(text))


SMALL = """
input: 3x8x8
layers:
- {name: conv, conv: 4, kernel: 3, out: 4x6x6, params: 112}
- {name: twice, conv: 4, kernel: 1, repeat: 2, params: 40}
expect:
  params: {max: 152, min: 152}
  macs: 5.0K
  layers:
    conv: {elements: 144, macs: 3888, flops: 7776}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("params: 112", "params: 113", id="the params of a line"),
        pytest.param("out: 4x6x6", "out: 4x6x5", id="a shape"),
        pytest.param("out: 4x6x6", "out: 144", id="a shape of another rank"),
        pytest.param("params: 40", "params: 20", id="one copy instead of the total of a repeated line"),
        pytest.param("max: 152", "max: 151", id="an upper bound"),
        pytest.param("min: 152", "min: 153", id="a lower bound"),
        pytest.param("macs: 5.0K", "macs: 5.1K", id="a rounded figure"),
        pytest.param("elements: 144", "elements: 145", id="a figure of a layer in expect"),
        pytest.param("flops: 7776", "flops: 3888", id="flops that are macs"),
    ],
)
def test_one_changed_claim_is_the_one_that_fails(old: str, new: str) -> None:
    assert failed(cnncalc.analyze(text=SMALL)) == []
    (claim,) = failed(cnncalc.analyze(text=SMALL.replace(old, new)))
    assert claim.figure == old.partition(":")[0].replace("max", "params").replace("min", "params")


def test_a_changed_layer_fails_the_claims_about_it() -> None:
    text = (FOLDER / "alexnet.yaml").read_text("utf-8")
    without_groups = text.replace("padding: 2, groups: 2", "padding: 2")
    assert without_groups != text
    # conv2 sees all 96 maps: 96/2 * 5 * 5 * 256 = 307,200 more params.
    assert {claim.figure for claim in failed(cnncalc.analyze(text=without_groups))} == {"params", "macs"}
