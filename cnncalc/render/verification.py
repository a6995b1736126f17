"""The results of a verification, as a table, as one line and as JSON."""

from __future__ import annotations

from math import isfinite
from typing import Any

from cnncalc.analysis.claim_wording import failure_text
from cnncalc.network.model import Row
from cnncalc.notation import several
from cnncalc.render.columns import report_title, visible_rows
from cnncalc.render.document import Document
from cnncalc.render.grid import Cell, Grid, Header, headers
from cnncalc.render.numbers import by
from cnncalc.render.report_data import VERSION, inputs_data
from cnncalc.shapes import Layout
from cnncalc.verification.verdicts import LOOPS, Fields, Judgement, LayerVerdict, Verification

HEADERS = (
    Header("layer", "layer"),
    Header("output", "output", "right"),
    Header("weights", "weights", "right", priority=1),
    Header("macs", "MACs", "right", priority=2),
    Header("executed", "executed", styles={"as": "green", "differs": "red", "not": "magenta"}),
)

DIFFERENCES = (
    Header("absolute", "largest difference", "right", priority=4),
    Header("relative", "relative", "right", priority=3),
)
"""The columns of a comparison with another execution."""


SUMMED = headers("shapes", "weight_tensors", "macs", "mismatches")
"""The columns of one line for each spec."""


def verification_document(name: str, found: Verification, depth: int | None = 1) -> Document:
    """The document of a verification, with a table whose rows are unfolded down to `depth`."""
    return Document(
        blocks=lambda: [verification_grid(found, depth), f"{_mismatches(found)}\n{summary(found)}\n"],
        data=lambda: _data(found),
        name=name,
    )


def summary_document(name: str, found: Verification) -> Document:
    """The same in a line, and one for each mismatch."""
    row = (found.shapes, found.tensors, found.macs, len(found.mismatches))
    return Document(
        blocks=lambda: [f"{name}: {summary(found)}\n{_mismatches(found)}"],
        data=lambda: _data(found),
        name=name,
        records=lambda: Grid("", SUMMED, (row,)),
    )


def _mismatches(found: Verification) -> str:
    """A line for each mismatch, and for each claim of the spec that fails."""
    failed = map(failure_text, found.failed_claims)
    return "".join(f"  {line}\n" for line in (*found.mismatches, *failed))


def verification_grid(found: Verification, depth: int | None = 1) -> Grid:
    """The claims of each row, and whether the execution confirms them; totals are what was executed.

    Args:
        found: the verification.
        depth: how far rows are unfolded: 1 for the lines of the spec, None for single layers.
    """
    rows = visible_rows(found.report.network.rows, depth)
    used = sum(verdict.values_used for verdict in found.verdicts)
    agreed = f"as {_said(found)}"
    return Grid(
        title=f"{report_title(found.report)} · executed in numpy, seed {found.seed}",
        headers=HEADERS + (DIFFERENCES if found.judgement else ()),
        rows=tuple((*_cells(found, row, agreed), *_difference_cells(found, row)) for row in rows),
        totals=("total", None, used or None, found.macs or None, None, *_difference_cells(found, None)),
    )


def _difference_cells(found: Verification, row: Row | None) -> tuple[Cell, ...]:
    """The largest differences of a row's layers, or of all of them."""
    if found.judgement is None:
        return ()
    differences = [
        difference if difference.compared and not verdict.claim.layer.drawn else None
        for verdict, difference in zip(found.verdicts, found.judgement.differences, strict=True)
    ]
    inside = [one for one in (differences[row.start : row.stop] if row else differences) if one is not None]
    if not inside:
        return None, None
    return tuple(f"{max(values):.1e}" for values in zip(*((d.absolute, d.relative) for d in inside), strict=True))


def _cells(found: Verification, row: Row, agreed: str) -> tuple[Cell, ...]:
    claim = found.report.row_report(row)
    verdicts = found.verdicts[row.start : row.stop]
    inside = {verdict.claim.path for verdict in verdicts}
    differing = {mismatch.figure for mismatch in found.mismatches if mismatch.path in inside}
    executed = all(verdict.shape is not None for verdict in verdicts)
    agrees = "" if not verdicts else agreed if executed else "not executed"
    state = f"differs: {', '.join(sorted(differing))}" if differing else agrees
    return claim.path, by(claim.output_shape), claim.params + claim.buffers or None, claim.macs or None, state


def summary(found: Verification) -> str:
    """One line: what was executed, and whether it is as claimed."""
    counts = [several(found.shapes, "shape"), several(found.tensors, "weight tensor"), f"{found.macs:,} MACs"]
    if found.fields is not None:
        fields = f"{several(found.fields.confirmed, 'receptive field')} from {several(found.pixels, 'pixel')}"
        undecided = f" ({found.fields.undecided:,} not decided)" if found.fields.undecided else ""
        counts.append(fields + undecided)
    if found.judgement:
        drawn = [verdict.claim.path for verdict in found.verdicts if verdict.claim.layer.drawn]
        but = f", but for those that {', '.join(drawn)} {'draws' if len(drawn) == 1 else 'draw'} at random" * bool(
            drawn
        )
        unknown = [difference.path for difference in found.judgement.differences if not difference.compared]
        give = "gives" if len(unknown) == 1 else "give"
        but += f", but {several(len(unknown), 'layer')} {give} no finite value, {unknown[0]} first" if unknown else ""
        counts.append(_judged(found.judgement, found.report.network.layout) + but)
    wrong = len(found.mismatches)
    verdict = (
        f"{several(wrong, 'claim')} {'differs' if wrong == 1 else 'differ'}" if wrong else f"all as {_said(found)}"
    )
    if failed := len(found.failed_claims):
        verdict += f"; {several(failed, 'claim')} of the spec {'does' if failed == 1 else 'do'} not hold"
    differing = found.judgement.differing if found.judgement else ()
    first = f"; the first layer with other values is {differing[0].path}" if differing else ""
    stopped = f"; stopped before {found.stopped_at}, which is opaque" if found.stopped_at else ""
    return f"{', '.join(counts)}: {verdict}{first}{stopped}"


def _judged(judgement: Judgement, layout: Layout) -> str:
    """How far values are from those of a judge, and for which inputs if they are not the network's own."""
    judge, largest = judgement.judge, max((one.relative for one in judgement.differences), default=0.0)
    small = f" at {', '.join(shape.text(layout) for shape in judgement.inputs.values())}" if judge is LOOPS else ""
    return f"values within {largest:.1e} of those of {judge.name}{small} (up to {judge.tolerance:.0e} is rounding)"


def _said(found: Verification) -> str:
    """Who says the figures: formulas, and the spec as well if all its claims hold."""
    return "calculated" if found.failed_claims else "claimed"


def _data(found: Verification) -> dict[str, Any]:
    """Claims and observations as plain data, layer by layer."""
    network = found.report.network
    return {
        "cnncalc": VERSION,
        "name": network.name,
        "layout": network.layout,
        "inputs": inputs_data(network),
        "seed": found.seed,
        "agrees": not found.mismatches,
        "shapes": found.shapes,
        "weight_tensors": found.tensors,
        "macs": found.macs,
        **({} if found.fields is None else {"receptive_fields": _fields(found.fields, found.pixels)}),
        **_judgement(found),
        "mismatches": [mismatch._asdict() for mismatch in found.mismatches],
        "failed_claims": [failure_text(compared) for compared in found.failed_claims],
        "layers": [_layer(verdict) | _difference(found, index) for index, verdict in enumerate(found.verdicts)],
    }


def _judgement(found: Verification) -> dict[str, Any]:
    """Who judged the values, at which inputs and how strictly."""
    if found.judgement is None:
        return {}
    judge, layout = found.judgement.judge, found.report.network.layout
    inputs = {name: list(shape.sizes(layout)) for name, shape in found.judgement.inputs.items()}
    return {"values": {"judge": judge.key, "inputs": inputs, "tolerance": judge.tolerance}}


def _fields(fields: Fields, pixels: int) -> dict[str, int]:
    return {"confirmed": fields.confirmed, "not_decided": fields.undecided, "pixels": pixels}


def _difference(found: Verification, index: int) -> dict[str, Any]:
    """The result of a judge for a layer; a difference is null if it is infinite, of NaN or of drawn values."""
    if found.judgement is None:
        return {}
    judge, difference = found.judgement.judge, found.judgement.differences[index]
    is_compared = difference.compared and not found.verdicts[index].claim.layer.drawn
    gaps = {"absolute": difference.absolute, "relative": difference.relative}
    shape = list(difference.shape_there.sizes(found.report.network.layout))
    finite = {name: gap if isfinite(gap) and is_compared else None for name, gap in gaps.items()}
    return {judge.key: {"output_shape": shape, **finite, "agrees": difference.agrees(judge)}}


def _layer(verdict: LayerVerdict) -> dict[str, Any]:
    claim, shape = verdict.claim, verdict.shape
    observed = None if shape is None else list(shape.sizes(claim.layout))
    return {
        "path": claim.path,
        "row": claim.row,
        "kind": claim.kind,
        "line": claim.node.line,
        "output_shape": {"claim": list(claim.output_shape), "observation": observed},
        "weights": {
            "claim": {name: list(sizes) for name, sizes in claim.weight_shapes.items()},
            "observation": None if shape is None else {name: list(sizes) for name, sizes in verdict.weights.items()},
        },
        "macs": {"claim": claim.macs, "observation": None if shape is None else verdict.macs},
        "agrees": not verdict.mismatches,
    }
