"""The differences of two specs as a table and in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from cnncalc.analysis.report import RowReport
from cnncalc.comparison.changes import LineChange, RowChange
from cnncalc.comparison.compare import Differences, Side
from cnncalc.figures import NUMBERS
from cnncalc.render.change_words import change_text, edits_text, frame_texts, in_lines, line_text, percent_text
from cnncalc.render.differences_document import differences_data, new_data
from cnncalc.render.document import Block, Document
from cnncalc.render.grid import Cell, Grid, Header
from cnncalc.render.numbers import Units, by, number_text
from cnncalc.render.table import GAP, natural_widths
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
    Header("old", "old", "right", priority=1),
    Header("new", "new", "right"),
    Header("difference", "difference", "right", priority=3),
    Header("percent", "%", "right", priority=2),
)

TOTALS = {figure.name: figure.compared for figure in NUMBERS if figure.compared}
"""The totals that are shown, with their names."""

LEAST_WORDS = 26
"""If the figures of a row do not leave more, its change is put on lines of this width."""

Row = tuple[Cell, ...]


COUNTS = tuple(figure.name for figure in NUMBERS if figure.listed)
"""The figures of a row that are numbers."""

RECORDS = tuple(Header(f"{side}_{name}", name) for name in ("layer", "output", *COUNTS) for side in ("old", "new"))


def differences_document(differences: Differences, units: Units) -> Document:
    """The differences of two specs: on a terminal every change in its place, on a page edits come first."""
    return Document(
        blocks=lambda: list(_page(differences, units)),
        data=lambda: differences_data(differences),
        screen=lambda width: list(_screen(differences, units, width)),
        records=lambda: _records(differences.rows, differences.new.report.network.layout),
    )


def new_document(side: Side, revision: str) -> Document:
    """A spec that a revision does not have."""
    rows = [RowChange("added", LineChange("added", None, None), None, row) for row in side.report.rows()]
    return Document(
        blocks=lambda: [new_grid(side, revision)],
        data=lambda: new_data(side),
        records=lambda: _records(rows, side.report.network.layout),
    )


def _no_difference(differences: Differences) -> str:
    return f"{title(differences)}: no difference in layers or figures\n"


def _screen(differences: Differences, units: Units, width: int) -> Iterator[Grid | str]:
    if differences.exist:
        yield in_width(changes_grid(differences, units), width)
        yield totals_grid(differences, units)
    else:
        yield _no_difference(differences)


def _page(differences: Differences, units: Units) -> Iterator[Block]:
    """The page for a pull request: totals, then the edits, and folded below them the changes that follow."""
    if not differences.exist:
        yield _no_difference(differences)
        return
    layout = differences.new.report.network.layout
    yield totals_grid(differences, units)._replace(title=title(differences))
    changed = [change for change in differences.rows if change.change not in ("follows", "unchanged")]
    edited = [*_frame_rows(differences), *(row for change in changed for row in _row_rows(change, layout, units))]
    if edited:
        yield Grid("Edited", HEADERS, tuple(edited))
    following = [change for change in differences.rows if change.change == "follows"]
    if following:
        rows = tuple(row for change in following for row in _row_rows(change, layout, units))
        folded = "1 row that follows" if len(rows) == 1 else f"{len(rows)} rows that follow"
        yield Grid("Follows", HEADERS, rows, folded=folded)


def _records(changes: Sequence[RowChange], layout: Layout) -> Grid:
    """A row for each line of `layers:`, with the figures of both, so that the columns add up to the totals."""
    figures: list[Callable[[RowReport], Cell]] = [lambda row: row.path, lambda row: by(row.output.sizes(layout))]
    figures += map(attrgetter, COUNTS)
    rows = tuple(
        (
            change.change,
            change_text(change),
            *(figure(row) if row else None for figure in figures for row in (change.old, change.new)),
        )
        for change in changes
    )
    return Grid("", (Header("change", "change"), Header("what", "what"), *RECORDS), rows)


def title(differences: Differences) -> str:
    """The title: the names of the two specs."""
    files = differences.old.spec.file, differences.new.spec.file
    old, new = (side.spec.name for side in (differences.old, differences.new))
    if not (old and new):
        return f"{files[0]} → {files[1]}"
    return f"{old}: {files[0]} → {files[1]}" if old == new else f"{old} ({files[0]}) → {new} ({files[1]})"


def changes_grid(differences: Differences, units: Units) -> Grid:
    """Every change in the order of the new spec; rows that stayed the same are folded."""
    rows, layout = [*_frame_rows(differences)], differences.new.report.network.layout
    for is_same, group in groupby(differences.rows, key=lambda row: row.change == "unchanged"):
        changes = list(group)
        if is_same:
            rows.append(_words(_label(changes), _folded(changes)))
        else:
            rows += [cells for change in changes for cells in _row_rows(change, layout, units)]
    return Grid(title(differences), HEADERS, tuple(rows))


def _folded(changes: Sequence[RowChange]) -> str:
    """The words for rows that are folded into one: `3 unchanged, 1 renamed`."""
    if len(changes) == 1:
        return "unchanged"
    renamed = sum(change.is_renamed for change in changes)
    return f"{len(changes)} unchanged" + (f", {renamed} renamed" if renamed else "")


def in_width(grid: Grid, width: int) -> Grid:
    """The grid of changes for a narrow terminal: a change of many words takes several rows."""
    figures_width = sum(each + GAP for each in natural_widths(grid.without(1)))
    longest = max(width - figures_width, LEAST_WORDS)
    rows: list[Row] = []
    for where, text, *figures in grid.rows:
        first, *others = in_lines(str(text), longest)
        rows += [(where, first, *figures), *(_words("", line) for line in others)]
    return grid._replace(rows=tuple(rows))


def totals_grid(differences: Differences, units: Units) -> Grid:
    """The totals of both, with the difference."""
    return Grid("", TOTAL_HEADERS, tuple(_total_rows(differences.old, differences.new, units)))


def _total_rows(old: Side, new: Side, units: Units) -> Iterator[Row]:
    for (name, before), after in zip(_totals(old).items(), _totals(new).values(), strict=True):
        if before or after:
            yield name, before, after, _signed(after - before, units), percent_text(before, after)


def _totals(side: Side) -> dict[str, int]:
    return {name: int(getattr(side.report.totals, figure)) for figure, name in TOTALS.items()}


def new_grid(side: Side, revision: str) -> Grid:
    """The totals of a spec that a revision does not have."""
    name = f"{side.spec.name}: {side.spec.file}" if side.spec.name else side.spec.file
    rows = tuple((name, total) for name, total in _totals(side).items() if total)
    return Grid(f"{name}: the whole file is new since {revision}", (TOTAL_HEADERS[0], TOTAL_HEADERS[2]), rows)


def _signed(difference: int, units: Units) -> str:
    return f"{'+' if difference > 0 else ''}{number_text(difference, units)}" if difference else "0"


def _frame_rows(differences: Differences) -> Iterator[Row]:
    """The rows of edits outside of `layers:`."""
    for where, text in frame_texts(differences.edits):
        yield _words(where, text)
    for block in differences.blocks:
        yield _words(f"block {block.name}", edits_text(block.edits) or block.change)
        for line in block.lines:
            yield from _line_rows(line, "  ")


def _words(where: str, text: str) -> Row:
    """A row without figures."""
    return where, text, None, None, None


def _row_rows(change: RowChange, layout: Layout, units: Units) -> Iterator[Row]:
    """A row, and the changes inside it; the shapes of both are in one layout."""
    yield (
        _label([change]),
        change_text(change),
        _pair(change, lambda row: by(row.output.sizes(layout))),
        _count(change, "params", units),
        _count(change, "macs", units),
    )
    if change.change == "edited":
        for line in change.line.inside:
            yield from _line_rows(line, "  ")


def _line_rows(change: LineChange, indent: str) -> Iterator[Row]:
    """The rows of a line inside of another one, or of a block."""
    line = change.new or change.old
    assert line is not None
    yield _words(f"{indent}{line.name or line.word} (line {line.line})", line_text(change))
    for inner in change.inside:
        yield from _line_rows(inner, f"{indent}  ")


def _label(changes: Sequence[RowChange]) -> str:
    """The name of a row, or the first and the last of several; `conv2 → conv3` if it was another."""
    rows = (changes[0], changes[-1]) if len(changes) > 1 else changes
    sides = zip(*((change.old or change.new, change.new or change.old) for change in rows), strict=True)
    names = (" … ".join(row.path for row in side if row is not None) for side in sides)
    return " → ".join(dict.fromkeys(names))


def _count(change: RowChange, figure: str, units: Units) -> str | None:
    """A count of a row, blank if it has none."""
    if not any(getattr(row, figure) for row in (change.old, change.new) if row is not None):
        return None
    return _pair(change, lambda row: number_text(getattr(row, figure), units))


def _pair(change: RowChange, figure: Callable[[RowReport], str]) -> str:
    """A figure of both rows, once if it is the same."""
    texts = [figure(row) for row in (change.old, change.new) if row is not None]
    return " → ".join(dict.fromkeys(texts))
