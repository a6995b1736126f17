"""Claims compared with a report: each with the actual value, and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.analysis.receptive_field import View, Views
from cnncalc.analysis.report import DEFAULT_PROFILE, Report, RowReport
from cnncalc.figures import CLAIMABLE, Figure, number_of
from cnncalc.language.expressions import Number
from cnncalc.language.model import Claim

Sizes = tuple[Number, ...]

OUTPUTS_DIFFER = "the outputs differ ({}); claim each under layers:"
INPUTS_DIFFER = "it is not the same for every input ({})"


class Comparison(NamedTuple):
    """One claim with the actual value.

    Attributes:
        claim: as written, with its place.
        actual: the actual value, sizes in the order of the spec's layout; None if it is not known.
        holds: whether the claim is true, to the digits that it writes.
        reason: says why there is nothing to compare the claim with; empty if there is.
    """

    claim: Claim
    actual: Number | Sizes | None
    holds: bool
    reason: str = ""

    @property
    def line(self) -> int:
        """The line of the claimed value in the spec, from 1."""
        return self.claim.at.line + 1

    @property
    def column(self) -> int:
        """The column of the claimed value in the spec, from 1."""
        return self.claim.at.column + 1


class UnknownFigure(Exception):
    """There is nothing to compare a claim with; the message says why."""


def compare_claims(report: Report) -> tuple[Comparison, ...]:
    """Every claim of a spec with the report's value for it.

    The figures are those of the report as it is: for its batch, number format, optimizer and
    counting profile. A claim about an unknown figure does not hold.

    Args:
        report: the report on a network, which carries its claims.

    Returns:
        One for each claim, in the order of the text.
    """
    compared = (_compare(report, claim) for claim in report.network.claims)
    return tuple(sorted(compared, key=lambda comparison: (comparison.line, comparison.column)))


def _compare(report: Report, claim: Claim) -> Comparison:
    try:
        actual = figure_of(report, claim.layer, claim.figure)
    except UnknownFigure as unknown:
        return Comparison(claim, None, False, str(unknown))
    return Comparison(claim, actual, _holds(claim, actual))


def _holds(claim: Claim, actual: Number | Sizes) -> bool:
    value = claim.value
    if isinstance(value, tuple):
        # One size stands for every axis, as everywhere in a spec; a shape is written in full.
        axes = len(actual) if isinstance(actual, tuple) and len(value) == 1 and claim.figure != "out" else 1
        return actual == value * axes
    return not isinstance(actual, tuple) and _keeps(actual, claim.bound, value, claim.tolerance)


def _keeps(actual: Number, bound: str, value: Number, tolerance: Number) -> bool:
    match bound:
        case "max":
            return actual <= value
        case "min":
            return actual >= value
        case _:
            return -tolerance <= actual - value <= tolerance


def figure_of(report: Report, layer: str, name: str) -> Number | Sizes:
    """The value of a figure that can be claimed, if it does not depend on sizes that the spec leaves open.

    Args:
        report: the report on the network.
        layer: the path of a row or layer; empty for the whole network.
        name: a word of `CLAIMABLE`.

    Raises:
        UnknownFigure: there is no such figure or layer, or it is not known.
    """
    value = _figure_of(report, layer, name)
    if report.other is not None and _figure_of(report.other, layer, name) != value:
        raise UnknownFigure(f"it {report.needs}")
    return value


def _figure_of(report: Report, layer: str, name: str) -> Number | Sizes:
    figure = CLAIMABLE.get(name)
    if figure is None:
        raise UnknownFigure(f"there is no figure '{name}'")
    row = _row(report, layer) if layer else None
    match figure.unit:
        case "shape":
            return row.output_shape if row else _agreed(report.output_shapes, OUTPUTS_DIFFER)
        case "sizes":
            return _seen(report, row.views, figure) if row else _seen_by_outputs(report, figure)
        case _:
            return _number(report, row, figure)


def _row(report: Report, path: str) -> RowReport:
    try:
        return report[path]
    except KeyError:
        raise UnknownFigure(f"there is no layer '{path}'") from None


def _agreed(values: Mapping[str, Sizes], complaint: str) -> Sizes:
    """The sizes that several outputs or inputs share."""
    if len(set(values.values())) > 1:
        each = ", ".join(f"{name} {'x'.join(map(str, sizes))}" for name, sizes in values.items())
        raise UnknownFigure(complaint.format(each))
    return next(iter(values.values()))


def _seen_by_outputs(report: Report, figure: Figure[Any]) -> Sizes:
    outputs = report.network.outputs.items()
    return _agreed({name: _seen(report, report.views[path], figure) for name, path in outputs}, OUTPUTS_DIFFER)


def _seen(report: Report, views: Views, figure: Figure[Any]) -> Sizes:
    """The figure of one value, if it is the same for every input of the network that the value sees."""
    sizes = {view.input: _sizes(view, report.network.inputs[view.input].spatial, figure) for view in views}
    return _agreed(sizes, INPUTS_DIFFER)


def _sizes(view: View, axes: tuple[int, ...], figure: Figure[Any]) -> Sizes:
    if not axes:
        raise UnknownFigure(f"{view.input} is a vector, which has no axes to see along")
    if view.unknown:
        raise UnknownFigure(view.unknown)
    if not view.everything:
        return tuple(figure.value(field) for field in view.axes)
    if figure.name == "receptive_field":
        return axes
    raise UnknownFigure(f"the whole input is seen, which has no {figure.name}")


def _number(report: Report, row: RowReport | None, figure: Figure[Any]) -> Number:
    if row and figure.only_network:
        raise UnknownFigure("it is a figure of the whole network, not of a layer")
    subject = row or report.totals
    lacking = (layer.lacks(figure) for layer in subject.layers) if report.lacking else ()
    if unknown := next(filter(None, lacking), ""):
        under = f"under {report.profile} " if report.profile != DEFAULT_PROFILE else ""
        raise UnknownFigure(f"{under}it is not known: {unknown}")
    return number_of(subject, figure.name)
