"""The differences of two specs as plain data, version 1. Keys are added within a version, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.analysis.report import RowReport
from cnncalc.comparison.changes import LineChange, RowChange, SettingChange
from cnncalc.comparison.compare import BlockChange, Differences, Side
from cnncalc.comparison.written import WrittenLine
from cnncalc.figures import NUMBERS, plain_numbers
from cnncalc.render.report_data import VERSION


def differences_data(differences: Differences) -> dict[str, Any]:
    """The differences: edits outside of the layers, every block that changed, every row, all totals."""
    return {
        "cnncalc": VERSION,
        "old": _side(differences.old),
        "new": _side(differences.new),
        "differ": differences.exist,
        "edits": _edits(differences.edits),
        "blocks": [_block(block) for block in differences.blocks],
        "rows": [_row(row) for row in differences.rows],
        "totals": _totals(differences.old, differences.new),
    }


def new_data(side: Side) -> dict[str, Any]:
    """A spec that has no older side: every row is added, and no total has a difference."""
    added = {"change": "added", "renamed": False, "old": None}
    return {
        "cnncalc": VERSION,
        "old": None,
        "new": _side(side),
        "differ": True,
        "edits": [],
        "blocks": [],
        "rows": [{**added, "new": _figures(row), "edits": [], "inside": []} for row in side.report.rows()],
        "totals": {figure: {"old": None, "new": value, "difference": None} for figure, value in _numbers(side).items()},
    }


def _side(side: Side) -> dict[str, Any]:
    return {"name": side.report.network.name, "file": side.spec.file}


def _edits(edits: Sequence[SettingChange]) -> list[dict[str, str]]:
    return [edit._asdict() for edit in edits]


def _block(block: BlockChange) -> dict[str, Any]:
    return {
        "name": block.name,
        "change": block.change,
        "edits": _edits(block.edits),
        "lines": [_line(line) for line in block.lines],
    }


def _line(line: LineChange) -> dict[str, Any]:
    return {
        "change": line.change,
        "old": _written(line.old),
        "new": _written(line.new),
        "edits": _edits(line.edits),
        "inside": [_line(inner) for inner in line.inside],
    }


def _written(line: WrittenLine | None) -> dict[str, Any] | None:
    return None if line is None else {"line": line.line, "name": line.name, "text": line.text}


def _row(row: RowChange) -> dict[str, Any]:
    return {
        "change": row.change,
        "renamed": row.is_renamed,
        "old": _figures(row.old),
        "new": _figures(row.new),
        "edits": _edits(row.line.edits),
        "inside": [_line(line) for line in row.line.inside],
    }


def _figures(row: RowReport | None) -> dict[str, Any] | None:
    if row is None:
        return None
    counts = plain_numbers(row, (figure for figure in NUMBERS if figure.listed))
    return {"path": row.path, "line": row.row.line, "output_shape": list(row.output_shape), **counts}


def _totals(old: Side, new: Side) -> dict[str, Any]:
    """Every total that is one number, with the difference."""
    after = _numbers(new)
    return {
        figure: {"old": value, "new": after[figure], "difference": after[figure] - value}
        for figure, value in _numbers(old).items()
    }


def _numbers(side: Side) -> dict[str, Any]:
    return {figure: value for figure, value in side.report.totals.values().items() if not isinstance(value, dict)}
