"""Today's figures that are to be claimed in `expect:`, and the block of these claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cnncalc.analysis.claim_wording import Amount, amount_of, amount_text
from cnncalc.analysis.report import Report
from cnncalc.errors import IncompleteFigures
from cnncalc.figures import CLAIMABLE, MOST_USUAL
from cnncalc.language.model import Claim, Spec
from cnncalc.language.nodes import in_braces

NETWORK_ORDER = (*(figure for figure in CLAIMABLE if figure not in ("elements", "out")), "elements", "out")
"""The totals first, as the bundled specs have it; rows have the order of `CLAIMABLE`, the shape first."""

ROW_FIGURES = tuple(name for name, figure in CLAIMABLE.items() if figure.priority <= MOST_USUAL and not figure.formula)
"""The figures that are claimed of a row by default; a count of 0 is left out."""

NETWORK_FIGURES = tuple(name for name in NETWORK_ORDER if name in (*ROW_FIGURES, "buffers"))
"""The figures that are claimed of the network by default."""

LINE_LENGTH = 120

Figures = dict[str, Amount]


class Frozen(NamedTuple):
    """Today's figures that are to be claimed.

    Attributes:
        network: by figure, of the whole network.
        layers: by path and figure, of rows.
    """

    network: Figures
    layers: dict[str, Figures]


def freeze(spec: Spec, report: Report, figures: tuple[str, ...] = (), *, layers: bool = False) -> Frozen:
    """Today's figures: those asked for, and those that `expect:` claims already.

    Args:
        spec: the spec.
        report: on the same spec.
        figures: which ones; none for the usual ones.
        layers: whether to add those of every row.

    Raises:
        IncompleteFigures: the network as a whole does not have all of `figures`, and these are not simply all.
    """
    network = {figure: amount_of(report, "", figure) for figure in figures or NETWORK_FIGURES}
    missing = [figure for figure in figures if network[figure] is None]
    if missing and len(figures) < len(CLAIMABLE):
        names = " and no ".join(missing)
        why = f": that {report.needs}" if report.open_sizes else ""
        raise IncompleteFigures(f"{spec.file}: the network as a whole has no {names} that a claim could say{why}")
    # A claim may call a row by its other name: conv1 for the only conv.
    called = {report[claim.layer].path: claim.layer for claim in spec.claims if claim.layer}
    rows = {
        called.get(row.path, row.path): {
            figure: amount_of(report, row.path, figure) for figure in figures or ROW_FIGURES
        }
        for row in (report.rows() if layers else ())
    }
    if len(report.network.outputs) > 1 and "out" in (figures or NETWORK_FIGURES):
        for name in report.network.outputs:
            if name in report:
                rows.setdefault(name, {})["out"] = amount_of(report, name, "out")
    for claim in spec.claims:
        if claim.layer:
            amounts = rows.setdefault(claim.layer, {})
            amounts[claim.figure] = amount_of(report, claim.layer, claim.figure)
        else:
            network[claim.figure] = amount_of(report, "", claim.figure)
    claimed = {(claim.layer, claim.figure) for claim in spec.claims} | {("", figure) for figure in figures}
    return Frozen(
        _known(network, "", claimed, NETWORK_ORDER),
        {path: known for path, amounts in rows.items() if (known := _known(amounts, path, claimed, CLAIMABLE))},
    )


def numbered(spec: Spec, report: Report) -> list[str]:
    """The rows with an automatic number, which changes with every line that is added above."""
    paths = (row.path for row in report.rows())
    return [path for path, line in zip(paths, spec.layers, strict=True) if line.name is None and path[-1:].isdigit()]


def _known(
    amounts: Mapping[str, Amount | None], layer: str, claimed: set[tuple[str, str]], order: Iterable[str]
) -> Figures:
    """The known figures, in order; a 0 only if it is asked for."""
    found = {figure: amounts.get(figure) for figure in order}
    return {
        figure: amount
        for figure, amount in found.items()
        if amount is not None and (amount or (layer, figure) in claimed)
    }


def expect_block(frozen: Frozen, claims: Iterable[Claim] = ()) -> str:
    """The whole `expect:`, on one line if it fits; a figure with a budget among `claims` keeps that."""
    limits = _budgets(claims)
    network = _texts(frozen.network, "", limits)
    line = f"expect: {in_braces(network)}"
    if not frozen.layers and len(line) <= LINE_LENGTH:
        return line
    lines = ["expect:", *(f"  {figure}: {text}" for figure, text in network.items())]
    layers = [f"    {path}: {in_braces(_texts(figures, path, limits))}" for path, figures in frozen.layers.items()]
    return "\n".join([*lines, *(["  layers:", *layers] if layers else [])])


def _budgets(claims: Iterable[Claim]) -> dict[tuple[str, str], str]:
    """The limits among claims, by layer and figure, as written: `{max: 300MB}`."""
    bounds: dict[tuple[str, str], dict[str, str]] = {}
    for claim in claims:
        if claim.bound != "exact":
            bounds.setdefault((claim.layer, claim.figure), {})[claim.bound] = claim.at.text
    return {place: in_braces(written) for place, written in bounds.items()}


def _texts(amounts: Figures, layer: str, limits: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Every figure as a claim says it: its budget, or its amount."""
    return {figure: limits.get((layer, figure)) or amount_text(amount) for figure, amount in amounts.items()}
