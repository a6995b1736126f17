"""The changes of rows in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from cnncalc.comparison.changes import LineChange, RowChange, SettingChange
from cnncalc.render.operations import row_operation

_BETWEEN_EDITS = re.compile(r"(?<=, )(?![^\[{(]*[\]})])")
"""The place after a comma that is not in brackets."""


def change_text(change: RowChange) -> str:
    """The words for the change of a row: `stride 4 → 2`, `added: lrn 5`, `follows`."""
    row = change.new or change.old
    assert row is not None
    if change.change in ("added", "removed", "moved"):
        return f"{change.change}: {row_operation(row, row.layout)}"
    if change.change != "edited":
        return change.change
    # A changed name is beside this text.
    others = tuple(edit for edit in change.line.edits if edit.setting != "name")
    line = change.line._replace(edits=others) if change.is_renamed else change.line
    return _line_edits(line) or ("edited inside" if line.inside else "renamed")


def line_text(change: LineChange) -> str:
    """The words for the change of a line inside of another one, or of a block."""
    line = change.new or change.old
    assert line is not None
    return (_line_edits(change) or "edited inside") if change.change == "edited" else f"{change.change}: {line.text}"


def _line_edits(change: LineChange) -> str:
    """The edits of a line; one of another kind is listed as a whole, because few of its settings have a counterpart."""
    old, new = change.old, change.new
    if old is None or new is None or old.word == new.word:
        return edits_text(change.edits)
    names = edits_text(edit for edit in change.edits if edit.setting == "name")
    return ", ".join(filter(None, (names, f"{old.text} → {new.text}")))


def edits_text(edits: Iterable[SettingChange]) -> str:
    """Edits in words: `stride 4 → 2, activation none → relu`."""
    return ", ".join(f"{edit.setting} {edit.old} → {edit.new}" for edit in edits)


def frame_texts(edits: Iterable[SettingChange]) -> Iterator[tuple[str, str]]:
    """The edits outside of `layers:`, by place: `input` and `3x8x8 → 3x9x9`, `vars` and `width 4 → 6`."""
    for where, group in groupby(edits, key=lambda edit: edit.setting.rpartition(".")[0] or edit.setting):
        yield (
            where,
            ", ".join(
                f"{edit.setting.removeprefix(where).removeprefix('.')} {edit.old} → {edit.new}".strip()
                for edit in group
            ),
        )


def in_lines(text: str, longest: int) -> list[str]:
    """A change on several lines if it is too long: a single edit is broken at its arrow, several between them."""
    if len(text) <= longest:
        return [text]
    edits = _BETWEEN_EDITS.split(text)
    if text.count(" → ") == 1:
        before, after = text.split(" → ")
        return [*in_lines(before, longest), *in_lines(f"→ {after}", longest)]
    if len(edits) == 1:
        return [text]
    lines = [""]
    for edit in edits:
        if lines[-1] and len(lines[-1] + edit.rstrip()) <= longest:
            lines[-1] += edit
        else:
            lines += in_lines(edit, longest)
    return [line.rstrip() for line in lines[1:]]


def percent_text(old: int, new: int) -> str:
    """The difference in percent of the old value, with three digits: `+2.32 %`, `-20.0 %`, `+1,250 %`."""
    if old == new or not old:
        return ""
    percent = 100 * (new - old) / old
    return f"{percent:+,.0f} %" if abs(percent) >= 99.95 else f"{percent:+#.3g} %"
