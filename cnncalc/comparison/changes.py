"""Changes of the lines of a list, by their words alone; those of `layers:` by their figures, too.

A line is edited, or it only follows from an edit elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, NamedTuple

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report, RowReport
from cnncalc.comparison.alignment import Pair, align
from cnncalc.comparison.written import NOTHING, Lines, WrittenLine
from cnncalc.layers import LAYERS
from cnncalc.layers.parameters import Type

Change = Literal["edited", "follows", "added", "removed", "moved", "unchanged"]
"""Edited: its own words differ. Follows: only its figures differ, because of an edit elsewhere. Moved: it says
the same in another place.
"""


class SettingChange(NamedTuple):
    """One setting that was changed: `stride`, `4`, `2`."""

    setting: str
    old: str
    new: str


class LineChange(NamedTuple):
    """A line of a list, with its change.

    Attributes:
        change: edited, added, removed, moved or unchanged.
        old, new: the line; None if it is not there.
        edits: the changed settings on the line itself.
        inside: the changed lines inside of it.
    """

    change: Change
    old: WrittenLine | None
    new: WrittenLine | None
    edits: tuple[SettingChange, ...] = ()
    inside: tuple[LineChange, ...] = ()


def changed_lines(old: Lines, new: Lines) -> Iterator[LineChange]:
    """The changed lines of two lists."""
    for before, after in align(old, new):
        change = line_change(before, after)
        if change.change != "unchanged":
            yield change


def line_change(old: WrittenLine | None, new: WrittenLine | None) -> LineChange:
    """The change of a line, by its words alone."""
    if old is None or new is None:
        return LineChange("added" if old is None else "removed", old, new)
    edits = tuple(_line_edits(old, new))
    inside = [change for pair in _pairs_of_bodies(old.bodies, new.bodies) for change in changed_lines(*pair)]
    return LineChange("edited" if edits or inside else "unchanged", old, new, edits, tuple(inside))


def _pairs_of_bodies(old: tuple[Lines, ...], new: tuple[Lines, ...]) -> Iterator[tuple[Lines, Lines]]:
    """The lists of two lines that differ, in pairs; an empty one for a path that is not there."""
    keys, others = ([[line.key() for line in body] for body in bodies] for bodies in (old, new))
    matcher = SequenceMatcher(None, list(map(tuple, keys)), list(map(tuple, others)), autojunk=False)
    for word, i, i_stop, j, j_stop in matcher.get_opcodes():
        if word != "equal":
            yield from zip_longest(old[i:i_stop], new[j:j_stop], fillvalue=())


def _line_edits(old: WrittenLine, new: WrittenLine) -> Iterator[SettingChange]:
    if old.name != new.name:
        yield SettingChange("name", old.name or NOTHING, new.name or NOTHING)
    if old.word != new.word:
        yield SettingChange("kind", old.word, new.word)
    for setting in dict.fromkeys((*old.settings, *new.settings, *old.flow, *new.flow)):
        before, after = old.value(setting), new.value(setting)
        if before != after:
            yield SettingChange(setting, before, after)


Place = tuple[int, int]
"""The pair of rows that a value comes from, and the number of layers after it in there."""

_NAME = re.compile(r"(?<!\w)[A-Za-z_]\w*", re.ASCII)


class RowChange(NamedTuple):
    """A line of `layers:` with its figures.

    Attributes:
        change: as of a `LineChange`.
        line: its edits.
        old, new: its figures; None if it is not there.
    """

    change: Change
    line: LineChange
    old: RowReport | None
    new: RowReport | None

    @property
    def is_renamed(self) -> bool:
        """Whether its name changed, even if only by the number of its kind."""
        return self.old is not None and self.new is not None and self.old.path != self.new.path


class _Half(NamedTuple):
    """One side of a pair: its row, and the origin of every value of its network."""

    row: RowReport
    places: Mapping[str, Place]

    @property
    def settings(self) -> list[object]:
        """The layers and the values that they read, without shapes."""
        return [
            (layer_settings(layer), [self.places.get(path, path) for path in layer.node.inputs])
            for layer in self.row.layers
        ]

    @property
    def content(self) -> list[object]:
        """The layers with the shapes of their inputs and outputs."""
        return [(layer_settings(layer), layer.inputs, layer.facts.output) for layer in self.row.layers]


def compare_rows(
    old: Report, new: Report, before: Lines, after: Lines, variables: Container[str] = ()
) -> Iterator[RowChange]:
    """The lines of `layers:` in pairs, each with its row of the table: the figures, and the lines as written.

    Args:
        old: the report on one spec.
        new: the report on the other.
        before: the lines of the old one.
        after: the lines of the new one.
        variables: the names of `vars:`; a line that gains or loses one is edited, though no figure changes today.
    """
    olds = dict(zip(map(id, before), old.rows(), strict=True))
    news = dict(zip(map(id, after), new.rows(), strict=True))
    aligned = align(before, after)
    moves = _moves(aligned)
    pairs = [(line, olds.get(id(line)), other, news.get(id(other))) for line, other in _joined(aligned, moves)]
    places = _places(old, (row for _, row, _, _ in pairs)), _places(new, (twin for _, _, _, twin in pairs))
    for line, row, other, twin in pairs:
        change = line_change(line, other)
        if id(other) in moves:
            yield RowChange("moved", change._replace(change="moved"), row, twin)
        elif row is None or twin is None:
            yield RowChange(change.change, change, row, twin)
        else:
            yield _row_change(change, _Half(row, places[0]), _Half(twin, places[1]), variables)


def _moves(pairs: list[Pair]) -> dict[int, WrittenLine]:
    """The lines that were removed in one place and added in another with the same words, by the id of the new one."""
    removed: dict[object, list[WrittenLine]] = {}
    for old, new in pairs:
        if old is not None and new is None:
            removed.setdefault((old.name, old.key()), []).append(old)
    added = (new for old, new in pairs if old is None and new is not None)
    return {id(new): same.pop(0) for new in added if (same := removed.get((new.name, new.key())))}


def _joined(pairs: list[Pair], moves: Mapping[int, WrittenLine]) -> Iterator[Pair]:
    """The pairs with each moved line next to its old form, in its new place."""
    moved = {id(line) for line in moves.values()}
    for old, new in pairs:
        if id(old) not in moved:
            yield moves.get(id(new), old), new


def layer_settings(layer: LayerReport) -> dict[str, object]:
    """The kind and settings of a layer; a padding is in numbers, even if the spec has a word for it."""
    settings: dict[str, object] = {"kind": layer.kind, "shared": bool(layer.node.weights), "frozen": layer.node.frozen}
    for name, parameter in layer.layer.parameters.items():
        is_padding = parameter.type is Type.PADDING
        settings[name] = layer.layer.padding_pairs(*layer.inputs) if is_padding else getattr(layer.layer, name)
    return settings


def _places(report: Report, rows: Iterable[RowReport | None]) -> dict[str, Place]:
    return {
        report.network.nodes[index].path: (number, index - row.row.stop)
        for number, row in enumerate(rows)
        if row is not None
        for index in range(row.row.start, row.row.stop)
    }


def _row_change(line: LineChange, old: _Half, new: _Half, variables: Container[str]) -> RowChange:
    line = _with_effect(line, old, new, variables)
    if line.change == "edited":
        return RowChange("edited", line, old.row, new.row)
    return RowChange("unchanged" if old.content == new.content else "follows", line, old.row, new.row)


def _with_effect(line: LineChange, old: _Half, new: _Half, variables: Container[str]) -> LineChange:
    """The change without edits that mean the same: `kernel: 3x3` for `kernel: 3`."""
    if line.change != "edited":
        return line
    same, inside = _same_settings(line, old.row, new.row), line.inside
    if old.settings == new.settings:
        same, inside = {edit.setting for edit in line.edits} - {"name"}, ()
    edits = tuple(edit for edit in line.edits if edit.setting not in same or _depends(edit, variables))
    return line._replace(change="edited" if edits or inside else "unchanged", edits=edits, inside=inside)


def _depends(edit: SettingChange, variables: Container[str]) -> bool:
    """Whether only one side of an edit has a variable, so that `--set` changes only that side."""
    one, other = ({name for name in _NAME.findall(text) if name in variables} for text in (edit.old, edit.new))
    return one != other


def _same_settings(line: LineChange, old: RowReport, new: RowReport) -> set[str]:
    """The unchanged settings of a single layer, or of all its copies."""
    if line.new is None or line.new.word not in LAYERS:
        return set()
    before, after = ([layer_settings(one) for one in row.layers if one.kind == line.new.word] for row in (old, new))
    names = {name for settings in before for name in settings}
    return {name for name in names if [one.get(name) for one in before] == [one.get(name) for one in after]}
