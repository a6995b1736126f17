"""Two specs → their edits, and the changes that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.comparison.changes import Change, LineChange, RowChange, SettingChange, changed_lines, compare_rows
from cnncalc.comparison.written import NOTHING, Blocks, read_written, without_default
from cnncalc.language.model import Spec

LAST = "the last layer"
"""The words for the outputs if none are named."""


class Side(NamedTuple):
    """One of two specs: as it was written, and with every figure."""

    spec: Spec
    report: Report


class BlockChange(NamedTuple):
    """A block that was edited, added or removed.

    Attributes:
        change: edited, added or removed.
        name: its name.
        edits: of its signature.
        lines: its changed lines.
    """

    change: Change
    name: str
    edits: tuple[SettingChange, ...] = ()
    lines: tuple[LineChange, ...] = ()


class Differences(NamedTuple):
    """Everything that differs between two specs.

    Attributes:
        old, new: the two.
        edits: input, layout, outputs, `vars:` and `defaults:`.
        blocks: the blocks that changed.
        rows: every line of `layers:`, in order.
    """

    old: Side
    new: Side
    edits: tuple[SettingChange, ...]
    blocks: tuple[BlockChange, ...]
    rows: tuple[RowChange, ...]

    @property
    def exist(self) -> bool:
        """Whether there are any."""
        return bool(self.edits or self.blocks) or any(row.change != "unchanged" for row in self.rows)


def compare(old: Side, new: Side) -> Differences:
    """Compare two specs without problems; claims, comments and layout are not part of it."""
    before, after = read_written(old.spec), read_written(new.spec)
    variables = old.spec.variables.keys() | new.spec.variables.keys()
    return Differences(
        old,
        new,
        edits=(
            *_frame_edits(old, new),
            *_edits(before.variables, after.variables, lambda name: NOTHING),
            *_edits(before.defaults, after.defaults, without_default),
        ),
        blocks=tuple(_blocks(before.blocks, after.blocks)),
        rows=tuple(compare_rows(old.report, new.report, before.layers, after.layers, variables)),
    )


def _frame_edits(old: Side, new: Side) -> Iterator[SettingChange]:
    """The edits around the layers: layout, inputs (both in the new layout), outputs."""
    before, after = old.report.network, new.report.network
    if before.layout != after.layout:
        yield SettingChange("layout", before.layout, after.layout)
    several = len(before.inputs) > 1 or len(after.inputs) > 1
    for name in dict.fromkeys((*before.inputs, *after.inputs)):
        shape, other = before.inputs.get(name), after.inputs.get(name)
        if shape != other:
            texts = [one.text(after.layout) if one else NOTHING for one in (shape, other)]
            yield SettingChange(f"inputs.{name}" if several else name, *texts)
    outputs, others = (", ".join(name.text for name in side.spec.outputs) for side in (old, new))
    if outputs != others:
        yield SettingChange("outputs", outputs or LAST, others or LAST)


def _edits(old: Mapping[str, str], new: Mapping[str, str], unwritten: Callable[[str], str]) -> Iterator[SettingChange]:
    """The differences of two mappings; `unwritten` gives the value that holds in a spec without a key."""
    for name in dict.fromkeys((*old, *new)):
        before, after = (said[name] if name in said else unwritten(name) for said in (old, new))
        if before != after:
            yield SettingChange(name, before, after)


def _blocks(old: Blocks, new: Blocks) -> Iterator[BlockChange]:
    """The blocks that changed, by name."""
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield BlockChange("removed", name)
        elif name not in old:
            yield BlockChange("added", name)
        else:
            (signature, before), (other, after) = old[name], new[name]
            edits = () if signature == other else (SettingChange("signature", signature, other),)
            lines = tuple(changed_lines(before, after))
            if edits or lines:
                yield BlockChange("edited", name, edits, lines)
