"""The differences of two specs as a table and in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from cnncalc.analysis.figures import RowReport
from cnncalc.comparison.changes import Edit, LineChange
from cnncalc.comparison.compare import Differences, Side
from cnncalc.comparison.rows import RowChange
from cnncalc.render.grid import Cell, Grid, Header
from cnncalc.render.markdown import markdown_text
from cnncalc.render.numbers import Units, by, number_text
from cnncalc.render.operations import row_operation
from cnncalc.shapes import Layout

HEADERS = (
    Header("layer", "layer"),
    Header("change", "change", priority=1),
    Header("output", "output", "right", priority=2),
    Header("params", "params", "right", priority=3),
    Header("macs", "MACs", "right", priority=4),
)

TOTAL_HEADERS = (
    Header("figure", "total"),
    Header("old", "old", "right"),
    Header("new", "new", "right"),
    Header("difference", "difference", "right"),
    Header("percent", "%", "right"),
)

TOTALS = {
    "params": "params",
    "buffers": "buffers",
    "macs": "MACs",
    "flops": "FLOPs",
    "elements": "elements",
    "peak_memory": "peak memory (B)",
}
"""The totals that are shown, with their names."""

Row = tuple[Cell, ...]


def title(differences: Differences) -> str:
    """Which two specs these are."""
    files = differences.old.spec.file, differences.new.spec.file
    old, new = (side.spec.name for side in (differences.old, differences.new))
    if not (old and new):
        return f"{files[0]} → {files[1]}"
    return f"{old}: {files[0]} → {files[1]}" if old == new else f"{old} ({files[0]}) → {new} ({files[1]})"


def changes_grid(differences: Differences, units: Units = "exact") -> Grid:
    """Every change in the order of the new spec; rows that stayed the same are folded."""
    rows, layout = [*_frame_rows(differences)], differences.new.report.network.layout
    for is_same, group in groupby(differences.rows, key=lambda row: row.change == "unchanged"):
        changes = list(group)
        if is_same:
            rows.append((_folded(changes), f"{len(changes)} unchanged", None, None, None))
        else:
            rows += [cells for change in changes for cells in _row_rows(change, layout, units)]
    return Grid(title(differences), HEADERS, tuple(rows))


def _folded(changes: list[RowChange]) -> str:
    """The names of the first and the last of the rows that are folded into one."""
    names = [_path(change) for change in changes]
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def totals_grid(differences: Differences, units: Units = "exact") -> Grid:
    """The totals of both, with the difference."""
    return Grid("", TOTAL_HEADERS, tuple(_total_rows(differences.old, differences.new, units)))


def _total_rows(old: Side, new: Side, units: Units) -> Iterator[Row]:
    for figure, name in TOTALS.items():
        before, after = (int(getattr(side.report.totals, figure)) for side in (old, new))
        if before or after:
            yield name, before, after, _signed(after - before, units), percent_text(before, after)


def _signed(difference: int, units: Units) -> str:
    return f"{'+' if difference > 0 else ''}{number_text(difference, units)}" if difference else "0"


def percent_text(old: int, new: int) -> str:
    """The difference in percent of the old value, with three digits: `+2.32 %`."""
    if old == new or not old:
        return ""
    percent = 100 * (new - old) / old
    return f"{percent:+,.0f} %" if abs(percent) >= 100 else f"{percent:+.3g} %"


def _frame_rows(differences: Differences) -> Iterator[Row]:
    """What was edited outside of `layers:`."""
    for edit in differences.edits:
        yield edit.setting, f"{edit.old} → {edit.new}", None, None, None
    for block in differences.blocks:
        yield f"block {block.name}", edits_text(block.edits) or block.change, None, None, None
        for line in block.lines:
            yield from _line_rows(line, "  ")


def _row_rows(change: RowChange, layout: Layout, units: Units) -> Iterator[Row]:
    """A row, and what changed inside it; shapes of both in one layout."""
    yield (
        _path(change),
        change_text(change),
        _pair(change, lambda row: by(row.output.sizes(layout))),
        _count(change, "params", units),
        _count(change, "macs", units),
    )
    if change.change == "edited":
        for line in change.line.inside:
            yield from _line_rows(line, "  ")


def _line_rows(change: LineChange, indent: str) -> Iterator[Row]:
    """A line inside of another, or of a block."""
    line = change.new or change.old
    assert line is not None
    where = f"{indent}{line.name or line.word} (line {line.line})"
    text = edits_text(change.edits) if change.change == "edited" else f"{change.change}: {line.text}"
    yield where, text or "edited inside", None, None, None
    for inner in change.inside:
        yield from _line_rows(inner, f"{indent}  ")


def _path(change: RowChange) -> str:
    row = change.new or change.old
    assert row is not None
    return row.path


def change_text(change: RowChange) -> str:
    """What became of a row, in words."""
    row = change.new or change.old
    assert row is not None
    if change.change in ("added", "removed"):
        return f"{change.change}: {row_operation(row, row.layout)}"
    if change.change == "edited":
        return edits_text(change.line.edits) or "edited inside"
    return change.change


def edits_text(edits: tuple[Edit, ...]) -> str:
    """Edits in words: `stride 4 → 2, activation none → relu`."""
    return ", ".join(f"{edit.setting} {edit.old} → {edit.new}" for edit in edits)


def _count(change: RowChange, figure: str, units: Units) -> str | None:
    """A count of a row, blank where it has none."""
    if not any(getattr(row, figure) for row in (change.old, change.new) if row is not None):
        return None
    return _pair(change, lambda row: number_text(getattr(row, figure), units))


def _pair(change: RowChange, figure: Callable[[RowReport], str]) -> str:
    """A figure of both rows, once where it is the same."""
    texts = [figure(row) for row in (change.old, change.new) if row is not None]
    return " → ".join(dict.fromkeys(texts))


def differences_markdown(differences: Differences, units: Units = "exact") -> str:
    """The differences for a pull request: totals, then what was edited, and folded below what follows from it."""
    grid, layout = changes_grid(differences, units), differences.new.report.network.layout
    edited = [*_frame_rows(differences)]
    following: list[Row] = []
    for change in differences.rows:
        if change.change == "follows":
            following += _row_rows(change, layout, units)
        elif change.change != "unchanged":
            edited += _row_rows(change, layout, units)
    parts = [markdown_text(totals_grid(differences, units)._replace(title=grid.title), units)]
    if edited:
        parts.append(markdown_text(grid._replace(title="Edited", rows=tuple(edited))))
    if following:
        rows = f"{len(following)} row{'' if len(following) == 1 else 's'}"
        table = markdown_text(grid._replace(title="Follows", rows=tuple(following)))
        parts.append(f"<details><summary>{rows} that follow</summary>\n\n{table}\n</details>\n")
    return "\n".join(parts)
