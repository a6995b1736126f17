"""The variants of a sweep as a table and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnncalc.analysis.sweep import Combination, Smallest
from cnncalc.figures import CLAIMABLE, MOST_USUAL
from cnncalc.language.expressions import ExpressionError, literal
from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, Header, headers
from cnncalc.render.numbers import by

SWEPT_FIGURES = {"output": Header("output", "output", "right")} | {
    figure.name: Header(figure.name, figure.total_title or figure.heading, "right", figure.priority)
    for figure in CLAIMABLE.values()
    if figure.is_total and figure.unit != "operations"
}
"""The columns after the things swept: the output's shape, and totals."""

USUALLY_SWEPT = tuple(name for name, header in SWEPT_FIGURES.items() if header.priority <= MOST_USUAL)

REASON = Header("reason", "why not", folds=True)

MAX_LABELS = 3
"""How many variants with the same reason are named below the table."""

MAX_REASONS = 8
"""How many reasons are below the table."""


def variants_document(
    title: str, swept: Sequence[str], variants: Sequence[Combination], names: Sequence[str],
    notes: Callable[[], tuple[str, ...]] = tuple,
) -> Document:  # fmt: skip
    """Variants; as for `variants_grid`, with notes that are made only for people."""
    return Document(
        blocks=lambda: [variants_grid(title, swept, variants, names, notes())],
        data=lambda: {"name": title, "swept": list(swept), "variants": [_data(swept, one) for one in variants]},
        records=lambda: variants_records(swept, variants, names),
    )


def variants_grid(
    title: str, swept: Sequence[str], variants: Sequence[Combination], names: Sequence[str], notes: tuple[str, ...]
) -> Grid:
    """Variants as a table for people; the reasons why some are not valid are below it, if there is room.

    Args:
        title: the line above it.
        swept: the name of each thing swept.
        variants: the rows.
        names: those of `SWEPT_FIGURES` to show.
        notes: the lines below it.
    """
    heads = (*(Header(name, name, "right") for name in swept), *(SWEPT_FIGURES[name] for name in names))
    return Grid(title, heads, tuple(_row(v, names, "not valid") for v in variants), (), (*_reasons(variants), *notes))


def variants_records(swept: Sequence[str], variants: Sequence[Combination], names: Sequence[str]) -> Grid:
    """Variants as records for CSV: every row with its reason, empty if the variant is valid."""
    heads = (*headers(*swept), *(SWEPT_FIGURES[name] for name in names), REASON)
    return Grid("", heads, tuple((*_row(variant, names, None), reason(variant)) for variant in variants))


def _row(variant: Combination, names: Sequence[str], invalid: str | None) -> tuple[Cell, ...]:
    labels = tuple(_number_or_shape(label) for label in variant.labels)
    if variant.totals is None:
        return (*labels, invalid, *(None for _ in names[1:]))
    return (*labels, *(_cell(variant, variant.totals, name) for name in names))


def _reasons(variants: Sequence[Combination]) -> tuple[str, ...]:
    """Each reason with the variants that it is for: `16×16, 31×31: line 20: maxpool: ...`."""
    labels: dict[str, list[str]] = {}
    for variant in variants:
        if variant.problems:
            labels.setdefault(reason(variant), []).append(" ".join(variant.labels).replace("x", "×"))
    reasons = [f"not valid: {_some(named)}{why}" for why, named in labels.items()]
    if len(reasons) > MAX_REASONS:
        return (*reasons[:MAX_REASONS], f"and {len(reasons) - MAX_REASONS} other reasons; --format csv has each")
    return tuple(reasons)


def _some(labels: Sequence[str]) -> str:
    """The first labels, and the number of the others."""
    more = f" and {len(labels) - MAX_LABELS} more" if len(labels) > MAX_LABELS else ""
    named = ", ".join(filter(None, labels[:MAX_LABELS]))
    return f"{named}{more}: " if named else ""


def _number_or_shape(label: str) -> Cell:
    return int(label) if label.isdigit() else label.replace("x", "×")


def _cell(variant: Combination, totals: Mapping[str, Any], name: str) -> Cell:
    if name == "output":
        return ", ".join(by(shape) for shape in variant.outputs.values())
    return int(totals[name])


def reason(variant: Combination) -> str:
    """The reason why a variant is not valid: its first problem, and the number of the others."""
    if not variant.problems:
        return ""
    more = len(variant.problems) - 1
    return variant.problems[0] + (f" (and {more} more)" if more else "")


def smallest_text(smallest: Smallest) -> str:
    """The smallest input in words: `H×W = 32×32`."""
    axes = "×".join(smallest.axes)
    if smallest.size is None:
        return f"no {axes} up to {smallest.tried} is valid"
    return f"{axes} = {by((smallest.size,) * len(smallest.axes))}"


def _data(swept: Sequence[str], variant: Combination) -> dict[str, Any]:
    """A variant as plain data, with every figure."""
    settings = {name: _plain(label) for name, label in zip(swept, variant.labels, strict=True)}
    if variant.totals is None:
        return {"settings": settings, "valid": False, "problems": list(variant.problems)}
    shapes = {name: list(shape) for name, shape in variant.outputs.items()}
    return {"settings": settings, "valid": True, "outputs_shapes": shapes, "totals": dict(variant.totals)}


def _plain(label: str) -> str | int | float:
    """A number as a number, anything else as it is written."""
    try:
        value = literal(label)
    except ExpressionError:
        return label
    return value if type(value) is int else float(value)
